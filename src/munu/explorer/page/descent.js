// Minima over the nuisances and over parameters that are free, by damped Newton steps.

const PRECISION = 1e-9;
const MOST_STEPS = 200;
const LONGEST_STEP = 3;

/** A step down: Newton's, its Hessian lifted until it is positive. */
function stepDown({ gradient, hessian }) {
  for (let lift = 0; lift < 1e12; lift = lift ? 10 * lift : 1e-4) {
    const solved = solvedPositive(hessian, gradient, lift);
    if (solved) return solved.map((value) => -value);
  }
  return new Float64Array(gradient.length);
}

/**
 * Minimise until a step is expected to gain less than `precision`: evaluate(x) gives chi2, gradient, hessian.
 * That step is taken unseen, with the half of g H^-1 g that it gains; what is wrong in it is of third order.
 * Variables are of order one.
 */
function minimised(evaluate, start, precision = PRECISION) {
  let x = Float64Array.from(start);
  let terms = evaluate(x);
  for (let steps = 0; x.length && steps < MOST_STEPS; steps++) {
    const step = stepDown(terms);
    const longest = step.reduce(larger, 0);
    const allowed = LONGEST_STEP + x.reduce(larger, 0);
    if (longest > allowed) step.forEach((value, i) => (step[i] = (value * allowed) / longest));
    const expected = -inner(step, terms.gradient);
    if (expected < precision) return { chi2: terms.chi2 - 0.5 * expected, x: stepped(x, 1, step) };
    let next = null;
    let part = 1;
    for (let tries = 0; tries < 40; tries++, part *= 0.5) {
      const trial = stepped(x, part, step);
      const found = evaluate(trial);
      if (found.chi2 <= terms.chi2 + 1e-14 * Math.abs(terms.chi2)) {
        next = [trial, found];
        break;
      }
    }
    if (!next) break;
    const gain = terms.chi2 - next[1].chi2;
    [x, terms] = next;
    if (gain < precision * 1e-3 && part === 1) break;
  }
  return { chi2: terms.chi2, x };
}

const larger = (most, value) => Math.max(most, Math.abs(value));
const stepped = (x, part, step) => x.map((value, i) => value + part * step[i]);
