"""Both starts beside the record: what a run and the record have to show of the same questions, with intervals.

`RULES` were written down before anything was run for them, and stand in the page.
"""

from typing import Final, NamedTuple

import numpy as np

from analysis.stats import scores
from analysis.studies.history.baselines import regression
from analysis.studies.history.record import FIRST, FIT_YEARS, LAST, LAST_FIT, Recorded
from sim.declare.names import ACTION_PLAN, INVITED
from sim.inputs.load import load_scenario
from sim.law.compiled import Floats, Ints
from sim.runs.build import build
from sim.runs.engine import Engine

RULES: Final = """\
- Starts: open_door_1994 (first day of 1994) and open_door_1999 (first day of 1999, with what was known then), under
  status_quo, each to the end of 2003. Nothing later than a start is fitted for it, but for the leaks that
  docs/history.md names.
- An item held up at one summit is one block, whoever objects; blocks a decade are blocks over tenths of the run's
  years.
- A class is all states invited in one quarter; its size and its year are compared, in order of time.
- The invitation score is unconditional. Candidate-years are the pairs of a partner of the sample and a year from 2000
  to 2003 with which it began as no ally and not invited on record. The forecast is the share of all runs of the start
  that invite the state in that year, whatever they did before; the outcome is the record. Scores are AUC, Brier, and
  Brier skill against one constant rate of invitations a candidate-year before the start (for 1994: none, so the rate
  of 1994-98 for both). A run that has invited a state too early or invites everybody is so charged in every year.
- Baselines know the years to 1998: the constant rate; habit, a logistic curve of a state's exercises in 1994-98
  fitted on the candidate-years of 1994-98; and the declared aim by 1998, which shares that rate out over those who
  declared it.
- Exercises: rank correlation over states of simulated places in exercises with listed exercises, 2000 to 2003 together;
  the baseline is the count of 1994 to 1998.
"""
STARTS: Final = ("open_door_1994", "open_door_1999")
SCORED: Final = tuple(range(2000, LAST + 1))


class Seen(NamedTuple):
    """R runs of one start: place on the track and framework by quarter (R, L, N), exercises (R, L, N), blocks (R,)."""

    codes: tuple[str, ...]
    year: int
    track: Ints
    framework: Ints
    exercises: Floats
    blocks: Ints

    def entered(self, stage: int) -> Ints:
        """(R, L, N) 1 in the quarter in which a state reaches a stage that it was below on the first day."""
        at = (self.track >= stage).astype(np.int64)
        first = np.concatenate([np.zeros_like(at[:, :1]), np.diff(at, axis=1)], axis=1)
        return np.asarray((first > 0) & (np.cumsum(first > 0, axis=1) == 1)).astype(np.int64)


class Line(NamedTuple):
    """One question of one start: the record, and the median and 90 % of runs; or a score and what it is to beat."""

    start: str
    question: str
    record: str
    simulated: str


def run_start(name: str, replicates: int, seed: int) -> Seen:
    """So many runs of a start under the status quo."""
    scenario = load_scenario(name)
    built = build(scenario)
    track: list[Ints] = []
    framework: list[Ints] = []
    exercises: list[Floats] = []
    blocks: list[int] = []
    for r in range(replicates):
        engine = Engine(scenario, "status_quo", seed, r, built=built)
        held, rows = 0, []
        drill = built.setting.menu.is_exercise == 1
        for _ in engine.run():
            world, quarter = engine.world, engine.quarter
            held += int((quarter.decided == 0).sum())
            rows.append((world.track.copy(), world.framework.copy(), quarter.done[:, drill].sum(axis=1)))
        blocks.append(held)
        track.append(np.array([row[0] for row in rows]))
        framework.append(np.array([row[1] for row in rows]))
        exercises.append(np.array([row[2] for row in rows]))
    return Seen(
        built.codes, int(scenario.start[:4]), np.array(track), np.array(framework), np.array(exercises),
        np.array(blocks),
    )  # fmt: skip


def interval(values: Floats | Ints) -> str:
    """Median and central 90 % of runs."""
    low, middle, high = np.round(np.nanpercentile(values, [5.0, 50.0, 95.0]), 2)
    return f"{middle:.6g} ({low:.6g} to {high:.6g})"


def classes_of(seen: Seen, rank: int) -> tuple[Floats, Floats]:
    """(R,) size and year of each run's class of that rank in time; not a number where it has none."""
    sizes, years = np.full(len(seen.track), np.nan), np.full(len(seen.track), np.nan)
    for r, by_quarter in enumerate(seen.entered(INVITED).sum(axis=2)):
        quarters = np.flatnonzero(by_quarter)
        if len(quarters) > rank:
            sizes[r], years[r] = by_quarter[quarters[rank]], seen.year + quarters[rank] / 4.0
    return sizes, years


def recorded_classes(record: Recorded, year: int) -> list[tuple[float, int]]:
    """Date and size of each class on record from a year to the end of 2003."""
    dates = [q for q in record.dates["invitation"].values() if 4 * (year - FIRST) <= q < 4 * (LAST + 1 - FIRST)]
    return [(FIRST + q / 4.0, dates.count(q)) for q in sorted(set(dates))]


