"""Each instrument answers its own kind of trouble: what it builds differs from what others build (declared sizes)."""

import numpy as np
import pytest

from sim.declare.names import DOMAINS, INSTRUMENTS, THREAT_KINDS
from sim.inputs.load import load_scenario
from sim.inputs.policy import Policy
from sim.law.compiled import Floats
from sim.runs.engine import Engine

REPLICATES = 6
VISIBLE = 0.02  # of the harm of the kind that the instrument is there for


def course(name: str, instrument: str, share: float) -> tuple[Floats, Floats]:
    """Harm of the focus by kind over all quarters (K,), and its capability by domain at the end (D,), means of lucks.

    The instrument takes its share, exercises what is left of 0.4; the other instruments have 0.15 each.
    """
    split = dict.fromkeys(INSTRUMENTS, 0.15) | {"exercises": 0.4 - share, instrument: share}
    scenario, policy = load_scenario(name), Policy(title="Moved", split=split)
    harm, capability = np.zeros(len(THREAT_KINDS)), np.zeros(len(DOMAINS))
    for replicate in range(REPLICATES):
        engine = Engine(scenario, policy, seed=20261129, replicate=replicate)
        focus = engine.setting.focus == 1
        for _ in engine.run():
            harm += engine.quarter.harm[focus].sum(axis=0) / REPLICATES
        capability += engine.world.capability[focus].mean(axis=0) / REPLICATES
    return harm, capability


@pytest.mark.parametrize(
    ("name", "instrument", "kind", "domain"),
    [
        ("climate_and_disaster", "resilience", "climate_and_disaster", "civil_emergency"),
        ("cyber_storm", "information", "cyber_attack", "cyber"),
    ],
)
def test_an_instrument_answers_its_own_kind_of_trouble(name: str, instrument: str, kind: str, domain: str) -> None:
    """A fifth of the money instead of next to none: its own domain gains most, and its own kind does less harm."""
    (harm, skill), (less, more) = course(name, instrument, 0.01), course(name, instrument, 0.20)
    k, d = THREAT_KINDS.index(kind), DOMAINS.index(domain)
    assert less[k] < (1.0 - VISIBLE) * harm[k]
    gained = np.delete(more - skill, d)
    assert (more - skill)[d] > 2.0 * max(gained.max(), 0.02)


def test_civil_emergency_capability_answers_disasters_and_almost_nothing_else_does() -> None:
    """What `climate_and_disaster` sets out to show: the other money of the programme moves their harm by far less."""
    disasters = THREAT_KINDS.index("climate_and_disaster")
    spared = {}
    for instrument in ("resilience", "information", "dialogue", "institutions"):
        none, some = (course("climate_and_disaster", instrument, share)[0][disasters] for share in (0.01, 0.20))
        spared[instrument] = none - some
    resilience = spared.pop("resilience")
    assert max(spared.values()) < 0.5 * resilience, spared
