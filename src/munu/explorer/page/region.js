// A plane: the lowest chi-square, a lattice of it, and the line where it reaches a level.

/**
 * The lowest chi-square of a plane within its bounds: inside, on an edge or at a corner. A candidate is a point and
 * where a minimum at it is expected.
 */
function* lowestOfPlane(surface, bounds, candidates) {
  const inside = (x) => x.every((value, i) => value >= bounds[i][0] - 1e-300 && value <= bounds[i][1]);
  let best = null;
  const keep = (x, chi2) => {
    if (inside(x) && (!best || chi2 < best.chi2)) best = { chi2, x };
  };
  for (const { x, starts } of candidates) {
    const here = yield* surface.solved(x, starts);
    keep(x, here.chi2);
    for (const along of [[0, 1], [0], [1]]) {
      const start = along.map((i) => x[i] / surface.units[i] || 0.1);
      const fixed = [...x, ...surface.free.map(() => 0)];
      [0, 1].filter((i) => !along.includes(i)).forEach((i) => (fixed[i] = edgeOf(bounds[i], x[i])));
      const found = yield* surface.within(fixed, [...along, ...surface.free], [...start, ...here.x]);
      const point = [0, 1].map((i) => (along.includes(i) ? found.x[along.indexOf(i)] * surface.units[i] : fixed[i]));
      keep(point, found.chi2);
      // with a minimum inside there is none on the edges beside it
      if (along.length === 2 && inside(point)) break;
    }
  }
  return best;
}

const edgeOf = ([low], x) => (Number.isFinite(low) ? low : x);

/** How far above the level, in chi-square, points of a lattice are followed closely. */
const ABOVE = 2;
/** How close they are. */
const IN_LATTICE = 0.01;
/** In which rows and columns of a first lattice all minima over free coordinates are searched. */
const SEARCHED = [2, 6, 10, 14, 18];

/**
 * Chi-square on a lattice. Of a finer one only the corners of cells that the level crosses are computed, and
 * elsewhere the mean of coarse points.
 */
