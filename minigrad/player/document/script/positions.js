// The positions of a scene: loops, whose counters say which cells of its arrays are read and written. An index of an
// array is a sum, [constant, loop, factor, loop, factor …].

const MOST_POSITIONS = 400;  // that a reader steps through; the page says how many there are

const index = (counters, sum) => { let v = sum[0]; for (let i = 1; i < sum.length; i += 2) v += sum[i + 1] * counters[sum[i]]; return v; };

// Sets the counters of some loops, the last the fastest, to each of their values in turn.
function each(loops, sizes, counters, visit) {
  const rounds = loops.reduce((n, loop) => n * sizes[loop], 1);
  for (let round = 0; round < rounds; round++) {
    for (let i = loops.length - 1, rest = round; i >= 0; rest = Math.floor(rest / sizes[loops[i]]), i--) counters[loops[i]] = rest % sizes[loops[i]];
    visit(round);
  }
}

// The counters that the reader has chosen: of which example, of which channel.
function chosen(player, scene) {
  const counters = scene.sizes.map(() => 0);
  for (const [name, ...loops] of scene.choices) {
    const n = loops.reduce((product, loop) => product * scene.sizes[loop], 1);
    let rest = Math.min(player.chosen.get(name) || 0, n - 1);
    for (const loop of [...loops].reverse()) { counters[loop] = rest % scene.sizes[loop]; rest = Math.floor(rest / scene.sizes[loop]); }
  }
  return counters;
}

// The number of the cell that an array has at these counters.
function cellOf(g, counters) {
  let slice = 0;
  const outer = g.spec.at.length - 2;
  for (let i = 0; i < outer; i++) {
    const v = index(counters, g.spec.at[i]);
    if (v < 0 || v >= g.spec.shape[i]) { slice = g.count; break; }  // a slice of the padding
    slice = slice * g.spec.shape[i] + v;
  }
  return slice * g.one + (index(counters, g.spec.at[outer]) + g.top) * g.columns + index(counters, g.spec.at[outer + 1]) + g.left;
}

// The grids of a scene, the counters of its positions, and how many there are without a limit.
function expanded(player, scene) {
  const fixed = chosen(player, scene), key = fixed.join(), known = player.expanded.get(scene);
  if (known?.key === key) return known;
  const grids = {}, starts = [], cells = [];
  let total = 0;
  for (const name of OPERANDS) if (scene[name]) grids[name] = grid(player.arrays, scene[name]);
  const skips = scene.adds && scene.b;
  each(scene.steps, scene.sizes, fixed, () => {
    if (scene.only?.some(sum => index(fixed, sum))) return;
    if (skips && grids.a.value(cellOf(grids.a, fixed)) === 0) return;
    if (total++ < MOST_POSITIONS) starts.push([...fixed]);
  });
  const found = {key, grids, starts, total, partial: scene.partial || total > starts.length, cells: i => cells[i] ||= cellsAt(scene, grids, starts[i])};
  player.expanded.set(scene, found);
  return found;
}
const OPERANDS = ["a", "b", "look", "start", "switches", "out"];

// Whether a position takes one of the cells that it sees, the largest or the smallest.
const picks = ({kind}) => kind === "max" || kind === "min";

// Of a maximum the cell of the result, the winner, and all cells of the window. Else triples, one after the other: the
// cells of the result and of the two factors, −1 without a second one.
function cellsAt(scene, {a, b, out, switches}, start) {
  const counters = [...start], found = [], {kind} = scene, winner = kind === "winner" && switches.value(cellOf(switches, counters));
  each(scene.terms, scene.sizes, counters, term => {
    const cell = cellOf(a, counters);
    if (picks(scene)) { if (a.place(cell).inside) found.push(cell); }
    else if (kind !== "winner" || term === winner) found.push(cellOf(out, counters), cell, b ? cellOf(b, counters) : kind === "norm" ? cell : -1);
  });
  if (!picks(scene)) return found;
  const result = cellOf(out, start), picked = out.value(result), same = cell => a.value(cell) === picked || Number.isNaN(a.value(cell)) && Number.isNaN(picked);
  return [result, found.find(same) ?? found[0], ...found];
}
const writtenAt = (scene, cells) => picks(scene) ? cells.slice(0, 1) : cells.filter((_, i) => i % 3 === 0);

// How many positions a step has.
const positions = (player, step) => seenScenes(player, step).reduce((n, [scene]) => n + positionsOf(player, scene), 0);
const positionsOf = (player, scene) => scene.kind === "all" ? 0 : expanded(player, scene).starts.length;

// The scenes of a step with their places: of one that can be looked at in two ways, the chosen one.
const seenScenes = (player, step) => (step.scenes || []).map((scene, i) => [scene, i]).filter(([{view}]) => view === undefined || view === (player.chosen.get("view") || 0));
