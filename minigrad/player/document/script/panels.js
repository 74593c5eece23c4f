// The grids below the step.

const SIDE_BY_SIDE = 4;  // matrices of one array
const TALLEST = 11;  // rows of matrices above each other; else they stand side by side

function panels(player, ask) {
  const {all, k, j} = player;
  player.scenes.forEach(list => list.forEach(section => {
    section.hidden = true; section.removeAttribute("style");
    all(".again, table, .pixels, figcaption small", section).forEach(e => e.remove());
    all("figure", section).forEach(e => e.removeAttribute("style"));
    all(".stack", section).forEach(e => flag(e, "beside", false));
    all(".products, .equals", section).forEach(e => { e.hidden = false; });
  }));
  const [i, n] = sceneAt(player, player.steps[k], j), section = player.scenes[k][i];
  if (!section) return;
  const scene = player.steps[k].scenes[i];
  section.hidden = false;
  choices(player, section);
  const seen = n ? view(player, scene, n) : overview(player, scene);
  if (ask && !n && seen.out) { seen.out.value = () => null; seen.out.asked = player.steps[k].ask.cell; }
  if (n) {
    const {starts, total} = expanded(player, scene);
    if (total > starts.length) seen.out.more = `the first ${starts.length} of ${total} positions`;
  }
  const shown = [];
  for (const figure of all("figure[data-key]", section)) {
    const one = seen[figure.dataset.key];
    if (one) slices(player, one, scene.choices).forEach((slice, i, list) => shown.push([again(figure, i), one, slice, i === list.length - 1 && one.more, list]));
  }
  if (n) products(scene, seen, section);
  sized(section, seen, shown);
  const lists = new Map(all(".choices select", section).map(select => [select.dataset.name, Number(select.value)]));
  for (const [figure, one, slice, more, list] of shown) {
    const words = [one.grid.spec.note, one.grid.note(slice, list, lists), more].filter(Boolean).join("; ");
    if (words) figure.querySelector("figcaption").append(make("small", "", ` ${words}`));
    fill(figure, one, slice);
  }
  if (n) calculation(player, scene, seen, section);
}

// All arrays of a step.
function overview({arrays}, scene) {
  const found = {};
  for (const [key, spec] of Object.entries(scene)) if (spec?.array !== undefined) { const g = grid(arrays, spec); found[key] = {grid: g, value: g.value}; }
  return found;
}

// Which matrices of an array are seen: those that a position reads and writes, else those chosen, or all of a few that no
// list chooses from.
function slices({chosen}, seen, lists) {
  const {grid: g, on, hit} = seen, touched = [...new Set([...on || [], ...hit || []].map(cell => Math.floor(cell / g.one)))].sort((a, b) => a - b);
  if (touched.length) {
    if (touched.length > SIDE_BY_SIDE) seen.more ||= `${SIDE_BY_SIDE} of ${touched.length} are shown, all are added`;
    return touched.slice(0, SIDE_BY_SIDE);
  }
  let found = [0];
  g.outer.forEach((n, axis) => {
    const after = g.outer.slice(axis + 1).reduce((a, b) => a * b, 1), there = Math.max(1, Math.min(n, Math.floor(g.kept / after)));
    const name = g.spec.names?.[axis] ?? `axis ${axis}`, wanted = Math.min(chosen.get(name) || 0, there - 1), every = axis === g.outer.length - 1 && there <= SIDE_BY_SIDE && !lists.includes(name);
    found = found.flatMap(slice => (every ? [...Array(there).keys()] : [wanted]).map(i => slice * n + i));
  });
  return found.filter(slice => slice < g.kept);
}

// The figure of an array, and copies of it for more than one matrix.
function again(figure, i) {
  if (!i) return figure;
  let last = figure;
  while (last.nextElementSibling?.classList.contains("again")) last = last.nextElementSibling;
  const copy = figure.cloneNode(true);
  copy.classList.add("again"); copy.removeAttribute("style");
  copy.querySelectorAll("table, .pixels, figcaption small").forEach(e => e.remove());
  last.after(copy);
  return copy;
}

// How many cells side by side and above each other the style sheet has to find room for, and how wide their numbers are.
function sized(section, seen, shown) {
  const found = new Map();  // of each array: columns in cells, and rows
  let font = .45;
  for (const [, one, slice] of shown) {
    const cells = Array.from({length: one.grid.one}, (_, i) => slice * one.grid.one + i), small = Math.max(0, ...cells.map(cell => one.small?.get(cell)?.length ?? 0)) * .64;
    const longest = digits => Math.max(2, small, ...cells.map(cell => text(one.grid.value(cell), digits).length));  // as wide at every position
    if (longest(4) > 5) one.digits = 3;
    one.longest = Math.max(one.longest ?? 0, longest(one.digits));
    if (one.longest > 3) font = .58;
  }
  for (const [figure, one] of shown) {
    const table = Math.max(one.grid.rows, one.grid.columns) <= LARGEST_TABLE, wide = Math.max(1, one.longest * font * .6 + .2);
    const [columns, rows] = found.get(figure.dataset.key) || [0, 0], own = table ? [one.grid.columns * wide + .8, one.grid.rows + 1.4] : [11, 0];
    const matrices = shown.filter(([, other]) => other === one).length, beside = !table || matrices * own[1] > TALLEST;
    flag(figure.parentElement, "beside", beside && matrices > 1);
    found.set(figure.dataset.key, beside ? [columns + own[0], own[1]] : [own[0], rows + own[1]]);
    figure.style.setProperty("--f", wide.toFixed(2));
  }
  const {products} = seen, falk = section.querySelector(".falk"), sum = list => list.reduce((a, b) => a + b, 0);
  if (products) found.set("products", [products.columns * products.wide, products.rows + 1]);
  const [columns, rows] = [0, 1].map(i => [...found.values()].map(size => size[i]));
  for (const [name, v] of Object.entries({
    font, most: Math.max(...columns), p: products?.wide ?? 1,
    u: falk ? columns[1] + Math.max(columns[0], columns[2]) : sum(columns) + 1,
    rows: Math.max(1, falk ? rows[0] + Math.max(rows[1], rows[2]) + 2 : Math.max(...rows)),
  })) section.style.setProperty(`--${name}`, v.toFixed(2));
}
