"""One self-contained HTML page about a run: it opens without a network, prints well, and holds the numbers."""

import base64
import json
import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

from analysis.pictures.tables import events_by_year, sentences, summary, verdict_words
from analysis.pictures.words import Table, counted, measure_name, number, plain, signed
from analysis.pictures.write import Drawn
from sim.law.measures import DECLARED
from sim.runs.results import Results

LARGEST_SVG: Final = 400_000  # bytes; a larger picture is embedded as PNG
NAMES_ONLY: Final = re.compile(r' id="[A-Za-z0-9.]+_\d+"')
NUMERIC: Final = re.compile(r"[−+-]?[\d,.]+( \(.*\))?|none|not run|one state")
METADATA: Final = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)

CSS: Final = """
:root { color-scheme: light; }
body { font: 16px/1.5 "DejaVu Sans", Verdana, Arial, sans-serif; color: #1a1a1a; background: #fff; margin: 0; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: .5rem 0; } h2 { font-size: 1.35rem; margin: 2.2rem 0 .6rem; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .3rem; }
.lead { font-size: 1.05rem; color: #404040; } .note { color: #505050; font-size: .9rem; }
nav ul { columns: 2; padding-left: 1.2rem; margin: .3rem 0; } a { color: #00558c; }
ul.said li { margin: .45rem 0; }
figure { margin: 0 0 1.2rem; } 
figure svg, figure img { width: 100%; height: auto; display: block; border: 1px solid #d9d9d9; }
figcaption { font-size: .92rem; color: #404040; margin: .35rem 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .85rem; width: 100%; }
th, td { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid #d9d9d9; vertical-align: top; }
thead th { border-bottom: 2px solid #595959; background: #f3f3f3; }
td.n, th.n { text-align: right; } td.n { white-space: nowrap; }
th .note { font-weight: normal; font-size: .78rem; }
details { margin: .4rem 0; } summary { cursor: pointer; color: #00558c; }
pre { font-size: .75rem; background: #f3f3f3; padding: .7rem; overflow: auto; max-height: 30rem; }
dl.run { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 1rem 0; }
dt { color: #505050; } dd { margin: 0; }
.skip { position: absolute; left: -999px; } .skip:focus { left: 1rem; }
@media print { nav, .skip { display: none; } main { max-width: none; padding: 0; } figure, tr { break-inside: avoid; }
 h2, h3 { break-after: avoid; } pre { max-height: none; white-space: pre-wrap; } }
"""


