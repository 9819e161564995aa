// Roots of polynomials.

/** Between which points a x^2 + b x + c is negative. */
function rootsOf(a, b, c) {
  if (!(a > 0)) return [-Infinity, Infinity];
  const root = Math.sqrt(Math.max(b * b - 4 * a * c, 0));
  return [(-b - root) / (2 * a), (-b + root) / (2 * a)];
}

/** Where a x^3 + b x^2 + c x + d crosses zero upwards. */
function upwardRoots(a, b, c, d) {
  const slope = (x) => (3 * a * x + 2 * b) * x + c;
  return cubicRoots(a, b, c, d).filter((x) => slope(x) > 0);
}

/** Real roots of a cubic, or of what is left where its first coefficients are nothing. */
function cubicRoots(a, b, c, d) {
  const size = Math.abs(b) + Math.abs(c) + Math.abs(d);
  if (Math.abs(a) <= 1e-14 * size) {
    if (Math.abs(b) <= 1e-14 * size) return c ? [-d / c] : [];
    const inside = c * c - 4 * b * d;
    if (inside < 0) return [];
    const half = -0.5 * (c + (c < 0 ? -1 : 1) * Math.sqrt(inside));
    return half ? [half / b, d / half] : [0];
  }
  const [shift, p, q] = [-b / (3 * a), c / a - (b * b) / (3 * a * a), (2 * b ** 3) / (27 * a ** 3) - (b * c) / (3 * a * a) + d / a];
  const inside = (q * q) / 4 + p ** 3 / 27;
  if (inside > 0) {
    const one = Math.cbrt(-q / 2 - (q < 0 ? -1 : 1) * Math.sqrt(inside));
    return [shift + one - (one ? p / (3 * one) : 0)];
  }
  const radius = 2 * Math.sqrt(Math.max(-p / 3, 0));
  const angle = radius ? Math.acos(Math.min(Math.max((3 * q) / (p * radius), -1), 1)) / 3 : 0;
  return [0, 1, 2].map((k) => shift + radius * Math.cos(angle - (2 * Math.PI * k) / 3));
}
