// Keys, buttons, swipes and addresses.

function move(player, by) {
  const {$, k, j, last, counts} = player, to = (step, position) => show(player, step, position);
  if (!$("fine")?.checked) return j && by < 0 ? to(k) : to(k + by);
  if (by > 0) {
    if (j) return to(k, j < counts[k] ? j + 1 : 0);
    if (k < last) to(k + 1, counts[k + 1] ? 1 : 0);
  } else if (j > 1) to(k, j - 1);
  else if (!j && counts[k]) to(k, counts[k]);
  else if (k) to(k - 1);
}

function play(player, on) {
  const {$} = player;
  clearInterval(player.timer); player.timer = null;
  if (on) player.timer = setInterval(() => { if (player.k === player.last && !player.j || asking(player)) play(player, false); else move(player, 1); }, 1600);
  $("play").setAttribute("aria-pressed", String(on)); $("play").textContent = on ? "❚❚" : "play";
}

const larger = (player, by) => zoom(player, by ? Math.max(-2, Math.min(6, player.size + by)) : 0);

function zoom(player, size) {
  player.size = size;
  player.root.style.setProperty("--zoom", String(1.2 ** player.size));
}

// What opens below the controls comes into view.
function toggle({$, still}, name, button) {
  const open = $(name).classList.toggle("open");
  $(button).setAttribute("aria-expanded", String(open));
  if (open && name !== "more") $(name).scrollIntoView({block: "nearest", behavior: still.matches ? "instant" : "smooth"});
}

function key(player, event) {
  const typing = event.target.matches("input:not([type=checkbox]), select"), pressed = event.target.matches("button, a, input");
  const does = {
    ArrowRight: () => move(player, 1), ArrowLeft: () => move(player, -1), Home: () => show(player, 0), End: () => show(player, player.last), " ": () => play(player, !player.timer),
    "+": () => larger(player, 1), "-": () => larger(player, -1), 0: () => larger(player, 0), t: () => toggle(player, "all", "show-table"), "?": () => toggle(player, "help", "show-help"),
  }[event.key];
  if (!does || typing || event.key === " " && pressed) return;
  does(); event.preventDefault();
}

// Whether a finger that moves sideways there scrolls something.
function scrolls(element, area) {
  for (let e = element; e && e !== area.parentElement; e = e.parentElement) if (e.scrollWidth > e.clientWidth && /auto|scroll/.test(getComputedStyle(e).overflowX)) return true;
  return false;
}

function connect(player) {
  const {$, root} = player;
  $("prev").onclick = () => move(player, -1); $("next").onclick = () => move(player, 1); $("play").onclick = () => play(player, !player.timer);
  $("larger").onclick = () => larger(player, 1); $("smaller").onclick = () => larger(player, -1);
  $("show-table").onclick = () => toggle(player, "all", "show-table"); $("show-help").onclick = () => toggle(player, "help", "show-help");
  $("show-more").onclick = () => toggle(player, "more", "show-more");
  $("pos").oninput = () => show(player, Number($("pos").value));
  $("level")?.addEventListener("change", () => switchLevel(player, $("level").value));
  if ($("predict")) connectQuestions(player);
  for (const [button, blank] of [["print-answers", false], ["print-blank", true]]) if ($(button)) $(button).onclick = () => { root.classList.toggle("blank", blank); print(); };
  root.addEventListener("click", event => {
    const a = event.target.closest("a[href^='#step=']");
    if (a) {
      show(player, Number(a.getAttribute("href").slice(6))); event.preventDefault();
      if (a.closest(".all")) root.scrollIntoView({block: "start", behavior: player.still.matches ? "instant" : "smooth"});
    }
    const point = event.target.closest(".chart circle");
    if (point) show(player, Number(point.dataset.at));
    const box = event.target.closest(".graph [data-key]"), to = box && player.data.picture?.first[box.dataset.key];
    if (to !== undefined && to !== null) show(player, to);
  });
  root.addEventListener("change", event => { if (event.target.matches(".choices select")) choose(player, event.target); });
  let down = null;
  for (const area of [$("stage"), $("scenes")].filter(Boolean)) {
    area.addEventListener("touchstart", event => { down = event.touches.length === 1 && !scrolls(event.target, area) ? event.touches[0] : null; }, {passive: true});
    area.addEventListener("touchend", event => {
      if (!down) return;
      const x = event.changedTouches[0].clientX - down.clientX, y = event.changedTouches[0].clientY - down.clientY;
      if (Math.abs(x) > 50 && Math.abs(x) > 2 * Math.abs(y)) move(player, x < 0 ? 1 : -1);
      down = null;
    }, {passive: true});
  }
}

function connectQuestions(player) {
  const {$, root, told} = player;
  $("predict").onchange = () => show(player, player.k);
  $("positions")?.addEventListener("click", () => { $("fine").checked = true; show(player, player.k, 1); $("next").focus(); });
  $("fine")?.addEventListener("change", () => show(player, player.k));
  $("depth-first")?.addEventListener("change", () => { root.classList.toggle("compared", $("depth-first").checked); show(player, player.k, player.j); });
  $("check").onclick = () => answer(player);
  $("guess").onkeydown = event => { if (event.key === "Enter") { event.preventDefault(); answer(player); } };
  $("reveal").onclick = () => { told.set(player.k, false); show(player, player.k); $("next").focus(); };
}

// The address of the page says where it stands.
function address(player) {
  const {$, told} = player, level = otherLevelFromAddress(player);
  if (level) return openLevel(player, level).then(address);
  const [, step, position] = location.hash.match(/step=(\d+)(?:\.(\d+))?/) || [0, 0, 0], answers = location.hash.match(/told=([\d!,]+)/);
  if (answers && $("predict")) {
    answers[1].split(",").filter(Boolean).forEach(t => told.set(Number(t.replace("!", "")), t[0] !== "!"));
    $("predict").checked = true;
  }
  chosenFromAddress(player);
  show(player, Number(step), Number(position || 0));
}
