"""Sweeps of levers and the first table: what is run, where an optimum is claimed, and what the pages say."""

import numpy as np
import pytest

from analysis.pictures.reports.levers import first_table_page, levers_page, plus_minus, sentences
from analysis.stats.intervals import Interval
from analysis.studies.lever_sweeps import BASE, SCENARIOS, Dial, FirstTable, Sweep, changes_of, dials, outcomes, sweep
from sim.declare.levers import LEVERS
from sim.declare.names import MEASURES
from sim.inputs.policy import Policy, load_policy
from sim.law.measures import DECLARED
from sim.runs.engine import Engine

ENVELOPE = next(dial for dial in dials() if dial.lever == "envelope")


def made(harm: list[float], noise: float) -> Sweep:
    """A sweep of the envelope in which harm depends on the value as given, with independent noise."""
    values = np.zeros((len(harm), 20, len(MEASURES)))
    rng = np.random.default_rng(3)
    values[:, :, MEASURES.index("harm")] = np.array(harm)[:, None] + noise * rng.standard_normal((len(harm), 20))
    dial = ENVELOPE._replace(values=tuple(float(i) for i in range(len(harm))), default=0.0)
    return Sweep({SCENARIOS[0]: values[0]}, {(SCENARIOS[0], dial): values}, 20, 1)


def inner(found: Sweep) -> tuple[float, bool] | None:
    ((scenario, dial),) = found.moved
    return found.inner(scenario, dial, "harm")


def test_an_inner_optimum_beats_both_ends_by_more_than_luck() -> None:
    assert inner(made([3.0, 1.0, 2.0], 0.01)) == (1.0, True)
    assert inner(made([3.0, 2.99, 2.999], 0.001)) == (1.0, False)  # less than what matters
    assert inner(made([3.0, 1.0, 2.0], 20.0)) is None
    assert inner(made([3.0, 2.0, 1.0], 0.01)) is None


def test_shares_keep_their_sum_and_their_proportions() -> None:
    for dial in dials():
        if dial.lever in ("split", "rule"):
            shares = changes_of(dial, 0.6)[dial.lever]
            before = LEVERS[dial.lever].default
            assert isinstance(before, dict) and sum(shares.values()) == pytest.approx(1.0)
            a, b, *_ = (name for name in before if name != dial.name)
            assert shares[a] * before[b] == pytest.approx(shares[b] * before[a])


def test_a_sweep_holds_the_runs_of_single_engines() -> None:
    dial = Dial("envelope", "", (0.0, 240.0), 120.0)
    found = sweep(2, seed=4, only=[dial])
    policy = load_policy(BASE)
    assert isinstance(policy, Policy)
    engine = Engine(SCENARIOS[1], policy.model_copy(update={"envelope": 240.0}), 4, 1)
    steps = np.array([engine.measures.copy() for _ in engine.run()])
    ends = [DECLARED[name].over_run == "end" for name in MEASURES]
    np.testing.assert_allclose(
        found.moved[SCENARIOS[1], dial][1, 1], np.where(ends, steps[-1], steps.mean(axis=0)), rtol=1e-12, atol=1e-15
    )
    same = outcomes(SCENARIOS, [BASE], 2, 4)
    assert np.array_equal(same[:, 0], np.stack([found.base[s] for s in SCENARIOS]))


def test_pages_tell_the_numbers() -> None:
    dial = ENVELOPE
    flat = np.zeros((len(dial.values), 3, len(MEASURES)))
    moved = {(s, d): flat[:1].repeat(len(d.values), axis=0) for s in SCENARIOS for d in dials()}
    text = levers_page(Sweep({s: flat[0] for s in SCENARIOS}, moved, 3, 1))
    assert "no inner optimum that matters" in text and all(f"(`{lever}`)" in text for lever in LEVERS)
    gaps = {"status_quo": Interval(0.0, 0.0, 0.0, 0.95), "better": Interval(-2.0, -3.0, -1.0, 0.95),
            "unsure": Interval(0.5, -0.5, 1.5, 0.95)}  # fmt: skip
    found = FirstTable({"somewhere": gaps}, {"somewhere": "harm"}, {"somewhere": 1.0}, 30, 1)
    assert "▲ −2.00 ± 1.00 | ▼ +0.50 ± 1.00" in first_table_page(found)
    assert sentences(found)[1].startswith("**None loses everywhere**")
    assert plus_minus(gaps["unsure"], 1) == "+0.5 ± 1.0"
