// The picture of the graph.

// The boxes and arrows of the picture: what is there already, what happens now, what waits.
function picture(player, ask) {
  const {data, k, j, keyed, parts} = player;
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
  center(player, player.$("graph"), (keyed.get(now[0]) || [])[0]);
}

// Scrolls within a frame, and never the page, to what happens now.
function center(player, frame, e) {
  if (!e || frame.scrollWidth <= frame.clientWidth && frame.scrollHeight <= frame.clientHeight) return;
  const r = e.getBoundingClientRect(), f = frame.getBoundingClientRect();
  const left = frame.scrollLeft + (r.left + r.right - f.left - f.right) / 2, top = frame.scrollTop + (r.top + r.bottom - f.top - f.bottom) / 2;
  frame.scrollTo({left, top, behavior: player.still.matches ? "instant" : "smooth"});
}
