"""The plain Mesa version in `benchmarks/` and the compiled engine are the same model: every measure, every quarter."""

import numpy as np
import pytest
from mesa.batchrunner import batch_run

from benchmarks.plain_mesa import PlainPartnershipModel
from benchmarks.plain_mesa.agents import MemberState, PartnerState
from benchmarks.plain_mesa.model import ROLE_CLASSES
from benchmarks.plain_mesa.state import FIXED, MOVING
from sim.declare.names import DECISION_MODES, MEASURES
from sim.inputs.load import load_scenario, scenario_names
from sim.inputs.policy import Policy, load_policy, policy_names
from sim.inputs.scenario import Scenario
from sim.runs.engine import Engine

CLOSE = 1e-9
SCENARIOS, POLICIES = scenario_names(), policy_names()


def assert_near(ours: object, theirs: object, what: str) -> None:
    np.testing.assert_allclose(np.array(ours, dtype=float), np.asarray(theirs), rtol=0.0, atol=CLOSE, err_msg=what)


def assert_same_world(model: PlainPartnershipModel, engine: Engine) -> None:
    """Every state variable of ODD 2.1."""
    world, rows = engine.world, model.rows
    for name in MOVING:
        assert_near([getattr(state, name) for state in rows], getattr(world, name), name)
    assert_near([[state.control, state.governance] for state in rows], world.institutions, "institutions")
    assert_near([ROLE_CLASSES.index(type(state)) for state in rows], world.role, "role")
    assert_near([[state.trust[other][0] for other in rows] for state in rows], world.trust_for, "trust_for")
    assert_near([[state.trust[other][1] for other in rows] for state in rows], world.trust_against, "trust_against")
    assert_near([[state.trust[other][2] for other in rows] for state in rows], world.base_trust, "base_trust")
    assert_near([state.turned_down for state in rows], world.refused, "refused by the Council")
    assert_near([[other in state.ratified_by for other in rows] for state in rows], world.ratified, "ratified")
    assert_near([feud.misperception for feud in model.feuds], world.misperception, "misperception")
    assert_near([region.tension for region in model.regions], world.tension, "tension")
    assert_near([rival.hostility for rival in model.rivals], world.hostility, "hostility")
    assert_near([rival.pressure for rival in model.rivals], world.pressure, "pressure")
    for t, threat in enumerate(model.threats):
        assert_near([threat.active.get(state, False) for state in rows], world.active[t], f"active {t}")
        assert_near([threat.excitement.get(state, 0.0) for state in rows], world.excitement[t], f"excitement {t}")
    council = model.alliance
    assert_near(council.item_wait, world.item_wait, "item_wait")
    assert_near([council.scale, council.mandate, council.cohesion],
        [world.scale[0], world.mandate[0], world.cohesion[0]], "scale, mandate, cohesion")  # fmt: skip
    assert_near([council.agreed, council.on_agenda, council.held_up], world.council, "council")
    assert_near(council.bloc_cohesion, world.bloc_cohesion, "bloc_cohesion")


def assert_same_quarter(model: PlainPartnershipModel, engine: Engine) -> None:
    """What happened in the last quarter (ODD 2.4)."""
    quarter, rows = engine.quarter, model.rows
    for name in ("severity", "harm", "attributed", "delivered", "requested", "done", "effect", "leaked", "lost", "load",
                 "apart"):  # fmt: skip
        assert_near([getattr(state, name) for state in rows], getattr(quarter, name), name)
    spent = [[state.paid, state.from_lead, state.from_trust, state.from_fund] for state in rows]
    assert_near(spent, quarter.spent, "spent")
    refused = np.zeros_like(quarter.refused)
    for state in rows:
        for activity, reason in state.refused.items():
            refused[state.row, activity] = reason
    assert_near(refused, quarter.refused, "refused")
    assert_near(model.alliance.decided, quarter.decided, "decided")
    assert_near([model.alliance.hours_wanted, model.alliance.hours_used], quarter.hours, "hours")
    found, count = quarter.incidents, int(quarter.incidents.number[0])
    assert [incident.state.row for incident in model.incidents] == found.state[:count].tolist()
    assert [incident.kind.number for incident in model.incidents] == found.kind[:count].tolist()
    helpers = [[helper.row for helper, _ in incident.helpers] for incident in model.incidents]
    assert helpers == [[m for m in group if m >= 0] for group in found.group[:count].tolist()]


