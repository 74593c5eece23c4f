// Position by position: the numbers of one cell, as a line and as a block of products.

function calculation({$}, scene, seen, section) {
  const p = seen.position, {cell, out} = seen, name = key => section.querySelector(`figure[data-key="${key}"] math`)?.cloneNode(true) || "";
  const numbers = $("stage").querySelector(".numbers"), result = $("stage").querySelector(".result");
  const known = text(seen.known(cell)), lead = line => [name("out"), `${out.grid.at(cell)} = ${line}`];
  if (picks(scene)) {
    numbers.replaceChildren(...lead(`${scene.kind}(${shortened(p.slice(2).map(c => text(seen.a.value(c)))).join(", ")})`));
    result.replaceChildren(`= ${known}, won by `, name("a"), seen.a.grid.at(p[1]));
  } else if (scene.kind === "winner") {
    const others = out.on.size - 1;
    numbers.replaceChildren(`${text(seen.a.grid.value(p[1]))} goes to the winner${others > 0 ? `, nothing to the other ${others}` : ""}`);
    result.replaceChildren(...lead(known));
  } else {
    const inside = [...out.dropped].filter(c => out.grid.place(c).inside), terms = [];
    const add = (v, factor = "") => terms.push((terms.length ? signed(v) : text(v)) + factor);
    if (seen.scatter) add(seen.before.get(cell) ?? 0);
    if (seen.products && !seen.scatter) terms.push(...rowsOf(seen.products));
    else for (let t = 0; t < p.length; t += 3) if (p[t] === cell) {
      if (scene.kind === "norm") terms.push(`${signed(seen.a.value(p[t + 1]))}²`);
      else add(seen.a.value(p[t + 1]), p[t + 2] < 0 ? "" : ` · ${signed(seen.b.value(p[t + 2]))}`);
    }
    if (seen.start) add(seen.begin);
    const sum = shortened(terms).join(" + ");
    const line = scene.kind === "norm" ? `√(${sum})` : (scene.divisor ?? 1) !== 1 ? `(${sum}) / ${text(scene.divisor)}` : sum;
    const more = seen.scatter && inside.length > 1 ? `, likewise the other ${inside.length - 1}` : "";
    numbers.replaceChildren(...inside.length ? lead(line) : []);
    result.replaceChildren(inside.length ? `= ${known}${more}` : "All of it falls into the padding, and is dropped.");
  }
}
const shortened = terms => terms.length > 9 ? [...terms.slice(0, 7), "…", terms.at(-1)] : terms;

const WIDEST = 11;  // cells that a block of products takes from its neighbours

// The products of a position, laid out as the filter is; none where they have no such place, or do not fit beside it.
function products(scene, seen, section) {
  const figure = section.querySelector("figure.products");
  if (!figure) return;
  const {position: p, a, b, out} = seen, byOut = seen.scatter && new Set(p.filter((_, i) => i % 3 === 2)).size === p.length / 3 && b.grid.one > out.grid.one;
  const g = (byOut ? out : b).grid, cells = p.filter((_, i) => i % 3 === (byOut ? 0 : 2)), slice = Math.floor(cells[0] / g.one), first = slice * g.one;
  const fits = g.rows <= 7 && g.columns <= 7 && cells.length === new Set(cells).size && cells.every(c => Math.floor(c / g.one) === slice && g.place(c).inside);
  const found = {rows: g.rows, columns: g.columns, at: new Map()};
  if (fits) cells.forEach((cell, t) => {
    const x = a.value(p[3 * t + 1]), y = b.value(p[3 * t + 2]);
    found.at.set(cell - first, {text: `${text(x, 3)} · ${text(y, 3)}`, value: x * y + 0, now: p[3 * t] === seen.cell && seen.scatter});
  });
  const longest = Math.max(...[...found.at.values()].map(e => Math.max(e.text.length * .64, text(e.value, 3).length)));
  found.wide = Math.max(1.2, longest * .35 + .2);
  figure.hidden = section.querySelector(".equals").hidden = !fits || found.columns * found.wide > WIDEST;
  if (figure.hidden) return;
  const table = make("table");
  for (let r = 0; r < g.rows; r++) {
    const row = table.insertRow();
    for (let c = 0; c < g.columns; c++) {
      const td = row.insertCell(), e = found.at.get(r * g.columns + c);
      if (e) { td.append(make("small", "", e.text), text(e.value, 3)); td.dataset.value = String(e.value); if (e.now) td.className = "on et eb el er"; }
    }
  }
  figure.append(table);
  seen.products = found;
}

// The products row by row of the filter: (0 − 2 − 2) + (0 + 2 + 4); of a large filter some rows.
function rowsOf({rows, columns, at}) {
  const found = Array.from({length: rows}, (_, r) => {
    const values = Array.from({length: columns}, (_, c) => at.get(r * columns + c)).filter(Boolean).map(e => e.value);
    const sum = values.map((v, i) => i ? v < 0 ? ` − ${text(-v, 3)}` : ` + ${text(v, 3)}` : text(v, 3)).join("");
    return values.length > 1 && rows > 1 ? `(${sum})` : sum;
  }).filter(Boolean);
  return found.length > 3 ? [found[0], "…", found.at(-1)] : found;
}
