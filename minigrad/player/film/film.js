// A training film: each step of a training is one moment, with the whole graph.

function frame(player, step) {
  const {$, all, data, rows, last} = player, k = Math.max(0, Math.min(last, step));
  Object.assign(player, {k, j: 0});
  for (const [element, name, values] of data.film.changes) {
    const e = player.elements[element];
    if (name) e.setAttribute(name, values[k]); else e.firstChild.data = values[k];
  }
  rows.forEach((row, i) => flag(row, "now", i === k));
  $("way").textContent = `step ${k}`;
  const loss = rows[k].querySelector(".loss");
  $("what .loss").textContent = loss.textContent;
  $("what .loss").dataset.value = loss.dataset.value;
  $("of").textContent = k ? `before: ${rows[k - 1].querySelector(".loss").textContent}` : "";
  all(".updates li").forEach(li => update(player, li, Number(li.dataset.column)));
  const points = all(".chart circle"), now = points.find(e => Number(e.dataset.at) === k), cursor = $("cursor");
  points.forEach(e => flag(e, "now", e === now));
  const [left, right] = cursor.dataset.range.split(" ").map(Number), at = (left + (right - left) * (last ? k / last : .5)).toFixed(1);
  cursor.setAttribute("x1", at); cursor.setAttribute("x2", at);
  $("pos").value = k; $("prev").disabled = !k; $("next").disabled = k === last;
  $("count").textContent = `step ${k} of ${last}`;
  $("live").textContent = `step ${k} of ${last}: ${data.steps[k].say}`;
  if (player.alone) try { history.replaceState(null, "", `#step=${k}`); } catch { /* a frame without an address */ }
}

// What the update makes of a parameter: the numbers of this row and of the next; at the last step there is none.
function update({root, rows, k}, li, column) {
  const cell = (row, kind) => row && row.querySelectorAll(`td.${kind}`)[column], lr = root.dataset.lr;
  const old = cell(rows[k], "value"), signal = cell(rows[k], "signal"), next = cell(rows[k + 1], "value");
  const copy = (e, brackets = false) => {
    const parts = [...e.childNodes].map(n => n.cloneNode(true));
    return brackets && e.textContent.startsWith("−") ? ["(", ...parts, ")"] : parts;
  };
  const stays = next && next.textContent === old.textContent && next.dataset.value === old.dataset.value;
  const numbers = li.querySelector(".numbers"), result = li.querySelector(".result");
  const updates = lr && next && !stays, shows = updates && !old.classList.contains("large");  // the formula with numbers
  flag(li, "stays", Boolean(stays));
  if (shows) numbers.replaceChildren("= ", ...copy(old), ` − ${text(Number(lr))} · `, ...copy(signal, true));
  else numbers.replaceChildren(stays ? "stays " : next ? "from " : "= ", ...copy(old));
  result.replaceChildren(...!next || stays ? [] : [shows ? "= " : "to ", ...copy(next)]);
  for (const [name, is] of [["name", !updates], ["rule", updates], ["other", !shows]]) flag(li.querySelector(`.${name}`), "off", !is);
  li.querySelector(".signal").replaceChildren(...copy(signal));
}
