// What can be kept: files that `validate` and `compare` take, tables, pictures.
import { $, el } from "./parts.js";

export function keeping(state, made) {
  const file = (what, words, as = "") => el("a", { class: "button", href: `/file?${state.query}&what=${encodeURIComponent(what)}&n=${made.replicates}${as && `&as=${as}`}`, download: true }, words);
  $("saves").replaceChildren(...made.files.map((name) => file(name, `Save ${name}`)), file("all", "Save all (zip)"));
  $("exports").replaceChildren(
    file("table", "Numbers as CSV", "csv"),
    ...["png", "svg", "pdf"].map((as) => file("figures", `Figures as ${as.toUpperCase()}`, as)),
  );
}
