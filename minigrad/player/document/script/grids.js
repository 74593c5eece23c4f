// Grids of numbers: what the position of a scene reads and writes, and the table that shows it.

// A grid of the current scene: its numbers, and what its cells are called. Cells are counted row by row, matrix by matrix,
// those of the padding too.
function grid(arrays, spec) {
  const values = arrays[spec.array], [top, left, bottom, right] = spec.padding || [0, 0, 0, 0], [height, width] = spec.shape.slice(-2);
  const rows = height + top + bottom, columns = width + left + right, one = rows * columns, outer = spec.shape.slice(0, -2), count = outer.reduce((a, b) => a * b, 1);
  const place = cell => {
    const r = Math.floor(cell % one / columns) - top, c = cell % columns - left, slice = Math.floor(cell / one);
    return {slice, r, c, inside: r >= 0 && c >= 0 && r < height && c < width && slice < count};
  };
  const value = cell => { const p = place(cell); return p.inside ? values[(p.slice * height + p.r) * width + p.c] : 0; };
  const at = cell => { const {r, c} = place(cell); return ["", `[${c}]`, `[${r},${c}]`][spec.axes ?? 2]; };
  // Which example, which channel a matrix is, "channel 2 of 6", where the lists do not say it of all that are shown.
  const note = (slice, shown, lists) => slice >= count ? "padding" : outer.map((n, axis) => {
    const after = outer.slice(axis + 1).reduce((a, b) => a * b, 1), name = spec.names?.[axis] ?? `axis ${axis}`, i = slice => Math.floor(slice / after) % n;
    const said = lists.get(name) === i(slice) && shown.every(other => i(other) === i(slice));
    return n > 1 && !said ? `${name} ${i(slice) + 1} of ${n}` : "";
  }).filter(Boolean).join(", ");
  return {spec, rows, columns, top, left, one, count, kept: Math.floor(values.length / (height * width)), outer, place, value, at, note};
}

// What a position reads and writes, and what is known of the result after it.
function view(player, scene, n) {
  const {grids, starts, partial, cells} = expanded(player, scene), {a, b, out, look, start} = grids, here = cells(n - 1), written = writtenAt(scene, here);
  const seen = {scatter: scene.adds, position: here, begin: start ? start.value(cellOf(start, starts[n - 1])) : 0, before: new Map(), sums: new Map()};
  if (scene.adds) follow(scene, seen, {a, b, starts, partial, cells}, n);
  else starts.slice(0, n).forEach(counters => seen.sums.set(cellOf(out, counters)));
  // What is complete has the number that the engine computed.
  seen.known = cell => {
    if (!scene.adds) return seen.sums.has(cell) ? out.value(cell) : null;
    const {inside} = out.place(cell), complete = inside && !partial && seen.lastOf.get(cell) <= n;
    return complete ? out.value(cell) : seen.sums.get(cell) ?? (inside ? 0 : null);
  };
  seen.out = {grid: out, on: new Set(), hit: new Set(), small: new Map(), value: seen.known, dropped: new Set(written)};
  seen.a = {grid: a, on: new Set(), win: new Set(), value: a.value};
  if (b) seen.b = {grid: b, on: new Set(), value: b.value};
  if (start) seen.start = one(start, cellOf(start, starts[n - 1]));
  if (picks(scene)) {
    seen.a.on = new Set(here.slice(2)); seen.a.win.add(here[1]);
    seen.a.value = cell => a.place(cell).inside ? a.value(cell) : null;
  } else for (let t = 0; t < here.length; t += 3) {
    seen.a.on.add(here[t + 1]);
    if (b) seen.b.on.add(here[t + 2]);
  }
  if (scene.kind === "winner") {
    const counters = [...starts[n - 1]];
    each(scene.terms, scene.sizes, counters, () => { if (out.place(cellOf(out, counters)).inside) seen.out.on.add(cellOf(out, counters)); });
    seen.out.win = new Set(written);
    if (look) seen.look = {grid: look, on: seen.out.on, win: new Set(written), value: cell => look.place(cell).inside ? look.value(cell) : null};
  } else if (scene.adds) seen.out.on = new Set(written);
  seen.cell = example(seen, out, written);
  seen.out.hit.add(seen.cell);
  if (scene.adds) for (const cell of written) if (b || seen.before.get(cell)) {
    const old = seen.before.get(cell) ?? 0, more = seen.sums.get(cell) - old;
    seen.out.small.set(cell, more < 0 ? `${text(old, 3)} − ${text(-more, 3)}` : `${text(old, 3)} + ${text(more, 3)}`);
  }
  return seen;
}

