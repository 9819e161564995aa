// Where chi-square may be lowest. With weights that are fixed it is a quartic in the coordinates, whose minima
// are cheap to find; descents of chi-square itself begin at those of the quartic.

/**
 * The quartic of a surface, its coordinates in their units. Nuisances are minimised over, to first order of what they
 * do to the Standard Model's events: with responses B, the weight 1 is 1 - B (1 + B^T B)^-1 B^T.
 */
function quarticOf(surface) {
  const { spread, wanted } = surface.likelihood.scale;
  const bins = Array.from(spread.keys()).filter((b) => Number.isFinite(spread[b]));
  const over = (array, unit = 1) => Float64Array.from(bins, (b) => (unit * array[b]) / spread[b]);
  const pairs = pairsOf(surface.n);
  const units = [1, ...surface.units];
  const columns = pairs.map(([i, j]) => over(surface.coefficients[i][j], units[i] * units[j]));
  const responses = surface.likelihood.responses(surface.likelihood.standardSignal).map((one) => over(one));
  const target = over(wanted);
  const all = [...columns, target];
  const products = all.map((one) => innerOfAll(one, all, all.length));
  const pulled = responses.map((one) => innerOfAll(one, all, all.length));
  const within = Float64Array.from(responses.flatMap((one, k) => [...innerOfAll(one, responses, responses.length)].map((value, l) => value + (k === l ? 1 : 0))));
  const K = pairs.length;
  products.forEach((row, k) => {
    const solved = solvedPositive(within, Float64Array.from(pulled, (one) => one[k]));
    if (solved) pulled.forEach((one, n) => addTimes(row, -solved[n], one));
  });
  const A = new Float64Array(K * K);
  columns.forEach((_, k) => A.set(products[k].subarray(0, K), k * K));
  return new Quartic(surface.n, pairs, A, products[K].slice(0, K), products[K][K]);
}
