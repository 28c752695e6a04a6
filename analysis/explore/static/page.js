// The page: asks, draws what comes, and lets what is obsolete go.
import { buildLevers } from "./levers.js";
import { buildWorld } from "./world.js";
import { drawCourse, drawGains, drawMap, drawStrip } from "./draw.js";
import { $, el, say } from "./parts.js";
import { State } from "./state.js";
import { tried } from "./tried.js";
import { closerLook } from "./closer.js";
import { keeping } from "./keep.js";

const tab = Math.random().toString(36).slice(2, 12);
let moves = 0;
let desk, state, showLevers, showWorld, shown = null, going = null, mapped = "harm", soon = 0;

export const api = (path) => `${path}?${state.query}&tab=${tab}&move=${moves += 1}`;

export async function lines(path, take, signal) {
  const answer = await fetch(path, { signal });
  if (!answer.ok) throw new Error((await answer.json()).problems.join("\n"));
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    for (const part of parts) take(JSON.parse(part));
  }
}

function wrong(words) {
  $("wrong").hidden = !words;
  $("wrong").textContent = words;
}

async function ask() {
  going?.abort();
  const mine = new AbortController();
  going = mine;
  document.body.dataset.ready = "";
  const began = performance.now();
  try {
    await lines(api("/pictures"), (made) => {
      if (going !== mine) return;
      if (made.problems) { wrong(made.problems.join("\n")); return; }
      wrong("");
      draw(made);
      document.body.dataset.ready = `${made.replicates}`;
      document.body.dataset.took ||= "";
      if (mine.first === undefined) { mine.first = performance.now() - began; document.body.dataset.took = mine.first.toFixed(0); }
      if (made.last) { document.body.dataset.ready = "all"; tried.note(state, made); }
    }, mine.signal);
  } catch (error) {
    if (error.name !== "AbortError" && going === mine) wrong(error.message);
  }
}

function draw(made) {
  shown = made;
  $("progress").max = made.most;
  $("progress").value = made.replicates;
  const others = made.policies < made.of ? `; ${made.of - made.policies} policies still running` : "";
  $("count").textContent = `${made.replicates} of ${made.most} paired replicates${others}`;
  if (made.alone) { $("headline").textContent = "Move a lever, pin a policy, or compare the shipped ones."; return; }
  $("headline").textContent = made.unmoved ? "Your policy is the baseline. Move a lever and see what it changes." : made.headline;
  $("sentences").replaceChildren(...made.sentences.slice(1).map((words) => el("li", {}, words)));
  $("course-title").textContent = `${made.noun[0].toUpperCase()}${made.noun.slice(1)}: difference by quarter`;
  $("course-words").textContent = `${made.mine} less ${made.base}, ${made.unit}; mean over ${made.replicates} paired replicates, band: 95 % in each quarter`;
  const own = made.gains.find((one) => one.kind === "mine");
  $("brief").textContent = own ? `${own.mean < 0 ? "Loss" : "Gain"} ${own.text} ${made.unit}, ${own.span}; ${made.replicates} replicates` : "Your policy is the baseline.";
  drawCourse($("course"), made);
  drawGains($("gains"), made);
  drawPlaces();
  drawStrip($("strip").tBodies[0], made, (measure) => state.set((all) => { all.measure = measure; }, "world"));
  $("command").textContent = made.command;
  keeping(state, made, desk);
}

function drawPlaces() {
  $("told").replaceChildren(...shown.told.map((words) => el("li", {}, words)));
  drawMap($("map"), shown, mapped, (code) => closerLook(`state:${code}`));
  for (const button of $("map-kinds").children) button.setAttribute("aria-pressed", String(button.dataset.kind === mapped));
}

function link() {
  history.replaceState(null, "", `/?${state.query}`);
}

async function changed(kind) {
  if (kind === "step") {
    $("undo").disabled = state.at === 0;
    $("redo").disabled = state.at === state.steps.length - 1;
    link();
    return;
  }
  const known = [state.asked.mine, state.asked.baseline, ...state.asked.pins].every((one) => one.base in desk.bases);
  if (kind === "desk" || (kind === "all" && (state.asked.world.base !== desk.asked.world.base || !known))) await build();
  else { showLevers(); showWorld(); choices(); }
  link();
  document.body.dataset.ready = "";
  clearTimeout(soon);
  soon = setTimeout(ask, 40);
}

