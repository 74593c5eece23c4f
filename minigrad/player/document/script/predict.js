// Predict: the learner types an error signal, and the page says whether it is right.

const unanswered = ({$, steps, told}, k) => $("predict")?.checked && !!steps[k].ask && !told.has(k);
const asking = player => player.j === 0 && unanswered(player, player.k);

function question(player, ask) {
  const {$, steps, rows, k, told} = player;
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

function answer(player) {
  const {$, steps, k, told} = player;
  const q = steps[k].ask, given = $("guess").value.trim().replaceAll("−", "-").replaceAll(",", "."), parts = given.split("/").map(Number);
  const v = parts.length === 2 ? parts[0] / parts[1] : parts[0], near = (a, b) => Math.abs(a - b) <= Math.max(q.near, 1e-12);
  if (!given || !Number.isFinite(v) || parts.length > 2) { $("reply").textContent = "Type a number, such as −0.25 or 1/4."; return; }
  if (near(v, q.answer)) { told.set(k, !player.missed); show(player, k); $("next").focus(); return; }
  player.missed = true;
  const hint = q.hints.find(([wrong]) => Math.abs(v - wrong) <= Math.max(0.005 * Math.abs(wrong), 1e-12));
  $("reply").textContent = `✗ not ${text(v)}: ${hint ? hint[1] : "try again, or show the answer"}.`;
  $("guess").select();
}
