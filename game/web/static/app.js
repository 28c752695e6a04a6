/* Everything that pages do by themselves: clock, drafts, sending until it is saved, purse, charts. No other script. */
"use strict";
(function () {
  const $ = (query, root) => (root || document).querySelector(query);
  const $$ = (query, root) => Array.from((root || document).querySelectorAll(query));
  const words = () => ($("#words") || { dataset: {} }).dataset;
  document.documentElement.classList.add("js");

  // Numbers as the language of the page writes them.
  const digits = (value, count) => value.toLocaleString(document.documentElement.lang || "en", { minimumFractionDigits: count, maximumFractionDigits: count, useGrouping: false });

  // One line over the page, read out by screen readers.
  let quiet = 0;
  function tell(text, stays, path) {
    const line = $("#told");
    if (!line) return;
    line.textContent = text;
    if (path) {
      const link = document.createElement("a");
      link.href = path;
      link.textContent = words().play;
      line.append(link);
    }
    clearTimeout(quiet);
    if (!stays) quiet = setTimeout(() => { line.textContent = ""; }, 6000);
  }

  // Keys: random on every page, also where the page is not served over TLS (there is no randomUUID then).
  function freshKey() {
    return Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");
  }

  // Storage may be switched off; then drafts live as long as the page.
  const shelf = {
    get(name) { try { return JSON.parse(localStorage.getItem("interlock:" + name)); } catch { return null; } },
    put(name, value) { try { localStorage.setItem("interlock:" + name, JSON.stringify(value)); } catch { /* nothing */ } },
    drop(name) { try { localStorage.removeItem("interlock:" + name); } catch { /* nothing */ } },
  };

  // Clock: the server says what is left, here only time goes by. Every event of the stream, and every page, sets it.
  const time = { left: null, paused: false, at: 0 };
  function set(left, paused, at) {
    Object.assign(time, { left, paused, at });
    clock();
  }
  function read(at) {
    const face = $("#bar .clock");
    if (face) set(face.dataset.left === "" ? null : Number(face.dataset.left), face.dataset.paused === "1", at);
  }
  function clock() {
    const gone = time.paused ? 0 : (performance.now() - time.at) / 1000;
    const left = Math.max(0, time.left - gone);
    const text = Math.floor(left / 60) + ":" + String(Math.floor(left % 60)).padStart(2, "0");
    for (const face of $$(".clock")) {
      face.hidden = time.left === null;
      if (face.textContent !== text) face.textContent = text;
      face.classList.toggle("soon", left < 30 && !time.paused);
    }
    for (const word of $$(".paused")) word.hidden = !time.paused;
  }
  setInterval(clock, 250);

  // Orders: slider and number say the same; the purse counts along.
  function purse(form) {
    let used = 0;
    for (const line of $$(".line", form)) {
      const takes = Number(line.dataset.price) * Number($("input[type=number]", line).value || 0);
      const cost = $(".cost", line);
      if (cost) cost.textContent = " = " + digits(takes, 1);
      used += takes;
    }
    const bid = $("#give-up");
    if (bid) bid.hidden = Number(form.elements.apply.value) >= 0.5;
    const holds = Number(form.dataset.holds);
    $("#used").textContent = digits(used, 1);
    $("#purse").value = used;
    $("#over").hidden = used <= holds + 1e-9;
  }
  document.addEventListener("input", (event) => {
    const form = event.target.form || event.target.closest("form");
    const pair = event.target.closest(".pair");
    if (pair) {
      const [slider, number] = [$("input[type=range]", pair), $("input[type=number]", pair)];
      if (event.target === slider) number.value = slider.value; else slider.value = number.value;
      purse(form);
    }
    if (form) changed(form);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-package]");
    const form = button && $("form[data-draft]");
    if (!form) return;
    for (const [name, value] of Object.entries(JSON.parse(button.dataset.package))) if (form.elements[name]) form.elements[name].value = value;
    for (const pair of $$(".pair", form)) $("input[type=range]", pair).value = $("input[type=number]", pair).value;
    purse(form);
    changed(form);
  });
  function changed(form) {
    form.dataset.dirty = "1";
    if (!form.dataset.draft) return;
    const values = {};
    for (const [name, value] of new FormData(form)) if (name !== "csrf" && name !== "key") values[name] = value;
    // New contents are a new act; an unfinished sending of the old ones ends.
    form.elements.key.value = freshKey();
    shelf.put(form.dataset.draft, { values, key: "" });
    form.dataset.sending = "";
    state(form, words().draft, "");
  }
  function restore(form) {
    const draft = shelf.get(form.dataset.draft);
    if (!draft || !draft.values || form.dataset.dirty === "1") return;
    const values = draft.values;
    for (const [name, value] of Object.entries(values)) if (form.elements[name]) form.elements[name].value = value;
    for (const pair of $$(".pair", form)) $("input[type=range]", pair).value = $("input[type=number]", pair).value;
    form.dataset.dirty = "1";
    purse(form);
    state(form, words().draft, "");
    // It was on its way when the page went: the same act is sent again under the same key.
    if (draft.key) { form.elements.key.value = draft.key; send(form); }
  }

  // Sending: "saved" is said when the server has it on disk. Else the same key is sent again until it is.
  function state(form, text, kind) {
    const line = $("output.state", form);
    if (!line) return;
    line.textContent = text;
    line.className = "state " + kind;
  }
  async function send(form, button) {
    const action = (button && button.getAttribute("formaction")) || form.getAttribute("action");
    const body = new URLSearchParams(new FormData(form));
    if (button && button.name) body.set(button.name, button.value);
    const turn = freshKey();
    const draft = form.dataset.draft && shelf.get(form.dataset.draft);
    if (draft) shelf.put(form.dataset.draft, { values: draft.values, key: body.get("key") });
    form.dataset.sending = turn;
    state(form, words().sending, "");
    for (let tries = 0; form.dataset.sending === turn; tries += 1) {
      const answer = await post(action, body);
      if (form.dataset.sending !== turn) return;
      if (answer) { form.dataset.sending = ""; answered(form, button, answer); return; }
      state(form, words().kept, "wait");
      await new Promise((wake) => setTimeout(wake, Math.min(8000, 500 * 2 ** tries) * (0.7 + 0.6 * Math.random())));
    }
  }
  async function post(action, body) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 15000);
    try {
      const answer = await fetch(action, { method: "POST", body, signal: stop.signal, headers: { Accept: "application/json" } });
      if (answer.status >= 500 || answer.status === 429) return null;
      const kind = answer.headers.get("content-type") || "";
      return kind.includes("json") ? await answer.json() : { refused: await answer.text() };
    } catch { return null; } finally { clearTimeout(timer); }
  }
  function answered(form, button, answer) {
    if (answer.refused) {
      const draft = form.dataset.draft && shelf.get(form.dataset.draft);
      if (draft) shelf.put(form.dataset.draft, { values: draft.values, key: "" });
      state(form, answer.refused, "no");
      return;
    }
    if (button && button.hasAttribute("data-aside")) { state(form, "", ""); if (form.elements.key) form.elements.key.value = freshKey(); around(); return; }
    form.dataset.dirty = "";
    if (form.elements.key) form.elements.key.value = freshKey();
    if (form.dataset.draft) { shelf.drop(form.dataset.draft); state(form, words().saved, "ok"); if ($("#unsent")) $("#unsent").hidden = true; return; }
    state(form, words().saved, "ok");
    const path = answer.go.split("?")[0];
    if (path !== location.pathname) location.assign(answer.go); else { tell(words().saved); (busy() ? around : look)(); }
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.hasAttribute("data-send")) return;
    event.preventDefault();
    if (form.dataset.sending) return;
    send(form, event.submitter);
  });

  // Streams: look again when something has changed, but never under somebody's hands.
  let last = null;
  const busy = () => $$("main form").some((form) => form.dataset.dirty === "1" || form.dataset.sending);
  let looking = 0;
  function look(wait) {
    clearTimeout(looking);
    looking = setTimeout(() => htmx.ajax("GET", location.pathname + location.search, { source: "#look" }), wait || 0);
  }
  // Under somebody's hands only what stands around them: the bar, and what the desk steers and sees of others.
  function around(wait) {
    clearTimeout(looking);
    looking = setTimeout(() => htmx.ajax("GET", location.pathname + location.search,
      { source: "#around", target: "#bar", select: "#bar", swap: "outerHTML" }), wait || 0);
  }
  document.addEventListener("sse:changed", (event) => {
    try { last = JSON.parse(event.detail.data); } catch { return; }
    const bar = $("#bar");
    event.stopPropagation();
    if ("left" in last) set(last.left, last.paused, performance.now());
    if (!bar || String(last.version) === bar.dataset.version) return;
    // A class hears of it at once; that its pages come for it one after another keeps the server quick.
    const soon = 40 + 300 * Math.random();
    if (last.phase !== bar.dataset.phase) {
      const away = bar.dataset.seated === "1" && location.pathname !== "/play";
      look(soon);
      tell(words().phase + " " + (words()[last.phase === "news" ? "newsPhase" : last.phase] || ""), away, away && "/play");
    } else if (busy()) {
      around(soon);
      if (bar.dataset.phase !== "orders" && !$("#steer")) tell(words().news, true);
    } else look(soon);
  }, true);
  let lost = false;
  document.addEventListener("htmx:sseError", () => { if (!lost) { lost = true; tell(words().off, true); } });
  document.addEventListener("htmx:sseOpen", () => { if (lost) { lost = false; tell(words().on); } });
  let face = null;
  document.addEventListener("htmx:afterSettle", (event) => {
    if ($("#bar .clock") !== face) { face = $("#bar .clock"); read(performance.now()); }
    if (event.target.id === "main" || (event.detail.elt && event.detail.elt.id === "main")) begin();
  });
  let open = [];
  let inside = false;
  const mark = (summary, at) => at + summary.textContent;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status >= 400) event.detail.shouldSwap = false;
    // Somebody began to type while the page was on its way; only another phase takes a form away.
    const same = !last || last.phase === $("#bar").dataset.phase;
    if (event.detail.target.id === "main" && same && busy()) event.detail.shouldSwap = false;
    open = $$("main details > summary").map(mark).filter((name, at) => $$("main details")[at].open);
    inside = $("#main").contains(document.activeElement);
  });

  // The desk: a name dragged onto a seat moves as its menu would.
  const held = "text/x-person";
  document.addEventListener("dragstart", (event) => {
    const person = event.target.closest && event.target.closest("[data-person]");
    if (person) event.dataTransfer.setData(held, person.dataset.person);
  });
  document.addEventListener("dragover", (event) => {
    if (event.target.closest("[data-seat]") && event.dataTransfer.types.includes(held)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const seat = event.target.closest("[data-seat]"), person = event.dataTransfer.getData(held);
    const form = seat && $$('form[action="/desk/sit"]').find((one) => one.elements.member && one.elements.member.value === person);
    if (!form) return;
    event.preventDefault();
    form.elements.seat.value = seat.dataset.seat;
    form.requestSubmit();
  });

  // Slides of the hot wash turn by the keys of a presenter.
  document.addEventListener("keydown", (event) => {
    const way = { ArrowRight: "next", PageDown: "next", ArrowLeft: "prev", PageUp: "prev" }[event.key];
    const link = way && $("[data-slides]") && $(`a[rel="${way}"]`);
    if (link) { event.preventDefault(); link.click(); }
  });

  // Charts: drawn from the tables behind them, so both say the same.
  function number(cell) { return !cell || cell.dataset.v === "" ? null : Number(cell.dataset.v); }
  function chart(figure) {
    const place = $(".plot", figure);
    const table = $("table", figure);
    if (!window.uPlot || place.firstChild) return;
    const rows = $$("tbody tr", table);
    const names = rows.map((row) => row.cells[0].textContent);
    const columns = [1, 2, 3].map((at) => rows.map((row) => number(row.cells[at])));
    const banded = table.dataset.banded === "1";
    const ink = getComputedStyle(document.documentElement);
    const [blue, soft, line] = ["--blue", "--soft", "--line"].map((name) => ink.getPropertyValue(name).trim());
    const axis = { stroke: soft, grid: { stroke: line, width: 1 }, ticks: { stroke: line }, font: "12px system-ui" };
    const name = (u, value) => (value === null || value === undefined ? "" : names[value] || "");
    const show = (u, value) => (value === null || value === undefined ? "–" : digits(value, Math.abs(value) < 9.95 ? 2 : 1));
    const series = [{ value: name }, { label: $("thead th:nth-child(2)", table).textContent, stroke: blue, width: 2.5, dash: banded ? [6, 4] : undefined, points: { show: rows.length < 30 }, value: show }];
    const data = [names.map((_, at) => at), columns[0]];
    if (banded) {
      series.push({ label: "↓", stroke: soft, width: 1, points: { show: false } }, { label: "↑", stroke: soft, width: 1, points: { show: false } });
      data.push(columns[1], columns[2]);
    }
    new uPlot({
      width: Math.max(240, place.clientWidth), height: 190, series, bands: banded ? [{ series: [3, 2], fill: line + "88" }] : [],
      scales: { x: { time: false } }, legend: { show: false }, cursor: { drag: { x: false, y: false } },
      axes: [{ ...axis, incrs: [1, 2, 4, 8, 16], values: (u, ticks) => ticks.map((tick) => name(u, tick)), space: 64 }, { ...axis, size: 58 }],
    }, data, place);
  }

  function begin() {
    for (const [at, summary] of $$("main details > summary").entries()) {
      if (open.includes(mark(summary, at))) summary.parentElement.open = true;
    }
    open = [];
    // Whoever was in the page by keyboard stays in it, also where the element is gone.
    if (inside && document.activeElement === document.body) $("#main").focus({ preventScroll: true });
    inside = false;
    const own = $(".map .own");
    if (own) {
      const frame = $(".map").parentElement;
      frame.scrollLeft += own.getBoundingClientRect().left - frame.getBoundingClientRect().left - frame.clientWidth / 2;
    }
    for (const form of $$("form[data-draft]")) { purse(form); restore(form); }
    for (const figure of $$("figure.chart")) chart(figure);
    clock();
  }
  function first() {
    const came = performance.getEntriesByType("navigation")[0];
    face = $("#bar .clock");
    read(came ? came.responseStart : performance.now());
    begin();
    tidy();
  }
  // Drafts of seats and turns that are over are of no use.
  function tidy() {
    const here = $("form[data-draft]");
    if (!here) return;
    try {
      for (const name of Object.keys(localStorage)) {
        if (name.startsWith("interlock:orders-") && name !== "interlock:" + here.dataset.draft) localStorage.removeItem(name);
      }
    } catch { /* nothing */ }
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", first); else first();
})();
