// The grids below the step.

function panels(player, ask) {
  const {all, arrays, k, j} = player;
  player.scenes.forEach(list => list.forEach(section => { section.hidden = true; section.removeAttribute("style"); all("table, .pixels", section).forEach(e => e.remove()); }));
  const [i, n] = sceneAt(player.steps[k], j), section = player.scenes[k][i];
  if (!section) return;
  const scene = player.steps[k].scenes[i];
  section.hidden = false;
  const seen = n ? view(arrays, scene, n) : Object.fromEntries(Object.entries(scene).filter(([, s]) => s && s.array !== undefined).map(([key, s]) => [key, {grid: grid(arrays, s), value: grid(arrays, s).value}]));
  if (ask && !n && seen.out) seen.out.value = () => null;
  sized(player, section, seen);
  all("figure", section).forEach(figure => seen[figure.dataset.key] && fill(figure, seen[figure.dataset.key]));
  if (n) calculation(player, scene, seen, section);
}

// How many cells side by side and above each other the style sheet has to find room for, and how wide their numbers are.
function sized({all}, section, seen) {
  const figures = all("figure.numbers", section).filter(f => seen[f.dataset.key]), grids = figures.map(f => seen[f.dataset.key].grid);
  if (!figures.length) return;
  const longest = Math.max(2, ...grids.flatMap(g => Array.from({length: g.one * g.count}, (_, i) => text(g.value(i)).length)));
  const font = longest > 3 ? .58 : .45, wide = Math.max(seen.scatter ? 1.5 : 1, longest * font * .6 + .2), columns = grids.map(g => g.columns * wide + .8), rows = grids.map(g => g.rows + 1);
  const falk = section.querySelector(".falk"), sum = list => list.reduce((a, b) => a + b, 0);
  for (const [name, v] of Object.entries({
    f: wide, font, most: Math.max(...columns),
    u: falk ? columns[1] + Math.max(columns[0], columns[2]) : sum(columns) + 8 * all("figure.map", section).length,
    rows: falk ? rows[0] + Math.max(rows[1], rows[2]) + 2 : Math.max(...rows),
  })) section.style.setProperty(`--${name}`, v.toFixed(2));
}

// Position by position: the numbers of one cell as a line.
function calculation({$}, scene, seen, section) {
  const p = seen.position, name = key => section.querySelector(`figure[data-key="${key}"] math`)?.cloneNode(true) || "";
  const numbers = $("stage").querySelector(".numbers"), result = $("stage").querySelector(".result");
  let cell = p[0], line;
  if (scene.kind === "max") {
    line = `max(${p.slice(2).map(c => text(seen.a.value(c))).join(", ")})`;
    result.replaceChildren(name("out"), `${seen.out.grid.at(cell)} = ${text(seen.known(cell))}, won by `, name("a"), seen.a.grid.at(p[1]));
  } else {
    const inside = [...seen.out.hit].filter(c => seen.out.grid.place(c).inside);
    if (seen.scatter) cell = inside.find(c => seen.before.get(c) && seen.before.get(c) !== seen.sums.get(c)) ?? inside.find(c => seen.sums.get(c) !== seen.begin) ?? inside[0] ?? cell;
    const terms = [], from = seen.scatter ? seen.before.get(cell) ?? seen.begin : seen.begin, add = (v, factor = "") => terms.push((terms.length ? signed(v) : text(v)) + factor);
    if (seen.scatter) add(from);
    for (let t = 0; t < p.length; t += 3) if (p[t] === cell) add(seen.a.value(p[t + 1]), p[t + 2] < 0 ? "" : ` · ${signed(seen.b.value(p[t + 2]))}`);
    if (!seen.scatter && from) add(from);
    const shown = terms.length > 12 ? [...terms.slice(0, 10), "…", terms.at(-1)] : terms;
    line = scene.divisor > 1 ? `(${shown.join(" + ")}) / ${scene.divisor}` : shown.join(" + ");
    const more = seen.scatter && inside.length > 1 ? `, likewise the other ${inside.length - 1}` : "";
    result.replaceChildren(name("out"), `${seen.out.grid.at(cell)} = ${text(seen.known(cell))}${more}`);
    if (!inside.length) { line = ""; result.replaceChildren("All of it falls into the padding, and is dropped."); }
  }
  numbers.replaceChildren(line ? `= ${line}` : "");
}
