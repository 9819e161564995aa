// What was chosen, and its place in the address.

const PHASES = {
  delta_cp: { symbol: "δ_CP", groups: ["mass-moments", "flavour-moments"] },
  xi_1: { symbol: "ξ₁", groups: ["mass-moments"] },
  xi_2: { symbol: "ξ₂", groups: ["mass-moments"] },
};

/** Values at which a group's parameters are those of the Standard Model. */
function standardValues(carried, group, datasets) {
  const point = group.key === "couplings" && datasets.map((one) => one.standardPoint).find(Boolean);
  return group.parameters.map((_, i) => (point ? point[i] : 0));
}

function initialState(carried) {
  return {
    datasets: carried.datasets.slice(0, 1).map((one) => one.id),
    recoil: "all",
    expected: false,
    group: carried.groups[0].key,
    x: carried.groups[0].parameters[0].name,
    y: carried.groups[0].parameters[1].name,
    zoom: 1,
    cl: 0.9,
    sides: "two",
    values: {},
    free: [],
    phases: { delta_cp: 0, xi_1: 0, xi_2: 0 },
    spectrum: "",
  };
}

/** The state with what its group allows: where parameters go one by one, that of the x axis alone is varied. */
function allowed(state, group) {
  if (group.together) return state;
  const values = Object.fromEntries(Object.entries(state.values).filter(([name]) => name === state.x));
  return { ...state, y: "", free: [], values };
}

/** The state as text for the address; what is as at first is left out. */
function written(state, first) {
  const found = new URLSearchParams();
  for (const key of ["recoil", "group", "x", "y", "zoom", "cl", "sides", "spectrum"]) {
    if (state[key] !== first[key]) found.set(key, state[key]);
  }
  if (state.datasets.join() !== first.datasets.join()) {
    (state.datasets.length ? state.datasets : [""]).forEach((id) => found.append("data", id));
  }
  if (state.expected) found.set("expected", 1);
  state.free.forEach((name) => found.append("free", name));
  for (const [name, value] of Object.entries(state.phases)) if (value) found.set(name, value);
  for (const [name, value] of Object.entries(state.values)) found.append("value", `${name}=${value}`);
  return found.toString();
}

/** The state that an address holds; what it does not know is left as at first. */
function readFrom(text, carried) {
  const given = new URLSearchParams(text);
  const state = initialState(carried);
  const known = carried.datasets.map((one) => one.id);
  if (given.has("data")) state.datasets = given.getAll("data").filter((id) => known.includes(id));
  const group = carried.groups.find((one) => one.key === given.get("group")) ?? carried.groups[0];
  const names = group.parameters.map((one) => one.name);
  state.group = group.key;
  state.x = names.includes(given.get("x")) ? given.get("x") : names[0];
  const y = given.get("y");
  const usual = [state.y, ...names].find((name) => names.includes(name) && name !== state.x) ?? "";
  state.y = y === "" || names.includes(y) ? y : usual;
  if (state.y === state.x) state.y = "";
  if (["all", "nuclear", "electron"].includes(given.get("recoil"))) state.recoil = given.get("recoil");
  state.expected = given.get("expected") === "1";
  if (given.get("sides") === "one") state.sides = "one";
  const cl = Number(given.get("cl"));
  if (carried.levels.some((level) => level.cl === cl)) state.cl = cl;
  if ([0.5, 2, 4].includes(Number(given.get("zoom")))) state.zoom = Number(given.get("zoom"));
  state.free = given.getAll("free").filter((name) => names.includes(name) && name !== state.x && name !== state.y);
  for (const name of Object.keys(PHASES)) {
    const value = Number(given.get(name));
    if (Number.isFinite(value)) state.phases[name] = value;
  }
  for (const entry of given.getAll("value")) {
    const [name, value] = entry.split("=");
    if (names.includes(name) && Number.isFinite(Number(value))) state.values[name] = Number(value);
  }
  state.spectrum = given.get("spectrum") ?? "";
  return allowed(state, group);
}