def write_report(results: Results, figures: Sequence[Drawn], path: Path) -> Path:
    """Write the report of a run with its figures to `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report(results, figures), encoding="utf-8")
    return path


def report(results: Results, figures: Sequence[Drawn]) -> str:
    """The page as text."""
    title = f"{results.scenario.title}, {results.policy.title}"
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}: Interlock report</title>\n<style>{CSS}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#said">Skip to what happened</a>\n<main>\n',
        _head(results), _contents(figures),
        '<section id="said"><h2>What happened</h2>\n<ul class="said">\n',
        *(f"<li>{escape(s)}</li>\n" for s in sentences(results)), "</ul></section>\n",
        _summary(results),
        '<section id="figures"><h2>Figures</h2>\n', *(html_figure(one) for one in figures), "</section>\n",
        _events(results), _manifest(results), "</main>\n</body>\n</html>\n",
    ]  # fmt: skip
    return "".join(parts)


def _head(results: Results) -> str:
    scenario, manifest = results.scenario, results.manifest()
    run = {
        "Scenario": scenario.title, "Policy": results.policy.title,
        "Quarters": f"{results.quarters[0]} to {results.quarters[-1]} ({counted(len(results.quarters), 'quarter')})",
        "Seed and replicate": f"{results.seed}, {results.replicate}",
        "Rules": manifest["rules_hash"][:16], "Interlock": manifest["interlock"],
        "Judged by": f"{measure_name(scenario.primary_measure)}; {scenario.smallest_difference:g} or more matters",
    }  # fmt: skip
    rows = "".join(f"<dt>{escape(k)}</dt><dd>{escape(str(v))}</dd>\n" for k, v in run.items())
    return (
        '<header><p class="note">Interlock: a run of NATO\'s partnership programmes</p>\n'
        f"<h1>{escape(scenario.title)}</h1>\n"
        f'<p class="lead">{escape(scenario.question)}</p>\n<dl class="run">\n{rows}</dl>\n'
        '<p class="note">In this model; retrodiction, never prediction. One run shows one course of luck: '
        "compare policies over many paired replicates before preferring one.</p></header>\n"
    )


def _contents(figures: Sequence[Drawn]) -> str:
    items = [("said", "What happened"), ("summary", "Every measure")]
    items += [(f"figure-{f.name}", f.heading) for f in figures]
    items += [("events", "Events by year"), ("manifest", "Where every number came from")]
    links = "".join(f'<li><a href="#{a}">{escape(b)}</a></li>' for a, b in items)
    return f'<nav aria-label="Contents"><ul>{links}</ul></nav>\n'


def _summary(results: Results) -> str:
    rows = []
    for row in summary(results):
        pair = "not run" if row.without is None else number(row.without)
        rows.append((
            measure_name(row.measure), row.unit, number(row.start), number(row.end), signed(row.change),
            f"{number(row.outcome)} ({'end' if row.over_run == 'end' else 'mean'})", pair, row.direction_word,
            verdict_words(row),
        ))  # fmt: skip
    notes = [DECLARED[row.measure].definition for row in summary(results)]
    heads = (
        "measure",
        "unit",
        "start",
        "end",
        "change",
        "over the run",
        "without a programme",
        "direction",
        "end against start",
    )
    return (
        '<section id="summary"><h2>Every measure</h2>\n<p class="note">Start and end: first and last quarter; '
        "for measures that are means over the run, means of the first and last four quarters. Without a programme: the "
        "paired run with the "
        f"same draws.</p>\n{html_table(Table(heads, tuple(rows)), 'Every measure of the run', notes)}</section>\n"
    )


def html_table(table: Table, caption: str, notes: Sequence[str] = ()) -> str:
    """A table; `notes`, if any, stand small under the first cell of each row."""
    numeric = [
        bool(table.rows) and all(NUMERIC.fullmatch(row[i]) for row in table.rows)
        for i in range(len(table.heads))
    ]  # fmt: skip
    mark = [' class="n"' if n else "" for n in numeric]
    head = "".join(f'<th scope="col"{m}>{escape(h)}</th>' for h, m in zip(table.heads, mark, strict=True))
    lines = []
    for at, row in enumerate(table.rows):
        note = f'<br><span class="note">{escape(notes[at])}</span>' if notes else ""
        cells = [f'<th scope="row">{escape(row[0])}{note}</th>']
        cells += [f"<td{m}>{escape(c)}</td>" for c, m in zip(row[1:], mark[1:], strict=True)]
        lines.append("<tr>" + "".join(cells) + "</tr>\n")
    return (
        f'<div class="wide"><table aria-label="{escape(caption)}"><thead><tr>{head}</tr></thead>\n'
        f"<tbody>{''.join(lines)}</tbody></table></div>\n"
    )


def picture(one: Drawn) -> str:
    """A figure as inline SVG, or as an embedded PNG where the SVG is large or missing."""
    alt = escape(f"{one.heading}. {one.title}. {one.shows} The numbers are in the table below.")
    svg, png = one.files.get("svg"), one.files.get("png")
    if svg is not None and (png is None or svg.stat().st_size <= LARGEST_SVG):
        text = svg.read_text(encoding="utf-8")
        text = METADATA.sub("", text[text.index("<svg") :])
        text = NAMES_ONLY.sub("", text)
        opening = text[: text.index(">")]
        box = re.search(r'viewBox="[^"]*"', opening)
        spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        head = f'<svg role="img" aria-label="{alt}" {spaces} {box.group(0) if box else ""}'
        return head + text[len(opening) :]
    if png is None:
        return f"<p>{alt}</p>\n"
    return f'<img alt="{alt}" src="data:image/png;base64,{base64.b64encode(png.read_bytes()).decode("ascii")}">\n'


def html_figure(one: Drawn) -> str:
    """A figure with its caption and its numbers."""
    files = ", ".join(p.name for p in one.files.values())
    return (
        f'<h3 id="figure-{one.name}">{escape(one.heading)}</h3>\n<figure>\n{picture(one)}'
        f"<figcaption><strong>{escape(one.title)}.</strong> {escape(one.shows)} "
        f'<span class="note">Files: {escape(files)}.</span>'
        f"</figcaption>\n</figure>\n<details><summary>The numbers behind this figure</summary>\n"
        f"{html_table(one.table, one.heading)}</details>\n"
    )


def _events(results: Results) -> str:
    years = events_by_year(results)
    parts = [
        f'<section id="events"><h2>Events by year</h2>\n<p class="note">{counted(len(results.events), "event")}.</p>\n'
    ]
    for year, events in years:
        rows = tuple((quarter, plain(kind), text) for quarter, kind, text in events)
        parts.append(
            f"<details><summary>{year}: {counted(len(events), 'event')}</summary>\n"
            f"{html_table(Table(('quarter', 'kind', 'what happened'), rows), f'Events of {year}')}</details>\n"
        )
    return "".join([*parts, "</section>\n"])


def _manifest(results: Results) -> str:
    manifest: dict[str, Any] = results.manifest()
    parameters = manifest.pop("parameters")
    rows = tuple(
        (name, f"{p['value']:g}", p["unit"], f"{p['range'][0]:g} to {p['range'][1]:g}", p["source"])
        for name, p in parameters.items()
    )  # fmt: skip
    rest = json.dumps(manifest, indent=1, ensure_ascii=False)
    return (
        '<section id="manifest"><h2>Where every number came from</h2>\n'
        f"<p>Scenario hash <code>{manifest['scenario_hash'][:16]}</code>, policy hash "
        f"<code>{manifest['policy_hash'][:16]}</code>, "
        f"rules hash <code>{manifest['rules_hash'][:16]}</code>. The same scenario, policy, seed and replicate "
        "give the same run.</p>\n"
        f"<details><summary>{counted(len(rows), 'parameter')} with units, ranges and sources</summary>\n"
        f"{html_table(Table(('parameter', 'value', 'unit', 'range', 'source'), rows), 'Parameters')}</details>\n"
        "<details><summary>Versions, resolved scenario and "
        f"policy</summary><pre>{escape(rest)}</pre></details></section>\n"
    )
