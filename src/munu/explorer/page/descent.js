// Minima over the nuisances and over parameters that are free, by damped Newton steps.

const PRECISION = 1e-11;
const MOST_STEPS = 200;
const LONGEST_STEP = 3;

/** A step down: Newton's, its Hessian lifted until it is positive. */
function stepDown(terms) {
  const n = terms.gradient.length;
  for (let lift = 0; lift < 1e12; lift = lift ? 10 * lift : 1e-4) {
    const H = terms.hessian.map((row, i) => {
      const copy = Float64Array.from(row);
      copy[i] += lift * Math.max(Math.abs(row[i]), 1e-12);
      return copy;
    });
    const solved = solvedPositive(H, terms.gradient);
    if (solved) return solved.map((value) => -value);
  }
  return new Array(n).fill(0);
}

/** Minimise until no step gains `precision`: evaluate(x) gives chi2, gradient, hessian. Variables are of order one. */
function minimised(evaluate, start, precision = PRECISION) {
  let x = start.slice();
  let terms = evaluate(x);
  for (let steps = 0; x.length && steps < MOST_STEPS; steps++) {
    let step = stepDown(terms);
    const longest = Math.max(...step.map(Math.abs));
    const allowed = LONGEST_STEP + Math.max(...x.map(Math.abs));
    if (longest > allowed) step = step.map((value) => (value * allowed) / longest);
    const expected = -dot(step, terms.gradient);
    if (expected < precision + 1e-14 * Math.abs(terms.chi2)) break;
    let next = null;
    let part = 1;
    for (let tries = 0; tries < 40; tries++, part *= 0.5) {
      const trial = x.map((value, i) => value + part * step[i]);
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
