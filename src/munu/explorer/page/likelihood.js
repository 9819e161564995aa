// Chi-square of counts with nuisances: the formulae of munu.statistics.likelihoods.

const LINEAR_DOWN_TO = -0.5;
const STRAIGHT_FROM = 1.5;
const UNCHANGED_UP_TO = 1.5;
const SMALLEST_FRACTION = 1e-6;
const EMPTY_BIN_CURVATURE = 1e6;
const LARGE_COUNT = 1e5;
const NARROWEST = 0.05;

/** What a normalisation multiplies by, with two derivatives. */
function scaleFactor(x) {
  if (x >= LINEAR_DOWN_TO) return [1 + x, 1, 0];
  const u = 2 * x + 1;
  const f = 0.5 * Math.exp(u - 0.5 * u * u);
  return [f, 2 * (1 - u) * f, 4 * ((1 - u) ** 2 - 1) * f];
}

/** t(theta) of a shape, theta itself unless it saturates, with two derivatives. */
function coordinate(theta, interpolation) {
  const size = Math.abs(theta);
  if (interpolation !== "saturating" || size <= UNCHANGED_UP_TO) return [theta, 1, 0];
  const side = Math.sign(theta);
  const s = size - UNCHANGED_UP_TO;
  if (s >= 1) return [side * (UNCHANGED_UP_TO + 0.5), 0, 0];
  return [side * (UNCHANGED_UP_TO + s - 0.5 * s * s), 1 - s, -side];
}

/** h(t), the weight of what both variants of a shape have in common, with two derivatives. */
function evenPart(t, interpolation) {
  const size = Math.abs(t);
  if (interpolation === "polynomial") {
    if (size >= 1) return [size, Math.sign(t), 0];
    const z = t * t;
    const slope = (t * (15 + z * (-20 + 9 * z))) / 4;
    return [(z * (15 + z * (-10 + 3 * z))) / 8, slope, (15 * (1 + z * (-4 + 3 * z))) / 4];
  }
  if (size <= 1) return [t * t, 2 * t, 2];
  const width = STRAIGHT_FROM - 1;
  const s = Math.min((size - 1) / width, 1);
  const slope = 1 + (1 - s) * (1 - 3 * s);
  const bend = s < 1 ? (6 * s - 4) / width : 0;
  return [size + width * s * (1 - s) * (1 - s), Math.sign(t) * slope, bend];
}

function poissonHalf(n, mu) {
  if (n === 0) return mu;
  if (n > LARGE_COUNT) return mu - n - n * Math.log1p((mu - n) / n);
  return mu - n + n * Math.log(n / mu);
}

/** Value, slope and curvature of 2 [mu - n + n ln(n/mu)]; below a tiny mu its parabola. */
function poissonTerms(n, prediction) {
  if (n === 0) {
    const below = Math.min(prediction, 0);
    const bend = below < 0 ? EMPTY_BIN_CURVATURE : 0;
    return [2 * prediction + 0.5 * bend * below * below, 2 + bend * below, bend];
  }
  const mu = Math.max(prediction, SMALLEST_FRACTION * n);
  const beyond = prediction - mu;
  const slope = 2 * (1 - n / mu);
  const curvature = (2 * n) / (mu * mu);
  const value = 2 * poissonHalf(n, mu) + (slope + 0.5 * curvature * beyond) * beyond;
  return [value, slope + curvature * beyond, curvature];
}

function onOffTerms(n, m, tau, prediction) {
  const mu = Math.max(prediction, 0);
  const half = 0.5 * ((1 + tau) * mu - n - m);
  const root = Math.sqrt(Math.max(half * half + (1 + tau) * m * mu, 0));
  const b = half > 0 ? (m * mu) / Math.max(half + root, 1e-300) : (root - half) / (1 + tau);
  const on = poissonTerms(n, mu + b);
  const off = poissonTerms(m, tau * b);
  const offCurvature = m > 0 ? tau * tau * off[2] : 0;
  const total = on[2] + offCurvature;
  const share = b > 0 ? offCurvature / (total > 0 ? total : 1) : 1;
  const below = Math.min(prediction, 0);
  const curvature = on[2] * share;
  const bend = on[1] > 0 ? EMPTY_BIN_CURVATURE : curvature;
  const value = on[0] + off[0] + (on[1] + 0.5 * bend * below) * below;
  return [value, on[1] + bend * below, below < 0 ? bend : curvature];
}

