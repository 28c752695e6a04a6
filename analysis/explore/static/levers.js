// The policy as levers. Each shows its range, its unit, who pays and when, and where its shipped base stands.
import { el, number } from "./parts.js";

const places = (lever) => (lever.high - lever.low > 10 ? 0 : 2);
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export function buildLevers(place, desk, state) {
  const asked = () => state.asked.mine;
  const base = () => desk.bases[asked().base].values;
  const value = (name) => asked().moved[name] ?? base()[name];
  const refresh = [];

  function put(name, made) {
    state.move((all) => {
      if (same(made, base()[name])) delete all.mine.moved[name];
      else all.mine.moved[name] = made;
    });
  }

  // One slider with its number; `mark`: where the base stands.
  function slider(id, label, range, get, put_, mark) {
    const field = el("input", { type: "number", id: `${id}-n`, min: range.low, max: range.high, step: range.step, "aria-label": `${label}, as a number` });
    const bar = el("input", { type: "range", id, min: range.low, max: range.high, step: range.step });
    const tick = el("span", { class: "stands", "aria-hidden": "true" });
    const take = (text) => {
      const given = Number(text);
      if (text === "" || Number.isNaN(given)) return;
      put_(Math.min(range.high, Math.max(range.low, given)));
    };
    bar.addEventListener("input", () => take(bar.value));
    field.addEventListener("input", () => take(field.value));
    for (const one of [bar, field]) one.addEventListener("change", () => { state.settle(); show(); });
    const show = () => {
      const now = get();
      if (document.activeElement !== field) field.value = Number(now.toFixed(range.digits));
      bar.value = now;
      bar.setAttribute("aria-valuetext", `${number(now)}; shipped ${number(mark())}`);
      tick.style.left = `calc(.5rem + (100% - 1rem) * ${(mark() - range.low) / (range.high - range.low)})`;
      tick.title = `shipped: ${number(mark())}`;
      row.classList.toggle("moved", Math.abs(now - mark()) > 1e-9);
    };
    const row = el("div", { class: "lever" }, el("label", { for: id }, label), el("div", { class: "pair" }, el("div", { class: "track" }, bar, tick), field));
    refresh.push(show);
    return row;
  }

  function numberLever(lever) {
    const step = (lever.high - lever.low) / (places(lever) ? 100 : 120);
    const range = { low: lever.low, high: lever.high, step, digits: places(lever) };
    return slider(`l-${lever.name}`, lever.label, range, () => value(lever.name), (v) => put(lever.name, Number(v.toFixed(4))), () => base()[lever.name]);
  }

  // A share is moved, the others give way in proportion, and the sum stays 1.
  function shares(lever, name, wanted) {
    const now = value(lever.name);
    const rest = lever.names.map((n) => n.name).filter((n) => n !== name);
    const others = rest.reduce((sum, n) => sum + now[n], 0);
    const made = {};
    for (const { name: n } of lever.names) {
      const share = others > 0 ? now[n] / others : 1 / rest.length;
      made[n] = Number((n === name ? wanted : (1 - wanted) * share).toFixed(4));
    }
    const largest = rest.reduce((a, b) => (made[a] >= made[b] ? a : b));
    const total = Object.values(made).reduce((a, b) => a + b, 0);
    made[largest] = Math.max(0, Number((made[largest] + 1 - total).toFixed(4)));
    return made;
  }

  function tableLever(lever) {
    const split = lever.kind === "split";
    const range = { low: lever.low, high: split ? 1 : lever.high, step: split ? 0.01 : 0.1, digits: 2 };
    const rows = lever.names.map((one) => slider(
      `l-${lever.name}-${one.name}`, one.label, range, () => value(lever.name)[one.name],
      (v) => put(lever.name, split ? shares(lever, one.name, v) : { ...value(lever.name), [one.name]: Number(v.toFixed(4)) }),
      () => base()[lever.name][one.name],
    ));
    if (!split) return el("details", { class: "many" }, el("summary", {}, lever.label), words(lever), ...rows);
    return el("fieldset", { class: "split" }, el("legend", {}, `${lever.label}, sum 1`), words(lever), ...rows);
  }

  function choiceLever(lever) {
    const id = `l-${lever.name}`;
    const select = el("select", { id }, lever.names.map((one) => el("option", { value: one.name }, one.label)));
    const row = el("div", { class: "lever" }, el("label", { for: id }, lever.label), select);
    select.addEventListener("change", () => { put(lever.name, select.value); state.settle(); });
    refresh.push(() => {
      select.value = value(lever.name);
      row.classList.toggle("moved", select.value !== base()[lever.name]);
    });
    return row;
  }

  const words = (lever) => el("details", { class: "about" }, el("summary", {}, `Pays: ${lever.pays}`), el("p", { class: "kind" }, `${lever.meaning[0].toUpperCase()}${lever.meaning.slice(1)} (${lever.unit}). Gains: ${lever.gains}. Felt after ${lever.delay} quarters.`));

  const title = el("input", { id: "title", maxlength: 60, autocomplete: "off" });
  title.addEventListener("change", () => { state.set((all) => { all.mine.title = title.value.trim() || "My policy"; }, "policy"); });
  const from = el("select", { id: "from" }, Object.entries(desk.bases).map(([name, one]) => el("option", { value: name }, one.title)));
  from.addEventListener("change", () => state.set((all) => { all.mine.base = from.value; all.mine.moved = {}; }));
  const about = el("p", { class: "kind" });
  refresh.push(() => {
    if (document.activeElement !== title) title.value = asked().title;
    from.value = asked().base;
    const count = Object.keys(asked().moved).length;
    about.textContent = `${desk.bases[asked().base].about}. ${count ? `${count} ${count === 1 ? "lever" : "levers"} moved; ` : ""}the notch is where it stands as shipped.`.replace("..", ".");
  });
  const make = { number: numberLever, choice: choiceLever, split: tableLever, weights: tableLever };
  place.replaceChildren(
    el("div", { class: "two" }, el("div", {}, el("label", { for: "title" }, "Name"), title), el("div", {}, el("label", { for: "from" }, "Start from"), from)),
    about,
    ...desk.groups.map((group, at) => el("details", { class: "group", open: at < 2 }, el("summary", {}, group.title),
      group.levers.map((lever) => (lever.kind === "number" || lever.kind === "choice" ? el("div", {}, make[lever.kind](lever), words(lever)) : make[lever.kind](lever))))),
  );
  const show = () => refresh.forEach((one) => one());
  show();
  return show;
}
