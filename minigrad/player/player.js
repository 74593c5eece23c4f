"use strict";
// Shows and hides. Everything that is known is in the page; the state is a step, a position in it, and some switches, and
// what is shown is made from the state alone, so that going back gives what was there before.
(() => {
const make = (tag, name, ...kids) => { const e = document.createElement(tag); if (name) e.className = name; e.append(...kids); return e; };
// A class that is there or not; without any, there is no attribute either, as in the page when it was opened.
const flag = (e, name, on) => { e.classList.toggle(name, on); if (!e.classList.length) e.removeAttribute("class"); };
let players = [];
const box = document.querySelector("script.packed");
if (box) unpack(box).then(begin); else begin();
function begin() { players = [...document.querySelectorAll(".mg-player")].map(start); }

// Of a large page the contents are packed.
async function unpack(script) {
  const bytes = Uint8Array.from(atob(script.textContent), c => c.charCodeAt(0));
  const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
  script.replaceWith(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
}

// Keys belong to the player that has the focus; a player that is alone on its page needs none.
addEventListener("keydown", event => {
  const player = players.length === 1 ? players[0] : players.find(p => p.root.contains(document.activeElement));
  if (player && !event.ctrlKey && !event.altKey && !event.metaKey) player.key(event);
});

function start(root) {
const $ = name => root.querySelector("." + name), all = (query, e = root) => [...e.querySelectorAll(query)];
const data = JSON.parse($("data").textContent), steps = data.steps, last = steps.length - 1, arrays = data.arrays.map(decoded);
const keyed = new Map();  // the elements of each box and arrow of the picture
all(".graph [data-key]").forEach(e => keyed.set(e.dataset.key, [...keyed.get(e.dataset.key) || [], e]));
const parts = new Map([...keyed.values()].flat().map(e => [e, all("[data-part]", e)]));
const rows = [null, ...all("tr[data-step]")], still = matchMedia("(prefers-reduced-motion: reduce)");
const told = new Map();  // step: whether it was right at once
let k = 0, j = 0, timer = null, size = 0, missed = false;
const scenes = steps.map((_, i) => all(`.scene[data-step="${i}"]`));

// ---------------------------------------------------------------- numbers
function decoded({shape, f4, f8}) {
  const bytes = Uint8Array.from(atob(f4 || f8), c => c.charCodeAt(0)), view = new DataView(bytes.buffer), width = f4 ? 4 : 8;
  const values = Array.from({length: bytes.length / width}, (_, i) => f4 ? view.getFloat32(4 * i, true) : view.getFloat64(8 * i, true));
  return {shape, values};
}

// Four significant digits and a true minus sign, as everywhere in minigrad.
function text(v) {
  if (Number.isNaN(v)) return "nan";
  if (!Number.isFinite(v)) return v > 0 ? "inf" : "−inf";
  const [digits, power] = v.toExponential(3).split("e"), e = Number(power);
  const short = v === 0 ? "0" : e < -4 || e > 3 ? `${Number(digits)}e${e < 0 ? "-" : "+"}${String(Math.abs(e)).padStart(2, "0")}` : String(Number(v.toPrecision(4)));
  return short.replaceAll("-", "−");
}
const signed = v => v < 0 ? `(${text(v)})` : text(v);

// ---------------------------------------------------------------- grids
// A grid of the current scene: its numbers, and what its cells are called.
function grid(spec) {
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
function view(scene, n) {
  const sees = {}, out = grid(scene.out), a = grid(scene.a), b = scene.b && grid(scene.b), position = scene.positions[n - 1];
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

// ---------------------------------------------------------------- steps
const counts = steps.map(s => (s.scenes || []).reduce((n, scene) => n + scene.positions.length, 0));
const fine = () => $("fine")?.checked;
const asking = () => $("predict").checked && steps[k].ask && !told.has(k) && j === 0;

// The scene of position j of a step, and the place in it; the last one shows all arrays.
function sceneAt(step, n) {
  const found = steps[step].scenes || [];
  for (let i = 0; n > 0 && i < found.length; i++) {
    if (n <= found[i].positions.length) return [i, n];
    n -= found[i].positions.length;
  }
  return [found.length - 1, 0];
}

// A cell of the table, with the number in all of its digits.
function put(name, cell) {
  const e = $("stage").querySelector("." + name);
  e.replaceChildren(...(cell ? [...cell.childNodes].map(n => n.cloneNode(true)) : []));
  if (cell?.dataset.value) e.dataset.value = cell.dataset.value; else e.removeAttribute("data-value");
}

function show(step, position = 0) {
  k = Math.max(0, Math.min(last, step)); j = Math.max(0, Math.min(counts[k], position)); missed = false;
  const row = rows[k], cell = name => row && row.querySelector(`td.${name}`), ask = asking(), way = row ? row.className.split(" ")[0] : "start";
  const plain = c => c && scenes[k].length && c.querySelector("mtable") ? null : c;  // what the grids below show
  root.classList.remove("start", "forward", "backward"); root.classList.add(way);
  $("way").textContent = way;
  put("what", cell("what")); put("rule", cell("rule"));
  for (const name of ["numbers", "result", "sum"]) put(name, ask || j ? null : plain(cell(name)));
  put("wrong", $("depth-first")?.checked && !j && !ask ? cell("wrong") : null);
  const shape = row && cell("what").dataset.shape;
  $("of").textContent = [row?.dataset.of ? `contribution ${row.dataset.of}` : "", shape ? `shape ${shape}` : "", j ? `position ${j} of ${counts[k]}` : ""].filter(Boolean).join(", ");
  $("code").textContent = row?.dataset.line || "";
  $("start-here").hidden = k > 0;
  if ($("enter")) $("enter").hidden = !counts[k] || j > 0 || ask;
  all(".order li").forEach(li => {
    const from = Number(li.dataset.first), to = Number(li.dataset.last), now = from <= k && k <= to;
    li.classList.toggle("done", to < k); li.classList.toggle("now", now); li.classList.toggle("wait", from > k);
    const a = li.firstElementChild, partial = to > from && k >= from && k < to;
    a.removeAttribute("data-count"); a.removeAttribute("aria-current");  // in one order
    if (partial) a.dataset.count = `${k - from + 1}/${to - from + 1}`;
    if (now) a.setAttribute("aria-current", "step");
  });
  center($("order"), $("order").querySelector(".now"));
  picture(ask);
  panels(ask);
  question(ask);
  rows.forEach((r, i) => r && (r.classList.toggle("now", i === k), r.classList.toggle("secret", $("predict").checked && !!steps[i].ask && !told.has(i))));
  $("pos").value = k; $("prev").disabled = !k && !j; $("next").disabled = k === last && !j;
  $("count").textContent = `step ${k} of ${last}`;
  const said = j ? `${way}, position ${j} of ${counts[k]}: ${$("stage").querySelector(".numbers").textContent} ${$("stage").querySelector(".result").textContent}` : ask ? `${way}: what is ${$("asked").textContent}?` : `${way}: ${steps[k].say}`;
  $("live").textContent = `step ${k} of ${last}, ${said}`;
  const score = [...told].map(([i, right]) => `${right ? "" : "!"}${i}`).join(",");
  try { history.replaceState(null, "", `#step=${k}${j ? "." + j : ""}${score ? "&told=" + score : ""}`); } catch { /* a frame without an address */ }
}

// The boxes and arrows of the picture: what is there already, what happens now, what waits.
function picture(ask) {
  if (!data.picture) return;
  const now = data.picture.now[k] || [];
  keyed.forEach(list => list.forEach(e => flag(e, "now", false)));  // and again as the last class
  for (const [first, key, part] of data.picture.shows) {
    const there = first < k || first === k && !ask && !j;
    for (const e of keyed.get(key) || []) {
      if (part === "all") flag(e, "hide", !there);
      else if (part === "box") flag(e, "wait", first > k);
      else parts.get(e).forEach(p => p.dataset.part === part && flag(p, "hide", !there));
    }
  }
  now.forEach(key => (keyed.get(key) || []).forEach(e => flag(e, "now", true)));
  center($("graph"), (keyed.get(now[0]) || [])[0]);
}

// Scrolls within a frame, and never the page, to what happens now.
function center(frame, e) {
  if (!e || frame.scrollWidth <= frame.clientWidth && frame.scrollHeight <= frame.clientHeight) return;
  const r = e.getBoundingClientRect(), f = frame.getBoundingClientRect();
  const left = frame.scrollLeft + (r.left + r.right - f.left - f.right) / 2, top = frame.scrollTop + (r.top + r.bottom - f.top - f.bottom) / 2;
  frame.scrollTo({left, top, behavior: still.matches ? "instant" : "smooth"});
}

function panels(ask) {
  scenes.forEach(list => list.forEach(section => { section.hidden = true; section.removeAttribute("style"); all("table, .pixels", section).forEach(e => e.remove()); }));
  const [i, n] = sceneAt(k, j), section = scenes[k][i];
  if (!section) return;
  const scene = steps[k].scenes[i];
  section.hidden = false;
  const seen = n ? view(scene, n) : Object.fromEntries(Object.entries(scene).filter(([, s]) => s && s.array !== undefined).map(([key, s]) => [key, {grid: grid(s), value: grid(s).value}]));
  if (ask && !n && seen.out) seen.out.value = () => null;
  sized(section, seen);
  all("figure", section).forEach(figure => seen[figure.dataset.key] && fill(figure, seen[figure.dataset.key]));
  if (n) calculation(scene, seen, section);
}

// How many cells side by side and above each other the style sheet has to find room for, and how wide their numbers are.
function sized(section, seen) {
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
function calculation(scene, seen, section) {
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
    const more = seen.scatter && inside.length > 1 ? `, and so the other ${inside.length - 1}` : "";
    result.replaceChildren(name("out"), `${seen.out.grid.at(cell)} = ${text(seen.known(cell))}${more}`);
    if (!inside.length) { line = ""; result.replaceChildren("All of it falls into the padding, and is dropped."); }
  }
  numbers.replaceChildren(line ? `= ${line}` : "");
}

// ---------------------------------------------------------------- predict
function question(ask) {
  $("ask").hidden = !ask; $("reply").textContent = ask || !told.has(k) ? "" : told.get(k) ? "✓ right" : "✓ that is it";
  $("guess").value = "";
  if (ask) {
    const at = steps[k].ask.at, of = rows[k].dataset.of, partial = of && of.split(" of ")[0] !== of.split(" of ")[1];
    const name = rows[k].querySelector("td.what math").cloneNode(true);
    $("asked").replaceChildren(...partial ? ["what arrives at ", name] : [name], at.length ? `[${at.join(",")}]` : "");
  }
  const score = [...told.values()];
  $("score").textContent = score.length ? `${score.filter(Boolean).length} of ${score.length} right` : "";
}

function answer() {
  const q = steps[k].ask, given = $("guess").value.trim().replaceAll("−", "-").replaceAll(",", "."), parts = given.split("/").map(Number);
  const v = parts.length === 2 ? parts[0] / parts[1] : parts[0], near = (a, b) => Math.abs(a - b) <= Math.max(q.near, 1e-12);
  if (!given || !Number.isFinite(v) || parts.length > 2) { $("reply").textContent = "Type a number, such as −0.25 or 1/4."; return; }
  if (near(v, q.answer)) { told.set(k, !missed); missed = false; show(k); $("next").focus(); return; }
  missed = true;
  const hint = q.hints.find(([wrong]) => Math.abs(v - wrong) <= Math.max(0.005 * Math.abs(wrong), 1e-12));
  $("reply").textContent = `✗ not ${text(v)}. ${hint ? hint[1] + "." : "Try again, or show the answer."}`;
  $("guess").select();
}

// ---------------------------------------------------------------- moving
function move(by) {
  if (!fine()) return j && by < 0 ? show(k) : show(k + by);
  if (by > 0) {
    if (j) return show(k, j < counts[k] ? j + 1 : 0);
    if (k < last) show(k + 1, counts[k + 1] ? 1 : 0);
  } else if (j > 1) show(k, j - 1);
  else if (!j && counts[k]) show(k, counts[k]);
  else if (k) show(k - 1);
}
function play(on) {
  clearInterval(timer); timer = null;
  if (on) timer = setInterval(() => { if (k === last && !j || asking()) play(false); else move(1); }, 1600);
  $("play").setAttribute("aria-pressed", String(on)); $("play").textContent = on ? "❚❚" : "play";
}
function larger(by) { size = by ? Math.max(-2, Math.min(6, size + by)) : 0; root.style.setProperty("--zoom", String(1.2 ** size)); }
const toggle = (name, button) => $(button).setAttribute("aria-expanded", String($(name).classList.toggle("open")));
function key(event) {
  const typing = event.target.matches("input:not([type=checkbox])"), pressed = event.target.matches("button, a, input");
  const does = {
    ArrowRight: () => move(1), ArrowLeft: () => move(-1), Home: () => show(0), End: () => show(last), " ": () => play(!timer),
    "+": () => larger(1), "-": () => larger(-1), 0: () => larger(0), t: () => toggle("all", "show-table"), "?": () => toggle("help", "show-help"),
  }[event.key];
  if (!does || typing || event.key === " " && pressed) return;
  does(); event.preventDefault();
}

$("prev").onclick = () => move(-1); $("next").onclick = () => move(1); $("play").onclick = () => play(!timer);
$("larger").onclick = () => larger(1); $("smaller").onclick = () => larger(-1);
$("show-table").onclick = () => toggle("all", "show-table"); $("show-help").onclick = () => toggle("help", "show-help");
$("pos").oninput = () => show(Number($("pos").value));
$("predict").onchange = () => show(k);
$("positions")?.addEventListener("click", () => { $("fine").checked = true; show(k, 1); $("next").focus(); });
$("fine")?.addEventListener("change", () => show(k));
$("depth-first")?.addEventListener("change", () => { root.classList.toggle("compared", $("depth-first").checked); show(k, j); });
$("check").onclick = answer;
$("guess").onkeydown = event => { if (event.key === "Enter") { event.preventDefault(); answer(); } };
$("reveal").onclick = () => { told.set(k, false); missed = false; show(k); $("next").focus(); };
for (const [button, blank] of [["print-answers", false], ["print-blank", true]]) $(button).onclick = () => { root.classList.toggle("blank", blank); print(); };
root.addEventListener("click", event => {
  const a = event.target.closest("a[href^='#step=']");
  if (a) { show(Number(a.getAttribute("href").slice(6))); event.preventDefault(); }
  const box = event.target.closest(".graph [data-key]"), to = box && data.picture.first[box.dataset.key];
  if (to !== undefined && to !== null) show(to);
});
let down = null;
for (const area of [$("stage"), $("scenes")].filter(Boolean)) {
  area.addEventListener("touchstart", event => { down = event.touches.length === 1 ? event.touches[0] : null; }, {passive: true});
  area.addEventListener("touchend", event => {
    if (!down) return;
    const x = event.changedTouches[0].clientX - down.clientX, y = event.changedTouches[0].clientY - down.clientY;
    if (Math.abs(x) > 50 && Math.abs(x) > 2 * Math.abs(y)) move(x < 0 ? 1 : -1);
    down = null;
  }, {passive: true});
}
function address() {
  const [, step, position] = location.hash.match(/step=(\d+)(?:\.(\d+))?/) || [0, 0, 0], answers = location.hash.match(/told=([\d!,]+)/);
  if (answers) {
    answers[1].split(",").filter(Boolean).forEach(t => told.set(Number(t.replace("!", "")), t[0] !== "!"));
    $("predict").checked = true;
  }
  show(Number(step), Number(position || 0));
}
if (document.querySelectorAll(".mg-player").length === 1) addEventListener("hashchange", address);
root.classList.add("on");
address();
return {root, key};
}
})();
