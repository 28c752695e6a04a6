// The paper list: what was tried in this browser, with what came out, each a link back.
import { $, el } from "./parts.js";

const KEY = "interlock-tried";
const MOST = 60;
const read = () => { try { return JSON.parse(localStorage.getItem(KEY)) ?? []; } catch { return []; } };
const write = (list) => { try { localStorage.setItem(KEY, JSON.stringify(list)); } catch { /* a browser that keeps nothing */ } };

function show() {
  const list = read();
  $("tried").replaceChildren(...list.map((one) => el("li", {}, el("a", { href: `/?${one.query}` }, one.title), ` ${one.what}`)));
  if (!list.length) $("tried").replaceChildren(el("li", { class: "kind" }, "Nothing yet. What has come to 400 replicates is noted here."));
}

export const tried = {
  start() {
    $("forget").onclick = () => { write([]); show(); };
    show();
  },
  note(state, made) {
    if (made.unmoved || made.alone) return;
    const list = read().filter((one) => one.query !== state.query);
    const moved = Object.entries(state.asked.mine.moved).map(([lever, v]) => `${lever.replaceAll("_", " ")} ${typeof v === "object" ? "changed" : v}`);
    list.push({ query: state.query, title: made.mine, what: `(${[state.asked.mine.base.replaceAll("_", " "), ...moved].join(", ")}): ${made.headline}` });
    write(list.slice(-MOST));
    show();
  },
};