function choices() {
  const { asked } = state;
  const name = (one) => one.title || desk.bases[one.base].title;
  $("measure").replaceChildren(...desk.measures.map((one) => el("option", { value: one.name }, one.name === desk.world.primary ? `${one.label} (this scenario’s own)` : one.label)));
  $("measure").value = asked.measure ?? desk.world.primary;
  const against = [...desk.shipped.map((base) => ({ title: "", base, moved: {} })), ...asked.pins];
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  if (!against.some((one) => same(one, asked.baseline))) against.push(asked.baseline);
  $("baseline").replaceChildren(...against.map((one, at) => el("option", { value: at }, name(one))));
  $("baseline").value = against.findIndex((one) => same(one, asked.baseline));
  $("baseline").onchange = () => state.set((all) => { all.baseline = against[Number($("baseline").value)]; });
  $("shipped").checked = asked.shipped;
  $("pin").disabled = asked.pins.length >= 4;
  $("pins").replaceChildren(...asked.pins.map((pin, at) => el("li", {},
    el("span", {}, name(pin)),
    el("button", { onclick: () => state.set((all) => { all.mine = JSON.parse(JSON.stringify({ ...pin, title: name(pin) })); }) }, "Take up"),
    el("button", { "aria-label": `Unpin ${name(pin)}`, onclick: () => state.set((all) => { all.pins.splice(at, 1); }) }, "✕"))));
}

async function build() {
  const query = state ? state.query : location.search.slice(1);
  const answer = await fetch(`/desk?${query}`);
  const made = await answer.json();
  if (!answer.ok) { 
    wrong(made.problems.join("\n"));
    if (!state) $("headline").replaceChildren("This link cannot be opened. ", el("a", { href: "/" }, "Start afresh"));
    return false;
  }
  desk = made;
  state ||= new State(made.asked, changed);
  showLevers = buildLevers($("policy"), desk, state);
  showWorld = buildWorld($("world"), desk, state);
  choices();
  $("groups").replaceChildren(el("option", { value: "" }, "choose …"), ...desk.groups_of_states.map((one) => el("option", { value: one.what }, one.name)));
  $("question").textContent = `${desk.world.title}. ${desk.world.question}`;
  return true;
}

function tabs() {
  const both = ["policy", "world"];
  const choose = (name) => both.forEach((one) => {
    $(`tab-${one}`).setAttribute("aria-selected", String(one === name));
    $(`tab-${one}`).tabIndex = one === name ? 0 : -1;
    $(one).hidden = one !== name;
  });
  both.forEach((name, at) => {
    $(`tab-${name}`).onclick = () => choose(name);
    $(`tab-${name}`).onkeydown = (event) => {
      if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
      choose(both[1 - at]);
      $(`tab-${both[1 - at]}`).focus();
    };
  });
}

async function drop(file) {
  const answer = await fetch("/drop", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ name: file.name, text: await file.text() }) });
  const made = await answer.json();
  if (!answer.ok) { wrong(made.problems.join("\n")); $("answer").focus(); return; }
  say(`${file.name} is open.`);
  if (made.kind === "policy") state.set((all) => { all.mine = { title: file.name.replace(/\.toml$/, ""), base: made.base, moved: {} }; }, "desk");
  else state.set((all) => { all.world = { base: made.base, rates: {}, off: [], rivals: {}, horizon: null, parameters: {} }; all.measure = null; }, "desk");
}

function buttons() {
  $("undo").onclick = () => state.go(-1);
  $("redo").onclick = () => state.go(1);
  $("reset").onclick = () => state.set((all) => { all.mine.moved = {}; all.world = { ...all.world, rates: {}, off: [], rivals: {}, horizon: null, parameters: {} }; });
  $("copy").onclick = async () => {
    try { await navigator.clipboard.writeText(location.href); say("The link is copied: it opens these very numbers."); }
    catch { say("Copy the address from the browser’s address bar."); }
  };
  $("pin").onclick = () => state.set((all) => {
    const number = all.pins.length + 1;
    const title = all.mine.title && all.mine.title !== "My policy" ? all.mine.title : `Policy ${"ABCD"[number - 1]}`;
    all.pins.push(JSON.parse(JSON.stringify({ ...all.mine, title })));
  });
  $("measure").onchange = () => state.set((all) => { all.measure = $("measure").value === desk.world.primary ? null : $("measure").value; });
  $("shipped").onchange = () => state.set((all) => { all.shipped = $("shipped").checked; });
  $("map-kinds").append(...[["harm", "Harm averted"], ["trust", "Trust"]].map(([kind, words]) => el("button", { "data-kind": kind, onclick: () => { mapped = kind; drawPlaces(); } }, words)));
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.target.matches("input[type=text], input:not([type]), input[type=number], input[type=search]")) return;
    if (event.key === "z") { event.preventDefault(); state.go(event.shiftKey ? 1 : -1); }
    if (event.key === "y") { event.preventDefault(); state.go(1); }
  });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => { event.preventDefault(); [...event.dataTransfer.files].slice(0, 1).forEach(drop); });
  $("file").onchange = () => { [...$("file").files].slice(0, 1).forEach(drop); $("file").value = ""; };
  $("groups").onchange = () => { if ($("groups").value) closerLook($("groups").value); };
  new ResizeObserver(() => { if (shown && !shown.alone) { drawCourse($("course"), shown); drawGains($("gains"), shown); } }).observe($("right"));
  $("print").onclick = () => window.print();
}

tabs();
if (await build()) {
  buttons();
  closerLook.start(() => ({ state, shown, desk, api }), lines);
  tried.start((query) => { location.href = `/?${query}`; });
  changed("step");
  ask();
}