function variableWidthTerms(residual, up, down) {
  const least = up * down;
  const change = up - down;
  const beyond = least + change * residual < NARROWEST * least;
  const r = beyond ? (-(1 - NARROWEST) * least) / change : residual;
  const variance = least + change * r;
  const slope = (r * (2 * variance - r * change)) / (variance * variance);
  const curvature = (2 * least * least) / variance ** 3;
  const further = residual - r;
  const value = (r * r) / variance + (slope + 0.5 * curvature * further) * further;
  return [value, slope + curvature * further, curvature];
}

/** Chi-square of all bins; its slope and curvature in each go into the arrays. */
function lossOf(loss, mu, slope, curvature) {
  if (loss.kind === "poisson") return poissonOf(loss.observed, mu, slope, curvature);
  let sum = 0;
  for (let b = 0; b < mu.length; b++) {
    const terms = lossTerms(loss, b, mu[b]);
    sum += terms[0];
    slope[b] = terms[1];
    curvature[b] = terms[2];
  }
  return sum;
}

/** The same of counts, most of which need no case of `poissonTerms`. */
function poissonOf(observed, mu, slope, curvature) {
  let half = 0;
  let rest = 0;
  for (let b = 0; b < mu.length; b++) {
    const n = observed[b];
    const m = mu[b];
    const share = n / m;
    if (n > 0 && n <= LARGE_COUNT && share > 0 && share * SMALLEST_FRACTION < 1) {
      half += m - n + n * Math.log(share);
      slope[b] = 2 * (1 - share);
      curvature[b] = (2 * share) / m;
    } else {
      const terms = poissonTerms(n, m);
      rest += terms[0];
      slope[b] = terms[1];
      curvature[b] = terms[2];
    }
  }
  return 2 * half + rest;
}

/** [value, slope, curvature] of chi-square in one bin. */
function lossTerms(loss, b, mu) {
  const n = loss.observed[b];
  switch (loss.kind) {
    case "gaussian":
      return [(mu - n) ** 2 / loss.variance[b], (2 * (mu - n)) / loss.variance[b], 2 / loss.variance[b]];
    case "on-off":
      return onOffTerms(n, loss.off[b], loss.ratio, mu);
    case "split": {
      const variance = (mu > n ? loss.up[b] : loss.down[b]) ** 2;
      return [(mu - n) ** 2 / variance, (2 * (mu - n)) / variance, 2 / variance];
    }
    case "variable-width":
      return variableWidthTerms(mu - n, loss.up[b], loss.down[b]);
    default:
      throw new Error(`no likelihood is called ${loss.kind}`);
  }
}

/**
 * Events that nuisances scale and shape: f(sum sigma theta) (E + sum_v t_v o_v + h(t_v) e_v), t of theta,
 * kept from being negative below a margin where there are shapes. They change along a few tangents, each
 * an array of bins that moves with some of the variables: their own sum with those that scale it, one of
 * each shape, one of each coordinate of the signal.
 */
class Component {
  /** scales: [[variable, sigma], ...]; shapes: variables; blocks: nominal, then minus and plus of each shape. */
  constructor(bins, scales, shapes, margin, blocks, interpolation) {
    Object.assign(this, { scales, shapes, blocks, interpolation });
    this.margin = Float64Array.from(margin, (one) => one ?? -Infinity);
    this.base = new Float64Array(bins);
    this.changes = shapes.map(() => new Float64Array(bins));
    this.near = [];
  }

