"""The one HTML page of a comparison: verdict first."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from analysis.pictures.reports.differences import measure_table, policy_table, scenario_table
from analysis.pictures.reports.kit import render
from analysis.pictures.write import Drawn
from analysis.studies.compare.across import across
from analysis.studies.compare.comparison import Comparison, Judged
from analysis.studies.compare.reasons import Why
from analysis.studies.compare.verdict import figure, noun, span, verdict
from analysis.words import Table, lower
from sim.outputs.files import write_text

EMBEDDED: Final = 3  # scenarios up to which the page holds all figures; beyond, the forest of each and links


def write_report(
    whole: Comparison, over: Sequence[Drawn], by_scenario: Sequence[Sequence[Drawn]], manifest: Mapping[str, Any],
    path: Path,
) -> Path:  # fmt: skip
    """Write the page of a comparison."""
    return write_text(path, report(whole, over, by_scenario, manifest, path.parent))


def report(
    whole: Comparison, over: Sequence[Drawn], by_scenario: Sequence[Sequence[Drawn]], manifest: Mapping[str, Any],
    folder: Path,
) -> str:  # fmt: skip
    """The page as text: verdict first."""
    count = len(whole.scenarios)
    together = {"sentences": across(whole), "table": scenario_table(whole), "figures": over}
    parts = [
        _scenario(one, drawn, len(drawn) if count <= EMBEDDED else 1, folder)
        for one, drawn in zip(whole.scenarios, by_scenario, strict=True)
    ]
    return str(render(
        "compare.html", title=whole.scenarios[0].asked.title if count == 1 else f"{count} scenarios",
        over=None if whole.over is None else together, scenarios=parts, manifest=manifest,
    ))  # fmt: skip


def _scenario(one: Judged, drawn: Sequence[Drawn], shown: int, folder: Path) -> dict[str, Any]:
    """What the section of a scenario says; figures beyond `shown` are linked."""
    asked = one.asked
    chosen = one.leader if one.why is None else one.why.policy
    links = [
        (d.heading.lower(), d.files["svg"].relative_to(folder).as_posix()) for d in drawn[shown:] if "svg" in d.files
    ]
    return {
        "asked": asked, "sentences": verdict(one, chosen), "policies": policy_table(one), "noun": noun(asked.measure),
        "figures": [d._replace(name=f"{asked.name}-{d.name}") for d in drawn[:shown]],  # ids must differ in the page
        "more": links if shown < len(drawn) else None, "chosen": asked.titles[chosen],
        "measures": measure_table(one, chosen), "why": [] if one.why is None else _why(one, one.why),
    }  # fmt: skip


def _why(judged: Judged, why: Why) -> list[tuple[str, str, Table]]:
    """Heading, caption and table of mechanisms switched off and of levers put back."""
    m = judged.asked.measure
    parts: list[tuple[str, str, Table]] = []
    if why.lost:
        rows = tuple(
            (w.name, ", ".join(w.parameters), figure(w.with_it.mean, m), figure(w.without_it.mean, m),
             figure(w.lost.mean, m),
             span(w.lost.low, w.lost.high, m)) for w in why.lost
        )  # fmt: skip
        heads = (
            "mechanism switched off in both",
            "parameters set to 0",
            "gain with it",
            "gain without it",
            "disappears",
            "95 %",
        )
        parts.append(("Mechanisms switched off", "Mechanisms", Table(heads, rows)))
    if why.resets:
        level = {True: "nothing, to the bit", False: "nothing told from luck"}
        resets = tuple(
            (lower(r.lever), r.theirs, r.ours, figure(r.gain.mean, m), span(r.gain.low, r.gain.high, m),
             ", ".join(lower(name) for name, _ in r.moved) or level[r.same]) for r in why.resets
        )  # fmt: skip
        names = ("lever", "baseline", "policy", "what it alone adds", "95 %", "measures it moves")
        parts.append(("Levers put back one by one", "Levers", Table(names, resets)))
    return parts
