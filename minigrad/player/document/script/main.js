// The players of the page begin. Everything that is known is in the page; the script shows and hides.

const players = [];
const box = document.querySelector("script.packed");
if (box) unpack(box).then(begin); else begin();

function begin() { players.push(...[...document.querySelectorAll(".mg-player")].map(start)); }

// Of a large page the contents are packed.
async function unpack(script) {
  const bytes = Uint8Array.from(atob(script.textContent), c => c.charCodeAt(0));
  const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
  script.replaceWith(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
}

// Keys belong to the player that has the focus; a player that is alone on its page needs none.
addEventListener("keydown", event => {
  const player = players.length === 1 ? players[0] : players.find(p => p.root.contains(document.activeElement));
  if (player && !event.ctrlKey && !event.altKey && !event.metaKey) key(player, event);
});

function start(root) {
  const $ = name => root.querySelector("." + name), all = (query, e = root) => [...e.querySelectorAll(query)];
  const data = JSON.parse($("data").textContent), steps = data.steps;
  const keyed = new Map();  // the elements of each box and arrow of the picture
  all(".graph [data-key]").forEach(e => keyed.set(e.dataset.key, [...keyed.get(e.dataset.key) || [], e]));
  const player = {
    root, $, all, data, steps, keyed,
    last: steps.length - 1,
    arrays: data.arrays.map(decoded),
    parts: new Map([...keyed.values()].flat().map(e => [e, all("[data-part]", e)])),
    rows: [...data.film ? [] : [null], ...all("tr[data-step]")],  // of a player, nothing is computed at first
    elements: data.film && all(".graph svg *"),
    scenes: steps.map((_, i) => all(`.scene[data-step="${i}"]`)),
    chosen: new Map(),  // which example, which channel: by name
    expanded: new Map(),  // the positions of scenes, as chosen
    still: matchMedia("(prefers-reduced-motion: reduce)"),
    k: 0, j: 0,  // the step, and the position in it
    told: new Map(),  // step: whether it was right at once
    missed: false, timer: null, size: 0,
    alone: document.querySelectorAll(".mg-player").length === 1,  // else whose would the address be?
  };
  count(player);
  connect(player);
  root.classList.add("on");
  if (player.alone) { addEventListener("hashchange", () => address(player)); address(player); } else show(player, 0);
  return player;
}
