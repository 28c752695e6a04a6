// Drawings: the difference by quarter, gains, the map, the strip. Numbers come from the server; nothing is computed here.
import { $, el, signed, svg, ticks } from "./parts.js";

// As wide as its place, so that text has one size everywhere.
const widthOf = (place) => Math.max(280, Math.round(place.clientWidth) || 640);
const text = (x, y, words, more = {}) => svg("text", { x, y, ...more }, words);

// A mean with its band over quarters; `sign` says which side is better.
export function drawCourse(place, shown) {
  const { mean, low, high } = shown.course;
  const WIDE = shown.wide ?? widthOf(place);
  const [left, right, top, bottom, high_] = [52, 12, 12, 28, Math.min(360, Math.round(WIDE * 0.6))];
  const all = [...low, ...high, 0];
  let [min, max] = [Math.min(...all), Math.max(...all)];
  if (max - min < 1e-9) [min, max] = [-1, 1];
  const air = (max - min) * 0.06;
  [min, max] = [min - air, max + air];
  const x = (i) => left + (WIDE - left - right) * (mean.length > 1 ? i / (mean.length - 1) : 0.5);
  const y = (v) => top + (high_ - top - bottom) * (1 - (v - min) / (max - min));
  const path = (values, order = 1) => values.map((v, i) => [x(order > 0 ? i : values.length - 1 - i), y(order > 0 ? v : values[values.length - 1 - i])].map((n) => n.toFixed(1)).join(",")).join(" L");
  const better = shown.sign > 0 ? max : min;
  const years = shown.quarters.map((q, i) => [q, i]).filter(([q]) => q.endsWith("Q1"));
  const every = Math.ceil(years.length / (WIDE / 75));
  const label = `${shown.noun}, ${shown.mine} less ${shown.baseline}, ${shown.unit}: ${signed(mean[0])} in ${shown.quarters[0]}, ${signed(mean.at(-1))} in ${shown.quarters.at(-1)}`;
  place.replaceChildren(svg("svg", { viewBox: `0 0 ${WIDE} ${high_}`, role: "img", "aria-label": label },
    svg("rect", { class: "better", x: left, width: WIDE - left - right, y: Math.min(y(better), y(0)), height: Math.abs(y(0) - y(better)) }),
    ticks(min, max).map((v) => [svg("line", { class: "grid", x1: left, x2: WIDE - right, y1: y(v), y2: y(v) }), text(left - 6, y(v) + 4, signed(v), { class: "end" })]),
    years.filter((_, i) => i % every === 0).map(([q, i]) => text(x(i), high_ - 8, q.slice(0, 4), { class: "mid" })),
    svg("path", { class: "band", d: `M${path(low)} L${path(high, -1)} Z` }),
    svg("line", { class: "zero", x1: left, x2: WIDE - right, y1: y(0), y2: y(0) }),
    svg("path", { class: "mean", d: `M${path(mean)}` }),
    text(left + 6, shown.sign > 0 ? top + 14 : high_ - bottom - 8, "better", { class: "note" }),
  ));
}

// A row for each policy: gain and interval, best first.
export function drawGains(place, shown, open) {
  const rows = shown.gains;
  const WIDE = widthOf(place);
  const roomy = WIDE > 470;
  const [left, right, top, step] = [roomy ? 168 : 112, roomy ? 150 : 64, 22, 30];
  const longest = roomy ? 24 : 16;
  const tall = top + rows.length * step + 34;
  const ends = rows.flatMap((r) => [r.low ?? r.mean, r.high ?? r.mean]);
  let [min, max] = [Math.min(-shown.smallest, ...ends), Math.max(shown.smallest, ...ends)];
  const air = (max - min) * 0.05;
  [min, max] = [min - air, max + air];
  const x = (v) => left + (WIDE - left - right) * ((Math.min(max, Math.max(min, v)) - min) / (max - min));
  const bars = rows.map((r, i) => {
    const y = top + i * step + step / 2;
    const way = !r.told || r.kind === "baseline" ? "even" : r.mean > 0 ? "good" : "bad";
    const name = r.title.length > longest ? `${r.title.slice(0, longest - 1)}…` : r.title;
    return svg("g", { class: `${way} ${r.kind}${r.best ? " best" : ""}` },
      r.kind === "mine" && svg("rect", { class: "own", x: 0, y: y - step / 2, width: WIDE, height: step }),
      text(left - 10, y + 4, name, { class: "end name" }),
      svg("line", { class: "span", x1: x(r.low ?? min), x2: x(r.high ?? max), y1: y, y2: y }),
      r.kind === "baseline" ? svg("rect", { class: "dot", x: x(r.mean) - 5, y: y - 5, width: 10, height: 10 }) : svg("circle", { class: "dot", cx: x(r.mean), cy: y, r: 5.5 }),
      text(WIDE - right + 10, y + 4, r.kind === "baseline" ? "baseline" : `${r.mean > 0 ? "+" : ""}${r.text}`, { class: "amount" }),
      roomy && text(WIDE - 4, y + 4, `€ ${r.cost} m`, { class: "end soft" }));
  });
  const label = rows.map((r) => `${r.title}: ${r.kind === "baseline" ? "baseline" : `gain ${r.text}, ${r.span}`}`).join("; ");
  place.replaceChildren(svg("svg", { viewBox: `0 0 ${WIDE} ${tall}`, role: "img", "aria-label": label },
    svg("rect", { class: "matters", x: x(-shown.smallest), width: x(shown.smallest) - x(-shown.smallest), y: top, height: rows.length * step }),
    bars,
    svg("line", { class: "zero", x1: x(0), x2: x(0), y1: top, y2: top + rows.length * step }),
    ticks(min, max, roomy ? 5 : 3).map((v) => text(x(v), tall - 18, signed(v), { class: "mid" })),
    text(WIDE - right, tall - 3, roomy ? `${shown.sign > 0 ? "more" : "less"} ${shown.noun} than ${shown.base}, ${shown.unit} (better →)` : "better →", { class: "soft end" }),
    text(WIDE - right + 10, 13, "gain", { class: "soft" }), roomy && text(WIDE - 4, 13, "cost, a quarter", { class: "end soft" })));
  if (open) place.append(open);
}

