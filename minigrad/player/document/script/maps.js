// Large grids in colours around 0; the number at the pointer, or at the cell that the arrow keys choose, is below.
function mapped(figure, seen, first) {
  const g = seen.grid, canvas = document.createElement("canvas"), scale = Math.max(1, Math.min(16, Math.floor(360 / Math.max(g.rows, g.columns))));
  canvas.width = g.columns * scale; canvas.height = g.rows * scale; canvas.tabIndex = 0;
  canvas.setAttribute("role", "img");
  const paint = canvas.getContext("2d"), values = Array.from({length: g.one}, (_, i) => seen.value(first + i) ?? 0);
  const top = Math.max(...values.filter(Number.isFinite).map(Math.abs), 1e-300);
  values.forEach((v, i) => {
    const s = Math.min(1, Math.abs(v) / top), end = v < 0 ? [0, 114, 178] : [213, 94, 0];
    paint.fillStyle = Number.isFinite(v) ? `rgb(${end.map(e => Math.round(255 + s * (e - 255))).join(" ")})` : "rgb(210 0 190)";
    paint.fillRect(i % g.columns * scale, Math.floor(i / g.columns) * scale, scale, scale);
  });
  paint.lineWidth = 2;
  for (const cell of [...seen.on || [], ...seen.hit || []]) if (Math.floor(cell / g.one) * g.one === first) {
    const i = cell - first;
    paint.strokeStyle = seen.hit?.has(cell) ? "#d0006f" : "#000";
    paint.strokeRect(i % g.columns * scale + .5, Math.floor(i / g.columns) * scale + .5, scale - 1, scale - 1);
  }
  const finite = values.filter(Number.isFinite), caption = make("p", "at");
  const range = `${g.rows} × ${g.columns}, ${text(Math.min(...finite))} … ${text(Math.max(...finite))}`;
  let chosen = 0;
  const tell = i => { caption.textContent = i === null ? range : `${g.at(first + i)} = ${text(values[i])}`; };
  tell(null);
  canvas.setAttribute("aria-label", `${range}; arrow keys read single numbers`);
  caption.setAttribute("aria-live", "polite");
  canvas.onpointermove = e => {
    const box = canvas.getBoundingClientRect(), c = Math.floor((e.clientX - box.left) / box.width * g.columns), r = Math.floor((e.clientY - box.top) / box.height * g.rows);
    if (r >= 0 && c >= 0 && r < g.rows && c < g.columns) tell(r * g.columns + c);
  };
  canvas.onpointerleave = () => tell(null);
  canvas.onkeydown = e => {
    const by = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: g.columns, ArrowUp: -g.columns}[e.key];
    if (!by) return;
    chosen = Math.max(0, Math.min(g.one - 1, chosen + by));
    tell(chosen); e.preventDefault(); e.stopPropagation();
  };
  return make("div", "pixels", canvas, caption);
}