// One cell of a vector alone, as of the bias the number that belongs to a filter.
function one(g, cell) {
  const {c} = g.place(cell), value = () => g.value(cell);
  return {grid: {...g, rows: 1, columns: 1, left: -c, one: 1, count: 1, kept: 1, outer: [], place: () => ({slice: 0, r: 0, c, inside: true}), value}, on: new Set([0]), value};
}

// Sums before and after a position that adds to cells, and when a cell is complete.
function follow(scene, seen, {a, b, starts, cells}, n) {
  seen.lastOf = new Map();
  starts.forEach((_, i) => {
    const here = cells(i);
    if (i === n - 1) seen.before = new Map(seen.sums);
    for (let t = 0; t < here.length; t += 3) {
      seen.lastOf.set(here[t], i + 1);
      if (i < n) seen.sums.set(here[t], (seen.sums.get(here[t]) ?? 0) + a.value(here[t + 1]) * (b ? b.value(here[t + 2]) : 1) / (scene.divisor ?? 1));
    }
  });
}

// Of several cells that are written, the one whose numbers are written out: where there was something already.
function example({scatter, before, sums}, out, written) {
  const inside = written.filter(cell => out.place(cell).inside);
  return (scatter ? inside.find(cell => before.get(cell) && before.get(cell) !== sums.get(cell)) ?? inside.find(cell => sums.get(cell)) ?? inside[0] : undefined) ?? written[0];
}

// A table for one matrix of a grid; a map in colours where it has many rows or columns.
function fill(figure, seen, slice) {
  const g = seen.grid, first = slice * g.one;
  if (Math.max(g.rows, g.columns) > LARGEST_TABLE) return figure.append(mapped(figure, seen, first));
  const table = make("table", seen.hit || seen.on ? "busy" : ""), heads = table.createTHead().insertRow();
  heads.append(make("td"));
  for (let c = 0; c < g.columns; c++) heads.append(Object.assign(make("th", "", String(c - g.left).replace("-", "−")), {scope: "col"}));
  const body = table.createTBody();
  for (let r = 0; r < g.rows; r++) {
    const row = body.insertRow();
    row.append(Object.assign(make("th", "", String(r - g.top).replace("-", "−")), {scope: "row"}));
    for (let c = 0; c < g.columns; c++) {
      const cell = first + r * g.columns + c, td = row.insertCell(), v = seen.value(cell), inside = g.place(cell).inside;
      const is = {pad: !inside, cut: !inside && seen.dropped?.has(cell), on: seen.on?.has(cell), hit: inside && seen.hit?.has(cell), win: seen.win?.has(cell)};
      if (is.on) {
        is.et = r === 0 || !seen.on.has(cell - g.columns); is.eb = r === g.rows - 1 || !seen.on.has(cell + g.columns);
        is.el = c === 0 || !seen.on.has(cell - 1); is.er = c === g.columns - 1 || !seen.on.has(cell + 1);
      }
      td.className = Object.keys(is).filter(name => is[name]).join(" ");
      if (v !== null && v !== undefined) {
        if (seen.small?.has(cell)) td.append(make("small", "", seen.small.get(cell)));
        td.append(text(v, seen.digits));
        td.dataset.value = Object.is(v, -0) ? "-0" : String(v);
      } else if (cell === seen.asked) td.append("?");
    }
  }
  figure.append(table);
}
const LARGEST_TABLE = 12;
