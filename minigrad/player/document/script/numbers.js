// Numbers and elements: what all other files use.

const make = (tag, name, ...kids) => { const e = document.createElement(tag); if (name) e.className = name; e.append(...kids); return e; };
// A class that is there or not; without any, there is no attribute either, as in the page when it was opened.
const flag = (e, name, on) => { e.classList.toggle(name, on); if (!e.classList.length) e.removeAttribute("class"); };

// Arrays as the page holds them, bit by bit.
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
