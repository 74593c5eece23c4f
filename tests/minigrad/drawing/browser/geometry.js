// What of an SVG lies where, in pixels of the page: (prefix-free) ids of boxes and arrows, with their texts.
() => {
  const rect = (e) => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom] }
  const visible = (e) => getComputedStyle(e).visibility !== 'hidden' && getComputedStyle(e).display !== 'none'
  const svg = document.querySelector('svg')
  const groups = (kind) => [...svg.querySelectorAll('g.' + kind)]
  const texts = (g) => [...g.querySelectorAll('text')].filter(visible).map((t) => ({
    text: t.textContent, rect: rect(t), fill: getComputedStyle(t).fill,
    size: parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a,
    script: t.dataset.script || '',
  }))
  // of a stack there are several outlines, the one in front last; the folded corner of a sheet is not filled
  const outlines = (g) => [...g.querySelectorAll('path[data-part="outline"]')].filter((p) => p.getAttribute('fill') !== 'none')
  const around = (g) => {
    const [left, top, right, bottom] = [0, 1, 2, 3].map((i) => outlines(g).map((p) => rect(p)[i]))
    return [Math.min(...left), Math.min(...top), Math.max(...right), Math.max(...bottom)]
  }
  const once = (groups) => groups.filter((g) => !g.hasAttribute('aria-hidden'))
  const along = (path) => {
    const points = [], length = path.getTotalLength(), m = path.getScreenCTM()
    for (let at = 0; at <= length; at += 3) {
      const p = path.getPointAtLength(at).matrixTransform(m)
      points.push([p.x, p.y])
    }
    return points
  }
  return {
    svg: rect(svg), page: [document.documentElement.scrollWidth, innerWidth],
    background: getComputedStyle(svg.querySelector('rect')).fill,
    boxes: once(groups('box')).map((g) => ({
      key: g.dataset.key, rect: around(g), fill: getComputedStyle(outlines(g).at(-1)).fill, texts: texts(g),
    })),
    arrows: [...groups('forward'), ...groups('backward')].map((g) => ({
      key: g.dataset.key, texts: texts(g),
      points: [...g.querySelectorAll('path[data-part="line"]')].flatMap(along),
    })),
    texts: texts(svg),
  }
}