def run_both(
    scenario: Scenario | str, policy: Policy | str, quarters: int, seed: int = 1, replicate: int = 0
) -> PlainPartnershipModel:
    """Move both, comparing all measures each quarter and all states at the end."""
    engine = Engine(scenario, policy, seed, replicate)
    model = PlainPartnershipModel(scenario, policy, seed, replicate)
    for step in range(min(quarters, engine.scenario.horizon)):
        engine.decide()
        engine.advance()
        model.step()
        assert tuple(model.measures) == MEASURES
        assert_near(list(model.measures.values()), engine.measures, f"measures {MEASURES} of step {step}")
    assert_same_world(model, engine)
    assert_same_quarter(model, engine)
    assert model.running is not engine.finished
    return model


@pytest.mark.parametrize(("scenario", "policy", "quarters"), [
    ("eastern_flank", "status_quo", 6), ("gulf_maritime", "dialogue_first", 4), ("open_door_1994", "open_door", 4),
])  # fmt: skip
def test_plain_model_equals_the_engine(scenario: str, policy: str, quarters: int) -> None:
    run_both(scenario, policy, quarters)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(SCENARIOS)), ids=SCENARIOS)
def test_plain_model_equals_the_engine_to_the_end(number: int) -> None:
    """Each scenario under another policy, decision mode, seed and replicate."""
    scenario = load_scenario(SCENARIOS[number])
    policy = load_policy(POLICIES[(2 * number + 1) % len(POLICIES)], scenario.framework_names())
    policy = policy.model_copy(update={"decision_mode": DECISION_MODES[number % len(DECISION_MODES)]})
    run_both(scenario, policy, 60, seed=5 + number, replicate=number)


def test_a_state_that_accedes_stays_the_same_agent() -> None:
    model = PlainPartnershipModel("open_door_1994", "open_door")
    candidate = next(state for state in model.rows if isinstance(state, PartnerState))
    host = candidate.hosts[0]
    candidate.accede()
    assert isinstance(candidate, MemberState) and candidate in model.members and candidate not in model.partners
    assert candidate in model.agents_by_type[MemberState] and candidate not in model.agents_by_type[PartnerState]
    assert candidate in model.participants and candidate in host.trust
    assert [member.row for member in model.members] == sorted(member.row for member in model.members)


def test_agents_hold_plain_numbers() -> None:
    model = PlainPartnershipModel("eastern_flank")
    for name in (*FIXED, *MOVING):
        value = getattr(model.rows[0], name)
        first = value[0] if isinstance(value, list) else value
        assert type(first) in (int, float), name


def test_batch_run_varies_replicates_and_stops_at_the_horizon() -> None:
    scenario = load_scenario("eastern_flank").model_copy(update={"horizon": 3, "shocks": (), "upheavals": ()})
    rows = batch_run(
        PlainPartnershipModel, {"scenario": [scenario], "policy": ["status_quo"], "replicate": [0, 1]},
        number_processes=1, data_collection_period=1, max_steps=10, display_progress=False,
    )  # fmt: skip
    assert [row["replicate"] for row in rows] == [0, 0, 0, 1, 1, 1]
    assert rows[2]["harm"] != rows[5]["harm"]
    engine = Engine(scenario, "status_quo")
    for row in rows[:3]:
        engine.decide()
        engine.advance()
        assert_near([row[name] for name in MEASURES], engine.measures, "measures of a batch")
