// What happens on a change: a first picture at once, then finer ones and the rest of the table.

const carried = JSON.parse(byId("carried").textContent);
const firstState = initialState(carried);
const LATTICES = [21, 41, 81];
const CURVE_POINTS = 161;
/** How long a change may compute what is drawn at once, until its first curve or, if that is there, until more. */
const FIRST_LOOK_MS = 25;
const AT_ONCE_MS = 16;
const SLICE_MS = 12;

let state = readFrom(location.hash.slice(1), carried);
let generation = 0;
let likelihoods = { key: "" };
let ranges = { key: "" };
let drawn = { key: "" };
let latest = null;
/** Of the search for a curve that was begun last, its parameter and the points that are known. */
let looked = null;
/** The parameter whose curve was drawn last, and between which ends. */
let shown = {};

const groupOf = (key) => carried.groups.find((one) => one.key === key);

function viewOf(state) {
  const group = groupOf(state.group);
  const datasets = carried.datasets.filter((one) => state.datasets.includes(one.id));
  const standard = standardValues(carried, group, datasets);
  const values = group.parameters.map((one, i) => state.values[one.name] ?? standard[i]);
  // what has no value is in each data set as its own Standard Model has it
  const given = group.parameters.map((one) => one.name in state.values);
  const { phases, recoil, expected } = state;
  return { group, datasets, standard, values, given, phases, recoil, expected, sin2: carried.mixing.sin2 };
}

/** The same with some parameters, all if none are named, as in the Standard Model. */
function atStandard(view, names = view.group.parameters.map((one) => one.name)) {
  const keep = view.group.parameters.map((one) => !names.includes(one.name));
  const values = view.values.map((value, i) => (keep[i] ? value : view.standard[i]));
  return { ...view, values, given: view.given.map((one, i) => one && keep[i]) };
}

/** Why nothing can be shown; empty if all is well. */
function problemOf(view) {
  const chosen = carried.datasets.flatMap((one, i) => (view.datasets.includes(one) ? [i] : []));
  if (!chosen.length) return "Choose at least one data set.";
  const clash = carried.conflicts.find(([i, k]) => chosen.includes(i) && chosen.includes(k));
  if (clash) {
    const [first, second] = clash.slice(0, 2).map((i) => carried.datasets[i].id);
    return `${first} and ${second} cannot be combined: ${clash[2]}.`;
  }
  for (const one of view.datasets) {
    if (!recoilsSeen(one, view.recoil).length) return `${one.id} counts no ${view.recoil} recoils.`;
    const known = one.forms.some((form) => form.group === view.group.key);
    if (!known) return `${one.id} is a bound on a moment and says nothing of these parameters.`;
  }
  return "";
}

/** The likelihood of the chosen data. */
function likelihoodOf(view) {
  const key = JSON.stringify([view.datasets.map((one) => one.id), view.expected]);
  if (likelihoods.key !== key) likelihoods = { key, likelihood: new Likelihood(view.datasets.map(prepared), view.expected) };
  return likelihoods.likelihood;
}

/** A surface over parameters by name, with the nuisances of the Standard Model, and what is free. */
function* surfaceOf(view, likelihood, names) {
  if (!likelihood.rest) {
    const plain = new Surface(atStandard(view), likelihood, []);
    likelihood.rest = (yield* plain.lowest([], [], plain.theta)).x;
    likelihood.standardSignal = plain.coefficients[0][0];
  }
  const index = (name) => view.group.parameters.findIndex((one) => one.name === name);
  const free = state.free.filter((name) => !names.includes(name)).map(index);
  const axes = [...names.map((name) => [index(name), 0, false]), ...free.flatMap((i) => freeAxes(view.group.parameters[i], i))];
  let surface = new Surface(view, likelihood, axes);
  // where nothing interferes with a free parameter its phase changes nothing
  const needed = axes.filter(([, quarter], i) => !quarter || surface.interferes(i - 1) || surface.interferes(i));
  if (needed.length < axes.length) surface = new Surface(view, likelihood, needed);
  surface.theta = likelihood.rest;
  surface.free = needed.map((_, i) => i).slice(names.length);
  return surface;
}

/** Coordinates of a free parameter; of a complex one its phase is free as well. */
const freeAxes = ({ kind }, i) => (kind === "modulus" ? [[i, 0, true], [i, Math.PI / 2, true]] : [[i, 0, false]]);

