// From parameters to counts: coordinates, forms, and chi-square over a few of them.

const MANY = 4;
const EVERY = 8;

/** Data sets with their arrays unpacked once. */
function prepared(dataset) {
  if (dataset.ready) return dataset;
  dataset.F = multiplied(unpacked(dataset.outer), unpacked(dataset.inner), dataset.inOuter);
  dataset.smWeights = unpacked(dataset.standard);
  for (const form of dataset.forms) form.weights = unpacked(form.table);
  dataset.ready = true;
  return dataset;
}

/** F times a vector of its r weights: a number for each entry of the signal. */
function spreadOut(dataset, weights) {
  const { F, rank, nSignal } = dataset;
  const out = new Float64Array(nSignal);
  for (let b = 0, at = 0; b < nSignal; b++) {
    let sum = 0;
    for (let r = 0; r < rank; r++) sum += F[at++] * weights[r];
    out[b] = sum;
  }
  return out;
}

/** F transposed times a number for each entry of the signal: one for each of its columns. */
function gatheredUp({ F, rank }, amounts) {
  const out = new Float64Array(rank);
  amounts.forEach((amount, b) => addTimes(out, amount, F.subarray(b * rank, (b + 1) * rank)));
  return out;
}

/** The recoils by which a data set sees what a group adds; none if it does not count them. */
const recoilsSeen = (dataset, recoil) =>
  dataset.recoils.filter((kind) => recoil === "all" || kind === recoil);

function formsOf(dataset, group, recoil) {
  const kinds = recoilsSeen(dataset, recoil);
  return dataset.forms.filter((form) => form.group === group && kinds.includes(form.recoil));
}

/** Weights of y^T G z, a form's bilinear value, over the factor's columns. */
function bilinear(dataset, forms, y, z) {
  const out = new Float64Array(dataset.rank);
  for (const form of forms) {
    for (let n = 0; 2 * n < form.pairs.length; n++) {
      const [j, k] = [form.pairs[2 * n], form.pairs[2 * n + 1]];
      const amount = 0.5 * (y[j] * z[k] + y[k] * z[j]);
      if (amount === 0) continue;
      const at = n * dataset.rank;
      for (let r = 0; r < dataset.rank; r++) out[r] += form.weights[at + r] * amount;
    }
  }
  return out;
}

/** Whether a group's parameters are transition moments, which have phases. */
const hasMoments = (group) => group.key === "mass-moments" || group.key === "flavour-moments";

/** The direction in (1, x) of a data set's form that one of a parameter's coordinate makes. */
function direction(group, dataset, index, view, quarter = 0) {
  if (!hasMoments(group)) {
    const y = new Float64Array(1 + group.parameters.length);
    y[1 + index] = 1;
    return y;
  }
  const ofMasses = group.key === "mass-moments";
  const zeta = ofMasses ? [-view.phases.xi_2, -view.phases.xi_1, 0][index] : 0;
  const phase = turn(zeta + quarter);
  const y = new Float64Array(7);
  const put = (row, value) => ([y[1 + row], y[4 + row]] = value);
  if (ofMasses === (dataset.basis === "mass")) put(index, phase);
  else {
    const U = mixingMatrix(view.sin2, view.phases.delta_cp);
    for (let row = 0; row < 3; row++) {
      // Lambda_flavour = U Lambda_mass, and back with its conjugate transpose; det U = 1
      put(row, product(ofMasses ? U[row][index] : conjugate(U[index][row]), phase));
    }
  }
  return y;
}

const coordinateOf = (parameter, value) => (parameter.kind === "squared" ? value * value : value);
const valueOf = (parameter, x) => (parameter.kind === "squared" ? Math.sqrt(Math.max(x, 0)) : x);

/** What a coordinate may be; phases and signs that are free let moments and moduli be anything. */
function boundsOf({ kind, low, high }) {
  if (kind !== "real" && kind !== "squared") return [-Infinity, Infinity];
  const bound = (value, none) => (value === null ? none : coordinateOf({ kind }, value));
  return [bound(low, -Infinity), bound(high, Infinity)];
}