// Equal tiles, no borders. Blue gains and orange loses; what is not told from luck stays pale and dotted.
export function drawMap(place, shown, kind, open) {
  const states = shown.places;
  if (!states) {
    place.replaceChildren(el("p", { class: "kind" }, "Move a lever: then the map shows whom it helps and whom it hurts."));
    return;
  }
  const size = 46;
  const [x0, y0] = [Math.min(...states.map((s) => s.x)), Math.min(...states.map((s) => s.y))];
  const [wide, tall] = [Math.max(...states.map((s) => s.x)) - x0 + 1, Math.max(...states.map((s) => s.y)) - y0 + 1];
  const top = Math.max(1e-9, ...states.filter((s) => s.role !== "rival" && s[`${kind}_told`]).map((s) => Math.abs(100 * s[kind])));
  const digits = top >= 20 ? 0 : top >= 2 ? 1 : 2;
  const tiles = states.map((s) => {
    const told = s[`${kind}_told`] && s.role !== "rival";
    const value = 100 * s[kind];
    const shade = told ? Math.min(3, 1 + Math.floor((Math.abs(value) / top) * 2.99)) : 0;
    const amount = s.role === "rival" ? "rival" : `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value).toFixed(digits)}`;
    const what = kind === "harm" ? "harm averted, hundredths of a point a quarter" : "trust, hundredths";
    const press = () => open(s.code);
    const tell = () => { $("map-now").textContent = `${s.name}, ${s.role}: ${amount} ${what}${told || s.role === "rival" ? "" : "; not told from luck"}`; };
    return svg("g", {
      class: `place ${s.role} ${told ? (value > 0 ? `up-${shade}` : `down-${shade}`) : "untold"}`, transform: `translate(${(s.x - x0) * size},${(s.y - y0) * size})`,
      tabindex: "0", role: "button", "data-code": s.code, "aria-label": `${s.code} ${amount}: ${s.name}, ${s.role}; ${what}${told ? "" : ", not told from luck"}`,
      onclick: press, onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); press(); } },
      onmouseenter: tell, onfocus: tell,
    }, svg("rect", { x: 2, y: 2, width: size - 4, height: size - 4, rx: s.role === "partner" ? 11 : 2 }),
    text(size / 2, 21, s.code, { class: "mid code" }), " ", text(size / 2, 35, amount, { class: "mid small" }));
  });
  place.replaceChildren(svg("svg", { class: "tiles", viewBox: `0 0 ${wide * size} ${tall * size}`, role: "group", "aria-label": "Map of equal tiles" }, tiles));
}

export function spark(values) {
  const top = Math.max(1e-12, ...values.map(Math.abs));
  const d = values.map((v, i) => `${((100 * i) / Math.max(1, values.length - 1)).toFixed(1)},${(12 - (10 * v) / top).toFixed(1)}`).join(" L");
  return svg("svg", { class: "spark", viewBox: "0 0 100 24", "aria-hidden": "true" }, svg("line", { class: "zero", x1: 0, x2: 100, y1: 12, y2: 12 }), svg("path", { class: "mean", d: `M${d}` }));
}

// Every measure: what it is under both policies, and whether the difference is told from luck.
export function drawStrip(body, shown, choose) {
  const sign = { better: "▲ better", worse: "▼ worse", differs: "◆ differs" };
  body.replaceChildren(...shown.strip.map((row) => el("tr", { class: `${row.way || "even"}${row.measure === shown.measure ? " chosen" : ""}` },
    el("th", { scope: "row" }, el("button", { class: "plain", title: `${row.words} (${row.unit})`, "aria-pressed": String(row.measure === shown.measure), onclick: () => choose(row.measure) }, row.name)),
    el("td", {}, row.base), el("td", {}, row.own), el("td", {}, `${row.mean > 0 ? "+" : ""}${row.text}`), el("td", {}, row.span),
    el("td", { class: "way" }, sign[row.way] ?? "not told"), el("td", {}, spark(row.course)))));
}