  /** Weights of the blocks, their slopes and bends in each shape, and the factor. */
  weigh(theta) {
    let x = 0;
    for (const [row, sigma] of this.scales) x += sigma * theta[row];
    this.factor = scaleFactor(x);
    this.weights = [1];
    this.slopes = [];
    this.bends = [];
    for (const row of this.shapes) {
      const [t, rate, turn] = coordinate(theta[row], this.interpolation);
      const [h, rise, curve] = evenPart(t, this.interpolation);
      const slope = rise * rate;
      const bend = curve * rate * rate + rise * turn;
      this.weights[0] -= h;
      this.weights.push(0.5 * (h - t), 0.5 * (h + t));
      this.slopes.push([-slope, 0.5 * (slope - rate), 0.5 * (slope + rate)]);
      this.bends.push([-bend, 0.5 * (bend - turn), 0.5 * (bend + turn)]);
    }
  }

  /** Of the v-th shape's blocks: nominal, minus and plus. */
  ofShape(all, v) {
    return [all[0], all[2 * v + 1], all[2 * v + 2]];
  }

  /** Add the events to mu. */
  add(mu, theta) {
    this.weigh(theta);
    if (this.shapes.length) combined(this.base, this.weights, this.blocks);
    else this.base = this.blocks[0];
    addTimes(mu, this.factor[0], this.base);
    this.near = this.shapes.length ? this.nearZero() : [];
    for (const { bin, surplus } of this.near) mu[bin] += surplus;
  }

  /** c(r) - r, the slope and the bend of c in the bins where events come close to nothing. */
  nearZero() {
    const { base, margin } = this;
    const factor = this.factor[0];
    const found = [];
    for (let bin = 0; bin < base.length; bin++) {
      const events = factor * base[bin];
      if (events >= margin[bin]) continue;
      const width = margin[bin] > 0 ? margin[bin] : 1;
      const s = Math.min(Math.max(events / width, 0), 1);
      const surplus = width * s * s * (2 - s) - events;
      found.push({ bin, surplus, kept: s * (4 - 3 * s), bent: events <= 0 ? 0 : (4 - 6 * s) / width });
    }
    return found;
  }

  /**
   * Its tangents, each with variables and their amounts; moved: of each coordinate, how the blocks change.
   * Variables are the coordinates, then the nuisances from p on.
   */
  tangents(p, moved) {
    const [size, rise] = this.factor;
    const found = [];
    const put = (array, variables, amounts) => found.push({ array, variables, amounts });
    const { scales, shapes, base } = this;
    if (scales.length) put(base, scales.map(([row]) => p + row), scales.map(([, sigma]) => rise * sigma));
    shapes.forEach((row, v) => {
      put(combined(this.changes[v], this.slopes[v], this.ofShape(this.blocks, v)), [p + row], [size]);
    });
    moved.forEach((blocks, i) => {
      put(combined(new Float64Array(base.length), this.weights, blocks), [i], [size]);
    });
    // what is near nothing changes less, and by how much less bends: its own slopes are needed for that
    this.bare = this.near.map(({ bin }) => found.map(({ array }) => array[bin]));
    for (const { bin, kept } of this.near) for (const { array } of found) array[bin] *= kept;
    return found;
  }

  /** Add sum_b slope_b d2(events_b), second derivatives, through put(i, j, amount); pulls: slope by each tangent. */
  addBends(slope, tangents, pulls, p, moved, put) {
    const { factor, scales, shapes } = this;
    this.near.forEach(({ bin, bent }, n) => {
      if (bent !== 0) this.addBent(slope[bin] * bent, tangents, this.bare[n], put);
    });
    const first = scales.length ? 1 : 0;
    scales.forEach(([row, sigma], a) => {
      scales.slice(0, a + 1).forEach(([other, width]) => put(p + row, p + other, factor[2] * sigma * width * pulls[0]));
      shapes.forEach((shape, v) => put(p + row, p + shape, factor[1] * sigma * pulls[first + v]));
      moved.forEach((_, i) => put(p + row, i, factor[1] * sigma * pulls[first + shapes.length + i]));
    });
    if (!shapes.length) return;
    const own = this.pulled(slope, this.blocks);
    const others = moved.map((blocks) => this.pulled(slope, blocks));
    shapes.forEach((row, v) => {
      put(p + row, p + row, factor[0] * dot(this.bends[v], this.ofShape(own, v)));
      others.forEach((one, i) => put(p + row, i, factor[0] * dot(this.slopes[v], this.ofShape(one, v))));
    });
  }

