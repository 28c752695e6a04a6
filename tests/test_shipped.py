"""All shipped scenarios and policies together: no warning, everything finite and in range, chance shared by
policies.
"""

import warnings

import numpy as np
import pytest

from sim.declare.names import DRIVERS, MEASURES, THREAT_KINDS
from sim.inputs.load import load_scenario, scenario_names
from sim.inputs.policy import policy_names
from sim.law.compiled import Ints
from sim.law.measures import DECLARED
from sim.runs.build import build
from sim.runs.engine import Engine
from sim.runs.results import simulate

SCORES = ("capability", "interoperability", "institutions", "will", "legitimacy", "readiness", "fatigue", "tilt",
          "expectation", "warning", "goodwill", "voice", "tension", "hostility", "pressure", "cohesion")  # fmt: skip


def test_twelve_scenarios_and_nine_policies_are_shipped() -> None:
    wanted = {
        "baseline_2025", "eastern_flank", "southern_neighbourhood", "gulf_maritime", "cyber_storm", "hybrid_pressure",
        "proliferation", "climate_and_disaster", "budget_squeeze", "divided_council", "new_partners", "open_door_1994",
    }  # fmt: skip
    assert wanted <= set(scenario_names())
    assert len(policy_names()) >= 9


def exogenous(engine: Engine) -> Ints:
    """Arrivals this quarter of the threats whose kind is exogenous."""
    setting = engine.setting
    rows = setting.kinds.driver[setting.threats.kind] == DRIVERS.index("none")
    return engine.quarter.arrivals[rows].copy()


@pytest.mark.parametrize("name", scenario_names())
def test_a_scenario_runs_under_every_policy(name: str) -> None:
    scenario = load_scenario(name)
    built = build(scenario)
    lists: dict[str, list[Ints]] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for policy in policy_names():
            engine = Engine(scenario, policy, seed=5, replicate=2, built=built)
            lists[policy] = []
            for _ in engine.run():
                lists[policy].append(exogenous(engine))
                for i, measure in enumerate(MEASURES):
                    low, high = DECLARED[measure].low, DECLARED[measure].high
                    assert low <= engine.measures[i] <= high, f"{policy}, step {engine.step}: {measure}"
            for field in SCORES:
                values = getattr(engine.world, field)
                assert np.isfinite(values).all() and (values >= 0).all() and (values <= 1).all(), f"{policy}: {field}"
    first = lists["status_quo"]
    assert sum(int(arrivals.sum()) for arrivals in first) > 50
    for policy, found in lists.items():
        assert all(np.array_equal(a, b) for a, b in zip(first, found, strict=True)), (
            f"{policy} changed exogenous events"
        )


@pytest.mark.parametrize("name", scenario_names())
def test_a_scenario_cut_short_is_the_beginning_of_the_whole(name: str) -> None:
    whole = load_scenario(name)
    runs = [Engine(world, "status_quo") for world in (whole, whole.model_copy(update={"horizon": 6}))]
    for _ in range(6):
        for engine in runs:
            engine.decide()
            engine.advance()
        assert np.array_equal(runs[0].measures, runs[1].measures)
    assert runs[1].finished and not runs[0].finished


def test_every_kind_of_threat_arises_somewhere() -> None:
    results = simulate("baseline_2025", "status_quo", paired=False)
    harmed = results.severity.sum(axis=(0, 1))
    assert dict(zip(THREAT_KINDS, harmed > 0, strict=True)) == dict.fromkeys(THREAT_KINDS, True)


def test_results_are_labelled_and_say_where_they_come_from() -> None:
    results = simulate("eastern_flank", "status_quo", seed=4)
    data = results.dataset()
    assert data["measures"].dims == ("quarter", "measure")
    assert float(data["measures"].sel(quarter="2034-Q4", measure="harm")) == results.series("harm")[-1]
    manifest = results.manifest()
    assert manifest["seed"] == 4 and len(manifest["scenario_hash"]) == 64
    assert all(entry["source"] for entry in manifest["parameters"].values())
    assert results.without is not None and results.averted() > 0.0


def test_contributions_sum_to_the_changes() -> None:
    engine = Engine("southern_neighbourhood", "dialogue_first", seed=2, ledger=True)
    from sim.runs.results import record

    results = record(engine)
    # The ledger takes stock before the first rule of each quarter, so its total is last score less first stock.
    for score, variable in enumerate(("trust", "interoperability", "capability", "legitimacy")):
        built = Engine("southern_neighbourhood", "dialogue_first", seed=2).built
        start = {
            "trust": results.mutual_trust[0], "interoperability": built.world.interoperability.mean(axis=1),
            "capability": np.clip(built.world.capability + built.world.kit, 0, 1).mean(axis=1),
            "legitimacy": built.world.legitimacy,
        }[variable]  # fmt: skip
        if variable == "trust":
            members = np.flatnonzero(built.world.role == 1)
            start = np.array([start[n, members[members != n]].mean() for n in range(len(start))])
        gained = results.state(variable)[-1] - start
        assert np.abs(results.contributions[:, score].sum(axis=0) - gained).max() < 1e-9, variable