def counted(record: Recorded, seen: Seen, start: str) -> list[Line]:
    """Blocks, classes, entries into the action plan, signatures."""
    years = LAST + 1 - seen.year
    known_blocks = 1  # February 2003, the only one on record from 1994 to 2003
    lines = [Line(start, "blocks a decade", f"{10.0 * known_blocks / years:.3g}", interval(10.0 * seen.blocks / years))]
    for rank, (date, size) in enumerate(recorded_classes(record, seen.year)):
        sizes, dates = classes_of(seen, rank)
        lines.append(Line(start, f"class {rank + 1}: states invited", str(size), interval(np.nan_to_num(sizes))))
        found = interval(dates) if np.isfinite(dates).any() else "none"
        lines.append(Line(start, f"class {rank + 1}: date", f"{date:.2f}", found))
    span = range(4 * (seen.year - FIRST), 4 * (LAST + 1 - FIRST))
    plan, known = seen.entered(ACTION_PLAN) * (seen.track == ACTION_PLAN), record.dates["action_plan"].values()
    inside = [q for q in known if q in span]
    most = max(inside.count(q) for q in inside)
    lines.append(Line(start, "entries into the action plan", str(len(inside)), interval(plan.sum(axis=(1, 2)))))
    lines.append(Line(start, "largest entry at once", str(most), interval(plan.sum(axis=2).max(axis=1))))
    late = [c for c in record.late if c in seen.codes and seen.framework[0, 0, seen.codes.index(c)] < 0]
    rows = [seen.codes.index(c) for c in late]
    signed = sum(record.dates["signature"].get(c, 10**6) < span.stop for c in late)
    in_framework = (seen.framework[:, -1, rows] >= 0).sum(axis=1)
    lines.append(Line(start, f"signatures of {len(late)} that had not signed", str(signed), interval(in_framework)))
    return lines


def candidate_years(record: Recorded, years: tuple[int, ...]) -> tuple[list[tuple[str, int]], Floats]:
    """Pairs of state and year at risk of an invitation on record, and whether it came in that year."""
    pairs, outcome = [], []
    for code, date in zip(record.codes, record.happened("invitation", record.codes), strict=True):
        for year in years:
            if date >= 4 * (year - FIRST):
                pairs.append((code, year))
                outcome.append(float(date < 4 * (year + 1 - FIRST)))
    return pairs, np.array(outcome)


def forecasts(record: Recorded, runs: dict[str, Seen]) -> tuple[Floats, dict[str, Floats]]:
    """Outcome of every candidate-year of 2000 to 2003, and the chance that each forecaster gives it."""
    pairs, outcome = candidate_years(record, SCORED)
    before, had = candidate_years(record, tuple(range(FIRST, LAST_FIT + 1)))
    habit = dict(zip(record.codes, np.log1p(record.totals[:, 0]), strict=True))
    aims = dict(zip(record.codes, record.aspired(LAST_FIT), strict=True))
    rate = float(had.mean())
    told = {"one constant rate": np.full(len(pairs), rate)}
    x, at = (np.array([[habit[c]] for c, _ in some]) for some in (before, pairs))
    told["habit (exercises 1994-98)"] = regression(x, had, at)
    aimed = np.array([aims[c] for c, _ in before])
    told["declared aim by 1998"] = np.array([aims[c] * float(had.sum() / aimed.sum()) for c, _ in pairs])
    for start, seen in runs.items():
        chance = seen.entered(INVITED).mean(axis=0)
        told[start] = np.array([
            chance[4 * (y - seen.year) : 4 * (y + 1 - seen.year), seen.codes.index(c)].sum() for c, y in pairs
        ])  # fmt: skip
    return outcome, told


def exercise_lines(record: Recorded, runs: dict[str, Seen]) -> list[Line]:
    """Rank correlation of exercises in 2000 to 2003 with those on record, by start and by habit."""
    years = [y - FIRST for y in SCORED]
    known = record.counts[:, years].sum(axis=1)
    lines = [Line("habit", "exercises by state, rank correlation", "1",
                  f"{scores.spearman(known, record.counts[:, :FIT_YEARS].sum(axis=1)):.2f}")]  # fmt: skip
    for start, seen in runs.items():
        rows = [seen.codes.index(c) for c in record.codes]
        places = seen.exercises[:, 4 * (SCORED[0] - seen.year) : 4 * (LAST + 1 - seen.year), rows].sum(axis=1)
        found = np.array([scores.spearman(known, run) for run in places])
        lines.append(Line(start, "exercises by state, rank correlation", "1", interval(found)))
    return lines


def beside(record: Recorded, replicates: int = 40, seed: int = 1) -> list[Line]:
    """Every question of both starts."""
    runs = {name: run_start(name, replicates, seed) for name in STARTS}
    lines = [line for name, seen in runs.items() for line in counted(record, seen, name)]
    outcome, told = forecasts(record, runs)
    base = told["one constant rate"]
    yes = f"{int(outcome.sum())} of {len(outcome)} candidate-years"
    for name, chance in told.items():
        parts = scores.auc(outcome, chance), scores.brier(outcome, chance), scores.skill(outcome, chance, base)
        lines.append(Line(name, "invited in a year, 2000-2003: AUC, Brier, Brier skill", yes,
                          f"{parts[0]:.2f}, {parts[1]:.4f}, {parts[2]:.2f}"))  # fmt: skip
    return lines + exercise_lines(record, runs)
