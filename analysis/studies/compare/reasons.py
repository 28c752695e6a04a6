"""Why one policy does better than another: the ledger's difference, mechanisms switched off, levers put back.

The ledger is accounting in the order of the rules. What is causal comes from paired runs: both policies without a
mechanism, and the policy with one lever at the baseline's value.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from analysis.stats.intervals import Interval, paired
from analysis.studies.compare.comparison import Asked, Judged, turned
from sim.declare.levers import LEVERS
from sim.declare.names import ACTIVITIES, MEASURES, SCORES, THREAT_KINDS
from sim.inputs.policy import Policy, PythonPolicy
from sim.inputs.scenario import Scenario
from sim.law.compiled import Floats
from sim.law.ledger import CAUSES
from sim.runs.arm import Arm, arm_of
from sim.runs.build import Built

SCORES_SHOWN: Final = ("trust", "interoperability")
LEAST: Final = 0.0005  # smaller ledger differences point to nothing
MOST: Final = 4  # mechanisms switched off
CONTRIBUTES: Final = 0.15  # share of a gain in harm from which on its way points to mechanisms
Run = Callable[[Sequence[Arm], int], list[Floats]]  # arms and replicates to outcomes, (R, M) each


class Switch(NamedTuple):
    """A mechanism that parameters switch off, and the entries of the ledger that point to it."""

    name: str
    off: Mapping[str, float]
    causes: tuple[str, ...]
    scores: tuple[str, ...]
    way: str = ""  # "attacks" or "response": the way to less harm that points to it


# Forgetting, return to the mean, upkeep and accession only undo or follow what others did, so they point to nothing.
SWITCHES: Final = (
    Switch("learning from activities", {"learning": 0.0}, ACTIVITIES, ("interoperability",), "response"),
    Switch("trust from working together", {"acquaintance": 0.0}, ACTIVITIES, ("trust",)),
    Switch("what others say of a state", {"hearsay": 0.0}, ("hearsay",), ("trust",)),
    Switch("envy and resentment", {"envy_weight": 0.0, "resentment": 0.0}, ("envy",), ("trust",)),
    Switch("doubt after unanswered attacks", {"doubt": 0.0}, THREAT_KINDS, ("trust",)),
    Switch(
        "serving together in missions", {"service": 0.0},
        ("missions",), ("trust", "interoperability"),
    ),
    Switch("leaks", {"leak_rate": 0.0}, ("leaks",), ("trust",)),
    Switch(
        "skill fade", {"fading": 0.0}, ("skill_fade",),
        ("interoperability",),
    ),
    Switch("shared warning", {"warning_gain": 0.0}, (), (), "response"),
    Switch("help from others", {"help_effort": 0.0}, (), (), "response"),
    Switch("coercion that brings hybrid pressure", {"coercion_gain": 0.0}, (), (), "attacks"),
    Switch("tension that brings conflict", {"tension_gain": 0.0}, (), (), "attacks"),
)  # fmt: skip


class Account(NamedTuple):
    """The ledger's difference for one score: named amounts that sum from the baseline's end to the policy's."""

    score: str
    start: float
    end: float
    causes: tuple[str, ...]
    amounts: Floats


class Lost(NamedTuple):
    """A mechanism switched off in both policies: the gain with it, without it, and what disappears; more is better."""

    name: str
    parameters: tuple[str, ...]
    with_it: Interval
    without_it: Interval
    lost: Interval


class Reset(NamedTuple):
    """One lever of the policy put back to the baseline's value; differences are with the lever less without it."""

    lever: str
    ours: str
    theirs: str
    same: bool  # not one bit of one measure moved
    moved: tuple[tuple[str, Interval], ...]  # measures told apart from luck, with simultaneous intervals
    gain: Interval  # on the primary measure, more is better


class Why(NamedTuple):
    """The policy taken apart against the baseline."""

    policy: int
    replicates: int
    accounts: tuple[Account, ...]
    lost: tuple[Lost, ...]
    resets: tuple[Reset, ...]


def account(score: str, own: Floats, base: Floats, own_end: float, base_end: float) -> Account:
    """Every difference between two ledgers (CAUSES,), gains first."""
    gaps = own - base
    order = sorted((c for c in range(len(CAUSES)) if gaps[c] != 0.0), key=lambda c: -gaps[c])
    return Account(score, base_end, own_end, tuple(CAUSES[c] for c in order), gaps[order])