/**
 * Chi-square over some coordinates: S_b = sum_{i<=j} c_ij x_i x_j with x_0 = 1, the others fixed.
 *
 * view: group, phases, sin2, recoil, values (by parameter), datasets, expected.
 */
class Surface {
  /** axes: [[parameter's index, quarter turn], ...] of the coordinates. */
  constructor(view, likelihood, axes) {
    this.likelihood = likelihood;
    this.n = axes.length;
    this.bounds = axes.map(([index]) => boundsOf(view.group.parameters[index]));
    const size = axes.length + 1;
    this.coefficients = Array.from({ length: size }, () => new Array(size));
    for (let i = 0; i < size; i++) {
      for (let j = i; j < size; j++) this.coefficients[i][j] = new Float64Array(likelihood.nSignal);
    }
    let offset = 0;
    for (const dataset of view.datasets) {
      this.addDataset(view, prepared(dataset), axes, offset);
      offset += dataset.nSignal;
    }
    this.theta = new Array(likelihood.nNuisances).fill(0);
    this.free = [];
    this.precision = PRECISION;
    this.visits = 0;
  }

  addDataset(view, dataset, axes, offset) {
    const { group, recoil, values } = view;
    const shown = new Set(axes.map(([index]) => index));
    const forms = formsOf(dataset, group.key, recoil);
    const origin = direction(group, dataset, 0, view).fill(0);
    origin[0] = 1;
    group.parameters.forEach((one, index) => {
      if (shown.has(index)) return;
      const x = coordinateOf(one, values[index]);
      if (x === 0) return;
      direction(group, dataset, index, view).forEach((y, k) => (origin[k] += x * y));
    });
    const along = axes.map(([index, quarter]) => direction(group, dataset, index, view, quarter));
    const all = [origin, ...along];
    for (let i = 0; i < all.length; i++) {
      for (let j = i; j < all.length; j++) {
        const weights = bilinear(dataset, forms, all[i], all[j]);
        if (i === 0 && j === 0) weights.forEach((_, r) => (weights[r] += dataset.smWeights[r]));
        else if (i !== j) weights.forEach((_, r) => (weights[r] *= 2));
        this.coefficients[i][j].set(spreadOut(dataset, weights), offset);
      }
    }
  }

  /** The same surface, its minima as close as `precision`. */
  lookedAt(precision) {
    return Object.assign(Object.create(this), { precision });
  }

  signal(x) {
    const out = this.coefficients[0][0].slice();
    for (let i = 0; i <= this.n; i++) {
      for (let j = Math.max(i, 1); j <= this.n; j++) {
        const amount = (i ? x[i - 1] : 1) * x[j - 1];
        if (amount === 0) continue;
        const c = this.coefficients[i][j];
        for (let b = 0; b < out.length; b++) out[b] += amount * c[b];
      }
    }
    return out;
  }

  /** dS/dx_i at a point. */
  slope(x, i) {
    const out = this.coefficients[0][i + 1].slice();
    for (let j = 0; j < this.n; j++) {
      const amount = (i === j ? 2 : 1) * x[j];
      if (amount === 0) continue;
      const c = this.coefficients[Math.min(i, j) + 1][Math.max(i, j) + 1];
      for (let b = 0; b < out.length; b++) out[b] += amount * c[b];
    }
    return out;
  }

  /** Sizes of the coordinates: about how far along each chi-square rises by one. */
  get units() {
    this.cachedUnits ??= Array.from({ length: this.n }, (_, i) => {
      const { spread } = this.likelihood.scale();
      let size = 0;
      for (let b = 0; b < spread.length; b++) {
        const slope = this.coefficients[0][i + 1][b] / spread[b];
        size += slope * slope + Math.abs(this.coefficients[i + 1][i + 1][b]) / spread[b];
      }
      return size > 0 ? 1 / Math.sqrt(size) : 1;
    });
    return this.cachedUnits;
  }