const parameterOf = (view, name) => view.group.parameters.find((one) => one.name === name);
const levelOf = () => carried.levels.find((one) => one.cl === state.cl);

/** Everything about one parameter: where chi-square is lowest, what is allowed. */
function* statementOf(view, likelihood, name, thorough) {
  const parameter = parameterOf(view, name);
  const key = keyOf("scan", view, [name], { cl: 0, sides: "" }, thorough);
  const { surface, scan } = yield* searchedOnce(key, function* () {
    const surface = yield* surfaceOf(view, likelihood, [name]);
    const at = view.group.parameters.indexOf(parameter);
    const known = [];
    looked = { parameter, known };
    return { surface, scan: yield* scanned(surface, parameter, coordinateOf(parameter, view.standard[at]), thorough, known) };
  });
  const level = levelOf();
  const intervals = scan ? yield* intervalsOf(scan, parameter, level[state.sides]) : [];
  const wide = scan ? yield* intervalsOf(scan, parameter, level.plane, true) : [];
  const unit = surface.units[0];
  return { surface, parameter, scan, intervals, unit, window: windowOf(scan, wide, parameter, unit) };
}

/** Results of this and the last view, by all that they depend on. */
const results = { old: new Map(), now: new Map() };

function remembered(key, make) {
  if (!results.now.has(key)) results.now.set(key, results.old.get(key) ?? make());
  return results.now.get(key);
}

/** The same of what a search finds. */
function* searchedOnce(key, search) {
  if (!results.now.has(key)) results.now.set(key, results.old.get(key) ?? (yield* search()));
  return results.now.get(key);
}

/** All that a result depends on, without the values of the parameters that it shows, `other` in place of some. */
function keyOf(what, view, names, other, ...more) {
  const values = view.values.map((value, i) => (names.includes(view.group.parameters[i].name) ? "shown" : [value, view.given[i]]));
  const { datasets, recoil, expected, group, cl, sides, free, phases } = { ...state, ...other };
  return JSON.stringify([what, names, values, datasets, recoil, expected, group, cl, sides, free, phases, ...more]);
}

const statement = (view, likelihood, name, thorough) =>
  searchedOnce(keyOf("limit", view, [name], {}, thorough), () => statementOf(view, likelihood, name, thorough));

/** The curve at so many points; of a first look, through those that are known already and the ends. */
function* curveOf({ scan, window }, points, thorough) {
  if (!scan) return [];
  if (!thorough) {
    const inside = scan.samples.filter(([x], i, all) => x > window[0] && x < window[1] && x !== all[i - 1]?.[0]);
    const [first, last] = yield* valuesAt(scan.f, window);
    return smoothed([first, ...inside, last], points).map(([x, y]) => [x, Math.max(y - scan.chi2, 0)]);
  }
  const xs = Array.from({ length: points }, (_, i) => window[0] + ((window[1] - window[0]) * i) / (points - 1));
  return (yield* valuesAt(scan.f, xs)).map(([x, y]) => [x, Math.max(y - scan.chi2, 0)]);
}

function* planeOf(view, likelihood, x, y) {
  const surface = yield* surfaceOf(view, likelihood, [x.parameter.name, y.parameter.name]);
  const stretched = (one) => {
    const [low, high] = one.window;
    const bound = one.parameter.low === null ? -Infinity : coordinateOf(one.parameter, one.parameter.low);
    const middle = low === bound ? low : 0.5 * (low + high);
    return [Math.max(middle + state.zoom * (low - middle), bound), middle + state.zoom * (high - middle)];
  };
  const parameters = [x.parameter, y.parameter];
  const moments = hasMoments(view.group) && !surface.free.length;
  return {
    surface,
    parameters,
    window: [stretched(x), stretched(y)],
    blind: moments ? (blindInPlane(surface) ?? blindAcross(view, parameters, directionsOf(view))) : null,
    contour: [],
    filled: [],
    done: 0,
  };
}

/** Where the Standard Model and the chosen values are in a plane. */
function placesOf(view, parameters) {
  const indices = parameters.map((one) => view.group.parameters.indexOf(one));
  const place = (values) => parameters.map((one, i) => coordinateOf(one, values[indices[i]]));
  const chosen = parameters.map((one, i) => view.values[indices[i]] / one.scale);
  return { standard: place(view.standard), here: place(view.values), chosen };
}

