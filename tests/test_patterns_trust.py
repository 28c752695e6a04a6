"""Trust that people would recognise: predeclared patterns and their sizes (issue 11), as a reader would look for them.

Sizes are of mean mutual trust, 0 to 1, on the scale on which a tenth is plain to see.
"""

from functools import lru_cache

import numpy as np
import pytest

from sim.declare.names import ACTIVITIES, PARTNER, THREAT_KINDS
from sim.declare.no_programme import NO_LEVERS, NO_PARAMETERS
from sim.inputs.load import load_scenario
from sim.inputs.policy import Policy, policy_names
from sim.inputs.scenario import Scenario
from sim.inputs.tables import Breach, Shock
from sim.inputs.values import quarter_index
from sim.law.compiled import Floats
from sim.law.ledger import CAUSES, TRUST, trust_score
from sim.runs.arm import Arm, Record, Runs, arm_of, run_chunk

REPLICATES, SEED = 8, 1907


@lru_cache
def arm(scenario: str, policy: str | None) -> Arm:
    """A shipped scenario under a shipped policy, or without a programme."""
    base = arm_of(scenario, policy or "status_quo")
    if policy is not None:
        return base
    assert isinstance(base.policy, Policy)
    return arm_of(base.scenario, base.policy.model_copy(update=dict(NO_LEVERS)), NO_PARAMETERS, built=base.built)


@lru_cache
def runs(scenario: str, policy: str | None) -> Runs:
    """Trust of every state at every step, and the ledger."""
    return run_chunk(arm(scenario, policy), SEED, 0, REPLICATES, Record(True, True, ("trust",)))


def active(scenario: str) -> Floats:
    """Which states are partners in a framework, and not suspended, on the first day."""
    world = arm(scenario, "status_quo").built.world
    return np.asarray((world.role == PARTNER) & (world.framework >= 0) & (world.suspended_until == 0))


def at_start(scenario: str) -> Floats:
    built = arm(scenario, "status_quo").built
    return np.array([trust_score(n, built.world) for n in range(len(built.codes))])


def at_end(scenario: str, policy: str | None) -> Floats:
    return np.asarray(runs(scenario, policy).states[:, -1, :, 0].mean(axis=0))


def mean_trust(scenario: str, policy: str | None) -> float:
    """Of the partners that were active on the first day, at the end."""
    return float(at_end(scenario, policy)[active(scenario)].mean())


@pytest.mark.parametrize("scenario", ["baseline_2025", "eastern_flank"])
def test_without_a_programme_trust_falls_back_to_where_a_pair_belongs(scenario: str) -> None:
    before = float(at_start(scenario)[active(scenario)].mean())
    assert mean_trust(scenario, None) < before - 0.05


def test_what_the_alliance_chooses_moves_trust_by_more_than_matters() -> None:
    ends = {policy: mean_trust("baseline_2025", policy) for policy in policy_names()}
    best, worst = max(ends.values()), min(ends.values())
    assert best > worst + 0.05
    assert best > mean_trust("baseline_2025", None) + 0.08


@pytest.mark.parametrize("policy", ["status_quo", "exercises_first"])
def test_what_was_done_and_suffered_together_carries_most_of_the_ledger(policy: str) -> None:
    """Direct activity and crises, against hearsay, envy and what else is entered beside forgetting."""
    entries = np.abs(runs("baseline_2025", policy).ledgers[:, :, TRUST][:, :, active("baseline_2025")]).mean(
        axis=(0, 2)
    )
    direct = {*ACTIVITIES, *THREAT_KINDS, "missions", "leaks", "breaches"}
    share = {cause: float(part) for cause, part in zip(CAUSES, entries / entries.sum(), strict=True)}
    assert sum(part for cause, part in share.items() if cause in direct) > 0.55
    assert sum(part for cause, part in share.items() if cause in direct) > 0.667 * (1.0 - share["forgetting"])
    assert share["hearsay"] < 0.15


@pytest.mark.parametrize("policy", ["status_quo", "exercises_first", "dialogue_first"])
def test_partners_diverge(policy: str) -> None:
    """Within a run: over the mean of all runs luck, which is part of the spread, would cancel out."""
    who = active("baseline_2025")
    ends = runs("baseline_2025", policy).states[:, -1, who, 0]
    assert ends.std(axis=1).mean() >= at_start("baseline_2025")[who].std()


@pytest.mark.parametrize("policy", [None, "status_quo", "open_door"])
def test_belarus_suspended_does_not_rise(policy: str | None) -> None:
    belarus = arm("baseline_2025", "status_quo").built.codes.index("BLR")
    assert at_end("baseline_2025", policy)[belarus] <= at_start("baseline_2025")[belarus]


def long_history() -> Scenario:
    """The shipped start of 1994, carried on to 2015 with the breaks and the war of 2008 and 2014 written in."""
    scenario = load_scenario("open_door_1994")
    breaks = (
        Breach(title="Russia 2008", when="2008-Q3", states=("RUS",), evidence=3.0),
        Breach(title="Russia 2014", when="2014-Q1", states=("RUS",), evidence=6.0),
    )
    war = Shock(title="Georgia 2008", when="2008-Q3", kind="conflict_and_instability", states=("GEO",), severity=60.0)
    update = {"horizon": 88, "breaches": (*scenario.breaches, *breaks), "shocks": (*scenario.shocks, war)}
    return scenario.model_copy(update=update)


@lru_cache
def course(code: str) -> Floats:
    """Mean trust of a state by quarter from 1994 to 2015."""
    carried = arm_of(long_history(), "status_quo")
    states = run_chunk(carried, SEED, 0, REPLICATES, Record(True, False, ("trust",))).states
    return np.asarray(states[:, :, carried.built.codes.index(code), 0].mean(axis=0))


def change(code: str, before: str, after: str) -> float:
    start = long_history().start
    path = course(code)
    return float(path[quarter_index(after, start)] - path[quarter_index(before, start)])


def test_serbia_falls_through_the_air_campaign_and_recovers_over_years() -> None:
    fall = change("SRB", "1998-Q4", "1999-Q2")
    assert fall < -0.1
    assert 0.2 * -fall < change("SRB", "1999-Q2", "2003-Q4") < 0.9 * -fall


@pytest.mark.parametrize(("before", "after"), [("1998-Q4", "1999-Q1"), ("2008-Q2", "2008-Q3"), ("2013-Q4", "2014-Q1")])
def test_russia_falls_when_it_breaks_with_the_allies(before: str, after: str) -> None:
    assert change("RUS", before, after) < -0.05


def test_georgia_falls_after_an_august_that_nobody_answered() -> None:
    assert change("GEO", "2008-Q2", "2008-Q3") < -0.05
    assert change("GEO", "2008-Q3", "2009-Q3") < 0.05
