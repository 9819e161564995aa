// From parameters to counts: coordinates, forms, and chi-square over a few of them.

const MANY = 4;
const MOST_TURNS = 4;
/** How much farther than alone a coordinate is looked at if free ones undo what it adds. */
const FARTHEST = 30;
/** Events of an interference, in units of the data's spread, that are rounding. */
const IDLE = 1e-9;
/** How close minima are among which the lowest is looked for. */
const LOOSE = 0.1;

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
    const y = new Float64Array(1 + 2 * group.parameters.length);
    y[1 + group.columns[index] + (quarter ? 1 : 0)] = 1;
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

/** What a parameter is in a data set's own Standard Model. */
const ownStandard = (group, dataset, index) => (group.key === "couplings" ? (dataset.standardPoint?.[index] ?? 0) : 0);

const coordinateOf = (parameter, value) => (parameter.kind === "squared" ? value * value : value);
const valueOf = (parameter, x) => (parameter.kind === "squared" ? Math.sqrt(Math.max(x, 0)) : x);

/** What a coordinate may be: of what counts know the square alone, and of a modulus whose phase is free, anything. */
function boundsOf({ kind, low, high }, phaseIsFree) {
  if (kind === "magnitude" || phaseIsFree) return [-Infinity, Infinity];
  const bound = (value, none) => (value === null ? none : coordinateOf({ kind }, value));
  return [bound(low, -Infinity), bound(high, Infinity)];
}

/**
 * Chi-square over some coordinates: S_b = sum_{i<=j} c_ij x_i x_j with x_0 = 1, the others fixed.
 *
 * view: group, phases, sin2, recoil, values (by parameter) and which are given, datasets, expected.
 */
class Surface {
  /** axes: [[parameter's index, quarter turn, whether its phase is free], ...] of the coordinates. */
  constructor(view, likelihood, axes) {
    this.likelihood = likelihood;
    this.n = axes.length;
    this.bounds = axes.map(([index, , phaseIsFree]) => boundsOf(view.group.parameters[index], phaseIsFree));
    this.centre = axes.map(([index, quarter]) => (quarter ? 0 : coordinateOf(view.group.parameters[index], view.standard[index])));
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
    this.rooms = new Map();
    this.precision = PRECISION;
    this.high = Infinity;
  }

