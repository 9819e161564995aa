// Scalable pictures: frames, axes with round numbers, lines.

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = { left: 44, right: 14, top: 12, bottom: 46 };
const LETTER = 7;

function shape(name, attributes, text) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

/** Round steps between two numbers. */
function ticksBetween(low, high, about) {
  const raw = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].find((one) => one * power >= raw) * power;
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) found.push(k * step);
  return { values: found, step };
}

/** A number for people: four digits, powers of ten as such. */
function readable(value, digits = 4) {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) {
    const power = Math.floor(Math.log10(size));
    const raised = [...String(power)].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻").join("");
    return `${minus(String(+(value / 10 ** power).toPrecision(digits)))} × 10${raised}`;
  }
  return minus(String(+value.toPrecision(digits)));
}

const minus = (text) => text.replace("-", "−");

const sizes = new Map();

/** How large a picture is: asked of the browser only once, as it must lay the page out to tell. */
function sizeOf(svg) {
  if (!sizes.has(svg)) sizes.set(svg, [Math.max(svg.clientWidth || 480, 240), Math.max(svg.clientHeight || 340, 200)]);
  return sizes.get(svg);
}

/** A frame with axes; `at(x, y)` are places in it. */
class Frame {
  constructor(svg, xRange, yRange, xLabel, yLabel) {
    this.svg = svg;
    svg.replaceChildren();
    [this.width, this.height] = sizeOf(svg);
    svg.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
    this.x = xRange;
    this.y = yRange;
    const longest = Math.max(...this.ticks("y").map(([, text]) => text.length));
    this.left = MARGIN.left + LETTER * Math.max(longest - 1, 1);
    const inner = { x: this.left, y: MARGIN.top, width: this.innerWidth, height: this.innerHeight };
    const id = `clip-${svg.id}`;
    const clip = svg.appendChild(shape("clipPath", { id }));
    clip.appendChild(shape("rect", inner));
    this.layer = svg.appendChild(shape("g", { "clip-path": `url(#${id})` }));
    svg.appendChild(shape("rect", { ...inner, class: "frame" }));
    this.axis("x", xLabel);
    this.axis("y", yLabel);
  }

  get innerWidth() {
    return this.width - this.left - MARGIN.right;
  }

  get innerHeight() {
    return this.height - MARGIN.top - MARGIN.bottom;
  }

  at(x, y) {
    const u = (x - this.x[0]) / (this.x[1] - this.x[0]);
    const v = (y - this.y[0]) / (this.y[1] - this.y[0]);
    const far = (value) => Math.min(Math.max(value, -1e5), 1e5);
    return [far(this.left + u * this.innerWidth), far(MARGIN.top + (1 - v) * this.innerHeight)];
  }

  /** Where an axis has ticks, and their texts. */
  ticks(which) {
    const [low, high] = this[which];
    const about = which === "x" ? this.innerWidth / 75 : this.innerHeight / 50;
    const values = ticksBetween(low, high, about).values;
    return values.map((value) => [value, readable(Math.abs(value) < 1e-9 * (high - low) ? 0 : value)]);
  }

  axis(which, label) {
    for (const [value, text] of this.ticks(which)) {
      const [x, y] = which === "x" ? this.at(value, this.y[0]) : this.at(this.x[0], value);
      const line = which === "x" ? { x1: x, x2: x, y1: y, y2: y + 5 } : { x1: x - 5, x2: x, y1: y, y2: y };
      this.svg.appendChild(shape("line", { ...line, class: "tick" }));
      const place = which === "x" ? { x, y: y + 18, "text-anchor": "middle" } : { x: x - 8, y: y + 4, "text-anchor": "end" };
      this.svg.appendChild(shape("text", place, text));
    }
    const middle = [this.left + this.innerWidth / 2, MARGIN.top + this.innerHeight / 2];
    const where =
      which === "x"
        ? { x: middle[0], y: this.height - 8, "text-anchor": "middle" }
        : { transform: `translate(14 ${middle[1]}) rotate(-90)`, "text-anchor": "middle" };
    this.svg.appendChild(shape("text", { ...where, class: "label" }, label));
  }

  path(points, name) {
    const d = points.map(([x, y], i) => `${i ? "L" : "M"}${this.place(x, y)}`).join("");
    if (points.length) this.layer.appendChild(shape("path", { d, class: name }));
  }

  place(x, y) {
    return this.at(x, y).map((value) => value.toFixed(2)).join(" ");
  }

  /** Many closed outlines, or pieces of a line, as one shape. */
  pieces(outlines, name, closed) {
    const d = outlines
      .map((points) => points.map(([x, y], i) => `${i ? "L" : "M"}${this.place(x, y)}`).join("") + (closed ? "Z" : ""))
      .join("");
    if (d) this.layer.appendChild(shape("path", { d, class: name }));
  }

  mark(x, y, name) {
    this.marks([[x, y]], name);
  }

  /** Equal marks as one shape. */
  marks(points, name) {
    const outline = ([u, v]) =>
      name.includes("cross")
        ? `M${u - 5} ${v - 5}L${u + 5} ${v + 5}M${u - 5} ${v + 5}L${u + 5} ${v - 5}`
        : `M${u - 4} ${v}A4 4 0 1 0 ${u + 4} ${v}A4 4 0 1 0 ${u - 4} ${v}Z`;
    const d = points.map(([x, y]) => outline(this.at(x, y))).join("");
    this.layer.appendChild(shape("path", { d, class: name }));
  }

  note(x, y, text, anchor = "start") {
    const [u, v] = this.at(x, y);
    this.layer.appendChild(shape("text", { x: u, y: v, "text-anchor": anchor, class: "note" }, text));
  }
}
