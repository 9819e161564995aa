// Chi-square of counts with nuisances: the formulae of munu.statistics.likelihoods.

const LINEAR_DOWN_TO = -0.5;
const STRAIGHT_FROM = 1.5;
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

/** h(theta), the weight of what both variants of a shape have in common, with two derivatives. */
function evenPart(theta, interpolation) {
  const size = Math.abs(theta);
  if (interpolation === "polynomial") {
    if (size >= 1) return [size, Math.sign(theta), 0];
    const z = theta * theta;
    const slope = (theta * (15 + z * (-20 + 9 * z))) / 4;
    return [(z * (15 + z * (-10 + 3 * z))) / 8, slope, (15 * (1 + z * (-4 + 3 * z))) / 4];
  }
  if (size <= 1) return [theta * theta, 2 * theta, 2];
  const width = STRAIGHT_FROM - 1;
  const s = Math.min((size - 1) / width, 1);
  const slope = 1 + (1 - s) * (1 - 3 * s);
  const bend = s < 1 ? (6 * s - 4) / width : 0;
  return [size + width * s * (1 - s) * (1 - s), Math.sign(theta) * slope, bend];
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
  let sum = 0;
  for (let b = 0; b < mu.length; b++) {
    const terms = lossTerms(loss, b, mu[b]);
    sum += terms[0];
    slope[b] = terms[1];
    curvature[b] = terms[2];
  }
  return sum;
}

