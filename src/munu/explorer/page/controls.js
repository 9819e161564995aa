// The form: what can be chosen, made from what the page carries.

const byId = (id) => document.getElementById(id);

function element(name, properties = {}, ...children) {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
}

const option = (value, text, selected) => element("option", { value, textContent: text, selected });

function fillDatasets(carried, state, changed) {
  const list = byId("datasets");
  for (const one of carried.datasets) {
    const box = element("input", { type: "checkbox", id: `data-${one.id}`, checked: state.datasets.includes(one.id) });
    box.addEventListener("change", () => {
      const chosen = carried.datasets.map((other) => other.id).filter((id) => byId(`data-${id}`).checked);
      changed({ datasets: chosen });
    });
    const label = element("label", { htmlFor: box.id, title: one.title, textContent: one.id });
    if (one.label !== one.id) label.append(element("span", { className: "hint", textContent: ` ${one.label}` }));
    list.append(element("div", { className: "choice" }, box, label));
  }
}

function fillSelects(carried, state) {
  byId("group").replaceChildren(...carried.groups.map((one) => option(one.key, one.title, one.key === state.group)));
  byId("cl").replaceChildren(
    ...carried.levels.map(({ cl }) => option(cl, `${+(100 * cl).toFixed(2)} %`, cl === state.cl)),
  );
  byId("recoil").value = state.recoil;
  byId("expected").value = state.expected ? "1" : "";
  byId("sides").value = state.sides;
  byId("zoom").value = String(state.zoom);
  byId("zoom").disabled = !state.y;
  byId("chosen-data").textContent = state.datasets.length ? `Chosen: ${state.datasets.join(", ")}` : "";
}

/** Menus of the axes and a row with a slider for each parameter and phase of the group. */
function fillParameters(group, state, values, ranges, changed) {
  const entries = (chosen, other) =>
    group.parameters.filter((one) => one.name !== other).map((one) => option(one.name, one.symbol, one.name === chosen));
  byId("x").replaceChildren(...entries(state.x, null));
  const others = group.together ? entries(state.y, state.x) : [];
  byId("y").replaceChildren(option("", others.length ? "none" : "none: one at a time", state.y === ""), ...others);
  byId("y").disabled = !others.length;
  const isVaried = (one) => group.together || one.name === state.x;
  byId("values").replaceChildren(
    ...group.parameters.flatMap((one, i) => (isVaried(one) ? [valueRow(one, group, state, values[i], ranges[i], changed)] : [])),
  );
  const phases = Object.entries(PHASES).filter(([, phase]) => phase.groups.includes(group.key));
  byId("phases").replaceChildren(...phases.map(([name, phase]) => phaseRow(name, phase, state, changed)));
}

function valueRow(parameter, group, state, value, range, changed) {
  const shown = value / parameter.scale;
  const set = (text) => {
    const number = Number(text) * parameter.scale;
    if (text === "" || !Number.isFinite(number)) return;
    const low = parameter.low ?? -Infinity;
    const high = parameter.high ?? Infinity;
    changed({ values: { ...state.values, [parameter.name]: Math.min(Math.max(number, low), high) } }, parameter.name);
  };
  const row = sliderRow(parameter.symbol, parameter.name, shown, range, set, `${parameter.about}, ${parameter.unit}`);
  row.append(group.together && group.parameters.length > 1 ? freeBox(parameter, state, changed) : element("span"));
  return row;
}

function freeBox(parameter, state, changed) {
  const onAxis = parameter.name === state.x || parameter.name === state.y;
  const box = element("input", { type: "checkbox", id: `free-${parameter.name}`, checked: state.free.includes(parameter.name), disabled: onAxis });
  box.setAttribute("aria-label", `${parameter.name} free: minimised over`);
  box.addEventListener("change", () => {
    const others = state.free.filter((name) => name !== parameter.name);
    changed({ free: box.checked ? [...others, parameter.name] : others });
  });
  return element("label", { className: "free", title: "minimised over" }, box, "free");
}

function phaseRow(name, phase, state, changed) {
  const set = (text) => {
    const angle = Number(text);
    if (text !== "" && Number.isFinite(angle)) changed({ phases: { ...state.phases, [name]: angle } }, name);
  };
  const row = sliderRow(`${phase.symbol} (rad)`, name, state.phases[name], [-3.1416, 3.1416], set, "phase");
  row.append(element("span"));
  return row;
}

/** A slider and a number that follow each other. */
function sliderRow(symbol, name, value, [low, high], set, about) {
  const step = (high - low) / 200;
  const slider = element("input", { type: "range", min: low, max: high, step: "any", value, id: `slider-${name}` });
  const number = element("input", { type: "number", step: "any", value: +value.toPrecision(6), id: `value-${name}` });
  slider.setAttribute("aria-label", `${symbol}, ${about}`);
  number.setAttribute("aria-label", `${symbol} as a number, ${about}`);
  slider.addEventListener("keydown", (event) => {
    const side = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (!side) return;
    event.preventDefault();
    slider.value = Number(slider.value) + side * step;
    slider.dispatchEvent(new Event("input"));
  });
  slider.addEventListener("input", () => {
    number.value = +Number(slider.value).toPrecision(4);
    set(number.value);
  });
  number.addEventListener("change", () => {
    slider.value = number.value;
    set(number.value);
  });
  return element("div", { className: "amount" }, element("label", { htmlFor: slider.id, textContent: symbol }), slider, number);
}