/** Take a finished lattice into a plane, with the lowest chi-square found. */
function* settlePlane(plane, lattice) {
  const { x, y } = plane;
  const bounds = plane.parameters.map((one) => [one.low, one.high].map((end, k) => (end === null ? (k ? 1 : -1) * Infinity : coordinateOf(one, end))));
  const [lowest, at] = lattice.lowest;
  if (!plane.best || lowest < plane.chi2 - IN_LATTICE) {
    const points = [at, plane.standard];
    if (x.scan) points.push([x.scan.best, plane.standard[1]]);
    if (y.scan) points.push([plane.standard[0], y.scan.best]);
    const candidates = points.map((one) => ({ x: one, starts: lattice.startsNear(one) }));
    const best = (yield* lowestOfPlane(plane.surface, bounds, candidates)) ?? { chi2: lowest, x: at };
    [plane.chi2, plane.best] = [best.chi2, best.x];
  }
  plane.contour = contourOf(lattice, plane.chi2 + levelOf().plane);
  plane.filled = filledCells(lattice, plane.chi2 + levelOf().plane);
}

function signalsOf(view, likelihood, dataset) {
  const only = { ...view, datasets: [dataset] };
  const shape = { nSignal: dataset.nSignal, nNuisances: likelihood.nNuisances };
  const at = (one) => new Surface(one, shape, []).coefficients[0][0];
  return { standard: at(atStandard(only)), chosen: at(only) };
}

/** Draw the events of a data set and say their sums; a picture that would be the same is left. */
function showSpectrum(view, likelihood) {
  const dataset = view.datasets.find((one) => one.id === state.spectrum) ?? view.datasets[0];
  const key = JSON.stringify([dataset.id, state.datasets, state.expected, state.group, sizeOf(byId("spectrum"))]);
  const signals = signalsOf(view, likelihood, dataset);
  const isSame = drawn.key === key && drawn.signals.chosen.every((value, b) => value === signals.chosen[b]);
  if (!isSame) drawn = { key, signals, spectrum: drawnSpectrum(view, dataset, signals) };
  return drawn.spectrum;
}

function drawnSpectrum(view, dataset, signals) {
  const entries = view.datasets.map((one) => option(one.id, one.id, one === dataset));
  byId("spectrum-of").replaceChildren(...entries);
  const spectrum = spectrumOf(dataset, signals, view.expected);
  drawSpectrum(byId("spectrum"), spectrum);
  const sum = (values) => readable([...values].reduce((a, b) => a + b, 0));
  byId("spectrum-said").textContent =
    `In all: ${sum(spectrum.data)} counted less background, ${sum(spectrum.standard)} of the Standard Model, ` +
    `${sum(spectrum.chosen)} with the chosen values.`;
  return spectrum;
}

function conditionsText(view) {
  const text = (name) => {
    const { symbol, kind } = parameterOf(view, name);
    return kind === "modulus" ? `${symbol} and its phase` : symbol;
  };
  const others = state.free.length ? `${state.free.map(text).join(", ")} free, the others at their values` : "the others at their values";
  return `${+(100 * state.cl).toFixed(2)} % C.L., ${state.sides === "two" ? "two-sided" : "one-sided"}, ${view.group.together ? others : "the others zero"}`;
}

/** The intervals of a statement; null where one side is asked for and what is allowed does not begin at the bound. */
function sided(view, { parameter, scan, intervals }) {
  if (state.sides === "two" || !scan || isOfMoments(view, parameter)) return intervals;
  const low = parameter.low === null ? -Infinity : coordinateOf(parameter, parameter.low);
  return intervals.length > 1 || intervals[0][0] > low ? null : intervals;
}

/** Whether moments alone take part, whose limit may be one-sided with a lower end: slices, or all others free. */
function isOfMoments(view, parameter) {
  if (view.group.key === "couplings" || view.group.mass !== null) return false;
  const others = view.group.parameters.map((_, i) => i).filter((i) => view.group.parameters[i] !== parameter);
  const free = others.filter((i) => state.free.includes(view.group.parameters[i].name));
  return free.length ? free.length === others.length : !others.some((i) => view.given[i]);
}

