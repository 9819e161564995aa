// The three pictures: the curve, the plane, the spectrum.

const shownValue = (parameter, x) => valueOf(parameter, x) / parameter.scale;
const axisLabel = (parameter) => (parameter.unit ? `${parameter.symbol} (${parameter.unit})` : parameter.symbol);

/** The frame of a curve with its level and the chosen value; the curve's points, as shown; and the frame's top. */
function curveFrame(svg, { parameter, curve, window }, threshold, chosen) {
  const top = Math.max(2.5 * threshold, 4);
  const range = window.map((x) => shownValue(parameter, x));
  const frame = new Frame(svg, range, [0, top], axisLabel(parameter), "Δχ²");
  frame.path([[range[0], threshold], [range[1], threshold]], "threshold");
  frame.path([[chosen, 0], [chosen, top]], "chosen-line");
  return { frame, range, top, points: curve.map(([x, y]) => [shownValue(parameter, x), y]) };
}

function drawCurve(svg, result, threshold, chosen) {
  const { frame, range, top, points } = curveFrame(svg, result, threshold, chosen);
  frame.path(points, "line");
  frame.note(range[1] - 0.015 * (range[1] - range[0]), threshold + 0.015 * top, result.thresholdText, "end");
}

/** As much of a curve as is known, through the points at which it is. */
function drawPart(svg, known, threshold, chosen) {
  const { frame, top, points } = curveFrame(svg, known, threshold, chosen);
  frame.path(points, "line part");
  frame.marks(points.filter(([, y]) => y < top), "part-mark");
}

function drawRegion(svg, plane) {
  const [px, py] = plane.parameters;
  const ranges = [0, 1].map((i) => plane.window[i].map((x) => shownValue(plane.parameters[i], x)));
  const frame = new Frame(svg, ranges[0], ranges[1], axisLabel(px), axisLabel(py));
  const shown = ([x, y]) => [shownValue(px, x), shownValue(py, y)];
  frame.pieces(plane.filled.map((outline) => outline.map(shown)), "region", true);
  frame.pieces(plane.contour.map((piece) => piece.map(shown)), "line", false);
  if (plane.blind) {
    const far = 4 * Math.max(...plane.window.flat().map(Math.abs));
    const [a, b] = plane.blind;
    const size = Math.hypot(a, b) || 1;
    frame.path([shown([(-far * a) / size, (-far * b) / size]), shown([(far * a) / size, (far * b) / size])], "blind");
  }
  frame.mark(...shown(plane.standard), "standard-mark");
  if (plane.best) frame.mark(...shown(plane.best), "best cross");
  frame.mark(...plane.chosen, "chosen-mark");
}

/** Values per bin of the first axis, summed over the others. */
function onFirstAxis(dataset, values) {
  const bins = dataset.axes.length ? dataset.axes[0].bins : values.length;
  const out = new Float64Array(bins);
  const inner = values.length / bins;
  values.forEach((value, i) => (out[Math.floor(i / inner)] += value));
  return out;
}

/** Events of a data set: counted less expected background, Standard Model, with chosen values. */
function spectrumOf(dataset, signals, expected) {
  const part = { ...dataset.parts[0], ...(expected ? dataset.expected[0] : {}) };
  const bins = part.kind === "binned" ? part.nBins : part.nSignal;
  const own = (array) => onFirstAxis(dataset, Array.from(array.subarray(0, bins)));
  const plain = Array.from({ length: bins }, (_, b) => {
    if (part.kind === "gaussian") return part.data[b];
    const data = part.loss;
    const steady = data.kind === "on-off" ? data.off[b] / data.ratio : 0;
    return data.observed[b] - steady - part.templates.reduce((sum, t) => sum + t.events[b], 0);
  });
  const variances = Array.from({ length: bins }, (_, b) =>
    part.kind === "binned"
      ? part.spread[b] ** 2
      : part.variance[b] + part.variancePerEvent[b] * Math.abs(plain[b]),
  );
  return {
    edges: spectrumEdges(dataset, bins),
    axis: dataset.axes[0]?.edges ? dataset.axes[0] : { name: "bin", unit: "" },
    data: onFirstAxis(dataset, plain),
    errors: onFirstAxis(dataset, variances).map(Math.sqrt),
    standard: own(signals.standard),
    chosen: own(signals.chosen),
  };
}

function spectrumEdges(dataset, bins) {
  if (dataset.axes[0]?.edges) return dataset.axes[0].edges;
  return Array.from({ length: (dataset.axes[0]?.bins ?? bins) + 1 }, (_, i) => i);
}

function drawSpectrum(svg, spectrum) {
  const { edges, data, errors, standard, chosen } = spectrum;
  const highs = [...data.map((value, i) => value + errors[i]), ...standard, ...chosen];
  const lows = data.map((value, i) => value - errors[i]);
  const top = 1.12 * Math.max(...highs.filter(Number.isFinite), 1e-9);
  const bottom = Math.min(0, 1.12 * Math.min(...lows.filter(Number.isFinite), 0));
  const end = edges[edges.length - 1];
  const unit = spectrum.axis.unit ? ` (${spectrum.axis.unit})` : "";
  const frame = new Frame(svg, [edges[0], end], [bottom, top], `${spectrum.axis.name}${unit}`, "Events per bin");
  const steps = (values) =>
    [...values].flatMap((value, i) => [[edges[i], value], [edges[i + 1], value]]);
  frame.path([[edges[0], 0], [end, 0]], "zero");
  frame.path(steps(chosen), "line");
  frame.path(steps(standard), "standard-line");
  const points = [...data].map((value, i) => [0.5 * (edges[i] + edges[i + 1]), value]);
  frame.pieces(points.map(([x, y], i) => [[x, y - errors[i]], [x, y + errors[i]]]), "data", false);
  frame.marks(points, "data-mark");
}

/** A picture as a file of its own: the page's colours and fonts inside. */
function standalone(svg) {
  const copy = svg.cloneNode(true);
  const style = getComputedStyle(document.documentElement);
  const names = ["--ink", "--soft", "--back", "--line", "--fill", "--accent", "--standard"];
  const colours = names.map((name) => `${name}:${style.getPropertyValue(name)}`).join(";");
  const rules = [...document.styleSheets]
    .flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule.selectorText?.startsWith("svg"))
    .map((rule) => rule.cssText);
  copy.setAttribute("xmlns", SVG);
  copy.setAttribute("width", svg.viewBox.baseVal.width);
  copy.setAttribute("height", svg.viewBox.baseVal.height);
  copy.insertBefore(shape("style", {}, `svg{${colours};background:var(--back)}${rules.join("")}`), copy.firstChild);
  return new XMLSerializer().serializeToString(copy);
}
