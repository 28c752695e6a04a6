// A closer look: one state or group, where the difference comes from, how it holds.
import { drawCourse } from "./draw.js";
import { $, el, signed } from "./parts.js";

let now, lines, going = null;

async function look(path, place, draw) {
  going?.abort();
  const mine = new AbortController();
  going = mine;
  place.replaceChildren(el("p", { class: "kind" }, "Running …"));
  try {
    await lines(path, (made) => {
      if (going !== mine) return;
      place.replaceChildren(...(made.problems ? [el("p", { class: "problem" }, made.problems.join(" "))] : draw(made)));
    }, mine.signal);
  } catch (error) {
    if (error.name !== "AbortError") place.replaceChildren(el("p", { class: "problem" }, error.message));
  }
}

export function bars(rows, words) {
  const top = Math.max(1e-12, ...rows.map((r) => Math.abs(r.amount)));
  return el("table", { class: "ledger" }, el("caption", {}, words), el("tbody", {}, rows.map((r) => {
    const bar = el("span", { class: `bar-of ${r.amount >= 0 ? "good" : "bad"}` });
    bar.style.width = `${(100 * Math.abs(r.amount)) / top}%`;
    return el("tr", {}, el("th", { scope: "row" }, r.cause), el("td", {}, `${r.amount > 0 ? "+" : r.amount < 0 ? "−" : ""}${Math.abs(r.amount).toFixed(3)}`), el("td", { class: "bars" }, bar));
  })));
}

function drawState(made) {
  $("closer-title").textContent = made.title;
  const wide = Math.max(280, Math.min(640, $("closer-body").clientWidth / (window.innerWidth > 1200 ? 3 : 1) - 16));
  const courses = made.courses.map((one) => {
    const place = el("div", { class: "draw" });
    drawCourse(place, { ...one, wide, quarters: made.quarters, mine: made.mine, baseline: made.baseline });
    return el("figure", {}, el("figcaption", {}, `${one.noun}: ${signed(one.course.mean.at(-1))} at the end (${one.own} against ${one.base})`), place);
  });
  return [el("p", { class: "kind" }, `${made.mine} less ${made.base}, ${made.replicates} paired replicates, band: 95 % in each quarter.`),
    el("div", { class: "columns" }, courses),
    el("div", { class: "columns" }, made.ledgers.map((one) => bars(one.rows, `What moved its ${one.score}: ${signed(one.total)} against ${made.base}`))),
    el("p", { class: "kind" }, "From the ledger: accounting, not causation.")];
}

export function closerLook(what) {
  const { api } = now();
  $("closer").hidden = false;
  $("closer-title").textContent = what.split(":")[1];
  $("closer").focus();
  $("closer").scrollIntoView({ block: "nearest" });
  look(`${api("/closer")}&what=${encodeURIComponent(what)}`, $("closer-body"), drawState);
}

closerLook.start = (look_, lines_) => {
  now = look_;
  lines = lines_;
  $("why").onclick = () => look(`${now().api("/why")}`, $("why-body"), (made) => [
    el("ul", {}, made.sentences.map((words) => el("li", {}, words))),
    el("div", { class: "columns" }, (made.ledgers ?? []).map((one) => bars(one.rows, `${one.score}, mean partner: ${signed(one.total)}`))),
    made.lost?.length ? el("table", {}, el("caption", {}, "The gain with a mechanism switched off in both policies"), el("tbody", {}, made.lost.map((one) => el("tr", {}, el("th", { scope: "row" }, `without ${one.name}`), el("td", {}, one.text), el("td", {}, one.span))))) : "",
  ]);
  $("ranges").onclick = () => look(`${now().api("/ranges")}`, $("why-body"), (made) => [el("ul", {}, made.sentences.map((words) => el("li", {}, words)))]);
};
