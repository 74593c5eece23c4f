// A step, and a position in it: what is shown is made from the state alone, so that going back gives what was there before.

function count(player) { player.counts = player.steps.map(step => positions(player, step)); }

// The scene of position n of a step, and the place in it; the last one shows all arrays.
function sceneAt(player, step, n) {
  if (n > 0) for (const [scene, i] of seenScenes(player, step)) {
    const here = positionsOf(player, scene);
    if (n <= here) return [i, n];
    n -= here;
  }
  return [(step.scenes || []).length - 1, 0];
}

// A cell of the table, with the number in all of its digits.
function put({$}, name, cell) {
  const e = $("stage").querySelector("." + name);
  e.replaceChildren(...(cell ? [...cell.childNodes].map(n => n.cloneNode(true)) : []));
  if (cell?.dataset.value) e.dataset.value = cell.dataset.value; else e.removeAttribute("data-value");
}

function show(player, step, position = 0) {
  if (player.data.film) return frame(player, step);
  const {$, all, root, steps, rows, scenes, counts, told, last} = player, k = Math.max(0, Math.min(last, step)), j = Math.max(0, Math.min(counts[k], position));
  Object.assign(player, {k, j, missed: false});
  const row = rows[k], cell = name => row && row.querySelector(`td.${name}`), ask = asking(player), way = row ? row.className.split(" ")[0] : "start";
  const plain = c => c && scenes[k].length && c.querySelector("mtable") ? null : c;  // what the grids below show
  root.classList.remove("start", "forward", "backward", "inside"); root.classList.add(way, ...j ? ["inside"] : []);
  $("way").textContent = way;
  put(player, "what", cell("what")); put(player, "rule", cell("rule"));
  for (const name of ["numbers", "result", "sum"]) put(player, name, ask || j ? null : plain(cell(name)));
  const shape = row && cell("what").dataset.shape;
  $("of").textContent = [row?.dataset.of ? `contribution ${row.dataset.of}` : "", shape ? `shape ${shape}` : "", j ? `position ${j} of ${counts[k]}` : ""].filter(Boolean).join(", ");
  $("code").textContent = !j && row?.dataset.line || "";
  $("start-here").hidden = k > 0;
  if ($("enter")) $("enter").hidden = !counts[k] || j > 0 || ask;
  orders(player);
  picture(player, ask);
  panels(player, ask);
  question(player, ask);
  rows.forEach((r, i) => r && (r.classList.toggle("now", i === k), r.classList.toggle("secret", unanswered(player, i))));
  $("pos").value = k; $("prev").disabled = !k && !j; $("next").disabled = k === last && !j;
  $("count").textContent = `step ${k} of ${last}`;
  const said = j ? `${way}, position ${j} of ${counts[k]}: ${$("stage").querySelector(".numbers").textContent} ${$("stage").querySelector(".result").textContent}` : ask ? `${way}: what is ${$("asked").textContent}?` : `${way}: ${steps[k].say}`;
  $("live").textContent = `step ${k} of ${last}, ${said}`;
  const score = [...told].map(([i, right]) => `${right ? "" : "!"}${i}`).join(",");
  if (player.alone) try { history.replaceState(null, "", `#step=${k}${j ? "." + j : ""}${levelInAddress(player)}${chosenInAddress(player)}${score ? "&told=" + score : ""}`); } catch { /* a frame without an address */ }
}
