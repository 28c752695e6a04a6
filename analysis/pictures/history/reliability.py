"""How far chances can be trusted: how often what was given a chance did happen."""

import numpy as np

from analysis.pictures.chart import Chart, same
from analysis.pictures.style import BAD, FAINT, GOOD, NEUTRAL, Sheet, panels
from analysis.studies.history.backtest import MATCHED, SHIPPED, Backtest, Target
from sim.law.compiled import Floats


def bins(outcome: Floats, chance: Floats, count: int = 6) -> list[tuple[float, float, float, float, int]]:
    """By bin of about equal size: mean chance, share that happened, its 90 % interval (Jeffreys), cases."""
    from scipy.stats import beta

    keep = np.isfinite(outcome) & np.isfinite(chance)
    order = np.argsort(chance[keep], kind="stable")
    told, happened = chance[keep][order], outcome[keep][order]
    found = []
    for part in np.array_split(np.arange(len(told)), count):
        yes, n = float(happened[part].sum()), len(part)
        low, high = beta.ppf([0.05, 0.95], yes + 0.5, n - yes + 0.5)
        found.append((float(told[part].mean()), yes / n, float(low), float(high), n))
    return found


def target_of(found: Backtest) -> Target:
    """What is drawn of all that was forecast."""
    return next(t for t in found.targets if t.name == "takes part in a year, 1999-2003")


def finding(found: Backtest) -> str:
    """The model's score against the simplest rival's."""
    name = target_of(found).name
    model, rival = (found.line(name, n, "Brier").value for n in (SHIPPED, "exercises"))
    verdict = "worse than" if model > rival else "no worse than"
    return f"Chances of taking part in 1999-2003: Brier {model:.3f}, {verdict} the {rival:.3f} of past exercises"


def shows(found: Backtest) -> str:
    """How chances are gathered."""
    return (
        f"Chance given, and share that happened with its 90 % interval, in six bins of about equal size "
        f"({target_of(found).cases}). On the diagonal chances can be taken at their word."
    )


def draw(found: Backtest, figure: Sheet) -> None:
    """A panel for each forecaster."""
    target = target_of(found)
    shown = (
        (SHIPPED, "Model as shipped", GOOD, "o"), (MATCHED, "Model, history-matched", BAD, "s"),
        ("exercises", "Past exercises alone", NEUTRAL, "^"),
    )  # fmt: skip
    (row,) = panels(figure, 1, 3, left=0.75, across=0.45, top=0.25, bottom=0.45)
    for axes, (name, words, colour, marker) in zip(row, shown, strict=True):
        axes.plot([0, 1], [0, 1], color=FAINT, lw=1.5)
        for x, y, low, high, _ in bins(target.outcome, target.forecasts[name]):
            axes.plot([x, x], [low, high], color=colour, lw=1.6)
            axes.plot(x, y, marker, color=colour, ms=7)
        axes.set_title(words)
        axes.set_xlim(-0.03, 1.03)
        axes.set_ylim(-0.03, 1.03)
        axes.set_xlabel("chance given")
    row[0].set_ylabel("share that took part")


FIGURES = (
    Chart("history_reliability", "How far chances can be trusted", shows, (11.0, 5.6), same, finding, draw, order=20,
          dots=110),
)  # fmt: skip
