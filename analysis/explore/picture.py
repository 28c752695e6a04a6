"""What a page draws, from runs: the verdict's sentences, differences by quarter, gains, who gains."""

from typing import Any, Final, NamedTuple

import numpy as np

from analysis.explore.setting import Setting
from analysis.explore.shop import Shop
from analysis.stats.intervals import Interval, bounds
from analysis.studies.compare.comparison import Judged, Steps, judge
from analysis.studies.compare.places import Places, places_of, who
from analysis.studies.compare.runs import RECORD
from analysis.studies.compare.verdict import figure, headline, noun, said, span, unit_of, verdict
from analysis.words import measure_name, number
from sim.declare.names import MEASURES
from sim.inputs.values import quarter_number, quarter_text
from sim.law.compiled import Floats
from sim.law.measures import DECLARED
from sim.runs.arm import over_run
from sim.runs.dataset import Gathered

LEVEL: Final = 0.95
Numbers = dict[str, Any]


class Held(NamedTuple):
    """What a picture is made of: P policies, the baseline first, R replicates; the page's own policy and the baseline
    also by quarter and by state.
    """

    outcomes: Floats  # (P, R, MEASURES)
    means: Floats  # (P, L) of the measure that counts
    without: Floats  # (R, MEASURES)
    gaps: Floats  # (R, L, MEASURES) own policy less baseline
    states: tuple[Floats, Floats]  # (R, N, V), own and baseline


def held(setting: Setting, shop: Shop, kept: tuple[int, ...], replicates: int) -> Held:
    """From the runs of some of the entries."""
    seed = setting.asked.seed
    runs = [shop.get(setting.arms[i], seed, RECORD, replicates) for i in kept]
    without = shop.get(setting.without, seed, RECORD, replicates)
    at = MEASURES.index(setting.question(kept, replicates).measure)
    own, base = runs[kept.index(setting.mine)] if setting.mine in kept else runs[0], runs[0]
    return Held(
        np.stack([over_run(one.measures) for one in runs]),
        np.stack([one.measures[:, :, at].mean(axis=0) for one in runs]), over_run(without.measures),
        own.measures - base.measures, (own.states, base.states),
    )  # fmt: skip


def judged_of(setting: Setting, found: Held, kept: tuple[int, ...], replicates: int) -> Judged:
    """A comparison of some of the entries, as `compare` makes it."""
    steps = Steps(found.means, np.repeat(found.means[:, None], 5, axis=1))  # nothing here draws quantiles
    return judge(setting.question(kept, replicates), found.outcomes, found.without, steps)


def picture(setting: Setting, found: Held | None, kept: tuple[int, ...], replicates: int) -> Numbers:
    """Everything on the right of the page, as numbers and words; nothing is held where there is one policy only."""
    if found is None:
        return {"replicates": replicates, "policies": 1, "of": 1, "unmoved": True, "alone": True}
    judged = judged_of(setting, found, kept, replicates)
    own = kept.index(setting.mine)
    measure, sign = judged.asked.measure, judged.asked.sign
    unmoved = own == 0
    low, high = bounds(found.gaps[:, :, judged.at], LEVEL)
    course = found.gaps.mean(axis=0)
    pair = Gathered(states=[found.states[0]]), Gathered(states=[found.states[1]])
    places = None if unmoved else places_of(setting.built, pair)
    return {
        "replicates": replicates, "policies": len(kept), "of": len(setting.entries), "unmoved": unmoved,
        "sentences": [] if unmoved else verdict(judged, own), "headline": "" if unmoved else headline(judged, own),
        "measure": measure, "noun": noun(measure), "unit": unit_of(measure) or DECLARED[measure].unit, "sign": sign,
        "smallest": judged.asked.smallest, "mine": judged.asked.titles[own], "baseline": judged.asked.titles[0],
        "base": said(judged.asked.titles[0]),
        "quarters": quarters(setting),
        "course": {"mean": rounded(course[:, judged.at]), "low": rounded(low), "high": rounded(high)},
        "gains": gains(setting, judged, kept), "strip": strip(judged, own, course),
        "places": None if places is None else states(places), "told": [] if places is None else who(places),
        "command": setting.command(replicates), "files": sorted(setting.files()),
    }  # fmt: skip


def quarters(setting: Setting) -> list[str]:
    """The quarters of the run."""
    first = quarter_number(setting.scenario.start)
    return [quarter_text(first + step) for step in range(setting.scenario.horizon)]


def rounded(values: Floats) -> list[float]:
    """Numbers with six places that count: more cannot be seen in a drawing."""
    return [float(f"{value:.6g}") for value in values.ravel()]


def ends(interval: Interval, measure: str) -> Numbers:
    """An interval as numbers and words."""
    return {
        "mean": interval.mean, "low": finite(interval.low), "high": finite(interval.high),
        "told": interval.excludes(), "text": figure(interval.mean, measure),
        "span": span(interval.low, interval.high, measure),
    }  # fmt: skip


def finite(value: float) -> float | None:
    """A number, or nothing where it has no bound."""
    return value if np.isfinite(value) else None


def gains(setting: Setting, judged: Judged, kept: tuple[int, ...]) -> list[Numbers]:
    """Every policy's gain over the baseline, with intervals that hold together, best first."""
    cost, measure = MEASURES.index("cost"), judged.asked.measure
    return [
        {
            "title": judged.asked.titles[p], "entry": kept[p], "kind": kind_of(setting, kept[p]),
            "best": p in judged.best.not_beaten, "wins": float(judged.wins[p]),
            "cost": number(judged.lines[p][cost].mean), **ends(judged.gain(p), measure),
        } for p in judged.order()
    ]  # fmt: skip


def kind_of(setting: Setting, entry: int) -> str:
    """What a policy is on the page; the page's own one may be a shipped one as it is."""
    return "baseline" if entry == 0 else "mine" if entry == setting.mine else setting.entries[entry].kind


def strip(judged: Judged, own: int, course: Floats) -> list[Numbers]:
    """The page's own policy on every measure against the baseline."""
    rows = []
    for m, measure in enumerate(MEASURES):
        line, declared = judged.lines[own][m], DECLARED[measure]
        gap = judged.primary[own] if m == judged.at else line.difference
        way = "" if not gap.excludes() else "differs" if not declared.direction else (
            "better" if declared.direction * gap.mean > 0.0 else "worse"
        )  # fmt: skip
        rows.append({
            "measure": measure, "name": measure_name(measure), "unit": declared.unit, "words": declared.definition,
            "direction": declared.direction, "way": way, "own": figure(line.mean, measure),
            "base": figure(judged.lines[0][m].mean, measure), "course": rounded(course[:, m]), **ends(gap, measure),
        })  # fmt: skip
    return rows


def states(places: Places) -> list[Numbers]:
    """Who gains and who loses, for the map."""
    both = zip(
        places.codes, places.names, places.roles, places.tiles, places.trust, places.trust_told, places.averted,
        places.averted_told, strict=True,
    )  # fmt: skip
    return [
        {
            "code": code, "name": name, "role": role, "x": tile[0], "y": tile[1],
            "trust": float(f"{trust:.6g}"), "trust_told": trust_told, "harm": float(f"{averted:.6g}"),
            "harm_told": averted_told,
        } for code, name, role, tile, trust, trust_told, averted, averted_told in both
    ]  # fmt: skip