class Lattice {
  constructor(surface, window, n, level, coarse = null) {
    Object.assign(this, { n, level, coarse });
    // between its points the line is straight: they need not be closer than a pixel
    this.surface = surface.lookedAt(IN_LATTICE, level + ABOVE);
    this.xs = window.map(([low, high]) => Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1)));
    this.values = Array.from({ length: n }, () => new Float64Array(n));
    this.minima = Array.from({ length: n }, () => []);
    this.torn = new Set();
  }

  /** Compute its points. */
  *fill() {
    if (this.coarse) yield* this.refine();
    else yield* this.fillAll();
    if (this.surface.free.length) yield* this.compare();
  }

  *fillAll() {
    const { n, surface } = this;
    for (let row = 0; row < n; row++) {
      // boustrophedon: every point starts from those beside it
      const [first, side] = row % 2 ? [n - 1, -1] : [0, 1];
      for (let column = first; column >= 0 && column < n; column += side) {
        const starts = this.startsBeside(row, column, column - side);
        const search = SEARCHED.includes(row) && SEARCHED.includes(column);
        this.take(row, column, yield* search ? surface.searched(this.at(row, column), starts) : surface.solved(this.at(row, column), starts));
      }
    }
  }

  at(row, column) {
    return [this.xs[0][column], this.xs[1][row]];
  }

  take(row, column, { x, chi2 }) {
    this.minima[row][column] = x;
    this.values[row][column] = chi2;
  }

  /** Where a minimum is expected: as the last three points go on. */
  startsBeside(row, column, last) {
    const three = [this.minima[row - 1]?.[column], this.minima[row][last], this.minima[row - 1]?.[last]];
    return three.every(Boolean) ? [mixed(three, [1, 1, -1])] : three.filter(Boolean).slice(0, 1);
  }

  /** Compute the corners of cells that the level crosses, and so again where these show more such cells. */
  *refine() {
    const { n, values, minima } = this;
    const open = [];
    for (let row = 0; row < n; row++) {
      for (let column = 0; column < n; column++) {
        const [low, high, mean, known] = this.fromCoarse(row, column);
        values[row][column] = mean;
        if (known) minima[row][column] = known;
        const margin = MARGIN_OF_LEVEL * (high - low);
        if (low - margin <= this.level && high + margin >= this.level) open.push([row, column]);
      }
    }
    while (open.length) {
      const [row, column] = open.pop();
      if (minima[row][column]) continue;
      const starts = this.expectedAmid(row, column);
      this.take(row, column, yield* this.surface.solved(this.at(row, column), starts));
      open.push(...this.crossedBeside(row, column));
    }
  }

  /** Of coarse points around: lowest and highest, their mean, and the minimum where it lies on one that has it. */
  fromCoarse(row, column) {
    const around = this.cornersOf(this.coarse.values, row, column);
    const known = row % 2 || column % 2 ? null : this.coarse.minima[row >> 1][column >> 1];
    return [Math.min(...around), Math.max(...around), around.reduce((sum, one) => sum + 0.25 * one, 0), known];
  }

  /** Where a minimum is expected: amid those of coarse points around, or, where these are apart, at the farthest two. */
  expectedAmid(row, column) {
    const known = [...new Set(this.cornersOf(this.coarse.minima, row, column).filter(Boolean))];
    if (known.some((one) => this.coarse.torn.has(one))) return farthestTwo(known, this.surface.free.length);
    return known.length ? [mixed(known, known.map(() => 1 / known.length))] : [];
  }

  /** Corners of the cells around a point that the level crosses. */
  crossedBeside(row, column) {
    const found = [];
    for (const j of [row - 1, row]) {
      for (const i of [column - 1, column]) {
        const corners = [[j, i], [j, i + 1], [j + 1, i], [j + 1, i + 1]];
        if (!corners.every(([b, a]) => b >= 0 && a >= 0 && b < this.n && a < this.n)) continue;
        const below = corners.filter(([b, a]) => this.values[b][a] <= this.level).length;
        if (below % 4) found.push(...corners);
      }
    }
    return found;
  }

  /** Four entries of the coarse lattice around a point, some of them the same where it lies on one. */
  cornersOf(entries, row, column) {
    const [j, i] = [row >> 1, column >> 1];
    const [up, right] = [j + (row % 2), i + (column % 2)];
    return [entries[j][i], entries[up][i], entries[j][right], entries[up][right]];
  }

  /** Where minima of points beside each other are apart, each may be the start of a lower one of the other. */
  *compare() {
    const { n, minima, values, surface } = this;
    const open = [];
    for (let row = 0; row < n; row++) for (let column = 0; column < n; column++) if (minima[row][column]) open.push([row, column]);
    while (open.length) {
      const [row, column] = open.pop();
      if (values[row][column] > this.level + ABOVE) continue;
      for (const [up, right] of [[-1, 0], [1, 0], [0, -1], [0, 1]]) {
        if (!this.isTorn(row, column, up, right)) continue;
        const [b, a] = [row + up, column + right];
        [minima[row][column], minima[b][a]].forEach((one) => this.torn.add(one));
        const best = { x: minima[b][a], chi2: values[b][a] };
        const found = yield* surface.lower(this.at(b, a), best, minima[row][column]);
        if (found === best) continue;
        this.take(b, a, found);
        open.push([b, a]);
      }
    }
  }

  /** Whether the minima at a point and beside it are different ones, by what those before and behind are apart. */
  isTorn(row, column, up, right) {
    const [before, here, there, behind] = [-1, 0, 1, 2].map((k) => this.minima[row + k * up]?.[column + k * right]);
    if (!here || !there) return false;
    const p = this.surface.free.length;
    const usual = [[before, here], [there, behind]].map(([one, other]) => (one && other ? distance(one, other, p) : Infinity));
    return isApart(here, there, p, Math.min(...usual));
  }

  /** The minimum that is known nearest to a point. */
  startsNear([x, y]) {
    const nearest = (list, value) => list.reduce((best, one, i) => (Math.abs(one - value) < Math.abs(list[best] - value) ? i : best), 0);
    const known = this.minima[nearest(this.xs[1], y)][nearest(this.xs[0], x)];
    return known ? [known] : [];
  }

  /** Whether what is below the level goes on beyond the lattice, but for where a parameter ends. */
  isCut(parameters) {
    const last = this.n - 1;
    const isBelow = (row, column) => this.values[row][column] <= this.level;
    const anyBelow = (axis, side) => this.xs[0].some((_, k) => (axis ? isBelow(side, k) : isBelow(k, side)));
    return parameters.some((one, axis) => [0, last].some((side) => !Number.isFinite(endOf(one, this.xs[axis][side], side ? 1 : -1)) && anyBelow(axis, side)));
  }

  get lowest() {
    let best = [Infinity];
    this.values.forEach((row, j) =>
      row.forEach((value, i) => {
        if (value < best[0]) best = [value, [this.xs[0][i], this.xs[1][j]]];
      }),
    );
    return best;
  }
}

/** Of minima the two that are farthest apart. */
function farthestTwo(minima, p) {
  const pairs = minima.flatMap((one, i) => minima.slice(i + 1).map((other) => [one, other]));
  if (!pairs.length) return minima;
  return pairs.reduce((best, pair) => (distance(...pair, p) > distance(...best, p) ? pair : best));
}

/** A mixture of points. */
const mixed = (list, parts) => list[0].map((_, i) => list.reduce((sum, one, k) => sum + parts[k] * one[i], 0));

/** How far beyond the values at its corners, as a part of what they differ by, a cell may reach. */
const MARGIN_OF_LEVEL = 0.5;