  addDataset(view, dataset, axes, offset) {
    const { group, recoil, values, given } = view;
    const shown = new Set(axes.map(([index]) => index));
    const forms = formsOf(dataset, group.key, recoil);
    const origin = direction(group, dataset, 0, view).fill(0);
    origin[0] = 1;
    group.parameters.forEach((one, index) => {
      if (shown.has(index)) return;
      const x = coordinateOf(one, given[index] ? values[index] : ownStandard(group, dataset, index));
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

  /** Whether a coordinate makes events together with the Standard Model or with another one. */
  interferes(i) {
    const { spread } = this.likelihood.scale;
    const units = [1, ...this.units];
    return units.some((unit, j) => {
      if (j === i + 1) return false;
      const mixed = this.coefficients[Math.min(i + 1, j)][Math.max(i + 1, j)];
      return mixed.reduce((sum, value, b) => sum + Math.abs(value) / spread[b], 0) * unit * units[i + 1] > IDLE;
    });
  }

  /** The same surface, its minima as close as `precision`; what is above `high` is not followed closely. */
  lookedAt(precision, high = this.high) {
    return Object.assign(Object.create(this), { precision, high });
  }

  /** Events at a point, coordinates `without` at zero. */
  signal(x, without, into) {
    into.set(this.coefficients[0][0]);
    for (let i = 0; i <= this.n; i++) {
      if (i && without.includes(i - 1)) continue;
      for (let j = Math.max(i, 1); j <= this.n; j++) {
        if (!without.includes(j - 1)) addTimes(into, (i ? x[i - 1] : 1) * x[j - 1], this.coefficients[i][j]);
      }
    }
  }

  /** A multiple of their slope along one of these coordinates, at zero. */
  slope(x, i, without, unit, into) {
    into.fill(0);
    addTimes(into, unit, this.coefficients[0][i + 1]);
    for (let j = 0; j < this.n; j++) {
      if (!without.includes(j)) addTimes(into, unit * x[j], this.coefficients[Math.min(i, j) + 1][Math.max(i, j) + 1]);
    }
  }

  /** Sizes of the coordinates: about how far along each chi-square rises by one. */
  get units() {
    this.cachedUnits ??= Array.from({ length: this.n }, (_, i) => {
      const { spread } = this.likelihood.scale;
      let size = 0;
      for (let b = 0; b < spread.length; b++) {
        const slope = this.coefficients[0][i + 1][b] / spread[b];
        size += slope * slope + Math.abs(this.coefficients[i + 1][i + 1][b]) / spread[b];
      }
      return size > 0 ? 1 / Math.sqrt(size) : 1;
    });
    return this.cachedUnits;
  }

  /**
   * What a descent over coordinates `free` needs: chi-square, gradient and Hessian at a place. The signal is
   * constant + sum_a y_a (linear_a + moved_a) / 2, where moved_a = linear_a + sum_b second_ab y_b is its slope.
   */
  evaluation(x, free) {
    const p = free.length;
    const { seconds, constant, linear, moved, signal } = this.roomFor(free);
    this.signal(x, free, constant);
    free.forEach((i, a) => this.slope(x, i, free, this.units[i], linear[a]));
    const token = {};
    return (at) => {
      for (let a = 0; a < p; a++) moved[a].set(linear[a]);
      for (const [a, c, array] of seconds) {
        addTimes(moved[a], at[c], array);
        if (c !== a) addTimes(moved[c], at[a], array);
      }
      signal.set(constant);
      for (let a = 0; a < p; a++) addMean(signal, at[a], linear[a], moved[a]);
      return this.likelihood.terms({ signal, moved, seconds, token }, at, this.precision);
    };
  }

  /** Arrays for descents over some coordinates, used anew in each, and second derivatives in units. */
  roomFor(free) {
    const key = free.join();
    if (!this.rooms.has(key)) {
      const { nSignal } = this.likelihood;
      const some = () => free.map(() => new Float64Array(nSignal));
      const seconds = free.flatMap((i, a) =>
        free.slice(a).map((j, c) => {
          const amount = (i === j ? 2 : 1) * this.units[i] * this.units[j];
          return [a, a + c, this.coefficients[Math.min(i, j) + 1][Math.max(i, j) + 1].map((value) => value * amount)];
        }),
      );
      this.rooms.set(key, { seconds, constant: new Float64Array(nSignal), signal: new Float64Array(nSignal), linear: some(), moved: some() });
    }
    return this.rooms.get(key);
  }

  /**
   * Chi-square minimised over the nuisances and over coordinates `free`; the others are as in x. Where a coordinate
   * meets its border the descent ends; a minimum that is `known` is not looked for again.
   */
  *lowest(x, free, start, known = null) {
    const { precision, high } = this;
    return yield* minimised(this.evaluation(x, free), start, { precision, high, bounds: this.boundsIn(free), known });
  }

  /** Bounds of coordinates in their units. */
  boundsIn(free) {
    return free.map((i) => this.bounds[i].map((end) => end / this.units[i]));
  }

  /** As `lowest`; where a coordinate meets its border, the others go on, until it would leave the border again. */
  *within(x, free, start, known = null) {
    const bounds = this.boundsIn(free);
    const inside = Array.from(start, (value, a) => (a < free.length ? Math.min(Math.max(value, bounds[a][0]), bounds[a][1]) : value));
    const border = free.findIndex((_, a) => bounds[a].includes(inside[a]));
    let found = border < 0 ? yield* this.lowest(x, free, inside, known) : { x: inside, border };
    for (let turns = 0; found.border != null && turns < MOST_TURNS; turns++) {
      const a = found.border;
      found = yield* this.onBorder(x, free, found.x, a);
      if (found.x[a] === bounds[a][0] ? found.slope >= 0 : found.slope <= 0) break;
      const next = yield* this.lowest(x, free, found.x, known);
      if (next.chi2 < found.chi2) found = next;
    }
    return found;
  }

  /** The minimum with the a-th free coordinate held at its place, and the slope along it. */
  *onBorder(x, free, start, a) {
    const place = start[a];
    const without = (list) => Array.from(list).filter((_, k) => k !== a);
    const fixed = x.map((value, k) => (k === free[a] ? place * this.units[k] : value));
    const rest = yield* this.within(fixed, without(free), without(start));
    const whole = Float64Array.of(...rest.x.slice(0, a), place, ...rest.x.slice(a));
    const { gradient } = this.evaluation(x, free)(whole);
    yield;
    return { chi2: rest.chi2, x: whole, slope: gradient[a] };
  }

  /** The minimum at shown coordinates, the lowest of those that starts lead to; without free ones they have one. */
  *solved(x, starts = []) {
    const whole = this.wholeOf(x);
    if (!this.free.length) return yield* this.lowest(whole, [], starts[0] ?? this.theta);
    let best = null;
    for (const one of starts.length ? starts : [this.started]) {
      const found = yield* this.within(whole, this.free, one);
      if (!best || found.chi2 < best.chi2) best = found;
    }
    return best;
  }

  /** The same from all valleys of the quartic, after starts that are given. */
  *searched(x, starts = []) {
    let best = yield* this.solved(x, starts);
    if (!this.free.length) return best;
    for (const one of this.valleys(x)) best = yield* this.lower(x, best, [...one, ...this.theta]);
    return best;
  }

  /** The quartic near chi-square in all coordinates. */
  get quartic() {
    this.cachedQuartic ??= quarticOf(this);
    return this.cachedQuartic;
  }

  /** Between two ends where the first coordinate may have minima, the free ones following. */
  valleysAlong(low, high) {
    const all = [0, ...this.free];
    const start = all.map((i) => this.centre[i] / this.units[i] + 0.1);
    const found = this.quartic.reduced(new Array(this.n).fill(0), all).minima(start).map(({ y }) => y[0] * this.units[0]);
    return found.filter((x) => x > low && x < high);
  }

  /** Where free coordinates may have minima at a point: those of the quartic, and with one at each of its borders. */
  valleys(x) {
    const places = this.wholeOf(x).map((value, i) => value / this.units[i]);
    const start = this.free.map((i) => this.centre[i] / this.units[i] + 0.1);
    const found = this.quartic.reduced(places, this.free).minima(start).map(({ y }) => y);
    this.boundsIn(this.free).forEach((ends, a) => {
      for (const end of ends.filter(Number.isFinite)) found.push(...this.valleysAt(places, start, a, end));
    });
    return found;
  }

  /** The same with the a-th free coordinate at a border, unless it would leave that. */
  valleysAt(places, start, a, end) {
    const i = this.free[a];
    const rest = this.free.filter((k) => k !== i);
    const held = places.map((value, k) => (k === i ? end : value));
    const all = this.quartic.reduced(places, this.free);
    const side = end === this.boundsIn([i])[0][0] ? 1 : -1;
    const found = rest.length ? this.quartic.reduced(held, rest).minima(start.filter((_, k) => k !== a)) : [{ y: [] }];
    return found
      .map(({ y }) => Float64Array.from([...y.slice(0, a), end, ...y.slice(a)]))
      .filter((y) => side * all.terms(y).gradient[a] >= 0);
  }

  /** A minimum that is lower than the best that is known, if another start leads to it; else that one. */
  *lower(x, best, start) {
    const whole = this.wholeOf(x);
    const rough = yield* this.lookedAt(LOOSE, Math.min(best.chi2, this.high)).within(whole, this.free, start, best.x);
    if (rough.chi2 > best.chi2 + LOOSE || near(rough.x, best.x)) return best;
    const found = yield* this.within(whole, this.free, rough.x);
    return found.chi2 < best.chi2 ? found : best;
  }

  /** A point with the free coordinates, which are still zero. */
  wholeOf(x) {
    return [...x, ...new Array(this.n - x.length).fill(0)];
  }

  /** Whether free coordinates of a minimum are at a border. */
  isOnBorder(found) {
    return this.boundsIn(this.free).some((ends, a) => ends.includes(found[a]));
  }

  /** Nuisances and, of free coordinates, the Standard Model's values, not quite: moments that are zero stay so. */
  get started() {
    return [...this.free.map((i) => this.centre[i] / this.units[i] + 0.1), ...this.theta];
  }

  /**
   * Sum over the bins of events over the most that data could bear, as a form: constant, linear and squared
   * (symmetric, in rows) in the coordinates; and how many bins there are.
   */
  get crowd() {
    if (this.cachedCrowd) return this.cachedCrowd;
    const { n, coefficients } = this;
    const { spread, content } = this.likelihood.scale;
    const share = spread.map((one, b) => (Number.isFinite(one) ? 1 / (MANY * (content[b] + one + Math.abs(coefficients[0][0][b]))) : 0));
    const linear = coefficients[0].slice(1).map((one) => inner(share, one));
    const squared = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = i; j < n; j++) {
        const sum = inner(share, coefficients[i + 1][j + 1]);
        squared[i * n + j] = squared[j * n + i] = i === j ? sum : 0.5 * sum;
      }
    }
    const bins = share.reduce((sum, one) => sum + (one > 0), 0);
    this.cachedCrowd = { constant: inner(share, coefficients[0][0]), linear, squared, bins };
    return this.cachedCrowd;
  }

  /** Where free coordinates make the fewest events, were the others zero, and how that moves with the first; or null. */
  get fewest() {
    if (this.cachedFewest !== undefined) return this.cachedFewest;
    const { linear, squared } = this.crowd;
    const part = Float64Array.from(this.free.flatMap((i) => this.free.map((j) => squared[i * this.n + j])));
    const solved = (right) => solvedPositive(part, Float64Array.from(right))?.map((value) => -value);
    const at = solved(this.free.map((i) => 0.5 * linear[i]));
    const along = this.shown.map((k) => solved(this.free.map((i) => squared[i * this.n + k])));
    this.cachedFewest = at && along.every(Boolean) ? { at, along } : null;
    return this.cachedFewest;
  }

  /** Coordinates that are not free. */
  get shown() {
    return Array.from({ length: this.n }, (_, i) => i).filter((i) => !this.free.includes(i));
  }

  /** The ends of a coordinate beyond which every bin would have far more events than counts, the others being free. */
  reach(i) {
    const { constant, linear, squared, bins } = this.crowd;
    let [a, b, c] = [squared[i * this.n + i], linear[i], constant - bins];
    const alone = rootsOf(a, b, c);
    if (!this.free.length) return alone;
    if (this.fewest) {
      const { at, along } = this.fewest;
      this.free.forEach((k, f) => {
        a += squared[i * this.n + k] * along[0][f];
        b += 2 * squared[i * this.n + k] * at[f];
        c += 0.5 * linear[k] * at[f];
      });
    }
    const widest = alone.map((end) => end * FARTHEST);
    if (!this.fewest) return widest;
    const [low, high] = rootsOf(a, b, c);
    return [Math.max(low, widest[0]), Math.min(high, widest[1])];
  }
}

/**
 * Sizes of all coordinates of a group, as `Surface.units`: with entries F w, a sum of their squares over the spread
 * is w^T (F^T F / spread^2) w, in which only w differs from one coordinate to another.
 */
function unitsOf(view, likelihood) {
  const { group } = view;
  const sizes = new Float64Array(group.parameters.length);
  let offset = 0;
  for (const [d, dataset] of view.datasets.entries()) {
    likelihood.grams[d] ??= gramOf(prepared(dataset), likelihood.scale.spread.subarray(offset, offset + dataset.nSignal));
    const { squares, sums } = likelihood.grams[d];
    const forms = formsOf(dataset, group.key, view.recoil);
    const along = group.parameters.map((_, i) => direction(group, dataset, i, view));
    const standard = group.parameters.map((one, i) => coordinateOf(one, view.standard[i]));
    along.forEach((y, i) => {
      const origin = y.map((_, k) => (k ? 0 : 1) + along.reduce((sum, other, j) => (j === i ? sum : sum + standard[j] * other[k]), 0));
      const cross = bilinear(dataset, forms, origin, y).map((weight) => 2 * weight);
      sizes[i] += inner(cross, multiplied(squares, cross, cross.length)) + Math.abs(inner(sums, bilinear(dataset, forms, y, y)));
    });
    offset += dataset.nSignal;
  }
  return sizes.map((size) => (size > 0 ? 1 / Math.sqrt(size) : 1));
}

/** F^T F with each entry over its squared spread, in rows, and the sums of F over it. */
function gramOf({ F, rank }, spread) {
  const squares = new Float64Array(rank * rank);
  const sums = new Float64Array(rank);
  spread.forEach((one, b) => {
    if (!Number.isFinite(one)) return;
    const row = F.subarray(b * rank, (b + 1) * rank);
    addTimes(sums, 1 / one, row);
    row.forEach((value, r) => addTimes(squares.subarray(r * rank, (r + 1) * rank), value / (one * one), row));
  });
  return { squares, sums };
}