def pointed_to(gaps: Floats, ways: Mapping[str, float], most: int = MOST) -> list[Switch]:
    """Mechanisms that the ledger's difference (CAUSES, SCORES) points to, largest first; `ways` are shares of a gain.

    A way to less harm that makes up much of the gain comes first, because no ledger keeps accounts of harm.
    """
    found: list[tuple[float, Switch]] = []
    for switch in SWITCHES:
        rows = [CAUSES.index(c) for c in switch.causes]
        size = float(sum(np.abs(gaps[rows, SCORES.index(s)]).sum() for s in switch.scores))
        way = ways.get(switch.way, 0.0)
        if way >= CONTRIBUTES and not switch.causes:
            found.append((1.0 + way, switch))
        elif size >= LEAST:
            found.append((size + (1.0 + way if way >= CONTRIBUTES else 0.0), switch))
    return [switch for _, switch in sorted(found, key=lambda one: -one[0])[:most]]


def ways_of(judged: Judged, policy: int) -> dict[str, float]:
    """How much of the policy's change of harm against the baseline comes by fewer attacks and by better response."""
    if judged.asked.measure not in ("harm", "severity"):
        return {}
    own, base = judged.averted[policy], judged.averted[judged.asked.baseline]
    parts = {
        "attacks": abs(own.attacks.mean - base.attacks.mean),
        "response": abs(own.response.mean - base.response.mean),
    }
    whole = sum(parts.values())
    return {name: size / whole for name, size in parts.items()} if whole > 0.0 else {}


def lost_by(
    asked: Asked, switch: Switch, on: tuple[Floats, Floats], off: tuple[Floats, Floats]
) -> Lost:  # fmt: skip
    """What a mechanism's absence takes from the gain; `on`, `off`: outcomes (R, M) of policy and baseline."""
    at = MEASURES.index(asked.measure)
    with_it, without_it = (asked.sign * (own[:, at] - base[:, at]) for own, base in (on, off))
    nothing = np.zeros(len(with_it))
    return Lost(
        switch.name, tuple(switch.off), paired(with_it, nothing), paired(without_it, nothing),
        paired(with_it, without_it),
    )  # fmt: skip


def reset_of(asked: Asked, lever: str, ours: object, theirs: object, own: Floats, put_back: Floats) -> Reset:
    """What one lever moves: outcomes (R, M) with it and with the baseline's value, judged over all measures at once."""
    level = 1.0 - 0.05 / len(MEASURES)  # Bonferroni: one false alarm in twenty over all measures
    gaps = [paired(own[:, m], put_back[:, m], level) for m in range(len(MEASURES))]
    at = MEASURES.index(asked.measure)
    return Reset(
        lever, value_words(ours), value_words(theirs), bool(np.array_equal(own, put_back)),
        tuple((name, gap) for name, gap in zip(MEASURES, gaps, strict=True) if gap.excludes() and gap.mean != 0.0),
        turned(paired(own[:, at], put_back[:, at]), asked.sign),
    )  # fmt: skip


def value_words(value: object) -> str:
    """A lever's value in short; of a table its parts above zero."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {part:g}" for name, part in value.items() if part)
    return f"{value:g}" if isinstance(value, float | int) else str(value).replace("_", " ")


def differing(own: Policy, base: Policy) -> list[str]:
    """Levers on which two policies differ."""
    return [name for name in LEVERS if getattr(own, name) != getattr(base, name)]


def take_apart(
    judged: Judged, policy: int, ledgers: Floats, ends: Floats, scenario: Scenario, built: Built,
    pair: tuple[Policy | PythonPolicy, Policy | PythonPolicy], replicates: int, run: Run,
) -> Why:  # fmt: skip
    """The policy against the baseline. ledgers (2, CAUSES, SCORES): mean partner, policy first; ends (2, SCORES)."""
    asked = judged.asked
    on = judged.outcomes[policy, :replicates], judged.outcomes[asked.baseline, :replicates]
    accounts = tuple(
        account(s, *ledgers[:, :, SCORES.index(s)], *(float(v) for v in ends[:, SCORES.index(s)])) for s in SCORES_SHOWN
    )
    chosen = pointed_to(ledgers[0] - ledgers[1], ways_of(judged, policy))
    arms = [arm_of(scenario, p, {**s.off}, built=built, within=False) for s in chosen for p in pair]
    own, base = pair
    levers = differing(own, base) if isinstance(own, Policy) and isinstance(base, Policy) else []
    arms += [arm_of(scenario, own.model_copy(update={n: getattr(base, n)}), built=built) for n in levers]  # type: ignore[union-attr]
    found = run(arms, replicates)
    pairs = [(found[2 * i], found[2 * i + 1]) for i in range(len(chosen))]
    back = found[2 * len(chosen) :]
    return Why(
        policy, replicates, accounts,
        tuple(lost_by(asked, s, on, off) for s, off in zip(chosen, pairs, strict=True)),
        tuple(
            reset_of(asked, n, getattr(own, n), getattr(base, n), on[0], outcomes)
            for n, outcomes in zip(levers, back, strict=True)
        ),
    )  # fmt: skip
