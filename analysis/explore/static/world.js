// The world that nobody chooses: rates of threats, shocks, rivals, horizon, assumed parameters.
import { el, number } from "./parts.js";

export function buildWorld(place, desk, state) {
  const { world } = desk;
  const now = () => state.asked.world;
  const refresh = [];

  function slider(id, label, unit, range, get, put, shipped) {
    const bar = el("input", { type: "range", id, min: range[0], max: range[1], step: range[2] });
    const out = el("output", { for: id });
    const tick = el("span", { class: "stands", "aria-hidden": "true" });
    const row = el("div", { class: "lever" }, el("label", { for: id }, label, el("span", { class: "range" }, out)), el("div", { class: "track" }, bar, tick), unit && el("p", { class: "kind" }, unit));
    bar.addEventListener("input", () => state.move((all) => put(all.world, Number(bar.value)), "world"));
    bar.addEventListener("change", () => state.settle());
    refresh.push(() => {
      bar.value = get();
      out.textContent = number(get());
      row.classList.toggle("moved", Math.abs(get() - shipped) > 1e-9);
      tick.style.left = `calc(.5rem + (100% - 1rem) * ${(shipped - range[0]) / (range[1] - range[0])})`;
    });
    return row;
  }

  const set = (table, name, value, shipped) => {
    if (Math.abs(value - shipped) < 1e-12) delete table[name];
    else table[name] = value;
  };
  const scenario = el("select", { id: "scenario" },
    world.scenarios.some((one) => one.name === state.asked.world.base) ? null : el("option", { value: state.asked.world.base }, `${world.title} (file)`),
    world.scenarios.map((one) => el("option", { value: one.name }, one.title)));
  scenario.value = state.asked.world.base;
  scenario.addEventListener("change", () => state.set((all) => {
    all.world = { base: scenario.value, rates: {}, off: [], rivals: {}, horizon: null, parameters: {} };
    all.measure = null;
  }, "desk"));
  const seed = el("input", { id: "seed", inputmode: "numeric", pattern: "[0-9]{1,20}" });
  seed.addEventListener("change", () => state.set((all) => { all.seed = /^\d{1,20}$/.test(seed.value) ? seed.value : "1"; }, "world"));
  refresh.push(() => { seed.value = state.asked.seed; });

  const rates = world.kinds.map((kind) => slider(`w-${kind.name}`, kind.label, null, [0, 4, 0.1],
    () => now().rates[kind.name] ?? 1, (all, v) => set(all.rates, kind.name, v, 1), 1));
  const shocks = world.shocks.map((shock, at) => {
    const box = el("input", { type: "checkbox", id: `w-shock-${at}` });
    box.addEventListener("change", () => state.set((all) => {
      all.world.off = all.world.off.filter((title) => title !== shock.title);
      if (!box.checked) all.world.off.push(shock.title);
    }, "world"));
    refresh.push(() => { box.checked = !now().off.includes(shock.title); });
    return el("label", { class: "tick" }, box, el("span", {}, `${shock.title} `, el("small", {}, `${shock.when}, ${shock.kind}, severity ${number(shock.severity)}: ${shock.states.slice(0, 4).join(", ")}${shock.states.length > 4 ? ` and ${shock.states.length - 4} more` : ""}`)));
  });
  const rivals = world.rivals.map((rival) => slider(`w-${rival.code}`, rival.name, "effort units a quarter", [0, 10, 0.5],
    () => now().rivals[rival.code] ?? rival.budget, (all, v) => set(all.rivals, rival.code, v, rival.budget), rival.budget));
  const horizon = slider("w-horizon", "Horizon", `quarters from ${world.start}`, [4, 80, 4],
    () => now().horizon ?? world.horizon, (all, v) => { all.horizon = v === world.horizon ? null : v; }, world.horizon);
  const rows = world.parameters.map((p) => [p, slider(`w-p-${p.name}`, p.label, `${p.meaning} (${p.unit})`, [p.low, p.high, (p.high - p.low) / 50],
    () => now().parameters[p.name] ?? p.value, (all, v) => set(all.parameters, p.name, Number(v.toPrecision(6)), p.value), p.value)]);
  const search = el("input", { type: "search", id: "w-search", autocomplete: "off" });
  search.addEventListener("input", () => {
    const wanted = search.value.toLowerCase();
    for (const [p, row] of rows) row.hidden = !`${p.label} ${p.meaning}`.toLowerCase().includes(wanted);
  });
  const group = (title, open, ...children) => el("details", { class: "group", open }, el("summary", {}, title), ...children);
  place.replaceChildren(
    el("label", { for: "scenario" }, "Scenario"), scenario, el("p", { class: "kind" }, world.question),
    group("How often threats arise", true, el("p", { class: "kind" }, "times the scenario’s own rate"), ...rates),
    shocks.length ? group("Shocks of the script", false, ...shocks) : "",
    rivals.length ? group("Rivals’ budgets", false, ...rivals) : "",
    group("Horizon and luck", false, horizon, el("label", { for: "seed" }, "Seed of all luck"), seed),
    group(`Assumed parameters (${rows.length})`, false, el("label", { for: "w-search" }, "Find"), search, ...rows.map(([, row]) => row)),
  );
  const show = () => refresh.forEach((one) => one());
  show();
  return show;
}