  /** One bin's part of what bends, from its slopes along the tangents. */
  addBent(amount, tangents, bare, put) {
    const own = tangents.flatMap(({ variables, amounts }, t) => variables.map((one, i) => [one, amounts[i] * bare[t]]));
    own.forEach(([i, one], a) => own.slice(0, a + 1).forEach(([j, other], c) => {
      put(i, j, amount * one * other * (i === j && a !== c ? 2 : 1));
    }));
  }

  /** sum_b slope_b times each block, less where events are near nothing. */
  pulled(slope, blocks) {
    const found = innerOfAll(slope, blocks, blocks.length);
    for (const { bin, kept } of this.near) {
      blocks.forEach((block, q) => (found[q] -= (1 - kept) * slope[bin] * block[bin]));
    }
    return found;
  }
}

const blocksOf = (array, offset, bins, n) =>
  Array.from({ length: n }, (_, q) => array.subarray(offset + q * bins, offset + (q + 1) * bins));

/** Chi-square, gradient and Hessian, in rows, of so many variables: nothing yet. */
const noTerms = (size) => ({ chi2: 0, gradient: new Float64Array(size), hessian: new Float64Array(size * size) });

/** Add an amount to a Hessian at (i, j) and, beside the diagonal, at (j, i). */
function addSymmetric({ hessian, gradient }, i, j, amount) {
  hessian[i * gradient.length + j] += amount;
  if (i !== j) hessian[j * gradient.length + i] += amount;
}

/** Add the product of two tangents, and that of the second and the first. */
function addProducts({ hessian, gradient }, one, other, product) {
  const size = gradient.length;
  for (let a = 0; a < one.variables.length; a++) {
    const i = one.variables[a];
    const part = one.amounts[a] * product;
    for (let b = 0; b < other.variables.length; b++) {
      const j = other.variables[b];
      hessian[i * size + j] += part * other.amounts[b];
      hessian[j * size + i] += part * other.amounts[b];
    }
  }
}

/** One part of the sum with its nuisances' places, ready to be evaluated. */
class Part {
  constructor(plain, offset, expected, indexOf) {
    Object.assign(this, plain, expected, { offset });
    if (this.loss) this.loss = { ...this.loss, observed: Float64Array.from(this.loss.observed) };
    if (plain.kind === "gaussian") {
      this.names = plain.linear.map((one) => one.name);
    } else {
      const scales = plain.templates.filter((t) => t.sigma > 0).map((t) => t.name);
      const shapes = plain.templates.flatMap((t) => t.shapes.map((shape) => shape.name));
      const all = [...Object.keys(plain.normalisations), ...plain.variants, ...scales, ...shapes];
      this.names = [...new Set(all)];
    }
    this.columns = this.names.map(indexOf);
    this.row = Object.fromEntries(this.names.map((name, i) => [name, i]));
  }

  /** Add chi-square, gradient and Hessian in all variables to `into`: what moves the signal, then the nuisances. */
  add(into, events, variables, still) {
    const p = events.moved.length;
    const own = new Float64Array(p + this.columns.length);
    for (let i = 0; i < own.length; i++) own[i] = variables[i < p ? i : p + this.columns[i - p]];
    let found = this.carriedOn(events.token, own, still);
    if (!found) {
      found = noTerms(own.length);
      if (this.kind === "gaussian") this.addGaussian(found, events.signal, own.subarray(p), events.moved, events.seconds);
      else this.addBinned(found, events.signal, own.subarray(p), events.moved, events.seconds);
      this.before = { token: events.token, own, found };
    }
    this.place(into, found, p);
  }

