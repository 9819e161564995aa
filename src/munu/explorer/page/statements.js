// One parameter: its best fit, its intervals, its curve.

/**
 * A root of f between a and b, whose values have different signs, by inverse parabolas where they can be
 * trusted and halves (T. R. Chandrupatla); the last step, shorter than a part `close` of it, is not looked at.
 */
function rootBetween(f, a, b, fa, fb, close) {
  let [x1, f1, x2, f2] = [b, fb, a, fa];
  for (let i = 0, t = f1 / (f1 - f2); i < 100; i++) {
    const x = x1 + t * (x2 - x1);
    const fx = f(x);
    if (fx === 0) return x;
    let [x3, f3] = [x1, f1];
    if (fx < 0 !== f1 < 0) [x3, f3, x2, f2] = [x2, f2, x1, f1];
    [x1, f1] = [x, fx];
    const tolerance = close * (Math.abs(x1) + Math.abs(x2));
    if (Math.abs(x2 - x1) <= tolerance) break;
    const [xi, phi] = [(x1 - x2) / (x3 - x2), (f1 - f2) / (f3 - f2)];
    t = 0.5;
    if (phi * phi >= xi || (1 - phi) ** 2 >= 1 - xi) continue;
    t = (f1 / (f2 - f1)) * (f3 / (f2 - f3)) + ((x3 - x1) / (x2 - x1)) * (f1 / (f3 - f1)) * (f2 / (f3 - f2));
    if (Math.abs(t * (x2 - x1)) <= tolerance) return x1 + t * (x2 - x1);
  }
  return Math.abs(f1) < Math.abs(f2) ? x1 : x2;
}

/**
 * The minimum of f between two points, near a lower one, by parabolas and golden sections (R. P. Brent), the
 * first parabola through the three points [x, f(x)] that are given.
 */
