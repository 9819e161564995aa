// Statements in words and numbers: the table, its sentence, and the file of numbers.

/** A unit behind a number: a power of ten is multiplied. */
const behind = (unit) => (unit.startsWith("10") ? ` × ${unit}` : unit && ` ${unit}`);

const raw = (parameter, x) => (Number.isFinite(x) ? valueOf(parameter, x) : x);

const NOT_ONE_SIDED = "no one-sided limit, as there is a lower end: choose two-sided";

/** Intervals as people read them; null where one side is asked for and there are two. */
function intervalText(parameter, intervals) {
  if (!intervals) return NOT_ONE_SIDED;
  if (!intervals.length) return "nothing";
  return intervals
    .map(([low, high]) => {
      const [a, b] = [low, high].map((x) => raw(parameter, x) / parameter.scale);
      if (!Number.isFinite(b) && (!Number.isFinite(a) || a === parameter.low)) return "all values";
      if (a === parameter.low) return `≤ ${readable(b)}`;
      if (!Number.isFinite(a)) return `≤ ${readable(b)}, no lower end`;
      if (!Number.isFinite(b)) return `≥ ${readable(a)}, no upper end`;
      return `${readable(a)} to ${readable(b)}`;
    })
    .join(" or ");
}

function limitRow(parameter, scan, intervals) {
  const row = element("tr");
  row.dataset.name = parameter.name;
  const cells = ["no bound: no bin sees it", "–"];
  if (scan) {
    const ends = (pair) => pair.map((x) => (Number.isFinite(x) ? raw(parameter, x) : null));
    if (intervals) row.dataset.intervals = JSON.stringify(intervals.map(ends));
    row.dataset.best = raw(parameter, scan.best);
    row.dataset.chi2 = scan.chi2;
    cells[0] = intervalText(parameter, intervals);
    cells[1] = readable(raw(parameter, scan.best) / parameter.scale);
  }
  const symbol = element("th", { scope: "row", textContent: parameter.symbol, title: parameter.about });
  row.append(symbol, ...[...cells, parameter.unit || "1"].map((text) => element("td", { textContent: text })));
  return row;
}

/** A complex direction of three moments, of unit length, its largest component real. */
function directionText(vector) {
  const entries = [0, 1, 2].map((i) => [vector[2 * i], vector[2 * i + 1]]);
  const largest = entries.reduce((a, b) => (Math.hypot(...b) > Math.hypot(...a) ? b : a));
  const phase = [largest[0] / Math.hypot(...largest), -largest[1] / Math.hypot(...largest)];
  return entries
    .map((entry) => {
      const [re, im] = product(entry, phase);
      if (Math.abs(im) < 5e-4) return readable(Math.abs(re) < 5e-4 ? 0 : re, 3);
      return `${readable(re, 3)} ${im < 0 ? "−" : "+"} ${readable(Math.abs(im), 3)}i`;
    })
    .join(", ");
}

/** What no event tells of transition moments, in words. */
function blindText(view, directions) {
  const found = directions.filter(({ share }) => share < 1e-9);
  const names = view.group.parameters.map((one) => one.symbol.replaceAll("|", "")).join(", ");
  if (!found.length) return `No direction of (${names}) is blind.`;
  if (found.length > 2) return `${found.length / 2} directions of (${names}) are blind: they add no events.`;
  return `Blind direction: (${names}) ∝ (${directionText(found[0].vector)}) adds no events.`;
}

const comma = (entries) =>
  entries.map((one) => (/[",\n]/.test(String(one)) ? `"${String(one).replaceAll('"', '""')}"` : one)).join(",");

/** Everything that is shown, as comma-separated values. */
function numbersText(result) {
  const lines = ["what,parameter or bin,x,y,value,unit"];
  const add = (...entries) => lines.push(comma(entries));
  for (const row of byId("limits").rows) {
    const { name, intervals, best } = row.dataset;
    const key = result.view.group.parameters.find((one) => one.name === name).key;
    for (const [low, high] of JSON.parse(intervals ?? "[]")) add("interval", name, low ?? "-inf", high ?? "inf", "", key);
    if (best) add("best fit", name, best, "", "", key);
  }
  const { parameter, curve } = result;
  for (const [x, y] of curve) add("delta chi2", parameter.name, raw(parameter, x), "", y, parameter.key);
  if (result.plane) {
    const [px, py] = result.plane.parameters;
    const both = `${px.name};${py.name}`;
    result.plane.contour.forEach((piece) =>
      piece.forEach(([x, y]) => add("contour piece", both, raw(px, x), raw(py, y), "", `${px.key};${py.key}`)),
    );
  }
  const { edges, data, standard, chosen } = result.spectrum;
  data.forEach((value, i) => {
    const bin = `${edges[i]} to ${edges[i + 1]}`;
    add("counted less background", bin, "", "", value, "events");
    add("Standard Model", bin, "", "", standard[i], "events");
    add("with chosen values", bin, "", "", chosen[i], "events");
  });
  return `${lines.join("\n")}\n`;
}

function saveAs(name, kind, text) {
  const link = element("a", { href: URL.createObjectURL(new Blob([text], { type: kind })), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}