  /** Terms from those before, to second order, if it is the same descent and its variables moved by less than `still`. */
  carriedOn(token, own, still) {
    if (this.before?.token !== token) return null;
    const { chi2, gradient, hessian } = this.before.found;
    const n = own.length;
    const step = own.map((value, i) => value - this.before.own[i]);
    const change = step.map((_, i) => inner(hessian.subarray(i * n, (i + 1) * n), step));
    const bend = inner(step, change);
    if (!(Math.abs(bend) + inner(step, step) < still)) return null;
    return { chi2: chi2 + inner(gradient, step) + 0.5 * bend, gradient: change.map((value, i) => value + gradient[i]), hessian };
  }

  /** Add own terms at the places of their variables: x first, then the nuisances of all parts. */
  place(into, { chi2, gradient, hessian }, p) {
    const [size, own] = [into.gradient.length, gradient.length];
    const places = Array.from({ length: own }, (_, i) => (i < p ? i : p + this.columns[i - p]));
    into.chi2 += chi2;
    for (let i = 0; i < own; i++) {
      into.gradient[places[i]] += gradient[i];
      for (let j = 0; j < own; j++) into.hessian[places[i] * size + places[j]] += hessian[i * own + j];
    }
  }

  /** The components: the signal, if there is one, and the backgrounds; made once. */
  get components() {
    if (this.made) return this.made;
    const bins = this.nBins;
    const rows = (names) => names.map((name) => this.row[name]);
    const backgrounds = this.templates.map((t) => {
      const blocks = [t.events, ...t.shapes.flatMap((one) => [one.minus, one.plus])];
      const scales = t.sigma > 0 ? [[this.row[t.name], t.sigma]] : [];
      const shapes = rows(t.shapes.map((one) => one.name));
      const arrays = blocks.map((one) => Float64Array.from(one));
      return new Component(bins, scales, shapes, t.margin, arrays, this.interpolation);
    });
    this.signal = null;
    if (this.hasSignal) {
      const scales = Object.entries(this.normalisations).map(([name, sigma]) => [this.row[name], sigma]);
      this.signal = new Component(bins, scales, rows(this.variants), this.margin, [], this.interpolation);
    }
    this.made = this.signal ? [this.signal, ...backgrounds] : backgrounds;
    return this.made;
  }

  addBinned(into, signal, own, directions, seconds) {
    const p = directions.length;
    const all = this.components;
    const n = 1 + 2 * this.variants.length;
    const moved = this.hasSignal ? directions.map((one) => blocksOf(one, this.offset, this.nBins, n)) : [];
    const movedOf = (one) => (one === this.signal ? moved : []);
    if (this.signal) this.signal.blocks = blocksOf(signal, this.offset, this.nBins, n);
    const { mu, slope, curvature } = this.room;
    mu.fill(0);
    for (const one of all) one.add(mu, own);
    into.chi2 += this.correlated ? this.correlatedOf(mu, slope) : lossOf(this.loss, mu, slope, curvature);
    const put = (i, j, amount) => addSymmetric(into, i, j, amount);
    const tangents = all.map((one) => one.tangents(p, movedOf(one)));
    const pulls = this.addSlopes(into, tangents.flat());
    let from = 0;
    all.forEach((one, c) => {
      const to = from + tangents[c].length;
      one.addBends(slope, tangents[c], pulls.subarray(from, to), p, movedOf(one), put);
      from = to;
    });
    if (this.signal) this.addSeconds(slope, seconds, n, put);
  }

