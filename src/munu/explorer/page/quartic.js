// A quartic in several coordinates and its minima: along any line these are roots of a cubic.

/** How many minima are looked from, and how far above the lowest, in units of chi-square, they may be. */
const MOST_VALLEYS = 16;
const HIGHEST_VALLEY = 20;
/** How close two minima are, relatively, that are the same or differ by a phase on which nothing depends. */
const SAME_HEIGHT = 1e-9;
/** The step after which a descent of the quartic ends, and how many it takes at most. */
const SHORT_STEP = 1e-5;
const STEPS_DOWN = 30;

/** m^T A m - 2 b^T m + constant of all products m of two of (1, y): a quartic in y, shape (p,). */
class Quartic {
  /** pairs: [[i, j], ...] with i <= j, numbers of (1, y), the first of them [0, 0]; A in rows. */
  constructor(p, pairs, A, b, constant) {
    Object.assign(this, { p, pairs, A, b, constant });
  }

  /** The same with some coordinates at places, and the others in the order that is given. */
  reduced(places, free) {
    const p = free.length;
    const numbers = [0, ...places.map(() => 0)];
    free.forEach((i, f) => (numbers[i + 1] = f + 1));
    const values = [1, ...places];
    const pairs = pairsOf(p);
    const at = (i, j) => pairs.findIndex(([k, l]) => k === Math.min(i, j) && l === Math.max(i, j));
    const to = this.pairs.map(([i, j]) => at(numbers[i], numbers[j]));
    const factor = this.pairs.map(([i, j]) => (numbers[i] ? 1 : values[i]) * (numbers[j] ? 1 : values[j]));
    const [K, size] = [this.pairs.length, pairs.length];
    const A = new Float64Array(size * size);
    const b = new Float64Array(size);
    for (let k = 0; k < K; k++) {
      if (factor[k] === 0) continue;
      b[to[k]] += factor[k] * this.b[k];
      for (let l = 0; l < K; l++) A[to[k] * size + to[l]] += factor[k] * factor[l] * this.A[k * K + l];
    }
    return new Quartic(p, pairs, A, b, this.constant);
  }

  /** Products of two of (1, y), without the 1 where y is a direction. */
  products(y, one = 1) {
    const all = [one, ...y];
    return Float64Array.from(this.pairs, ([i, j]) => all[i] * all[j]);
  }

  /** A times products, in which many have no part. */
  weighed(m) {
    const K = m.length;
    const out = new Float64Array(K);
    for (let k = 0; k < K; k++) addTimes(out, m[k], this.A.subarray(k * K, (k + 1) * K));
    return out;
  }

  value(y) {
    const m = this.products(y);
    return inner(m, this.weighed(m)) - 2 * inner(this.b, m) + this.constant;
  }

  /** Where the quartic along y + t d is lowest: t of each minimum. */
  minimaAlong(y, d) {
    const start = this.products(y);
    const bend = this.products(d, 0);
    const [from, to] = [[1, ...y], [0, ...d]];
    const slope = Float64Array.from(this.pairs, ([i, j]) => from[i] * to[j] + to[i] * from[j]);
    const pull = this.weighed(start).map((value, k) => value - this.b[k]);
    const [ofSlope, ofBend] = [this.weighed(slope), this.weighed(bend)];
    const second = inner(slope, ofSlope) + 2 * inner(bend, pull);
    return upwardRoots(4 * inner(bend, ofBend), 6 * inner(slope, ofBend), 2 * second, 2 * inner(slope, pull));
  }

  /** Gradient and Hessian, in rows. */
  terms(y) {
    const { p, pairs } = this;
    const all = [1, ...y];
    const m = this.products(y);
    const pull = this.weighed(m).map((value, k) => 2 * (value - this.b[k]));
    const slopes = all.map(() => new Float64Array(m.length));
    const hessian = new Float64Array(p * p);
    pairs.forEach(([i, j], k) => {
      slopes[i][k] += all[j];
      slopes[j][k] += all[i];
      if (i === 0) return;
      hessian[(i - 1) * p + j - 1] += pull[k];
      hessian[(j - 1) * p + i - 1] += pull[k];
    });
    const gradient = Float64Array.from({ length: p }, (_, i) => inner(pull, slopes[i + 1]));
    for (let i = 0; i < p; i++) {
      const own = this.weighed(slopes[i + 1]);
      for (let j = 0; j < p; j++) hessian[i * p + j] += 2 * inner(own, slopes[j + 1]);
    }
    return { gradient, hessian };
  }

  /** The minimum below a start: Newton's directions, each as far as the next minimum along it. */
  below(start) {
    let y = Float64Array.from(start);
    for (let steps = 0; steps < STEPS_DOWN; steps++) {
      const step = stepDown(this.terms(y), this.p);
      const ahead = this.minimaAlong(y, step).filter((t) => t > 0);
      if (!ahead.length) break;
      const part = Math.min(...ahead);
      y = stepped(y, part, step);
      if (part * step.reduce(larger, 0) < SHORT_STEP) break;
    }
    return { y, height: this.value(y) };
  }

  /** Minima found from a start and, along axes and between each two, from one another; the lowest first. */
  minima(start) {
    const found = [this.below(start)];
    const lines = directions(this.p);
    for (let i = 0; i < found.length; i++) {
      for (const d of lines) {
        for (const t of this.minimaAlong(found[i].y, d)) {
          if (Math.abs(t) < 10 * SHORT_STEP || found.length >= MOST_VALLEYS) continue;
          const other = this.below(stepped(found[i].y, t, d));
          if (!found.some(({ height }) => Math.abs(height - other.height) < SAME_HEIGHT * (1 + Math.abs(height)))) found.push(other);
        }
      }
    }
    found.sort((one, other) => one.height - other.height);
    return found.filter(({ height }) => height < found[0].height + HIGHEST_VALLEY);
  }
}

/** All [i, j] of (1, y) with i <= j. */
const pairsOf = (p) => Array.from({ length: p + 1 }, (_, i) => Array.from({ length: p + 1 - i }, (_, j) => [i, i + j])).flat();

/** Each axis, and between each two. */
function directions(p) {
  const axis = (i) => Float64Array.from({ length: p }, (_, k) => (k === i ? 1 : 0));
  const axes = Array.from({ length: p }, (_, i) => axis(i));
  const between = axes.flatMap((one, i) => axes.slice(i + 1).flatMap((other) => [1, -1].map((side) => stepped(one, side, other))));
  return [...axes, ...between];
}