/** Compute and draw what can be done at once after a change that began; queue the rest. */
function recompute(began = performance.now()) {
  const own = ++generation;
  [results.old, results.now] = [results.now, new Map()];
  const view = viewOf(state);
  const problem = problemOf(view);
  byId("problem").textContent = problem;
  if (problem) return clear(own);
  const likelihood = likelihoodOf(view);
  latest = { view, plane: null };
  const rows = new Map();
  if (byId("plane-box").hidden !== !state.y) sizes.clear();
  byId("plane-box").hidden = !state.y;
  latest.spectrum = showSpectrum(view, likelihood);
  byId("save-spectrum").disabled = false;
  for (const name of MARKED) mark(name, OLD);
  // a first look that takes long, as with parameters that are free, must not keep the browser from the next change
  const isKnown = results.old.has(keyOf("curve", view, [state.x], {}, true, CURVE_POINTS));
  const look = inPieces(() => showCurve(view, likelihood, rows, isKnown, CURVE_POINTS));
  const first = (milliseconds) => look(milliseconds) || showPart(view);
  const tasks = [
    ...(first(began + FIRST_LOOK_MS - performance.now()) ? [] : [first]),
    () => sayBlind(view),
    ...(state.y ? planeTasks(view, likelihood) : []),
    ...(isKnown ? [] : [inPieces(() => showCurve(view, likelihood, rows, true, CURVE_POINTS))]),
    ...tableTasks(view, likelihood, rows),
    () => finish(own),
  ];
  run(tasks, own, AT_ONCE_MS, began);
}

/** Directions of transition moments from the weakest on; none for other parameters. */
function directionsOf(view) {
  if (!hasMoments(view.group)) return [];
  const names = view.group.parameters.map((one) => one.name);
  return remembered(keyOf("directions", view, names, { cl: 0, sides: "", free: [] }), () => momentDirections(view));
}

function sayBlind(view) {
  byId("blind-said").textContent = hasMoments(view.group) ? blindText(view, directionsOf(view)) : "";
  return true;
}

/** Draw the curve and say the limit of its parameter. */
function* showCurve(view, likelihood, rows, thorough, points) {
  const x = yield* statement(view, likelihood, state.x, thorough);
  const curve = yield* searchedOnce(keyOf("curve", view, [state.x], {}, thorough, points), () => curveOf(x, points, thorough));
  const { cl, [state.sides]: threshold } = levelOf();
  const thresholdText = `${+(100 * cl).toFixed(2)} % C.L., Δχ² = ${threshold.toFixed(2)}`;
  Object.assign(latest, x, { thresholdText, curve });
  shown = { parameter: x.parameter, window: x.window };
  const value = view.values[view.group.parameters.indexOf(x.parameter)];
  drawCurve(byId("curve"), latest, threshold, value / x.parameter.scale);
  const intervals = sided(view, x);
  const text = x.scan ? intervalText(x.parameter, intervals) : "no bound";
  byId("said").textContent = `${x.parameter.symbol}: ${text}${x.scan && intervals ? behind(x.parameter.unit) : ""} (${conditionsText(view)}).`;
  rows.set(state.x, limitRow(x.parameter, x.scan, intervals));
  showRows(view, rows);
  mark("curve", thorough ? "" : ROUGH);
}

/** Draw as much of the curve as is known, between what was shown of the parameter before or as far as it goes. */
function showPart(view) {
  const { parameter, known } = looked ?? {};
  if (!known || known.length < 2) return false;
  const points = known.map(({ x, chi2 }) => [x, chi2]).sort((a, b) => a[0] - b[0]);
  const lowest = Math.min(...points.map(([, chi2]) => chi2));
  const window = shown.parameter === parameter ? shown.window : [points[0][0], points[points.length - 1][0]];
  const curve = points.map(([x, chi2]) => [x, chi2 - lowest]);
  const value = view.values[view.group.parameters.indexOf(parameter)];
  drawPart(byId("curve"), { parameter, window, curve }, levelOf()[state.sides], value / parameter.scale);
  mark("curve", PART);
  return false;
}

/** A task that goes on with a search for some milliseconds, and returns whether it is done. */
function inPieces(search) {
  let begun = null;
  return (milliseconds) => {
    const end = performance.now() + milliseconds;
    begun ??= search();
    while (!begun.next().done) if (performance.now() > end) return false;
    return true;
  };
}

