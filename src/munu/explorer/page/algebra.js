// Numbers: packed arrays, small linear systems, eigenvectors, the mixing matrix.

const KEPT_BYTES = 6;

/** Doubles from the upper bytes of each in base64, as Python packed them (little-endian, as here). */
function unpacked(text) {
  const kept = atob(text);
  const bytes = new Uint8Array((8 * kept.length) / KEPT_BYTES);
  for (let at = 0, to = 0; at < kept.length; to += 8) {
    for (let k = 8 - KEPT_BYTES; k < 8; k++) bytes[to + k] = kept.charCodeAt(at++);
  }
  return new Float64Array(bytes.buffer);
}

/** The product of two matrices in rows, the first with n columns. */
function multiplied(first, second, n) {
  const width = second.length / n;
  const out = new Float64Array((first.length / n) * width);
  for (let i = 0; i * n < first.length; i++) {
    const row = out.subarray(i * width, (i + 1) * width);
    for (let k = 0; k < n; k++) addTimes(row, first[i * n + k], second.subarray(k * width, (k + 1) * width));
  }
  return out;
}

function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** The same of two Float64Arrays: engines make it fast where it meets nothing else. */
function inner(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Products of one Float64Array with the first n of others, four at a time: it is read once for these. */
function innerOfAll(one, arrays, n) {
  const found = new Float64Array(n);
  let k = 0;
  for (; k + 3 < n; k += 4) {
    const [a, b, c, d] = [arrays[k], arrays[k + 1], arrays[k + 2], arrays[k + 3]];
    let [s, t, u, v] = [0, 0, 0, 0];
    for (let i = 0; i < one.length; i++) {
      const x = one[i];
      s += x * a[i];
      t += x * b[i];
      u += x * c[i];
      v += x * d[i];
    }
    found[k] = s;
    found[k + 1] = t;
    found[k + 2] = u;
    found[k + 3] = v;
  }
  for (; k < n; k++) found[k] = inner(one, arrays[k]);
  return found;
}

/** Put a sum of multiples of arrays into another, and return it; two at a time, as above. */
function combined(into, amounts, arrays) {
  into.fill(0);
  let k = 0;
  for (; k + 1 < amounts.length; k += 2) {
    const [x, y, a, b] = [amounts[k], amounts[k + 1], arrays[k], arrays[k + 1]];
    for (let i = 0; i < into.length; i++) into[i] += x * a[i] + y * b[i];
  }
  if (k < amounts.length) addTimes(into, amounts[k], arrays[k]);
  return into;
}

/** Add a multiple of an array to another. */
function addTimes(into, factor, array) {
  if (factor === 0) return;
  for (let i = 0; i < into.length; i++) into[i] += factor * array[i];
}

/** Add a multiple of the mean of two arrays to another. */
function addMean(into, factor, one, other) {
  const half = 0.5 * factor;
  for (let i = 0; i < into.length; i++) into[i] += half * (one[i] + other[i]);
}

/**
 * Solve (H + lift diag |H|) x = g for a symmetric H in rows, scaled to a unit diagonal.
 * Returns null where it is not safely positive.
 */
function solvedPositive(H, g, lift = 0) {
  const n = g.length;
  const scale = new Float64Array(n);
  for (let i = 0; i < n; i++) scale[i] = 1 / Math.sqrt(Math.max(Math.abs(H[i * n + i]), 1e-300));
  const L = new Float64Array(n * n);
  for (let i = 0, row = 0; i < n; i++, row += n) {
    for (let j = 0, other = 0; j <= i; j++, other += n) {
      let sum = H[row + j] * scale[i] * scale[j];
      if (i === j) sum += lift;
      for (let k = 0; k < j; k++) sum -= L[row + k] * L[other + k];
      if (i !== j) L[row + j] = sum / L[other + j];
      else if (!(sum > 1e-13)) return null;
      else L[row + i] = Math.sqrt(sum);
    }
  }
  const x = new Float64Array(n);
  for (let i = 0, row = 0; i < n; i++, row += n) {
    let sum = g[i] * scale[i];
    for (let k = 0; k < i; k++) sum -= L[row + k] * x[k];
    x[i] = sum / L[row + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i];
    for (let k = i + 1; k < n; k++) sum -= L[k * n + i] * x[k];
    x[i] = sum / L[i * n + i];
  }
  for (let i = 0; i < n; i++) x[i] *= scale[i];
  return x;
}

/** Eigenvalues and eigenvectors of a symmetric matrix (array of rows), by Jacobi's rotations. */
function eigen(matrix) {
  const n = matrix.length;
  const a = matrix.map((row) => Array.from(row));
  const v = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 60; sweep++) {
    let [off, size] = [0, 0];
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) (i === j ? (size += a[i][i] * a[i][i]) : (off += a[i][j] * a[i][j]));
    if (off <= 1e-30 * size) break;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (a[p][q] === 0) continue;
        const angle = 0.5 * Math.atan2(2 * a[p][q], a[q][q] - a[p][p]);
        const c = Math.cos(angle);
        const s = Math.sin(angle);
        for (let k = 0; k < n; k++) {
          [a[k][p], a[k][q]] = [c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]];
        }
        for (let k = 0; k < n; k++) {
          [a[p][k], a[q][k]] = [c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]];
          [v[k][p], v[k][q]] = [c * v[k][p] - s * v[k][q], s * v[k][p] + c * v[k][q]];
        }
      }
    }
  }
  return { values: a.map((row, i) => row[i]), vectors: v };
}

// Complex numbers are pairs [re, im].
const product = (a, b) => [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]];
const conjugate = (a) => [a[0], -a[1]];
const turn = (angle) => [Math.cos(angle), Math.sin(angle)];

/** U = R23 R13(delta) R12 (PDG), rows e, mu, tau; sin2 = [s12^2, s13^2, s23^2]. */
function mixingMatrix(sin2, delta) {
  const [s12, s13, s23] = sin2.map(Math.sqrt);
  const [c12, c13, c23] = sin2.map((x) => Math.sqrt(1 - x));
  const e = turn(delta);
  const along = (real, phased) => [real + phased * e[0], phased * e[1]];
  return [
    [[c12 * c13, 0], [s12 * c13, 0], [s13 * e[0], -s13 * e[1]]],
    [along(-s12 * c23, -c12 * s23 * s13), along(c12 * c23, -s12 * s23 * s13), [s23 * c13, 0]],
    [along(s12 * s23, -c12 * c23 * s13), along(-c12 * s23, -s12 * c23 * s13), [c23 * c13, 0]],
  ];
}
