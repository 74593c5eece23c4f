// Numbers and elements: what all other files use.

const make = (tag, name, ...kids) => { const e = document.createElement(tag); if (name) e.className = name; e.append(...kids); return e; };
// A class that is there or not; without any, there is no attribute either, as in the page when it was opened.
const flag = (e, name, on) => { e.classList.toggle(name, on); if (!e.classList.length) e.removeAttribute("class"); };

// Arrays as the page holds them, bit by bit.
function decoded(encoded) {
  const [[kind, packed]] = Object.entries(encoded), read = {i1: "getInt8", i2: "getInt16", f4: "getFloat32", f8: "getFloat64"}[kind];
  const bytes = Uint8Array.from(atob(packed), c => c.charCodeAt(0)), view = new DataView(bytes.buffer), width = Number(kind[1]);
  return Array.from({length: bytes.length / width}, (_, i) => view[read](width * i, true));
}

// Four significant digits and a true minus sign, as everywhere in minigrad; in narrow cells less.
function text(v, precision = 4) {
  if (Number.isNaN(v)) return "nan";
  if (!Number.isFinite(v)) return v > 0 ? "inf" : "−inf";
  const [digits, power] = v.toExponential(precision - 1).split("e"), e = Number(power);
  const short = v === 0 ? "0" : e < -4 || e > precision - 1 ? `${Number(digits)}e${e < 0 ? "-" : "+"}${String(Math.abs(e)).padStart(2, "0")}` : String(Number(v.toPrecision(precision)));
  return short.replaceAll("-", "−");
}
const signed = v => v < 0 ? `(${text(v)})` : text(v);