function planeTasks(view, likelihood) {
  const standard = atStandard(view, [state.x, state.y]);
  let plane = null;
  const start = inPieces(function* () {
    const x = yield* statement(standard, likelihood, state.x, false);
    const y = yield* statement(standard, likelihood, state.y, false);
    const kept = yield* searchedOnce(keyOf("plane", view, [state.x, state.y], {}, state.zoom), () => planeOf(view, likelihood, x, y));
    plane = Object.assign(kept, placesOf(view, kept.parameters), { x, y });
    latest.plane = plane;
    if (plane.done) yield* showPlane(plane);
  });
  function* refine(n) {
    if (plane.done >= n) return;
    const lowest = plane.best ? plane.chi2 : Math.min(...[plane.x, plane.y].map(({ scan }) => scan?.chi2 ?? Infinity));
    const lattice = new Lattice(plane.surface, plane.window, n, lowest + levelOf().plane, plane.lattice);
    yield* lattice.fill();
    yield* settlePlane(plane, lattice);
    plane.done = n;
    plane.lattice = lattice;
    yield* showPlane(plane);
  }
  return [start, ...LATTICES.map((n) => inPieces(() => refine(n))), inPieces(() => showPlane(plane, true))];
}

/** Draw a plane as far as it is known, and say how the chosen values fit, at last from every start. */
function* showPlane(plane, atLast = false) {
  const { surface, here, lattice, chi2 } = plane;
  const starts = lattice.startsNear(here);
  const excess = (yield* atLast ? surface.searched(here, starts) : surface.solved(here, starts)).chi2 - chi2;
  drawRegion(byId("plane"), plane);
  const said = byId("plane-said");
  said.textContent =
    `${+(100 * state.cl).toFixed(2)} % C.L., two degrees of freedom; Δχ² = ${readable(excess < 1e-9 ? 0 : excess)} at the chosen values.` +
    (plane.blind ? " Dotted: the blind direction, which adds no events, as it lies in this plane or across it." : "") +
    (lattice.isCut(plane.parameters) ? " The region goes on beyond the picture: choose a wider plane." : "");
  said.dataset.excess = excess;
  said.dataset.chi2 = chi2;
  mark("plane", atLast ? "" : ROUGH);
}

function tableTasks(view, likelihood, rows) {
  const others = view.group.parameters.filter((one) => one.name !== state.x && !state.free.includes(one.name));
  const fixed = view.group.together ? view : atStandard(view);
  function* addRow(parameter) {
    const found = yield* statement(fixed, likelihood, parameter.name, true);
    rows.set(parameter.name, limitRow(parameter, found.scan, sided(view, found)));
    showRows(view, rows);
  }
  return others.map((parameter) => inPieces(() => addRow(parameter)));
}

function showRows(view, rows) {
  const ordered = view.group.parameters.filter((one) => rows.has(one.name));
  byId("limits").replaceChildren(...ordered.map((one) => rows.get(one.name)));
  mark("numbers", ROUGH);
}

/**
 * What a picture or table shows: what was chosen before, a part, a first look that is made finer, nothing, as
 * something is wrong with what was chosen, or, if there is no word, all there is.
 */
const OLD = "old";
const PART = "part";
const ROUGH = "rough";
const EMPTY = "empty";
const MARKED = ["curve", "plane", "numbers"];

/** Say of what stage a picture or table is, to eyes and readers; only what is finished can be saved. */
function mark(name, stage) {
  const box = byId(`${name}-box`);
  box.dataset.stage = stage;
  box.setAttribute("aria-busy", String(stage !== ""));
  byId(`save-${name}`).disabled = stage !== "";
}

function finish(own) {
  if (own === generation) {
    byId("numbers").textContent = numbersText(latest);
    mark("numbers", "");
    settle(own);
  }
  return true;
}

/** Put the state into the address, which takes a browser long, and say that all is done. */
function settle(own) {
  history.replaceState(null, "", `#${written(state, firstState)}`);
  document.body.dataset.done = String(own);
}