/** [value, slope, curvature] of chi-square in one bin. */
function lossTerms(loss, b, mu) {
  const n = loss.observed[b];
  switch (loss.kind) {
    case "poisson":
      return poissonTerms(n, mu);
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
 * Events that nuisances scale and shape: f(sum sigma theta) (E + sum_v theta_v o_v + h(theta_v) e_v),
 * kept from being negative below a margin where there are shapes.
 */
class Component {
  /** scales: [[row, sigma], ...]; shapes: rows; blocks: nominal, then minus and plus of each shape. */
  constructor(bins, scales, shapes, margin, blocks, interpolation) {
    Object.assign(this, { bins, scales, shapes, margin, blocks, interpolation });
    this.base = new Float64Array(bins);
    this.kept = new Float64Array(bins).fill(1);
    this.bent = new Float64Array(bins);
    this.changes = shapes.map(() => new Float64Array(bins));
    this.along = [];
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
      const t = theta[row];
      const [h, rise, bend] = evenPart(t, this.interpolation);
      this.weights[0] -= h;
      this.weights.push(0.5 * (h - t), 0.5 * (h + t));
      this.slopes.push([-rise, 0.5 * (rise - 1), 0.5 * (rise + 1)]);
      this.bends.push([-bend, 0.5 * bend, 0.5 * bend]);
    }
  }

  /** Add the events to mu. */
  add(mu, theta) {
    this.weigh(theta);
    const { bins, base, weights, blocks, factor } = this;
    base.fill(0);
    weights.forEach((weight, q) => addTimes(base, weight, blocks[q]));
    this.isKept = false;
    if (this.shapes.length) this.keep();
    for (let b = 0; b < bins; b++) mu[b] += factor[0] * base[b];
    if (!this.isKept) return;
    for (let b = 0; b < bins; b++) mu[b] += this.surplus[b];
  }

  /** c(r) - r, its slope and its bend where events come close to nothing. */
  keep() {
    const { bins, base, margin, factor } = this;
    for (let b = 0; b < bins; b++) {
      if (margin[b] !== null && factor[0] * base[b] < margin[b]) this.isKept = true;
    }
    if (!this.isKept) return;
    this.surplus = new Float64Array(bins);
    this.kept.fill(1);
    this.bent.fill(0);
    for (let b = 0; b < bins; b++) {
      const events = factor[0] * base[b];
      if (margin[b] === null || events >= margin[b]) continue;
      const width = margin[b] > 0 ? margin[b] : 1;
      const s = Math.min(Math.max(events / width, 0), 1);
      this.surplus[b] = width * s * s * (2 - s) - events;
      this.kept[b] = s * (4 - 3 * s);
      this.bent[b] = events <= 0 ? 0 : (4 - 6 * s) / width;
    }
  }

  /** Add slopes of the events to the rows of J, those of x first, p of them. */
  addSlopes(J, p, moved) {
    const { bins, base, factor, kept } = this;
    const own = (this.own = J.map(() => null));
    const into = (row) => (own[row] ??= new Float64Array(bins));
    for (const [row, sigma] of this.scales) addTimes(into(p + row), factor[1] * sigma, base);
    this.shapes.forEach((row, v) => {
      const change = this.changes[v].fill(0);
      this.slopes[v].forEach((slope, k) => addTimes(change, slope, this.blocks[k ? 2 * v + k : 0]));
      addTimes(into(p + row), factor[0], change);
    });
    this.along = moved.map((blocks, i) => {
      const along = new Float64Array(bins);
      this.weights.forEach((weight, q) => addTimes(along, weight, blocks[q]));
      addTimes(into(i), factor[0], along);
      return along;
    });
    own.forEach((slopes, row) => {
      if (!slopes) return;
      if (this.isKept) for (let b = 0; b < bins; b++) J[row][b] += kept[b] * slopes[b];
      else addTimes(J[row], 1, slopes);
    });
  }

  /** Add sum_b slope_b d2(events_b), second derivatives, through put(i, j, amount). */
  addBends(slope, p, moved, put) {
    const { bins, factor, own } = this;
    let pull = slope;
    if (this.isKept) {
      const bent = slope.map((value, b) => value * this.bent[b]);
      pull = slope.map((value, b) => value * this.kept[b]);
      own.forEach((one, i) =>
        own.forEach((other, j) => {
          if (j > i || !one || !other) return;
          let sum = 0;
          for (let b = 0; b < bins; b++) sum += bent[b] * one[b] * other[b];
          put(i, j, sum);
        }),
      );
    }
    const total = inner(pull, this.base);
    this.scales.forEach(([row, sigma], a) => {
      this.scales.slice(0, a + 1).forEach(([other, width]) => put(p + row, p + other, factor[2] * sigma * width * total));
      this.shapes.forEach((shape, v) => put(p + row, p + shape, factor[1] * sigma * inner(pull, this.changes[v])));
      this.along.forEach((along, i) => put(p + row, i, factor[1] * sigma * inner(pull, along)));
    });
    this.shapes.forEach((row, v) => {
      const of = (blocks, amounts) =>
        amounts.reduce((sum, amount, k) => sum + amount * inner(pull, blocks[k ? 2 * v + k : 0]), 0);
      put(p + row, p + row, factor[0] * of(this.blocks, this.bends[v]));
      moved.forEach((blocks, i) => put(p + row, i, factor[0] * of(blocks, this.slopes[v])));
    });
    return pull;
  }
}

const blocksOf = (array, offset, bins, n) =>
  Array.from({ length: n }, (_, q) => array.subarray(offset + q * bins, offset + (q + 1) * bins));

/** One part of the sum with its nuisances' places, ready to be evaluated. */
class Part {
  constructor(plain, offset, expected, indexOf) {
    Object.assign(this, plain, expected, { offset });
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

  /** Add chi-square, gradient and Hessian in x (p of them) and the nuisances to `into`. */
  add(into, signal, theta, directions, seconds) {
    if (this.kind === "gaussian") this.addGaussian(into, signal, theta, directions, seconds);
    else this.addBinned(into, signal, theta, directions, seconds);
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

  addBinned(into, signal, theta, directions, seconds) {
    const [bins, p] = [this.nBins, directions.length];
    const own = this.columns.map((column) => theta[column]);
    const mu = new Float64Array(bins);
    const J = Array.from({ length: p + own.length }, () => new Float64Array(bins));
    const all = this.components;
    const n = 1 + 2 * this.variants.length;
    const moved = this.hasSignal ? directions.map((one) => blocksOf(one, this.offset, bins, n)) : [];
    if (this.signal) this.signal.blocks = blocksOf(signal, this.offset, bins, n);
    for (const one of all) {
      one.add(mu, own);
      one.addSlopes(J, p, one === this.signal ? moved : []);
    }
    const [slope, curvature] = [new Float64Array(bins), new Float64Array(bins)];
    if (this.loss.kind === "covariance") this.addCorrelated(into, mu, slope, J, p);
    else into.chi2 += lossOf(this.loss, mu, slope, curvature);
    this.addSlopes(into, J, slope, curvature, p);
    const places = this.places(p);
    const put = (i, j, amount) => {
      into.hessian[places[i]][places[j]] += amount;
      if (i !== j) into.hessian[places[j]][places[i]] += amount;
    };
    for (const one of all) {
      const pull = one.addBends(slope, p, one === this.signal ? moved : [], put);
      if (one !== this.signal) continue;
      for (const [i, j, array] of seconds) {
        const blocks = blocksOf(array, this.offset, bins, n);
        put(i, j, one.weights.reduce((sum, w, q) => sum + one.factor[0] * w * inner(pull, blocks[q]), 0));
      }
    }
  }

  addCorrelated(into, mu, slope, J, p) {
    const r = mu.map((value, b) => value - this.loss.observed[b]);
    this.loss.inverse.forEach((row, b) => {
      slope[b] = 2 * dot(row, r);
      into.chi2 += 0.5 * slope[b] * r[b];
    });
    const places = this.places(p);
    const pulled = J.map((one) => this.loss.inverse.map((row) => 2 * dot(row, one)));
    places.forEach((i, a) => places.forEach((j, c) => (into.hessian[i][j] += dot(J[a], pulled[c]))));
  }

  places(p) {
    const leading = Array.from({ length: p }, (_, i) => i);
    return [...leading, ...this.columns.map((column) => p + column)];
  }

  addSlopes(into, J, slope, curvature, p) {
    const places = this.places(p);
    const weighted = new Float64Array(slope.length);
    for (let a = 0; a < J.length; a++) {
      into.gradient[places[a]] += inner(J[a], slope);
      for (let b = 0; b < slope.length; b++) weighted[b] = J[a][b] * curvature[b];
      for (let c = 0; c <= a; c++) {
        const sum = inner(weighted, J[c]);
        into.hessian[places[a]][places[c]] += sum;
        if (a !== c) into.hessian[places[c]][places[a]] += sum;
      }
    }
  }

  /** Sum of (d - mu)^2 / V with mu linear in the nuisances and V in the signal. */
  addGaussian(into, signal, theta, directions, seconds) {
    const places = this.places(directions.length);
    const p = directions.length;
    for (let b = 0; b < this.nSignal; b++) {
      const s = signal[this.offset + b];
      const V = this.variance[b] + this.variancePerEvent[b] * s;
      if (!(V > 0)) continue;
      let factor = 1;
      let mu = 0;
      const slopes = new Array(p);
      for (const [k, one] of this.linear.entries()) {
        const t = theta[this.columns[k]];
        if (one.events === null) factor += t * one.sigma[b];
        else mu += t * one.sigma[b] * one.events[b];
        slopes.push(one.sigma[b] * (one.events === null ? s : one.events[b]));
      }
      const y = (this.data[b] - mu - factor * s) / V;
      const perEvent = this.variancePerEvent[b];
      const bySignal = -2 * y * factor - perEvent * y * y;
      into.chi2 += y * y * V;
      for (let i = 0; i < p; i++) slopes[i] = factor * directions[i][this.offset + b];
      places.forEach((place, a) => {
        into.gradient[place] += a < p ? directions[a][this.offset + b] * bySignal : -2 * y * slopes[a];
      });
      const pulled = slopes.map((value, a) =>
        a < p ? value + perEvent * y * directions[a][this.offset + b] : value,
      );
      places.forEach((i, a) =>
        places.forEach((j, c) => (into.hessian[i][j] += (2 * pulled[a] * pulled[c]) / V)),
      );
      seconds.forEach(([i, j, array]) => {
        const sum = bySignal * array[this.offset + b];
        into.hessian[i][j] += sum;
        if (i !== j) into.hessian[j][i] += sum;
      });
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

  /** Chi-square with its derivatives in x, along which the signal moves, and the nuisances. */
  terms(signal, theta, directions = [], seconds = []) {
    const [p, k] = [directions.length, this.nNuisances];
    const into = {
      chi2: 0,
      gradient: new Array(p + k).fill(0),
      hessian: Array.from({ length: p + k }, () => new Float64Array(p + k)),
    };
    for (let j = 0; j < k; j++) {
      into.chi2 += theta[j] * theta[j];
      into.gradient[p + j] = 2 * theta[j];
      into.hessian[p + j][p + j] = 2;
    }
    for (const part of this.parts) part.add(into, signal, theta, directions, seconds);
    return into;
  }

  /** What signals are compared with, per entry: the data's spread and content. */
  scale() {
    const spread = new Float64Array(this.nSignal).fill(Infinity);
    const content = new Float64Array(this.nSignal);
    for (const part of this.parts) {
      const binned = part.kind === "binned";
      const n = binned ? (part.hasSignal ? part.nBins : 0) : part.nSignal;
      for (let b = 0; b < n; b++) {
        const data = Math.abs(binned ? part.loss.observed[b] : part.data[b]);
        const others = binned ? part.templates : part.linear.filter((one) => one.events);
        content[part.offset + b] = others.reduce((sum, one) => sum + Math.abs(one.events[b]), data);
        const variance = binned ? 0 : part.variance[b] + part.variancePerEvent[b] * data;
        spread[part.offset + b] = binned ? part.spread[b] : Math.sqrt(variance) || Infinity;
      }
    }
    return { spread, content };
  }
}
