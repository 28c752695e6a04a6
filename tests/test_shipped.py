"""All shipped scenarios and policies together: no warning, everything finite and in range, chance shared by
policies.
"""

import warnings

import numpy as np
import pytest

from sim.declare.names import ARRANGEMENTS, DRIVERS, ITEMS, MEASURES, MEMBER, SCORES, THREAT_KINDS, TRACK
from sim.inputs.load import load_scenario, scenario_names
from sim.inputs.policy import policy_names
from sim.law.compiled import Ints
from sim.law.measures import DECLARED
from sim.law.world import copy_world
from sim.runs.build import build
from sim.runs.engine import Engine
from sim.runs.results import record, simulate

SHARES = (
    "capability", "interoperability", "institutions", "will", "legitimacy", "readiness", "fatigue", "tilt",
    "expectation", "warning", "goodwill", "voice", "tension", "hostility", "pressure", "cohesion",
)  # fmt: skip


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
            for field in SHARES:
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


def test_events_say_as_fields_what_they_say_in_words() -> None:
    scenario = load_scenario("open_door_1994")
    engine = Engine(scenario, "open_door", seed=2)
    events = record(engine).events
    names = dict(zip(engine.built.codes, engine.built.names, strict=True))
    assert {"track", "arrangement", "crisis", "council"} <= {event.kind for event in events}
    abouts = {"track": TRACK, "crisis": THREAT_KINDS, "arrangement": ARRANGEMENTS, "council": ITEMS}
    for event in events:
        assert event.told(names.get(event.of, ""), event.by) == event.text
        assert event.about in abouts.get(event.kind, (event.about,))
        assert event.state == ("" if event.kind == "council" else event.of)
        assert not event.of or event.told("Ruritania").count("Ruritania") == 1


def test_contributions_sum_to_the_changes() -> None:
    engine = Engine("southern_neighbourhood", "dialogue_first", seed=2, ledger=True)
    first = copy_world(engine.world)
    results = record(engine)
    # The ledger takes stock before the first rule of each quarter, so its total is last score less first stock.
    members, trust = np.flatnonzero(first.role == MEMBER), results.mutual_trust[0]
    start = {
        "trust": np.array([trust[n, members[members != n]].mean() for n in range(len(trust))]),
        "interoperability": first.interoperability.mean(axis=1),
        "capability": np.clip(first.capability + first.kit, 0, 1).mean(axis=1),
        "legitimacy": first.legitimacy,
    }
    for score, variable in enumerate(SCORES):
        gained = results.state(variable)[-1] - start[variable]
        assert np.abs(results.contributions[:, score].sum(axis=0) - gained).max() < 1e-9, variable
