// Which example and which channel is looked at: choices stay when one steps on, and stand in the address.

function choose(player, select) {
  player.chosen.set(select.dataset.name, Number(select.value));
  count(player);
  show(player, player.k, player.j);
}

// What the lists say.
function choices({all, chosen}, section) {
  all(".choices select", section).forEach(select => { select.value = Math.min(chosen.get(select.dataset.name) || 0, select.options.length - 1); });
}

const chosenInAddress = ({chosen}) => [...chosen].filter(([, n]) => n).sort().map(([name, n]) => `&${encodeURIComponent(name)}=${n + 1}`).join("");

function chosenFromAddress(player) {
  const names = new Set(["view"].concat(player.steps.flatMap(step => step.scenes || []).flatMap(scene => scene.kind === "all" ? scene.choices : scene.choices.map(([name]) => name))));
  player.chosen.clear();
  for (const [, name, n] of location.hash.matchAll(/&([^=&]+)=(\d+)/g)) if (names.has(decodeURIComponent(name))) player.chosen.set(decodeURIComponent(name), Math.max(0, Number(n) - 1));
  count(player);
}
