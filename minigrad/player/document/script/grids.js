// Grids of numbers: what the position of a scene reads and writes, and the table that shows it.

// A grid of the current scene: its numbers, and what its cells are called.
function grid(arrays, spec) {
  const {shape, values} = arrays[spec.array], [top, left, bottom, right] = spec.padding || [0, 0, 0, 0];
  const height = shape[1], width = shape[2], rows = height + top + bottom, columns = width + left + right, one = rows * columns;
  const place = cell => {
    const r = Math.floor(cell % one / columns) - top, c = cell % columns - left, channel = Math.floor(cell / one);
    return {channel, r, c, inside: r >= 0 && c >= 0 && r < height && c < width};
  };
  const value = cell => { const p = place(cell); return p.inside ? values[(p.channel * height + p.r) * width + p.c] : 0; };
  return {rows, columns, top, left, one, count: shape[0], place, value, at: cell => { const p = place(cell); return `[${p.r},${p.c}]`; }};
}

// What a position reads and writes, and what is known of the result after it.
function view(arrays, scene, n) {
  const sees = {}, out = grid(arrays, scene.out), a = grid(arrays, scene.a), b = scene.b && grid(arrays, scene.b), position = scene.positions[n - 1];
  const begin = scene.start === null ? 0 : arrays[scene.start].values[0], lastOf = new Map();
  const written = p => scene.kind === "max" ? [p[0]] : p.filter((_, i) => i % 3 === 0);
  scene.positions.forEach((p, i) => written(p).forEach(cell => lastOf.set(cell, i + 1)));
  const sums = new Map(), before = new Map();
  const scatter = scene.adds;
  for (let i = 0; i < n; i++) {
    if (i === n - 1) sums.forEach((v, cell) => before.set(cell, v));
    const p = scene.positions[i];
    if (scene.kind === "max") { sums.set(p[0], out.value(p[0])); continue; }
    for (let t = 0; t < p.length; t += 3) {
      const v = a.value(p[t + 1]) * (p[t + 2] < 0 ? 1 : b.value(p[t + 2])) / scene.divisor;
      sums.set(p[t], (sums.has(p[t]) ? sums.get(p[t]) : begin) + v);
    }
  }
  // What is complete has the number that the engine computed.
  const known = cell => !out.place(cell).inside ? sums.get(cell) : !scene.partial && lastOf.get(cell) <= n ? out.value(cell) : sums.has(cell) ? sums.get(cell) : scatter ? begin : null;
  sees.out = {grid: out, hit: new Set(written(position)), value: known, small: new Map(), dropped: true};
  sees.a = {grid: a, on: new Set(), win: new Set(), value: a.value};
  if (b) sees.b = {grid: b, on: new Set(), value: b.value};
  if (scene.kind === "max") {
    position.slice(2).forEach(cell => sees.a.on.add(cell));
    sees.a.win.add(position[1]);
  } else {
    for (let t = 0; t < position.length; t += 3) {
      sees.a.on.add(position[t + 1]);
      if (position[t + 2] >= 0) sees.b.on.add(position[t + 2]);
    }
    if (scatter) for (const cell of sees.out.hit) {
      const old = before.has(cell) ? before.get(cell) : begin, adds = sums.get(cell) - old;
      sees.out.small.set(cell, `${text(old)} + ${signed(adds)}`);
    }
  }
  sees.scatter = scatter; sees.begin = begin; sees.before = before; sees.sums = sums; sees.position = position; sees.known = known;
  return sees;
}

function fill(figure, seen) {
  const channel = Number(figure.dataset.channel), g = seen.grid, first = channel * g.one;
  if (figure.classList.contains("map")) return figure.append(mapped(figure, seen, first));
  const table = make("table"), heads = table.createTHead().insertRow();
  heads.append(make("td"));
  for (let c = 0; c < g.columns; c++) heads.append(Object.assign(make("th", "", String(c - g.left).replace("-", "−")), {scope: "col"}));
  const body = table.createTBody();
  for (let r = 0; r < g.rows; r++) {
    const row = body.insertRow();
    row.append(Object.assign(make("th", "", String(r - g.top).replace("-", "−")), {scope: "row"}));
    for (let c = 0; c < g.columns; c++) {
      const cell = first + r * g.columns + c, td = row.insertCell(), v = seen.value(cell), inside = g.place(cell).inside;
      const is = {pad: !inside, cut: !inside && seen.dropped && seen.hit?.has(cell), on: seen.on?.has(cell), hit: inside && seen.hit?.has(cell), win: seen.win?.has(cell)};
      if (is.on) {
        is.et = r === 0 || !seen.on.has(cell - g.columns); is.eb = r === g.rows - 1 || !seen.on.has(cell + g.columns);
        is.el = c === 0 || !seen.on.has(cell - 1); is.er = c === g.columns - 1 || !seen.on.has(cell + 1);
      }
      td.className = Object.keys(is).filter(name => is[name]).join(" ");
      if (seen.hidden?.has(cell)) td.append("?");
      else if (v !== null && v !== undefined) {
        if (seen.small?.has(cell)) td.append(make("small", "", seen.small.get(cell)));
        td.append(text(v));
        td.dataset.value = Object.is(v, -0) ? "-0" : String(v);
      }
    }
  }
  figure.append(table);
}
