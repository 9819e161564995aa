// A plane: the lowest chi-square, a lattice of it, and the line where it reaches a level.

/** The lowest chi-square of a plane within its bounds: inside, on an edge or at a corner. */
function* lowestOfPlane(surface, bounds, candidates) {
  const inside = (x) => x.every((value, i) => value >= bounds[i][0] - 1e-300 && value <= bounds[i][1]);
  const free = surface.free;
  const rest = surface.last ?? [...free.map(() => 0.1), ...surface.theta];
  let best = null;
  const keep = (x, chi2) => {
    if (inside(x) && (!best || chi2 < best.chi2)) best = { chi2, x };
  };
  for (const x of candidates) {
    keep(x, surface.solved(x).chi2);
    for (const shown of [[0, 1], [0], [1]]) {
      const start = shown.map((i) => x[i] / surface.units[i] || 0.1);
      const fixed = [...x, ...free.map(() => 0)];
      [0, 1].filter((i) => !shown.includes(i)).forEach((i) => (fixed[i] = edgeOf(bounds[i], x[i])));
      const found = surface.within(fixed, [...shown, ...free], [...start, ...rest]);
      const point = [0, 1].map((i) =>
        shown.includes(i) ? found.x[shown.indexOf(i)] * surface.units[i] : fixed[i],
      );
      keep(point, found.chi2);
      yield;
    }
  }
  return best;
}

const edgeOf = ([low], x) => (Number.isFinite(low) ? low : x);

/**
 * Chi-square on a lattice. Of a finer one only what lies near the level is computed, and elsewhere the mean of
 * coarse points.
 */
class Lattice {
  constructor(surface, window, n, coarse = null, level = Infinity) {
    this.coarse = coarse;
    this.level = level;
    // between its points the line is straight: they need not be closer than a pixel
    this.surface = surface.lookedAt(COARSE.chi2);
    this.n = n;
    this.xs = window.map(([low, high]) => Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1)));
    this.values = Array.from({ length: n }, () => new Float64Array(n));
    this.minima = Array.from({ length: n }, () => []);
  }

  /** Compute its points, with a pause after each. */
  *fill() {
    const { n, xs, values, surface } = this;
    for (let row = 0; row < n; row++) {
      // boustrophedon: every point starts from those beside it
      const [first, side] = row % 2 ? [n - 1, -1] : [0, 1];
      for (let column = first; column >= 0 && column < n; column += side) {
        values[row][column] = this.between(row, column) ?? NaN;
        if (!Number.isNaN(values[row][column])) continue;
        const found = surface.solved([xs[0][column], xs[1][row]], this.startAt(row, column, column - side));
        this.minima[row][column] = found.x;
        values[row][column] = found.chi2;
        yield;
      }
    }
  }

  /** Where a minimum is to be expected: amid those of the coarse lattice, or as the last three points go on. */
  startAt(row, column, last) {
    const mixed = (list, parts) => list[0].map((_, i) => list.reduce((sum, one, k) => sum + parts[k] * one[i], 0));
    if (this.coarse) {
      const known = this.cornersOf(this.coarse.minima, row, column).filter(Boolean);
      return known.length ? mixed(known, known.map(() => 1 / known.length)) : undefined;
    }
    const [below, beside, corner] = [this.minima[row - 1]?.[column], this.minima[row][last], this.minima[row - 1]?.[last]];
    return below && beside && corner ? mixed([below, beside, corner], [1, 1, -1]) : (below ?? beside);
  }

  /** Four entries of the coarse lattice around a point, some of them the same where it lies on one. */
  cornersOf(entries, row, column) {
    const [j, i] = [row >> 1, column >> 1];
    const [up, right] = [j + (row % 2), i + (column % 2)];
    return [entries[j][i], entries[up][i], entries[j][right], entries[up][right]];
  }

  /** Chi-square from the coarse lattice: at its points, and in between where no level is near. */
  between(row, column) {
    if (!this.coarse) return null;
    const { values, n } = this.coarse;
    const [j, i] = [row >> 1, column >> 1];
    if (row % 2 === 0 && column % 2 === 0) {
      this.minima[row][column] = this.coarse.minima[j][i];
      return values[j][i];
    }
    let [low, high] = [Infinity, -Infinity];
    for (let b = Math.max(j - 1, 0); b <= Math.min(j + 2, n - 1); b++) {
      for (let a = Math.max(i - 1, 0); a <= Math.min(i + 2, n - 1); a++) {
        low = Math.min(low, values[b][a]);
        high = Math.max(high, values[b][a]);
      }
    }
    if (low <= this.level && high >= this.level) return null;
    return 0.25 * this.cornersOf(values, row, column).reduce((sum, value) => sum + value, 0);
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
