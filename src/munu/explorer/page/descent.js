// Minima over the nuisances and over parameters that are free, by damped Newton steps.

const PRECISION = 1e-9;
const MOST_STEPS = 200;
const MOST_STEPS_HIGH = 20;
const LONGEST_STEP = 3;

/** A step down: Newton's, its Hessian lifted until it is positive. */
function stepDown({ gradient, hessian }) {
  for (let lift = 0; lift < 1e12; lift = lift ? 10 * lift : 1e-4) {
    const solved = solvedPositive(hessian, gradient, lift);
    if (solved) return solved.map((value) => -value);
  }
  return new Float64Array(gradient.length);
}

/** Above a value that counts as high, how close a minimum needs to be: a part of what it is too high. */
const SHARE_OF_HIGH = 0.1;
/** How close two points are, in each variable, that lead to the same minimum. */
const SAME = 0.05;

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
  yield;
  for (let steps = 0; x.length && steps < (terms.chi2 > high ? MOST_STEPS_HIGH : MOST_STEPS); steps++) {
    const step = stepDown(terms);
    const longest = step.reduce(larger, 0);
    const allowed = LONGEST_STEP + x.reduce(larger, 0);
    if (longest > allowed) step.forEach((value, i) => (step[i] = (value * allowed) / longest));
    const expected = -inner(step, terms.gradient);
    const enough = Math.max(precision, SHARE_OF_HIGH * (terms.chi2 - high));
    if ((expected < enough && firstWall(x, step, bounds).part === 1) || (known && near(known, x))) return { chi2: terms.chi2 - 0.5 * expected, x: stepped(x, 1, step) };
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