/** Pieces of the line where a lattice is at a level: [[[x, y], [x, y]], ...], by marching squares. */
function contourOf(lattice, level) {
  const { xs, values, n } = lattice;
  const pieces = [];
  const cross = (x0, y0, v0, x1, y1, v1) => {
    // chi-square rises like a square: its root is closer to a straight line
    const [r0, r1] = [v0 - level, v1 - level];
    const t = r0 / (r0 - r1);
    return [x0 + t * (x1 - x0), y0 + t * (y1 - y0)];
  };
  for (let j = 0; j + 1 < n; j++) {
    for (let i = 0; i + 1 < n; i++) {
      const corners = [
        [xs[0][i], xs[1][j], values[j][i]],
        [xs[0][i + 1], xs[1][j], values[j][i + 1]],
        [xs[0][i + 1], xs[1][j + 1], values[j + 1][i + 1]],
        [xs[0][i], xs[1][j + 1], values[j + 1][i]],
      ];
      const below = corners.map((corner) => corner[2] <= level);
      const points = [];
      for (let k = 0; k < 4; k++) {
        if (below[k] !== below[(k + 1) % 4]) points.push(cross(...corners[k], ...corners[(k + 1) % 4]));
      }
      if (points.length === 2) pieces.push(points);
      else if (points.length === 4) {
        const middle = corners.reduce((sum, corner) => sum + corner[2], 0) / 4 <= level;
        const pairs = middle === below[0] ? [[0, 1], [2, 3]] : [[3, 0], [1, 2]];
        for (const [a, b] of pairs) pieces.push([points[a], points[b]]);
      }
    }
  }
  return pieces;
}

/** Cells below a level as rectangles' and triangles' outlines, to be filled. */
function filledCells(lattice, level) {
  const { xs, values, n } = lattice;
  const found = [];
  for (let j = 0; j + 1 < n; j++) {
    for (let i = 0; i + 1 < n; i++) {
      const corners = [
        [xs[0][i], xs[1][j], values[j][i]],
        [xs[0][i + 1], xs[1][j], values[j][i + 1]],
        [xs[0][i + 1], xs[1][j + 1], values[j + 1][i + 1]],
        [xs[0][i], xs[1][j + 1], values[j + 1][i]],
      ];
      const outline = [];
      for (let k = 0; k < 4; k++) {
        const [a, b] = [corners[k], corners[(k + 1) % 4]];
        if (a[2] <= level) outline.push([a[0], a[1]]);
        if (a[2] <= level !== b[2] <= level) {
          const t = (a[2] - level) / (a[2] - b[2]);
          outline.push([a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]);
        }
      }
      if (outline.length > 2) found.push(outline);
    }
  }
  return found;
}

/**
 * Weakest direction of transition moments: eigenvectors of the sum of normalised forms. Entries are F w_ij,
 * so that their sum over the bins, each over its trace, is that of w_ij with F^T (1 / trace).
 */
function momentDirections(view) {
  const basis = [0, 1, 2].flatMap((index) => [[index, 0], [index, Math.PI / 2]]);
  const sum = basis.map(() => new Array(6).fill(0));
  for (const dataset of view.datasets) {
    const forms = formsOf(dataset, view.group.key, view.recoil);
    const along = basis.map(([index, quarter]) => direction(view.group, dataset, index, view, quarter));
    const weights = along.map((a) => along.map((b) => bilinear(dataset, forms, a, b)));
    const diagonal = combined(new Float64Array(dataset.rank), basis.map(() => 0.5), weights.map((row, i) => row[i]));
    const share = spreadOut(dataset, diagonal).map((trace) => (trace > 0 ? 1 / trace : 0));
    const gathered = gatheredUp(dataset, share);
    weights.forEach((row, i) => row.forEach((one, j) => (sum[i][j] += inner(gathered, one))));
  }
  const { values, vectors } = eigen(sum);
  const order = values.map((value, i) => i).sort((a, b) => values[a] - values[b]);
  const largest = Math.max(values[order[5]], 1e-300);
  return order.map((i) => ({ share: values[i] / largest, vector: vectors.map((row) => row[i]) }));
}

/** The direction in the plane of two moments that adds no events, or null. */
function blindInPlane(surface) {
  const c = surface.coefficients;
  let [xx, xy, yy] = [0, 0, 0];
  for (let b = 0; b < c[1][1].length; b++) {
    const trace = c[1][1][b] + c[2][2][b];
    if (!(trace > 0)) continue;
    [xx, xy, yy] = [xx + c[1][1][b] / trace, xy + (0.5 * c[1][2][b]) / trace, yy + c[2][2][b] / trace];
  }
  if (!(xx + yy > 0)) return null;
  const { values, vectors } = eigen([[xx, xy], [xy, yy]]);
  const least = values[0] < values[1] ? 0 : 1;
  if (values[least] > 1e-9 * values[1 - least]) return null;
  return [vectors[0][least], vectors[1][least]];
}

/** The moduli that the only blind direction of three moments has in a plane, or null. */
function blindAcross(view, parameters, directions) {
  const found = directions.filter(({ share }) => share < 1e-9);
  if (found.length !== 2) return null;
  const { vector } = found[0];
  const size = (one) => {
    const i = view.group.parameters.indexOf(one);
    return Math.hypot(vector[2 * i], vector[2 * i + 1]);
  };
  return parameters.map(size);
}
