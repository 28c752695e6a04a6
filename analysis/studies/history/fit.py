"""History matching on 1994-98: which values of a few assumed parameters are not ruled out by what happened then.

A Latin hypercube over the declared ranges (the priors) is run for twenty quarters, to the end of 1998, with the
scenario as it could be known then. A point is ruled out where any target lies three or more standard deviations off:
the implausibility of history matching (Craig, Goldstein, Seheult & Smith 1997; Vernon, Goldstein & Bower 2010). What is
left is a set, not a best point; no later fact enters, and the model's defaults stay as they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import numpy as np
from pydantic import Field
from scipy.stats import qmc

from analysis.studies.history.record import FIT_QUARTERS, FIT_YEARS, LAST_FIT, QUARTERS, Recorded, counts_of
from sim.declare.names import INVITED
from sim.declare.parameters import Parameters, specs
from sim.inputs.load import load_scenario
from sim.inputs.models import validated
from sim.inputs.reading.columns import check_cells
from sim.inputs.reading.rows import read_rows
from sim.inputs.reading.toml import read_toml
from sim.inputs.scenario import Scenario
from sim.inputs.states import DATA
from sim.inputs.tables import State
from sim.inputs.values import Number, Table, Text, quarter_index
from sim.law.compiled import RULES_HASH, Floats
from sim.outputs.files import write_csv, write_text
from sim.runs.arm import Arm, Record, arm_of
from sim.runs.build import build
from sim.runs.ensemble import Progress, run_arms

SCENARIO, POLICY = "open_door_1994", "status_quo"
FITTED: Final = (
    "will_pull", "trust_pull", "aspiration_pull", "aversion", "partner_purse", "absorption_base", "signature_rate",
    "merit_wanted",
)  # fmt: skip
CUT: Final = 3.0
KEPT: Final = ("exercises", "track", "framework")
NEUTRALS: Final = ("AUT", "CHE", "FIN", "MLT", "SWE")
BALTIC: Final = ("EST", "LVA", "LTU")
FAR: Final = ("ARM", "AZE", "GEO", "KAZ", "KGZ", "TKM", "UZB")

# What of 1994-98 is matched, and how far off a model that is right may be (standard deviation, assumed).
TARGETS: Final[Mapping[str, tuple[str, float]]] = {
    "growth": ("log of exercises a year in 1997-98 against 1994-95", 0.25),
    "inequality": ("coefficient of variation of states' five-year counts", 0.10),
    "aspirants": ("share of exercises that goes to declared aspirants", 0.05),
    "neutrals": ("share of the five neutrals", 0.03),
    "baltic": ("share of the three Baltic states", 0.03),
    "far": ("share of the Caucasus and Central Asia", 0.03),
    "signed": ("states, of the ten that had not signed in 1994, that signed by the end of 1998", 1.0),
    "invited": ("states of the sample that were invited by the end of 1998", 0.5),
}
Real: TypeAlias = Annotated[float, Number(-1e9, 1e9)]
Count: TypeAlias = Annotated[int, Number(0, 2**63 - 1, whole=True)]
FILES: Final = ("history_matched.csv", "history_matched.toml")


def paths_of(found: Any) -> Floats:
    """(R, L, N, V) what an arm of `run_arms` left behind by step."""
    return np.asarray(np.concatenate(found.paths))


def known_by(scenario: Scenario, record: Recorded, year: int, quarters: int) -> Scenario:
    """The scenario cut to some quarters, without later shocks and without aspirations declared after `year`."""
    given = {state.code for state in scenario.states}
    known = record.up_to(year).facts
    later = [
        State(code=code, aspiration=0.0, source="no aim on record by then")
        for code in scenario.cast_codes()
        if code not in given and known[code].aspiration not in ("declared", "contested", "member")
    ]  # fmt: skip
    cut = {
        name: tuple(x for x in getattr(scenario, name) if quarter_index(x.when, scenario.start) < quarters)
        for name in ("shocks", "upheavals")
    }
    return scenario.model_copy(update={"horizon": quarters, "states": (*scenario.states, *later), **cut})


def summary(counts: Floats, signed: Floats, invited: Floats, record: Recorded) -> Floats:
    """The targets of R runs: counts (R, S, Y) of 1994-98, signed and invited (R,) numbers of states."""
    total = np.maximum(counts.sum(axis=(1, 2)), 1e-9)
    by_state, by_year = counts.sum(axis=2), np.maximum(counts.sum(axis=1), 1e-9)
    mean = np.maximum(by_state.mean(axis=1), 1e-9)
    aspired = record.aspired(LAST_FIT) > 0.5

    def share(rows: Any) -> Floats:
        return np.asarray(by_state[:, rows].sum(axis=1) / total)

    group = {name: np.isin(record.codes, codes) for name, codes in (("n", NEUTRALS), ("b", BALTIC), ("f", FAR))}
    return np.stack([
        np.log((by_year[:, 3] + by_year[:, 4]) / (by_year[:, 0] + by_year[:, 1])), by_state.std(axis=1) / mean,
        share(aspired), share(group["n"]), share(group["b"]), share(group["f"]), signed, invited,
    ], axis=1)  # fmt: skip


def observed(record: Recorded, draws: int = 400, seed: int = 1) -> tuple[Floats, Floats]:
    """Targets on record and their variance: the listed exercises are a sample, drawn anew within each year."""
    late, codes = record.happened("signature", record.late), record.happened("invitation", record.codes)
    signed, invited = np.array([float((late < FIT_QUARTERS).sum())]), np.array([float((codes < FIT_QUARTERS).sum())])
    known = summary(record.counts[None, :, :FIT_YEARS], signed, invited, record)[0]
    rng = np.random.default_rng(seed)
    seen = [event for event in record.events if event[0] <= LAST_FIT]
    drawn = [
        counts_of(tuple(seen[i] for i in rng.integers(0, len(seen), len(seen))), record.codes) for _ in range(draws)
    ]
    many = summary(np.stack(drawn)[:, :, :FIT_YEARS], np.repeat(signed, draws), np.repeat(invited, draws), record)
    return known, np.asarray(many.var(axis=0))


def simulated(paths: Floats, codes: Sequence[str], record: Recorded) -> Floats:
    """Targets of R runs from their paths (R, L, N, V) of KEPT."""
    rows = [codes.index(code) for code in record.codes]
    late = [codes.index(code) for code in record.late if code in codes]
    places = paths[:, :FIT_QUARTERS, rows, 0]
    yearly = places.reshape(len(paths), FIT_YEARS, 4, len(rows)).sum(axis=2).transpose(0, 2, 1)
    invited = (paths[:, :FIT_QUARTERS, rows, 1] >= INVITED).any(axis=1).sum(axis=1)
    signed = (paths[:, :FIT_QUARTERS, late, 2] >= 0.0).any(axis=1).sum(axis=1)
    return summary(yearly, signed.astype(float), invited.astype(float), record)


def implausibility(runs: Floats, known: Floats, variance: Floats) -> Floats:
    """By target: distance of the mean over runs from the record, in standard deviations of everything uncertain.

    Variances add up: luck of one world (runs differ, and history is one run), the mean's own, what the record leaves
    open, and how far a right model may be off.
    """
    off = np.array([about[1] for about in TARGETS.values()])
    luck = runs.var(axis=0, ddof=1) if len(runs) > 1 else np.zeros(runs.shape[1])
    return np.asarray(np.abs(runs.mean(axis=0) - known) / np.sqrt(luck * (1.0 + 1.0 / len(runs)) + variance + off**2))


def design(points: int, seed: int) -> list[dict[str, float]]:
    """A Latin hypercube over the declared ranges."""
    declared = specs()
    low, high = [declared[n].low for n in FITTED], [declared[n].high for n in FITTED]
    rows = qmc.scale(qmc.LatinHypercube(len(FITTED), seed=seed).random(points), low, high)
    return [dict(zip(FITTED, (float(x) for x in row), strict=True)) for row in rows]


@dataclass(frozen=True)
class Matched:
    """What a history matching left: the points, and how implausible each is by target."""

    points: tuple[dict[str, float], ...]
    implausible: Floats  # (P, TARGETS)
    default: Floats  # (TARGETS,) of the model's defaults
    tried: int
    replicates: int
    seed: int
    rules_hash: str = RULES_HASH

    @property
    def kept(self) -> list[dict[str, float]]:
        """Points that are not ruled out."""
        return [p for p, i in zip(self.points, self.implausible, strict=True) if i.max() < CUT]


def match(
    record: Recorded, points: int = 256, replicates: int = 8, seed: int = 11, threads: int | None = None,
    progress: Progress | None = None,
) -> Matched:  # fmt: skip
    """Run the design to the end of 1998 and keep what is not ruled out, or, if nothing is, the ten nearest."""
    record = record.up_to(LAST_FIT)
    scenario = known_by(load_scenario(SCENARIO), record, LAST_FIT, FIT_QUARTERS)
    built = build(scenario)
    tried = design(points, seed)
    arms: list[Arm] = [arm_of(scenario, POLICY, point, built=built) for point in ({}, *tried)]
    record_of = Record(outcomes=False, states=KEPT, paths=True)
    found = run_arms(arms, replicates, seed, record_of, threads, chunk=replicates, progress=progress)
    known, variance = observed(record)
    off = np.stack([implausibility(simulated(paths_of(f), built.codes, record), known, variance) for f in found])
    default, off = off[0], off[1:]
    order = np.argsort(off.max(axis=1), kind="stable")
    left = max(10, int((off.max(axis=1) < CUT).sum()))
    chosen = order[:left]
    return Matched(tuple(tried[i] for i in chosen), off[chosen], default, points, replicates, seed)


def write_matched(matched: Matched, folder: Path = DATA) -> list[Path]:
    """Save points and what they rest on."""
    table, about = (folder / name for name in FILES)
    rows = (
        [*(f"{point[name]:.5g}" for name in FITTED), *(f"{x:.2f}" for x in off)]
        for point, off in zip(matched.points, matched.implausible, strict=True)
    )
    write_csv(table, [*FITTED, *(f"off_{name}" for name in TARGETS)], rows, "\n")
    declared = specs()
    lines = [
        "# Points of the parameter space that 1994-98 does not rule out (all off_ below the cut), written by",
        "# `python run.py backtest --fit`; where none is left, the ten nearest. Nothing in sim/ reads them.",
        "", f"tried = {matched.tried}", f"replicates = {matched.replicates}", f"seed = {matched.seed}", f"cut = {CUT}",
        f'rules_hash = "{matched.rules_hash}"', "", "[priors]  # uniform over the declared ranges",
        *(f"{n} = {{ low = {declared[n].low}, high = {declared[n].high}, "
          f"default = {Parameters._field_defaults[n]} }}" for n in FITTED),
        "", "[targets]  # off: how far off a model that is right may be; default: implausibility of the defaults",
        *(f'{name} = {{ meaning = "{words}", off = {off}, default = {matched.default[i]:.2f} }}'
          for i, (name, (words, off)) in enumerate(TARGETS.items())),
        "",
    ]  # fmt: skip
    write_text(about, "\n".join(lines))
    return [table, about]


class Target(Table):
    """What `history_matched.toml` says of a target."""

    meaning: Text = Field(description="what is matched")
    off: Real = Field(description="how far off a model that is right may be")
    default: Real = Field(description="implausibility of the defaults")


class Prior(Table):
    """What it says of a parameter."""

    low: Real = Field(description="lower end")
    high: Real = Field(description="upper end")
    default: Real = Field(description="the model's default")


class About(Table):
    """The whole file."""

    tried: Count = Field(description="points that were run")
    replicates: Count = Field(description="replicates of each")
    seed: Count = Field(description="seed of design and luck")
    cut: Real = Field(description="implausibility from which a point is ruled out")
    rules_hash: Text = Field(description="rules under which the points were run")
    priors: dict[str, Prior] = Field(description="ranges of the parameters")
    targets: dict[str, Target] = Field(description="what was matched")


def read_matched(folder: Path = DATA) -> Matched:
    """What the last history matching left."""
    table, about = (folder / name for name in FILES)
    told = validated(About, read_toml(about))
    declared = specs()
    ranges = {name: (declared[name].low, declared[name].high, declared[name].unit) for name in FITTED}
    ranges |= {f"off_{name}": (0.0, 1e9, "standard deviations") for name in TARGETS}
    rows = read_rows(table, list(ranges))
    columns = {
        name: {"kind": "number", "range": (low, high), "unit": unit} for name, (low, high, unit) in ranges.items()
    }
    check_cells(table, rows, columns, [f"line {n + 2}" for n in range(len(rows))], tuple(columns))
    points = tuple({name: float(row[name]) for name in FITTED} for row in rows)
    off = np.array([[float(row[f"off_{name}"]) for name in TARGETS] for row in rows])
    default = np.array([told.targets[name].default if name in told.targets else np.nan for name in TARGETS])
    return Matched(points, off, default, told.tried, told.replicates, told.seed, told.rules_hash)


def longer(scenario: Scenario) -> Scenario:
    """The shipped scenario with a horizon to the end of 2004; nothing is scripted in that year."""
    return scenario.model_copy(update={"horizon": QUARTERS})
