// What the page asks: one value, its address, and the steps back and forth. The server alone reads addresses.

const plainCopy = (value) => JSON.parse(JSON.stringify(value));

function draftText(draft) {
  const clean = (text) => text.replaceAll("~", " ");
  const value = (v) => (typeof v === "object" ? Object.entries(v).map(([k, n]) => `${k}=${n}`).join(",") : String(v));
  const moved = Object.entries(draft.moved).map(([lever, v]) => `${lever}:${value(v)}`);
  return [clean(draft.title), draft.base, ...moved].join("~");
}

export function queryOf(asked) {
  const query = new URLSearchParams();
  const { world } = asked;
  query.set("world", world.base);
  for (const [kind, factor] of Object.entries(world.rates)) query.set(`rate.${kind}`, factor);
  for (const title of world.off) query.append("off", title);
  for (const [code, budget] of Object.entries(world.rivals)) query.set(`rival.${code}`, budget);
  if (world.horizon !== null) query.set("horizon", world.horizon);
  for (const [name, value] of Object.entries(world.parameters)) query.set(`p.${name}`, value);
  query.set("mine", draftText(asked.mine));
  query.set("base", draftText(asked.baseline));
  for (const pin of asked.pins) query.append("pin", draftText(pin));
  if (!asked.shipped) query.set("shipped", "0");
  if (asked.measure) query.set("measure", asked.measure);
  if (asked.seed !== "1") query.set("seed", asked.seed);
  return query.toString();
}

export class State {
  constructor(asked, changed) {
    this.asked = asked;
    this.changed = changed; // called with (kind of change) after each
    this.steps = [plainCopy(asked)];
    this.at = 0;
  }

  get query() { return queryOf(this.asked); }

  // A change while something is dragged: drawn, but no step of its own until `settle`.
  move(change, kind = "policy") {
    change(this.asked);
    this.changed(kind);
  }

  settle() {
    if (JSON.stringify(this.asked) === JSON.stringify(this.steps[this.at])) return;
    this.steps = [...this.steps.slice(0, this.at + 1), plainCopy(this.asked)].slice(-100);
    this.at = this.steps.length - 1;
    this.changed("step");
  }

  set(change, kind = "all") {
    this.move(change, kind);
    this.settle();
  }

  go(by) {
    if (!(this.at + by in this.steps)) return;
    this.at += by;
    this.asked = plainCopy(this.steps[this.at]);
    this.changed("all");
    this.changed("step");
  }
}
