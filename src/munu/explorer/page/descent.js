// Minima over the nuisances and over parameters that are free, by damped Newton steps.

const PRECISION = 1e-9;
const MOST_STEPS = 200;
const MOST_STEPS_HIGH = 20;
const LONGEST_STEP = 3;

/** Curvature, relative to the largest, that counts as none. */
const FLAT_PART = 1e-9;

/** A step down of variables of which the first p are coordinates: Newton's, where chi-square bends up. */
function stepDown(terms, p) {
  const { gradient, hessian } = terms;
  const solved = solvedPositive(hessian, gradient);
  if (solved) return solved.map((value) => -value);
  const bent = stepAlongBends(terms, p);
  if (bent) return bent;
  for (let lift = 1e-4; lift < 1e12; lift *= 10) {
    const lifted = solvedPositive(hessian, gradient, lift);
    if (lifted) return lifted.map((value) => -value);
  }
  return new Float64Array(gradient.length);
}

/**
 * How chi-square bends in the first p variables, the others following to its minimum: curvatures with their
 * directions, the slope, and how the others follow a slope and each of the first; null if these have no minimum.
 */
function bendsOf({ gradient, hessian }, p) {
  const n = gradient.length;
  const row = (i) => hessian.subarray(i * n + p, (i + 1) * n);
  const others = new Float64Array((n - p) ** 2);
  for (let i = p; i < n; i++) others.set(row(i), (i - p) * (n - p));
  const follow = (right) => (n > p ? solvedPositive(others, right) : right);
  const rest = follow(gradient.subarray(p));
  const each = Array.from({ length: p }, (_, i) => follow(row(i)));
  if (!rest || !each.every(Boolean)) return null;
  const bends = each.map((_, i) => each.map((other, j) => hessian[i * n + j] - inner(row(i), other)));
  const slope = each.map((_, i) => gradient[i] - inner(row(i), rest));
  return { ...eigen(bends), slope, rest, each };
}

/** Newton's step with the size of each curvature for it: down where chi-square bends down as well. */
function stepAlongBends(terms, p) {
  const found = p ? bendsOf(terms, p) : null;
  if (!found) return null;
  const { values, vectors, slope } = found;
  const least = FLAT_PART * values.reduce(larger, 1);
  const amounts = values.map((value, k) => -vectors.reduce((sum, one, i) => sum + one[k] * slope[i], 0) / Math.max(Math.abs(value), least));
  return followed(vectors.map((one) => dot(one, amounts)), found, 1);
}

/** A step of the first variables with those of the others, a part of which undo their slope. */
function followed(first, { rest, each }, part) {
  const others = rest.map((value, k) => -part * value - first.reduce((sum, one, j) => sum + one * each[j][k], 0));
  return Float64Array.of(...first, ...others);
}

/** Above a value that counts as high, how close a minimum needs to be: a part of what it is too high. */
const SHARE_OF_HIGH = 0.1;
/** How close two points are, in each variable, that lead to the same minimum. */
const SAME = 0.05;

/** Curvature below which a place is a saddle, how far from it the descent goes on, and how often. */
const BENDS_DOWN = 1e-5;
const LEAP = 0.3;
const MOST_LEAPS = 3;

const near = (one, other) => one.every((value, i) => Math.abs(value - other[i]) < SAME);

/**
 * Minimise until a step is expected to gain less than `precision`: evaluate(x) gives chi2, gradient, hessian.
 * That step is taken unseen, with the half of g H^-1 g that it gains; what is wrong in it is of third order.
 * Variables are of order one, the first of them within `bounds`: a descent that meets one ends there and says
 * at which variable. What stays above `high` is not followed closely or for long, and a descent ends where it
 * comes near a minimum that is `known`.
 */
function* minimised(evaluate, start, { precision = PRECISION, high = Infinity, bounds = [], known = null }) {
  let x = Float64Array.from(start);
  let terms = evaluate(x);
  let leaps = 0;
  yield;
  for (let steps = 0; x.length && steps < (terms.chi2 > high ? MOST_STEPS_HIGH : MOST_STEPS); steps++) {
    const step = stepDown(terms, bounds.length);
    const longest = step.reduce(larger, 0);
    const allowed = LONGEST_STEP + x.reduce(larger, 0);
    if (longest > allowed) step.forEach((value, i) => (step[i] = (value * allowed) / longest));
    const expected = -inner(step, terms.gradient);
    const enough = Math.max(precision, SHARE_OF_HIGH * (terms.chi2 - high));
    if (known && near(known, x)) return { chi2: terms.chi2, x };
    if (expected < enough && firstWall(x, step, bounds).part === 1) {
      const away = terms.chi2 > high || leaps++ > MOST_LEAPS ? null : offSaddle(terms, x, bounds);
      if (!away) return { chi2: terms.chi2 - 0.5 * expected, x: stepped(x, 1, step) };
      const found = evaluate(away);
      yield;
      if (found.chi2 > terms.chi2 - precision) return { chi2: terms.chi2, x };
      [x, terms] = [away, found];
      continue;
    }
    let next = null;
    const wall = firstWall(x, step, bounds);
    if (wall.part <= 0) return { chi2: terms.chi2, x, border: wall.border };
    let part = wall.part;
    for (let tries = 0; tries < 40; tries++, part *= 0.5) {
      const trial = stepped(x, part, step);
      const found = evaluate(trial);
      yield;
      if (found.chi2 <= terms.chi2 + 1e-14 * Math.abs(terms.chi2)) {
        next = [trial, found];
        break;
      }
    }
    if (!next) break;
    const gain = terms.chi2 - next[1].chi2;
    [x, terms] = next;
    if (part === wall.part && part < 1) return { chi2: terms.chi2, x, border: wall.border };
    if (gain < precision * 1e-3 && part === 1) break;
  }
  return { chi2: terms.chi2, x };
}

/** From a saddle a place along the direction in which chi-square bends down most, within the bounds; or null. */
function offSaddle(terms, x, bounds) {
  const p = bounds.length;
  if (!p || solvedPositive(terms.hessian, terms.gradient)) return null;
  const found = bendsOf(terms, p);
  if (!found) return null;
  const least = found.values.indexOf(Math.min(...found.values));
  if (found.values[least] > -BENDS_DOWN) return null;
  const down = found.vectors.map((one) => one[least]);
  const side = dot(down, found.slope) > 0 ? -LEAP : LEAP;
  const away = followed(down.map((value) => side * value), found, 0);
  return stepped(x, firstWall(x, away, bounds).part, away);
}

/** The part of a step after which the first variable is at a bound, and which; all of the step if none is. */
function firstWall(x, step, bounds) {
  let found = { part: 1, border: null };
  bounds.forEach((ends, i) => {
    const end = ends[step[i] > 0 ? 1 : 0];
    const part = step[i] ? Math.max((end - x[i]) / step[i], 0) : 1;
    if (part < found.part) found = { part, border: i };
  });
  return found;
}

const larger = (most, value) => Math.max(most, Math.abs(value));
const stepped = (x, part, step) => x.map((value, i) => value + part * step[i]);
