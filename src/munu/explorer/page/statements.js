// One parameter: its best fit, its intervals, its curve.

const CURVE_POINTS = 121;

/** A root of f between a and b, whose values have different signs. */
function rootBetween(f, a, b, fa, fb) {
  for (let i = 0; i < 100 && Math.abs(b - a) > 1e-13 * (Math.abs(a) + Math.abs(b)); i++) {
    let x = (a * fb - b * fa) / (fb - fa);
    if (i % 3 === 2 || !(x > Math.min(a, b) && x < Math.max(a, b))) x = 0.5 * (a + b);
    const fx = f(x);
    if (fx === 0) return x;
    if (fx < 0 === fb < 0) [b, fb] = [x, fx];
    else [a, fa] = [x, fx];
  }
  return Math.abs(fa) < Math.abs(fb) ? a : b;
}

/** The minimum of f in (a, b) by golden sections, then a parabola. */
function lowestBetween(f, a, b) {
  const golden = 0.5 * (Math.sqrt(5) - 1);
  let [x1, x2] = [b - golden * (b - a), a + golden * (b - a)];
  let [f1, f2] = [f(x1), f(x2)];
  for (let i = 0; i < 36 && b - a > 1e-7 * (Math.abs(a) + Math.abs(b)); i++) {
    if (f1 < f2) {
      [b, x2, f2] = [x2, x1, f1];
      x1 = b - golden * (b - a);
      f1 = f(x1);
    } else {
      [a, x1, f1] = [x1, x2, f2];
      x2 = a + golden * (b - a);
      f2 = f(x2);
    }
  }
  return f1 < f2 ? [x1, f1] : [x2, f2];
}

/** Points between two ends, close to a centre within a unit and ever wider beyond. */
function spacedPoints(low, high, centre, unit, n) {
  const place = (x) => Math.asinh((x - centre) / unit);
  const [from, to] = [place(low), place(high)];
  const inner = Array.from({ length: n }, (_, i) => from + ((to - from) * i) / (n - 1));
  const points = inner.map((t) => centre + unit * Math.sinh(t));
  [points[0], points[n - 1]] = [low, high];
  return points;
}

/** Ends between which a coordinate is looked at: the data's reach, within what is allowed. */
function domainOf(surface, parameter) {
  const [low, high] = surface.reach(0);
  const least = parameter.low === null ? -Infinity : coordinateOf(parameter, parameter.low);
  const most = parameter.high === null ? Infinity : coordinateOf(parameter, parameter.high);
  const far = surface.free.length ? 30 : 1;
  return [Math.max(low * far, least), Math.min(high * far, most)];
}

/** Chi-square along the first coordinate of a surface: samples, and the lowest of them. */
function scanned(surface, parameter, centre, points = 61) {
  const [low, high] = domainOf(surface, parameter);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return null;
  const f = (x) => surface.chi2([x]);
  const middle = Math.min(Math.max(centre, low), high);
  const xs = spacedPoints(low, high, middle, surface.units[0], points);
  const samples = xs.map((x) => [x, f(x)]);
  const minima = [];
  samples.forEach(([x, y], i) => {
    const [before, after] = [samples[i - 1], samples[i + 1]];
    if ((before && before[1] < y) || (after && after[1] < y)) return;
    minima.push(lowestBetween(f, (before ?? [x])[0], (after ?? [x])[0]));
  });
  const all = [...samples, ...minima].sort((a, b) => a[0] - b[0]);
  const [best, chi2] = all.reduce((a, b) => (b[1] < a[1] ? b : a));
  return { f, samples: all, best, chi2, low, high };
}

/**
 * What is allowed at a threshold: intervals, with infinite ends where nothing bounds them. Rough ends
 * are read off the samples.
 */
function intervalsOf(scan, parameter, threshold, rough = false) {
  const level = scan.chi2 + threshold;
  const { f, samples } = scan;
  const found = [];
  let start = samples[0][1] <= level ? endOf(parameter, scan.low, -1) : null;
  for (let i = 1; i < samples.length; i++) {
    const [[a, fa], [b, fb]] = [samples[i - 1], samples[i]];
    if (fa <= level === fb <= level) continue;
    const crossing = rough
      ? a + ((b - a) * (level - fa)) / (fb - fa)
      : rootBetween((x) => f(x) - level, a, b, fa - level, fb - level);
    if (fb <= level) start = crossing;
    else {
      found.push([start, crossing]);
      start = null;
    }
  }
  if (start !== null) found.push([start, endOf(parameter, scan.high, 1)]);
  return found;
}

/** Where an allowed set ends that goes on to the end of what was looked at. */
function endOf(parameter, x, side) {
  const bound = side < 0 ? parameter.low : parameter.high;
  if (bound !== null && x === coordinateOf(parameter, bound)) return x;
  return side * Infinity;
}

/** Ends of a picture of a coordinate: finite ends of what is allowed, and a margin. */
function windowOf(scan, intervals, parameter, unit) {
  const ends = intervals.flat().filter(Number.isFinite);
  if (scan) ends.push(scan.best);
  if (ends.length < 2 || Math.max(...ends) - Math.min(...ends) < 1e-3 * unit) {
    const middle = ends[0] ?? 0;
    ends.push(middle - 3 * unit, middle + 3 * unit);
  }
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const margin = 0.35 * (high - low);
  const bound = parameter.low === null ? -Infinity : coordinateOf(parameter, parameter.low);
  return [Math.max(low - margin, bound), high + margin];
}
