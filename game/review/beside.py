"""The class's play beside the shipped policies, judged and drawn like any comparison of policies."""

from typing import Final

import numpy as np

from analysis.studies.compare.comparison import Asked, Judged, Steps, direction, judge, smallest_of
from game.review.lucks import FRESH, Bench, by_policy
from sim.declare.no_programme import NO_LEVERS, NO_PARAMETERS
from sim.inputs.policy import Policy, load_policy, policy_names
from sim.runs.arm import Arm, Record
from sim.runs.ensemble import Progress, run_arms

CLASS: Final = "The class"


def shipped(bench: Bench) -> dict[str, Policy]:
    """The game's own policy first, then every shipped one that is a TOML file."""
    setup = bench.played.setup
    found = {setup.game.policy: setup.policy}
    for name in policy_names():
        policy = load_policy(name, setup.scenario.framework_names())
        if isinstance(policy, Policy) and policy.title != setup.policy.title:
            found[name] = policy
    return found


def beside(bench: Bench, count: int = FRESH, measure: str | None = None, progress: Progress | None = None) -> Judged:
    """Every shipped policy, played by nobody, and the class, under the same fresh lucks and injects.

    The class is all seats together, rivals and partners too: what differs is the whole table's play.
    """
    setup, nobody = bench.played.setup, by_policy(bench.played)
    policies, base = shipped(bench), bench.arm(nobody)
    arms = [Arm(base.scenario, policy, base.built, standing=nobody) for policy in policies.values()]
    arms.append(bench.arm(bench.played.table.course.standing))
    bare = setup.policy.model_copy(update=dict(NO_LEVERS))
    arms.append(Arm(base.scenario, bare, base.built, tuple(NO_PARAMETERS.items()), standing=nobody))
    chosen = measure or setup.scenario.primary_measure
    asked = Asked(
        "game", setup.game.title, setup.scenario.question, chosen, direction(chosen),
        smallest_of(setup.scenario, chosen), (*policies, "the_class"), (*(p.title for p in policies.values()), CLASS),
        0, setup.game.seed, 1, count, setup.scenario.start,
    )  # fmt: skip
    found = run_arms(arms, count, setup.game.seed, Record(), bench.threads, first=1, progress=progress)
    outcomes = np.stack([np.concatenate(one.outcomes) for one in found])
    return judge(asked, outcomes[:-1], outcomes[-1], Steps.of(found[:-1], chosen))