  /** Add to the responses of all nuisances those of this part. */
  respond(found, signal) {
    const add = (name, events, factor) => addTimes(found[this.columns[this.row[name]]].subarray(this.offset, this.offset + events.length), factor, events);
    const half = ([minus, plus]) => plus.map((value, b) => 0.5 * (value - minus[b]));
    if (this.kind === "gaussian") {
      const own = signal.subarray(this.offset, this.offset + this.nSignal);
      for (const one of this.linear) add(one.name, (one.events ?? own).map((value, b) => value * one.sigma[b]), 1);
    } else if (this.hasSignal) {
      const [own, ...variants] = blocksOf(signal, this.offset, this.nBins, 1 + 2 * this.variants.length);
      for (const [name, sigma] of Object.entries(this.normalisations)) add(name, own, sigma);
      this.variants.forEach((name, v) => add(name, half(variants.slice(2 * v, 2 * v + 2)), 1));
      for (const one of this.templates) {
        if (one.sigma > 0) add(one.name, one.events, one.sigma);
        for (const { name, minus, plus } of one.shapes) add(name, half([minus, plus]), 1);
      }
    }
  }

  /** Events that the data of a bin leave to the signal, nuisances at rest. */
  wantedIn(b) {
    const { kind, observed, off, ratio } = this.loss;
    const steady = kind === "on-off" ? off[b] / ratio : 0;
    return observed[b] - steady - this.templates.reduce((sum, one) => sum + one.events[b], 0);
  }

  /** Arrays of one number for each bin, used anew in each evaluation. */
  get room() {
    const names = ["mu", "slope", "curvature", "weighted"];
    this.rooms ??= Object.fromEntries(names.map((name) => [name, new Float64Array(this.nBins)]));
    return this.rooms;
  }

  get correlated() {
    return this.loss.kind === "covariance";
  }

  /** Chi-square of counts with a covariance, and its slope. */
  correlatedOf(mu, slope) {
    const r = mu.map((value, b) => value - this.loss.observed[b]);
    this.loss.inverse.forEach((row, b) => (slope[b] = 2 * dot(row, r)));
    return 0.5 * dot(slope, r);
  }

  /** Add the gradient and the products of slopes; return the slope of chi-square along each tangent. */
  addSlopes(into, tangents) {
    const { slope, curvature, weighted } = this.room;
    const arrays = tangents.map(({ array }) => array);
    const pulls = innerOfAll(slope, arrays, arrays.length);
    for (let a = 0; a < tangents.length; a++) {
      const { array, variables, amounts } = tangents[a];
      for (let i = 0; i < variables.length; i++) into.gradient[variables[i]] += amounts[i] * pulls[a];
      if (this.correlated) this.loss.inverse.forEach((row, b) => (weighted[b] = 2 * dot(row, array)));
      else for (let b = 0; b < weighted.length; b++) weighted[b] = array[b] * curvature[b];
      const products = innerOfAll(weighted, arrays, a + 1);
      for (let c = 0; c < a; c++) addProducts(into, tangents[a], tangents[c], products[c]);
      addProducts(into, tangents[a], tangents[a], 0.5 * products[a]);
    }
    return pulls;
  }

  /** Add what the second derivatives of the signal add. */
  addSeconds(slope, seconds, n, put) {
    const { weights, factor } = this.signal;
    for (const [i, j, array] of seconds) {
      const pulled = this.signal.pulled(slope, blocksOf(array, this.offset, this.nBins, n));
      put(i, j, factor[0] * dot(weights, pulled));
    }
  }

