// The players of the page begin. Everything that is known is in the page; the script shows and hides.

const players = [];
const boxes = [...document.querySelectorAll("script.packed")];
if (boxes.length) Promise.all(boxes.map(unpack)).then(begin); else begin();

function begin() { players.push(...[...document.querySelectorAll(".mg-player")].map(root => start(root))); }

// Of a large page the contents are packed; returns the first element of them.
async function unpack(script) {
  const bytes = Uint8Array.from(atob(script.textContent), c => c.charCodeAt(0));
  const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
  const parsed = new DOMParser().parseFromString(text, "text/html"), nodes = [...parsed.head.childNodes, ...parsed.body.childNodes];
  script.replaceWith(...nodes);
  return nodes.find(node => node.nodeType === 1);
}

// Keys belong to the player that has the focus; a player that is alone on its page needs none.
addEventListener("keydown", event => {
  const shown = players.filter(p => !p.root.hidden), player = shown.length === 1 ? shown[0] : shown.find(p => p.root.contains(document.activeElement));
  if (player && !event.ctrlKey && !event.altKey && !event.metaKey) key(player, event);
});

function start(root, first) {
  const $ = name => root.querySelector("." + name), all = (query, e = root) => [...e.querySelectorAll(query)];
  const maps = first ? first.maps : all(".graph image").map(e => e.href.baseVal);
  all("[data-map]").forEach(e => e.setAttribute("href", maps[e.dataset.map]));
  const data = JSON.parse($("data").textContent), steps = data.steps;
  const keyed = new Map();  // the elements of each box and arrow of the picture
  all(".graph [data-key]").forEach(e => keyed.set(e.dataset.key, [...keyed.get(e.dataset.key) || [], e]));
  const player = {
    root, $, all, data, steps, keyed, maps,
    last: steps.length - 1,
    arrays: first ? first.arrays : data.arrays.map(decoded),
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
    alone: document.querySelectorAll(".mg-player:not(.other)").length === 1,  // else whose would the address be?
  };
  count(player);
  player.first = first || player;  // the one of several levels that the page begins with
  player.levels = first ? first.levels : levelsAfter(player);
  connect(player);
  root.classList.add("on");
  if (first) return player;
  if (player.alone) { addEventListener("hashchange", () => address(shownLevel(player))); address(player); } else show(player, 0);
  return player;
}