function lowestBetween(f, low, here, high, close) {
  const golden = 0.5 * (3 - Math.sqrt(5));
  let [a, b] = [low[0], high[0]];
  let [x, fx] = here;
  if (x === a || x === b) [x, fx] = [a + golden * (b - a), f(a + golden * (b - a))];
  let [[w, fw], [v, fv]] = low[1] < high[1] ? [low, high] : [high, low];
  let [step, before] = [b - a, b - a];
  for (let i = 0; i < 60; i++) {
    const middle = 0.5 * (a + b);
    const tolerance = close * (Math.abs(x) + 0.1 * (b - a));
    if (Math.abs(x - middle) <= 2 * tolerance - 0.5 * (b - a)) break;
    const r = (x - w) * (fx - fv);
    let q = (x - v) * (fx - fw);
    let p = (x - v) * q - (x - w) * r;
    q = 2 * (q - r);
    if (q > 0) p = -p;
    q = Math.abs(q);
    const usable = Math.abs(p) < Math.abs(0.5 * q * before) && p > q * (a - x) && p < q * (b - x);
    // the last step, too short to matter, is not looked at
    if (usable && i > 1 && Math.abs(p) < tolerance * Math.abs(q)) break;
    before = usable ? step : x < middle ? b - x : a - x;
    step = usable ? p / q : golden * before;
    const u = x + (Math.abs(step) >= tolerance ? step : Math.sign(step || 1) * tolerance);
    const fu = f(u);
    if (fu <= fx) {
      if (u < x) b = x;
      else a = x;
      [v, fv, w, fw, x, fx] = [w, fw, x, fx, u, fu];
    } else {
      if (u < x) a = u;
      else b = u;
      if (fu <= fw || w === x) [v, fv, w, fw] = [w, fw, u, fu];
      else if (fu <= fv || v === x || v === w) [v, fv] = [u, fu];
    }
  }
  return [x, fx];
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

/** How close minimum and ends are, relatively, and chi-square, and how far up it is followed: first, then thoroughly. */
const COARSE = { lowest: 1e-3, root: 1e-5, chi2: 1e-3, high: 15 };
const FINE = { lowest: 1e-8, root: 1e-11, chi2: PRECISION, high: 40 };
const WIDENING = 1.3;
/** A change of chi-square behind which the next point is twice as far. */
const FLAT = 0.02;

// Searches that take long are generators, which pause after each point or minimum: what asks for them may
// have other things to do.

/** What a search finds, without a pause. */
function finished(search) {
  for (;;) {
    const { done, value } = search.next();
    if (done) return value;
  }
}

/** Points from a centre to one side, ever farther, until chi-square is high. */
function* outwards(f, centre, end, unit, lowest, high) {
  const found = [];
  const side = Math.sign(end - centre);
  for (let step = 0.4 * unit, x = centre, before = lowest; side && x !== end; ) {
    x = side * (centre + side * step - end) >= 0 ? end : centre + side * step;
    const y = f(x);
    yield;
    found.push([x, y]);
    lowest = Math.min(lowest, y);
    if (y > lowest + high) break;
    step *= Math.abs(y - before) < FLAT ? 2 : WIDENING;
    before = y;
  }
  return found;
}

/** Points [x, f(x)]. */
function* valuesAt(f, xs) {
  const found = [];
  for (const x of xs) {
    found.push([x, f(x)]);
    yield;
  }
  return found;
}

/** Whether chi-square rises from zero on, where a coordinate enters the counts as its square alone. */
function risesFromZero(surface) {
  if (surface.free.length || surface.coefficients[0][1].some((value) => value !== 0)) return false;
  const { x, point } = surface.solved([0]);
  return surface.likelihood.terms(surface.signal(point), x, [surface.coefficients[1][1]]).gradient[0] > 0;
}

/**
 * Chi-square as a function of the first coordinate, each minimum starting from where the nearest points
 * before point to: nuisances that a far point pulled away must not be where others start.
 */
function nearestFirst(surface) {
  const known = [];
  const f = (x) => {
    const found = surface.solved([x], pointedAt(known, x));
    if (!f.frozen) known.push({ x, at: found.x });
    return found.chi2;
  };
  return f;
}

const FARTHEST_AHEAD = 2;

/** Where the straight line through the two nearest points is at x; the nearest one where x is far from both. */
function pointedAt(known, x) {
  let [near, next] = [null, null];
  for (const one of known) {
    if (!near || Math.abs(one.x - x) < Math.abs(near.x - x)) [near, next] = [one, near];
    else if (!next || Math.abs(one.x - x) < Math.abs(next.x - x)) next = one;
  }
  if (!next || next.x === near.x) return near?.at;
  const ahead = (x - near.x) / (near.x - next.x);
  if (Math.abs(ahead) > FARTHEST_AHEAD) return near.at;
  return near.at.map((value, i) => value + ahead * (value - next.at[i]));
}

/**
 * Chi-square along the first coordinate of a surface: samples, and the lowest of them.
 *
 * A first look goes out from the centre until chi-square is high; a thorough one goes as far as the
 * data reach, so that mirror solutions, at which an amplitude has the other sign, are seen.
 */
function* scanned(surface, parameter, centre, thorough) {
  const [low, high] = domainOf(surface, parameter);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return null;
  const [f, close] = [nearestFirst(surface), thorough ? FINE : COARSE];
  surface.precision = close.chi2;
  const [middle, unit] = [Math.min(Math.max(centre, low), high), surface.units[0]];
  let samples = [[middle, f(middle)]];
  samples.push(...(yield* outwards(f, middle, high, unit, samples[0][1], close.high)));
  samples.push(...(yield* outwards(f, middle, low, unit, samples[0][1], close.high)));
  if (thorough) {
    const [first, last] = [Math.min(...samples.map(([x]) => x)), Math.max(...samples.map(([x]) => x))];
    const farther = spacedPoints(low, high, middle, unit, 61).filter((x) => x < first || x > last);
    samples.push(...(yield* valuesAt(f, farther)));
  }
  samples.sort((a, b) => a[0] - b[0]);
  const minima = [];
  for (const [i, [x, y]] of samples.entries()) {
    const [before, after] = [samples[i - 1], samples[i + 1]];
    if ((before && before[1] < y) || (after && after[1] < y)) continue;
    if (x === 0 && risesFromZero(surface)) continue;
    minima.push(lowestBetween(f, before ?? [x, y], [x, y], after ?? [x, y], close.lowest));
    yield;
  }
  const all = [...samples, ...minima].sort((a, b) => a[0] - b[0]);
  const [best, chi2] = all.reduce((a, b) => (b[1] < a[1] ? b : a));
  // what is asked of it later must not depend on what was asked before
  f.frozen = true;
  return { f, close, samples: all, best, chi2, low, high };
}

/**
 * What is allowed at a threshold: intervals, with infinite ends where nothing bounds them. Rough ends
 * are read off the samples.
 */
function* intervalsOf(scan, parameter, threshold, rough = false) {
  const level = scan.chi2 + threshold;
  const { f, samples } = scan;
  const found = [];
  let start = samples[0][1] <= level ? endOf(parameter, samples[0][0], -1) : null;
  for (let i = 1; i < samples.length; i++) {
    const [[a, fa], [b, fb]] = [samples[i - 1], samples[i]];
    if (fa <= level === fb <= level) continue;
    const crossing = rough
      ? a + ((b - a) * (level - fa)) / (fb - fa)
      : rootBetween((x) => f(x) - level, a, b, fa - level, fb - level, scan.close.root);
    yield;
    if (fb <= level) start = crossing;
    else {
      found.push([start, crossing]);
      start = null;
    }
  }
  if (start !== null) found.push([start, endOf(parameter, samples[samples.length - 1][0], 1)]);
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

/** A curve through points by cubics whose slopes are those of the neighbours' parabolas, at so many places. */
function smoothed(points, n) {
  const last = points.length - 1;
  const rise = (i) => (points[i + 1][1] - points[i][1]) / (points[i + 1][0] - points[i][0]);
  const slopes = points.map(([x], i) => {
    if (i === 0 || i === last) return rise(Math.min(i, last - 1));
    const [before, after] = [x - points[i - 1][0], points[i + 1][0] - x];
    return (rise(i - 1) * after + rise(i) * before) / (before + after);
  });
  const [from, to] = [points[0][0], points[last][0]];
  let i = 0;
  return Array.from({ length: n }, (_, k) => {
    const x = from + ((to - from) * k) / (n - 1);
    while (i < last - 1 && x > points[i + 1][0]) i++;
    const width = points[i + 1][0] - points[i][0];
    const t = (x - points[i][0]) / width;
    const chord = points[i][1] + t * (points[i + 1][1] - points[i][1]);
    const bend = (1 - t) * (slopes[i] - rise(i)) - t * (slopes[i + 1] - rise(i));
    return [x, chord + t * (1 - t) * width * bend];
  });
}
