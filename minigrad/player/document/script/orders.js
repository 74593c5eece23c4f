// The order of both passes, and beside it that of a sweep without topological order.

function orders(player) {
  const {$, all, k} = player;
  all(".order li").forEach(li => {
    const from = Number(li.dataset.first), to = Number(li.dataset.last), now = from <= k && k <= to;
    li.classList.toggle("done", to < k); li.classList.toggle("now", now); li.classList.toggle("wait", from > k);
    const a = li.firstElementChild, partial = to > from && k >= from && k < to;
    a.removeAttribute("data-count"); a.removeAttribute("aria-current");  // in one order
    if (partial) a.dataset.count = `${k - from + 1}/${to - from + 1}`;
    if (now) a.setAttribute("aria-current", "step");
  });
  center(player, $("order"), $("order").querySelector(".now"));
  // Both sweeps go on when an error signal is complete, and nothing is told that is still asked for.
  all(".compare tr[data-last]").forEach(row => {
    const from = Number(row.dataset.first), to = Number(row.dataset.last);
    flag(row, "now", false); flag(row, "wait", k < to || unanswered(player, to)); flag(row, "now", from <= k && k <= to);
  });
  if ($("compare")) center(player, $("compare"), $("compare").querySelector(".now"));
}
