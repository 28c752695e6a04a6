"""Single predictors to beat: those of the project's literature notes, each fitted on 1994-98 alone.

The notes name five for accession: exercises with an ally 1994-98, electoral democracy 1994, UN General Assembly ideal
point 1994, closeness of the capital to Brussels, and GDP a head (1995; the notes divide by the population of 2023, a
later fact, and here it is that of 1995); and one pair, closeness and exercises. They say that aspiration must be
handled, for without it the test rewards geography: it is the sixth, and an input of the model.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from analysis.studies.history.record import FIT_YEARS, LAST_FIT, YEARS, Recorded, closeness
from sim.law.compiled import Floats

PREDICTORS: Final = {
    "exercises": "exercises with an ally in the years before",
    "democracy": "electoral democracy 1994",
    "ideal": "UN ideal point 1994",
    "closeness": "closeness of the capital to Brussels",
    "wealth": "GDP a head 1995",
    "aspiration": "membership declared an aim by 1998 (an input of the model)",
    "closeness and exercises": "closeness and exercises",
}
RIDGE: Final = 1.0  # pull of standardised slopes to zero, in units of one case (assumed); the level is left free


def predictors(record: Recorded) -> dict[str, Floats]:
    """By name: (S, Y, K) columns of a predictor by state and year, known before that year or, from 1999 on, by 1998.

    A missing ideal point (Switzerland was no member of the United Nations) is the sample's mean.
    """

    def still(values: Floats) -> Floats:
        return np.asarray(np.repeat(values[:, None, None], len(YEARS), axis=1))

    facts = [record.facts[code] for code in record.codes]
    ideal = np.array([f.number("ideal", 1994) if f.provenance("ideal", 1994) == "fact" else np.nan for f in facts])
    ideal = np.where(np.isnan(ideal), np.nanmean(ideal), ideal)
    near, before = still(closeness(record.facts, record.codes)), earlier(record.counts)[:, :, None]
    head = [1000.0 * f.number("gdp", 1995) / f.number("population", 1995) for f in facts]
    return {
        "exercises": before,
        "democracy": still(np.array([f.number("democracy", 1994) for f in facts])),
        "ideal": still(ideal), "closeness": near, "wealth": still(np.log(np.array(head))),
        "aspiration": still(record.aspired(LAST_FIT)),
        "closeness and exercises": np.concatenate([near, before], axis=2),
    }  # fmt: skip


def earlier(counts: Floats) -> Floats:
    """(S, Y) log of one plus the mean yearly count over the years before, and over 1994-98 for every year after them.

    The first year has no year before it and is left out of fits.
    """
    seen = np.full(counts.shape, np.nan)
    for year in range(1, counts.shape[1]):
        seen[:, year] = np.mean(counts[:, : min(year, FIT_YEARS)], axis=1)
    return np.asarray(np.log1p(seen))


def totals(record: Recorded) -> dict[str, Floats]:
    """By name: (S, K) columns of a predictor for a question with one answer a state, known by the end of 1998."""
    found = {name: x[:, -1] for name, x in predictors(record).items()}
    exercises = np.log1p(record.totals[:, :1])
    near = found["closeness"]
    return found | {"exercises": exercises, "closeness and exercises": np.concatenate([near, exercises], axis=1)}


def standard(x: Floats, fit: Floats) -> Floats:
    """Columns in units of their spread over the fitted cases."""
    spread = fit.std(axis=0)
    return np.asarray((x - fit.mean(axis=0)) / np.where(spread > 0.0, spread, 1.0))


def _fit(x: Floats, y: Floats, counts: bool, ridge: float) -> Floats:
    """Newton's steps for a logistic (or, for counts, log-linear) regression with a pull on the slopes."""
    full = np.column_stack([np.ones(len(x)), x])
    pull = np.diag([1e-9] + [ridge] * x.shape[1])
    level = max(float(y.mean()), 1e-3)
    weights = np.zeros(full.shape[1])
    weights[0] = np.log(level) if counts else np.log(level / max(1.0 - level, 1e-3))
    for _ in range(60):
        line = np.clip(full @ weights, -30.0, 30.0)
        mean = np.exp(line) if counts else 1.0 / (1.0 + np.exp(-line))
        bend = mean if counts else mean * (1.0 - mean)
        slope = full.T @ (y - mean) - pull @ weights
        step = np.linalg.solve(full.T @ (full * bend[:, None]) + pull + 1e-9 * np.eye(len(weights)), slope)
        weights = weights + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-9:
            break
    return weights


def regression(x: Floats, y: Floats, at: Floats, counts: bool = False, ridge: float = RIDGE) -> Floats:
    """Fit y on x and say what it expects `at` other cases. x: (C, K), y: (C,), at: (D, K) -> (D,)."""
    keep = np.isfinite(y) & np.isfinite(x).all(axis=1)
    weights = _fit(standard(x[keep], x[keep]), y[keep], counts, ridge)
    line = np.clip(np.column_stack([np.ones(len(at)), standard(at, x[keep])]) @ weights, -30.0, 30.0)
    return np.asarray(np.exp(line) if counts else 1.0 / (1.0 + np.exp(-line)))


def yearly(record: Recorded, counts: bool) -> dict[str, Floats]:
    """By baseline: (S, Y) chance of taking part in a year (or expected exercises), fitted on state-years of 1994-98."""
    known = record.counts if counts else np.where(np.isnan(record.counts), np.nan, record.counts > 0.0)
    fitted = known[:, :FIT_YEARS]
    found = {"base rate": np.full(known.shape, float(np.nanmean(fitted)))}
    for name, x in predictors(record).items():
        flat = x[:, :FIT_YEARS].reshape(-1, x.shape[2])
        filled = np.where(np.isfinite(x), x, np.nan)
        expected = regression(flat, fitted.ravel(), filled.reshape(-1, x.shape[2]), counts)
        found[name] = expected.reshape(known.shape)
    return found


def window(record: Recorded, had: Floats, columns: Mapping[str, Floats] | None = None) -> dict[str, Floats]:
    """By baseline: (S,) chance that something happens within a further five years, fitted on whether it had by 1998."""
    found = {"base rate": np.full(len(had), float(had.mean()))}
    for name, x in (columns or totals(record)).items():
        found[name] = regression(x, had, x)
    return found