  /** Sum of (d - mu)^2 / V with mu linear in the nuisances and V in the signal. */
  addGaussian(into, signal, own, directions, seconds) {
    const p = directions.length;
    for (let b = 0; b < this.nSignal; b++) {
      const s = signal[this.offset + b];
      const V = this.variance[b] + this.variancePerEvent[b] * s;
      if (!(V > 0)) continue;
      let factor = 1;
      let mu = 0;
      const slopes = new Array(p);
      for (const [k, one] of this.linear.entries()) {
        const t = own[k];
        if (one.events === null) factor += t * one.sigma[b];
        else mu += t * one.sigma[b] * one.events[b];
        slopes.push(one.sigma[b] * (one.events === null ? s : one.events[b]));
      }
      const y = (this.data[b] - mu - factor * s) / V;
      const perEvent = this.variancePerEvent[b];
      const bySignal = -2 * y * factor - perEvent * y * y;
      into.chi2 += y * y * V;
      for (let i = 0; i < p; i++) slopes[i] = factor * directions[i][this.offset + b];
      slopes.forEach((_, a) => {
        into.gradient[a] += a < p ? directions[a][this.offset + b] * bySignal : -2 * y * slopes[a];
      });
      const pulled = slopes.map((value, a) =>
        a < p ? value + perEvent * y * directions[a][this.offset + b] : value,
      );
      for (let a = 0, at = 0; a < pulled.length; a++) {
        for (let c = 0; c < pulled.length; c++) into.hessian[at++] += (2 * pulled[a] * pulled[c]) / V;
      }
      for (const [i, j, array] of seconds) addSymmetric(into, i, j, bySignal * array[this.offset + b]);
    }
  }
}

/** Parts of several data sets; nuisances of equal name are one. */
class Likelihood {
  constructor(datasets, useExpected) {
    const index = new Map();
    const indexOf = (name) => {
      if (!index.has(name)) index.set(name, index.size);
      return index.get(name);
    };
    this.parts = [];
    this.grams = [];
    let offset = 0;
    for (const one of datasets) {
      one.parts.forEach((plain, i) => {
        const part = new Part(plain, offset, useExpected ? one.expected[i] : null, indexOf);
        this.parts.push(part);
        offset += part.nSignal;
      });
    }
    this.nSignal = offset;
    this.nNuisances = index.size;
  }

  /**
   * Chi-square with its gradient and Hessian (in rows) in what moves the signal and the nuisances. Events: the
   * signal, its slopes `moved` and second derivatives in the first variables, and a token of the descent. Parts
   * whose variables moved by less than `still` in it since they were seen, by chi-square, are not looked at anew.
   */
  terms(events, variables, still) {
    const [p, k] = [events.moved.length, this.nNuisances];
    const size = p + k;
    const into = noTerms(size);
    for (let j = 0; j < k; j++) {
      const pull = variables[p + j];
      into.chi2 += pull * pull;
      into.gradient[p + j] = 2 * pull;
      into.hessian[(p + j) * (size + 1)] = 2;
    }
    for (const part of this.parts) part.add(into, events, variables, still);
    return into;
  }

  /** How events of a signal change with each nuisance, to first order, and so those of backgrounds. */
  responses(signal) {
    const found = Array.from({ length: this.nNuisances }, () => new Float64Array(this.nSignal));
    for (const part of this.parts) part.respond(found, signal);
    return found;
  }

  /** What signals are compared with, per entry: the data's spread and content, and what they leave to a signal. */
  get scale() {
    this.cachedScale ??= this.scaleFound();
    return this.cachedScale;
  }

  scaleFound() {
    const spread = new Float64Array(this.nSignal).fill(Infinity);
    const content = new Float64Array(this.nSignal);
    const wanted = new Float64Array(this.nSignal);
    for (const part of this.parts) {
      const binned = part.kind === "binned";
      const n = binned ? (part.hasSignal ? part.nBins : 0) : part.nSignal;
      for (let b = 0; b < n; b++) {
        const data = Math.abs(binned ? part.loss.observed[b] : part.data[b]);
        const others = binned ? part.templates : part.linear.filter((one) => one.events);
        wanted[part.offset + b] = binned ? part.wantedIn(b) : part.data[b];
        content[part.offset + b] = others.reduce((sum, one) => sum + Math.abs(one.events[b]), data);
        const variance = binned ? 0 : part.variance[b] + part.variancePerEvent[b] * data;
        spread[part.offset + b] = binned ? part.spread[b] : Math.sqrt(variance) || Infinity;
      }
    }
    return { spread, content, wanted };
  }
}