/** Work through tasks, a slice of time after another, until a newer change. */
function run(tasks, own, milliseconds, began) {
  delete document.body.dataset.done;
  // what one change does at once is counted from its beginning: after a long first curve the rest waits
  const end = (began ?? performance.now()) + milliseconds;
  while (tasks.length && performance.now() < end && own === generation) {
    if (tasks[0](end - performance.now())) tasks.shift();
  }
  if (began) {
    const taken = performance.now() - began;
    document.body.dataset.milliseconds = taken.toFixed(1);
  }
  if (tasks.length && own === generation) setTimeout(() => run(tasks, own, SLICE_MS), 0);
}

function clear(own) {
  drawn = { key: "" };
  for (const id of ["curve", "plane", "spectrum", "limits"]) byId(id).replaceChildren();
  for (const id of ["said", "blind-said", "plane-said", "spectrum-said", "numbers"]) byId(id).textContent = "";
  for (const name of MARKED) Object.assign(byId(`${name}-box`), { ariaBusy: "false" }).dataset.stage = EMPTY;
  for (const id of [...MARKED, "spectrum"]) byId(`save-${id}`).disabled = true;
  settle(own);
}

/** How far the sliders go, in the units shown: some units of what the data tell. */
function rangesOf(view) {
  if (problemOf(view)) return view.group.parameters.map(() => [0, 1]);
  const { datasets, recoil, expected, group, phases } = state;
  const key = JSON.stringify([datasets, recoil, expected, group, phases]);
  if (ranges.key !== key) ranges = { key, found: rangesFound(view) };
  return ranges.found;
}

function rangesFound(view) {
  const round = (x) => Number(x.toPrecision(1));
  const units = unitsOf(view, likelihoodOf(view));
  return view.group.parameters.map((one, i) => {
    const size = round((4 * valueOf(one, units[i])) / one.scale);
    const middle = view.standard[i] / one.scale;
    const low = one.low === null ? -Infinity : one.low / one.scale;
    return [Math.max(middle - size, low), middle + size];
  });
}

function fillAll() {
  const view = viewOf(state);
  fillSelects(carried, state);
  fillParameters(view.group, state, view.values, rangesOf(view), changed);
}

/** Take a change; `kept` names the control that moves, which must not be made anew. */
function changed(change, kept = null) {
  const began = performance.now();
  state = allowed({ ...state, ...change }, groupOf(change.group ?? state.group));
  if (!kept) fillAll();
  recompute(began);
}

function choose(id, make) {
  byId(id).addEventListener("change", (event) => {
    changed(make(event.target.value));
    byId(id).focus();
  });
}

choose("recoil", (value) => ({ recoil: value }));
choose("expected", (value) => ({ expected: value === "1" }));
choose("group", (value) => {
  const names = groupOf(value).parameters.map((one) => one.name);
  return { group: value, x: names[0], y: names[1] ?? "", free: [], values: {} };
});
choose("x", (value) => ({ x: value, y: state.y === value ? "" : state.y, free: state.free.filter((one) => one !== value) }));
choose("y", (value) => ({ y: value, free: state.free.filter((one) => one !== value) }));
choose("zoom", (value) => ({ zoom: Number(value) }));
choose("cl", (value) => ({ cl: Number(value) }));
choose("sides", (value) => ({ sides: value }));
choose("spectrum-of", (value) => ({ spectrum: value }));
for (const id of ["curve", "plane", "spectrum"]) {
  byId(`save-${id}`).addEventListener("click", () => saveAs(`${id}.svg`, "image/svg+xml", standalone(byId(id))));
}
byId("save-numbers").addEventListener("click", () => saveAs("numbers.csv", "text/csv", byId("numbers").textContent));
byId("controls").addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", () => {
  state = readFrom(location.hash.slice(1), carried);
  start();
});
addEventListener("resize", () => {
  sizes.clear();
  if (latest) recompute();
});

function start() {
  byId("datasets").replaceChildren();
  fillDatasets(carried, state, changed);
  fillAll();
  recompute();
}

byId("origin").textContent =
  `munu ${carried.version}, mixing ${carried.mixing.name}. Events of the Standard Model are those of δ_CP = 0; ` +
  "phases of couplings that change flavour are zero, and free where the coupling is.";
byId("method").textContent =
  "Limits: Δχ² with one degree of freedom, nuisances minimised over by the same descent as in the package. " +
  "The region is drawn on a lattice of 81 × 81 points, between which its line is straight.";
start();
