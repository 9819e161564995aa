// One parameter: its best fit, its intervals, its curve.

/**
 * A root of f between a and b, whose values have different signs, by inverse parabolas where they can be
 * trusted and halves (T. R. Chandrupatla); the last step, shorter than a part `close` of it, is not looked at.
 */
function* rootBetween(f, a, b, fa, fb, close) {
  let [x1, f1, x2, f2] = [b, fb, a, fa];
  for (let i = 0, t = f1 / (f1 - f2); i < 100; i++) {
    const x = x1 + t * (x2 - x1);
    const fx = yield* f(x);
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
function* lowestBetween(f, low, here, high, close) {
  const golden = 0.5 * (3 - Math.sqrt(5));
  let [a, b] = [low[0], high[0]];
  let [x, fx] = here;
  if (x === a || x === b) [x, fx] = [a + golden * (b - a), yield* f(a + golden * (b - a))];
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
    const fu = yield* f(u);
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
  return [Math.max(low, least), Math.min(high, most)];
}

/** How close minimum and ends are, relatively, and chi-square, and how far up it is followed: first, then thoroughly. */
const COARSE = { lowest: 1e-3, root: 1e-5, chi2: 1e-3, high: 15 };
const FINE = { lowest: 1e-8, root: 1e-11, chi2: PRECISION, high: 40 };
const WIDENING = 1.3;
/**
 * Where chi-square is not high as far as data reach: how much farther the next point is, and the last, in units. Beyond
 * it free parameters undo 1e8 times what data tell, of numbers that the page has to 7e-12.
 */
const FARTHER = 1.6;
const FARTHEST_OUT = 1e4;
/** How far from zero, in units, a minimum is that is there. */
const NOTHING = 1e-9;
/** A change of chi-square behind which the next point is twice as far. */
const FLAT = 0.02;

// Searches are generators, which pause after each evaluation: what asks for them may have other things to do.

/** Look at points from a centre to one side, ever farther, until chi-square is high. */
function* outwards(f, centre, end, unit, lowest, high) {
  const side = Math.sign(end - centre);
  for (let step = 0.4 * unit, x = centre, before = lowest; side && x !== end; ) {
    x = side * (centre + side * step - end) >= 0 ? end : centre + side * step;
    const y = yield* f(x);
    lowest = Math.min(lowest, y);
    if (y > lowest + high) break;
    step *= Math.abs(y - before) < FLAT ? 2 : WIDENING;
    before = y;
  }
}

/** Beyond the ends of what was looked at: on, as long as chi-square is not high there. */
function* beyond(f, parameter, unit, high) {
  for (const side of [-1, 1]) {
    const last = f.known.reduce((most, one) => (side * one.x > side * most.x ? one : most));
    const highest = Math.min(...f.known.map(({ chi2 }) => chi2)) + high;
    if (last.chi2 > highest || Number.isFinite(endOf(parameter, last.x, side)) || side * last.x <= 0) continue;
    for (let x = last.x * FARTHER; Math.abs(x) < FARTHEST_OUT * unit; x *= FARTHER) if ((yield* f(x)) > highest) break;
  }
}

/** Points [x, f(x)]. */
function* valuesAt(f, xs) {
  const found = [];
  for (const x of xs) found.push([x, yield* f(x)]);
  return found;
}

/**
 * Chi-square as a function of the first coordinate, each minimum starting from where the nearest points
 * before point to: nuisances that a far point pulled away must not be where others start. A thorough look searches all
 * minima over free coordinates at each point, and for as long as `f.searches`; a first one where one meets a border.
 */
function nearestFirst(surface, thorough, known) {
  const f = function* (x) {
    const starts = startsAt(known, x, surface.free.length);
    let found = yield* surface.solved([x], starts);
    const isMet = !f.frozen && surface.isOnBorder(found.x) && !starts.some((one) => surface.isOnBorder(one));
    if (f.searches || isMet) found = yield* surface.searched([x], [found.x]);
    if (!f.frozen) known.push({ x, at: found.x, chi2: found.chi2 });
    return found.chi2;
  };
  f.searches = thorough;
  f.known = known;
  return f;
}

const FARTHEST_AHEAD = 2;

/**
 * Where a minimum is to be expected: where the straight line through the nearest points on both sides is at x, or,
 * of two on one side, goes on to. Where these two have minima apart, with p free coordinates, from each of them.
 */
function startsAt(known, x, p) {
  const [left, beforeLeft] = nearestTwo(known, x, (one) => one.x <= x);
  const [right, afterRight] = nearestTwo(known, x, (one) => one.x > x);
  if (left && right) {
    const width = right.x - left.x;
    const usual = p && Math.min(...[[beforeLeft, left], [right, afterRight]].map(([one, other]) =>
      one && other ? (distance(one.at, other.at, p) * width) / (other.x - one.x) : Infinity));
    if (p && isApart(left.at, right.at, p, usual)) return [left.at, right.at];
    return [alongLine(left, right, x)];
  }
  const [nearest, next] = left ? [left, beforeLeft] : [right, afterRight];
  if (!nearest) return [];
  const isFar = !next || Math.abs(x - nearest.x) > FARTHEST_AHEAD * Math.abs(nearest.x - next.x);
  return [isFar ? nearest.at : alongLine(nearest, next, x)];
}

/** The two nearest to x of known points on one side; null where there are fewer. */
function nearestTwo(known, x, isThere) {
  let [near, next] = [null, null];
  for (const one of known) {
    if (!isThere(one) || one.x === near?.x) continue;
    if (!near || Math.abs(one.x - x) < Math.abs(near.x - x)) [near, next] = [one, near];
    else if (!next || Math.abs(one.x - x) < Math.abs(next.x - x)) next = one;
  }
  return [near, next];
}

/** How far minima of neighbours move at least, in units of the free coordinates, that are taken for different ones. */
const APART = 1;
/** And how much farther than beside them. */
const APART_TIMES = 3;

/** Whether minima at two points are different ones, by how far the same moves beside them. */
const isApart = (one, other, p, usual) => distance(one, other, p) > APART + APART_TIMES * usual;

/** How far apart two minima are in their p free coordinates. */
function distance(one, other, p) {
  let most = 0;
  for (let i = 0; i < p; i++) most = Math.max(most, Math.abs(one[i] - other[i]));
  return most;
}

function alongLine(one, other, x) {
  const part = (x - one.x) / (other.x - one.x);
  return one.at.map((value, i) => value + part * (other.at[i] - value));
}

/**
 * The lowest chi-square near a sample, between those beside it: a descent along the coordinate and all others at
 * once, where that stays between; else by what needs chi-square only.
 */
function* lowestNear(surface, f, low, here, high, close) {
  const [x, y] = here;
  const [unit] = surface.units;
  const [start] = startsAt(f.known, x, surface.free.length);
  const whole = [x, ...new Array(surface.n - 1).fill(0)];
  const all = [0, ...surface.free];
  // at zero the slope may vanish, and not only there
  const found = yield* surface.lowest(whole, all, [x / unit || 0.1, ...start]);
  const at = found.x[0] * unit;
  const gained = y - found.chi2;
  if (Math.abs(gained) < surface.precision) return here;
  if (found.border == null && at >= low[0] && at <= high[0] && gained > -surface.precision) {
    f.known.push({ x: at, at: found.x.slice(1), chi2: found.chi2 });
    return [at, found.chi2];
  }
  return yield* lowestBetween(f, low, here, high, close);
}

/** Of points in order, each may be where a lower minimum of those beside starts; none that is higher than `highest`. */
function* compare(surface, known, highest) {
  const open = known.map((_, i) => i);
  while (open.length) {
    const i = open.pop();
    for (const k of [i - 1, i + 1]) {
      if (!known[k] || known[i].chi2 > highest) continue;
      const best = { x: known[k].at, chi2: known[k].chi2 };
      const found = yield* surface.lower([known[k].x], best, known[i].at);
      if (found === best) continue;
      Object.assign(known[k], { at: found.x, chi2: found.chi2 });
      open.push(k);
    }
  }
}

/**
 * Chi-square along the first coordinate of a surface: samples, and the lowest of them.
 *
 * A first look goes out from the centre until chi-square is high; a thorough one goes as far as the
 * data reach, so that mirror solutions, at which an amplitude has the other sign, are seen. Points that are
 * `known` so far can be seen meanwhile.
 */
function* scanned(surface, parameter, centre, thorough, known = []) {
  const [low, high] = domainOf(surface, parameter);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return null;
  const [f, close] = [nearestFirst(surface, thorough, known), thorough ? FINE : COARSE];
  surface.precision = close.chi2;
  const [middle, unit] = [Math.min(Math.max(centre, low), high), surface.units[0]];
  const here = yield* f(middle);
  surface.high = here + close.high;
  yield* outwards(f, middle, high, unit, here, close.high);
  yield* outwards(f, middle, low, unit, here, close.high);
  if (thorough) {
    const [first, last] = [Math.min(...f.known.map(({ x }) => x)), Math.max(...f.known.map(({ x }) => x))];
    const far = spacedPoints(low, high, middle, unit, 61).filter((x) => x < first || x > last);
    const valleys = surface.free.length ? surface.valleysAlong(low, high) : [];
    yield* valuesAt(f, [...far, ...valleys]);
    if (surface.free.length) yield* beyond(f, parameter, unit, close.high);
  }
  f.known.sort((a, b) => a.x - b.x);
  const highest = Math.min(...f.known.map(({ chi2 }) => chi2)) + close.high;
  if (thorough && surface.free.length) yield* compare(surface, f.known, highest);
  const samples = f.known.map(({ x, chi2 }) => [x, chi2]);
  const minima = [];
  for (const [i, [x, y]] of samples.entries()) {
    const [before, after] = [samples[i - 1], samples[i + 1]];
    if (y > highest || (before && before[1] < y) || (after && after[1] < y)) continue;
    minima.push(yield* lowestNear(surface, f, before ?? [x, y], [x, y], after ?? [x, y], close.lowest));
  }
  const all = [...samples, ...minima].sort((a, b) => a[0] - b[0]);
  const [lowest, chi2] = all.reduce((a, b) => (b[1] < a[1] ? b : a));
  const best = Math.abs(lowest) < NOTHING * unit ? 0 : lowest;
  // what is asked of it later must not depend on what was asked before
  f.frozen = true;
  f.searches = false;
  surface.high = Infinity;
  return { f, close, thorough, samples: all, best, chi2, low, high };
}

/**
 * What is allowed at a threshold: intervals, with infinite ends where nothing bounds them. Rough ends
 * are read off the samples.
 */
function* intervalsOf(scan, parameter, threshold, rough = false) {
  const level = scan.chi2 + threshold;
  const { f, samples } = scan;
  f.searches = scan.thorough && !rough;
  const above = function* (x) {
    return (yield* f(x)) - level;
  };
  const found = [];
  let start = samples[0][1] <= level ? endOf(parameter, samples[0][0], -1) : null;
  for (let i = 1; i < samples.length; i++) {
    const [[a, fa], [b, fb]] = [samples[i - 1], samples[i]];
    if (fa <= level === fb <= level) continue;
    const crossing = rough
      ? a + ((b - a) * (level - fa)) / (fb - fa)
      : yield* rootBetween(above, a, b, fa - level, fb - level, scan.close.root);
    if (fb <= level) start = crossing;
    else {
      found.push([start, crossing]);
      start = null;
    }
  }
  if (start !== null) found.push([start, endOf(parameter, samples[samples.length - 1][0], 1)]);
  f.searches = false;
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