  /** Chi-square minimised over the nuisances and over coordinates `free`; the others are as in x. */
  lowest(x, free, start) {
    const p = free.length;
    const units = free.map((i) => this.units[i]);
    const seconds = [];
    free.forEach((i, a) =>
      free.forEach((j, c) => {
        if (c < a) return;
        const array = this.coefficients[Math.min(i, j) + 1][Math.max(i, j) + 1];
        const amount = (i === j ? 2 : 1) * units[a] * units[c];
        seconds.push([a, c, array.map((value) => value * amount)]);
      }),
    );
    const point = x.slice();
    const fixed = p ? null : this.signal(point);
    const found = minimised((at) => {
      free.forEach((i, a) => (point[i] = at[a] * units[a]));
      const signal = fixed ?? this.signal(point);
      const moved = free.map((i, a) => this.slope(point, i).map((value) => value * units[a]));
      return this.likelihood.terms(signal, at.slice(p), moved, seconds, this.precision);
    }, start, this.precision);
    return { ...found, point: x.map((value, i) => (free.includes(i) ? 0 : value)), units };
  }

  /** As `lowest`, free coordinates within their bounds: on a border where the minimum is beyond. */
  within(x, free, start) {
    const found = this.lowest(x, free, start);
    const beyond = free.findIndex((i, a) => {
      const value = found.x[a] * this.units[i];
      return value < this.bounds[i][0] || value > this.bounds[i][1];
    });
    if (beyond < 0) return found;
    const i = free[beyond];
    const without = (list) => list.filter((_, a) => a !== beyond);
    let best = null;
    for (const border of this.bounds[i].filter(Number.isFinite)) {
      const fixed = x.map((value, k) => (k === i ? border : value));
      const there = this.within(fixed, without(free), without(start));
      if (best && best.chi2 <= there.chi2) continue;
      best = { ...there, x: [...there.x.slice(0, beyond), border / this.units[i], ...there.x.slice(beyond)] };
    }
    return best;
  }

  /** Chi-square at shown coordinates x, shape (shown), the rest of them minimised over. */
  chi2(x, theta = null) {
    const found = this.solved(x, theta);
    return found.chi2;
  }

  /** The minimum at shown coordinates, from a warm start and, with free coordinates, others. */
  solved(x, start = null) {
    const free = this.free;
    const whole = [...x, ...new Array(this.n - x.length).fill(0)];
    if (!free.length) {
      return this.lowest(whole, [], start ?? this.theta);
    }
    let best = null;
    const bounded = free.some((i) => this.bounds[i].some(Number.isFinite));
    const others = this.visits++ % EVERY === 0 || !start || bounded ? this.starts() : [];
    for (const one of [start, this.last, ...others]) {
      if (!one) continue;
      const found = this.within(whole, free, one);
      if (!best || found.chi2 < best.chi2 - 1e-12) best = found;
    }
    this.last = best.x;
    return best;
  }

  /** Where descents over free coordinates begin: at rest, a unit along each, both ways, at borders. */
  starts() {
    const p = this.free.length;
    const rest = () => [...new Array(p).fill(0.1), ...this.theta];
    const found = [rest()];
    for (let i = 0; i < p; i++) {
      const coordinate = this.free[i];
      const borders = this.bounds[coordinate].filter(Number.isFinite);
      for (const place of [-1, 1, ...borders.map((border) => border / this.units[coordinate])]) {
        const one = rest();
        one[i] = place;
        found.push(one);
      }
    }
    return found;
  }

  /** The ends of a coordinate beyond which every bin would have far more events than counts. */
  reach(i) {
    const { spread, content } = this.likelihood.scale();
    let [a, b, c] = [0, 0, 0];
    for (let n = 0; n < spread.length; n++) {
      if (!Number.isFinite(spread[n])) continue;
      const most = MANY * (content[n] + spread[n] + Math.abs(this.coefficients[0][0][n]));
      a += this.coefficients[i + 1][i + 1][n] / most;
      b += this.coefficients[0][i + 1][n] / most;
      c += this.coefficients[0][0][n] / most - 1;
    }
    if (!(a > 0)) return [-Infinity, Infinity];
    const root = Math.sqrt(Math.max(b * b - 4 * a * c, 0));
    return [(-b - root) / (2 * a), (-b + root) / (2 * a)];
  }
}
