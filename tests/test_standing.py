"""Standing orders: laid over what policies decide, in the compiled kernel and quarter by quarter alike."""

from dataclasses import replace

import numpy as np
import pytest

from sim.declare.names import ACTIVITIES, INSTRUMENTS, MEASURES, MEMBER, PARTNER, THREAT_KINDS
from sim.declare.threat_kinds import KINDS
from sim.law.asked_orders import Standing, ask_levers, nothing_asked
from sim.law.compiled import Floats
from sim.runs.arm import Arm, Record, arm_of, run_chunk
from sim.runs.mesa_agents import MemberState
from sim.runs.mesa_model import PartnershipModel

SEED, COUNT = 5, 3


@pytest.fixture(scope="module")
def arm() -> Arm:
    return arm_of("eastern_flank", "status_quo")


def asked(arm: Arm, turns: int = 1) -> Standing:
    built, horizon = arm.built, arm.scenario.horizon
    standing = nothing_asked(len(built.codes), len(built.rivals), arm.levers, turns, horizon)
    standing.turn[:] = np.arange(horizon) * turns // horizon
    return standing


def outcomes(arm: Arm, standing: Standing | None) -> Floats:
    return run_chunk(replace(arm, standing=standing), SEED, 0, COUNT, Record()).measures


def test_asking_for_nothing_changes_no_bit(arm: Arm) -> None:
    assert np.array_equal(outcomes(arm, asked(arm)), outcomes(arm, None))


def test_levers_asked_for_are_a_policy_with_these_levers(arm: Arm) -> None:
    standing = asked(arm)
    split = (0.1, 0.1, 0.1, 0.1, 0.3, 0.3)
    ask_levers(standing, 0, {"envelope": 200.0, "conditionality": 0.8, "split": np.array(split)})
    other = arm.policy.model_copy(update={
        "envelope": 200.0, "conditionality": 0.8, "split": dict(zip(INSTRUMENTS, split, strict=True)),
    })  # type: ignore[union-attr]  # fmt: skip
    assert np.array_equal(outcomes(arm, standing), outcomes(replace(arm, policy=other), None))


def test_a_member_that_asks_is_the_agent_that_decides_so(arm: Arm) -> None:
    class Thrifty(MemberState):
        def decide(self):  # type: ignore[no-untyped-def]
            orders = super().decide()
            orders.fund, orders.pledge = 0.4, 0.2
            return orders

    row = arm.built.codes.index("DEU")
    standing = asked(arm)
    standing.fund[0, row], standing.pledge[0, row] = 0.4, 0.2
    laid = outcomes(arm, standing)
    for replicate in range(COUNT):
        model = PartnershipModel("eastern_flank", "status_quo", SEED, replicate, agent_classes={"DEU": Thrifty})
        for step, _ in enumerate(model.quarters()):
            assert np.array_equal(model.engine.measures, laid[replicate, step])


def test_a_turn_binds_its_own_quarters_only(arm: Arm) -> None:
    standing = asked(arm, turns=2)
    partners = np.flatnonzero(arm.built.world.role == PARTNER)
    standing.request[1, partners] = 0.0
    laid, plain = outcomes(arm, standing), outcomes(arm, None)
    half = int((standing.turn == 0).sum())
    assert np.array_equal(laid[:, :half], plain[:, :half])
    cost = MEASURES.index("cost")
    assert np.all(laid[:, half:, cost] == 0.0) and np.all(plain[:, half:, cost] > 0.0)


def test_who_does_not_pay_stays_ready_and_the_programme_shrinks(arm: Arm) -> None:
    members = np.flatnonzero(arm.built.world.role == MEMBER)
    standing = asked(arm)
    standing.fund[0, members] = 0.0
    readiness, cost = MEASURES.index("readiness"), MEASURES.index("cost")
    laid, plain = outcomes(arm, standing).mean(axis=(0, 1)), outcomes(arm, None).mean(axis=(0, 1))
    assert laid[readiness] > plain[readiness] and laid[cost] < plain[cost]


def test_an_inject_strikes_in_its_quarter(arm: Arm) -> None:
    standing = asked(arm)
    standing.added[4] = 1
    standing.inject[4, arm.built.codes.index("MDA"), 1] = 50.0
    laid, plain = outcomes(arm, standing), outcomes(arm, None)
    severity = MEASURES.index("severity")
    assert np.array_equal(laid[:, :4], plain[:, :4])
    # The measure counts severity by the harm that a kind of threat does to people, a state of the focus.
    each = KINDS[THREAT_KINDS[1]].people / int(arm.built.setting.focus.sum())
    assert laid[:, 4, severity] - plain[:, 4, severity] == pytest.approx(50.0 * each)


def test_rivals_and_stances_can_be_asked_for(arm: Arm) -> None:
    standing = asked(arm)
    standing.stance[0, arm.built.codes.index("HUN"), :] = 2
    standing.move[0] = 0.0
    laid, plain = outcomes(arm, standing).mean(axis=(0, 1)), outcomes(arm, None).mean(axis=(0, 1))
    assert laid[MEASURES.index("consensus_rate")] < plain[MEASURES.index("consensus_rate")]
    assert laid[MEASURES.index("stability")] > plain[MEASURES.index("stability")]
    assert len(ACTIVITIES) == standing.request.shape[2]
