// Levels: the same passes in steps of stages, lines or operations. Each is a player of its own, of which one is shown.

// The levels of a player, by name; those beside the first are packed behind it until they are asked for.
function levelsAfter(player) {
  const levels = new Map([[player.root.dataset.level, player]]);
  for (let e = player.root.nextElementSibling; e?.matches(".packed-level, noscript"); e = e.nextElementSibling) if (e.dataset.level) levels.set(e.dataset.level, e);
  return levels;
}

// Shows another level, with everything switched as it is, and returns it.
async function openLevel(player, name) {
  const {levels} = player;
  if (levels.get(name) instanceof Element) {
    const own = start(await unpack(levels.get(name)), player.first);
    levels.set(name, own); players.push(own);
  }
  const other = levels.get(name), focused = document.activeElement === player.$("level");
  play(player, false);
  for (const box of ["predict", "depth-first", "fine"]) if (other.$(box) && player.$(box)) other.$(box).checked = player.$(box).checked;
  other.root.classList.toggle("compared", Boolean(other.$("depth-first")?.checked));
  for (const [part, button] of [["all", "show-table"], ["help", "show-help"], ["more", "show-more"]]) {
    const open = player.$(part).classList.contains("open");
    other.$(part).classList.toggle("open", open); other.$(button).setAttribute("aria-expanded", String(open));
  }
  other.chosen = new Map(player.chosen); count(other);
  if (other.size !== player.size) zoom(other, player.size);
  player.root.hidden = true; other.root.hidden = false;
  for (const one of [player, other]) one.$("level").value = one.root.dataset.level;
  if (focused) other.$("level").focus();
  return other;
}

// The other level at the same place in the program.
const switchLevel = (player, name) => openLevel(player, name).then(other => show(other, player.data.places[name][player.k]));

const shownLevel = player => [...player.levels.values()].find(level => level.root && !level.root.hidden);

const levelInAddress = player => player === player.first ? "" : `&level=${player.root.dataset.level}`;

// The name of the level that the address asks for, if it is not the one that is shown.
function otherLevelFromAddress(player) {
  const name = (location.hash.match(/level=(\w+)/) || [])[1] || player.first.root.dataset.level;
  return player.levels.has(name) && name !== player.root.dataset.level ? name : null;
}
