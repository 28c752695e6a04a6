"""Search over the levers of a programme: the model as the searched function, and what is said of the finds."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from analysis.stats.pareto import Aim, Found, search_in
from analysis.studies.compare.comparison import COST, direction
from analysis.studies.factors import Running, unit_of
from analysis.studies.search_space import Space, same_levers, space_for
from analysis.words import counted, listed, lower, number, signed
from sim.declare.names import MEASURES
from sim.inputs.policy import Policy, load_policy, policy_names
from sim.inputs.scenario import Scenario
from sim.law.compiled import Floats
from sim.runs.arm import arm_of
from sim.runs.build import Built, build


def aim_of(objectives: Sequence[str], primary: str) -> Aim:
    """What is sought; a measure that is neither good nor bad counts as good."""
    columns = tuple(MEASURES.index(name) for name in objectives)
    return Aim(columns, tuple(map(direction, objectives)), MEASURES.index(primary), direction(primary), COST)


@dataclass(frozen=True)
class Model:
    """A scenario as a function of points in the space of levers, beside the shipped policies."""

    scenario: Scenario
    space: Space
    shipped: tuple[tuple[str, Policy], ...]
    running: Running
    built: Built = field(repr=False)

    def outcomes(self, policies: Sequence[Policy], first: int, replicates: int) -> Floats:
        """Every measure over the run, (policies, replicates, MEASURES)."""
        arms = [arm_of(self.scenario, policy, built=self.built) for policy in policies]
        return replace(self.running, first=self.running.first + first, replicates=replicates).outcomes(arms)

    def evaluate(self, points: Floats, first: int, replicates: int) -> Floats:
        """Outcomes at points, under the same luck at each."""
        return self.outcomes([self.space.policy(point) for point in points], first, replicates)

    def of_shipped(self, first: int, replicates: int) -> Floats:
        """Outcomes of the shipped policies."""
        return self.outcomes([policy for _, policy in self.shipped], first, replicates)

    def canonical(self, points: Floats) -> Floats:
        """The points that the policies at these points stand for: rounded, shares scaled."""
        return np.array([self.space.point(self.space.policy(point)) for point in points])

    def starts(self) -> Floats:
        """The shipped policies that lie in the space."""
        inside = [policy for _, policy in self.shipped if self.space.holds(policy)]
        return np.array([self.space.point(policy) for policy in inside]).reshape(len(inside), len(self.space.columns))


def model_of(scenario: Scenario, running: Running, joint_decision: bool = False, focus: bool = False) -> Model:
    """The model to search in, with all shipped policies that are tables of levers."""
    loaded = [(name, load_policy(name, scenario.framework_names())) for name in policy_names()]
    shipped = tuple((name, policy) for name, policy in loaded if isinstance(policy, Policy))
    space = space_for([policy for _, policy in shipped], joint_decision, focus)
    return Model(scenario, space, shipped, running, build(scenario))


@dataclass(frozen=True)
class Search:
    """What a search found, with names: the front best first, then the shipped policies."""

    found: Found
    policies: tuple[Policy, ...]  # of the front
    own: tuple[bool, ...]  # False where a policy of the front is a shipped one
    shipped: tuple[Policy, ...]
    objectives: tuple[str, ...]
    primary: str
    smallest: float
    tried: int

    @property
    def dominated(self) -> list[tuple[bool, bool]]:
        """For each shipped policy: whether a found one dominates it on average, and whether surely."""
        return self.found.dominated(np.array(self.own))

    @property
    def chosen(self) -> Policy:
        """The chosen policy."""
        return self.policies[self.found.chosen]

    @property
    def rival(self) -> Policy:
        """The shipped policy that is best on the primary measure."""
        return self.shipped[self.found.rival]


def search(
    model: Model, objectives: Sequence[str], population: int, generations: int, retest: int, seed: int
) -> Search:
    """Search, test again, and name what was found."""
    aim = aim_of(objectives, model.scenario.primary_measure)
    low, high, replicates = model.space.low, model.space.high, model.running.replicates
    found = search_in(
        model.evaluate, model.of_shipped, low, high, aim, population, generations, replicates, retest, seed,
        model.starts(), model.canonical,
    )  # fmt: skip
    policies: list[Policy] = []
    own: list[bool] = []
    for point in found.points:
        told = f"Found by search in '{model.scenario.title}' for {listed([lower(name) for name in objectives])}."
        policy = model.space.policy(point, f"Found {sum(own) + 1}", told)
        twin = next((theirs for _, theirs in model.shipped if same_levers(policy, theirs)), None)
        policies.append(twin or policy)
        own.append(twin is None)
    return Search(
        found, tuple(policies), tuple(own), tuple(p for _, p in model.shipped), tuple(objectives),
        model.scenario.primary_measure, model.scenario.smallest_difference, population * generations,
    )  # fmt: skip


def runs(model: Model, population: int, generations: int, retest: int) -> int:
    """About how many runs a search takes; the front is smaller than the population, or as large."""
    replicates, shipped = model.running.replicates, len(model.shipped)
    return replicates * (population * (generations + 1) + shipped + 1) + retest * (population + 2 * shipped + 1)


def headline(data: Search) -> str:
    """The finding in the two lines that a figure has."""
    found, name = data.found, lower(data.primary)
    if not data.own[found.chosen]:
        return f"In this model the search found nothing better for {name} than {data.rival.title} at no more cost"
    told = found.lead
    if not told.excludes():
        return f"In this model no found policy is surely better for {name} than {data.rival.title}, the best shipped"
    way = "better" if told.mean > 0.0 else "worse"
    return (f"In this model {data.chosen.title} does {way} for {name} than {data.rival.title}, the best shipped "
            f"policy, by {number(abs(told.mean))}")  # fmt: skip


def finding(data: Search) -> list[str]:
    """The sentences: the chosen policy against the best shipped one, what was luck, and who is dominated."""
    return [_verdict(data), _shrinkage(data), _rest(data)]


def _shrinkage(data: Search) -> str:
    """What of the lead that the search believed in was its own luck."""
    found, unit = data.found, unit_of(data.primary)
    winner = found.winner
    name = data.policies[winner].title
    if data.policies[winner] is data.rival:
        return f"The search's own luck, too, put {name} first."
    before, after = found.in_search(winner), found.in_retest(winner)
    told = (f"The search's own luck put {name} first, with a lead of {signed(before)}{unit} over {data.rival.title}; "
            f"on fresh luck the lead is {signed(after)}: ")  # fmt: skip
    return told + (f"{number(before - after)} was luck." if after < before else "it did not shrink.")


def _verdict(data: Search) -> str:
    found, unit, name = data.found, unit_of(data.primary), lower(data.primary)
    rule = "at no more cost" if found.within else "though it costs more: no policy of the front costs as little"
    if not data.own[found.chosen]:
        return (f"In this model the search found no policy that does better for {name} than {data.rival.title}, the "
                f"best shipped one, at no more cost, among {data.tried} tried.")  # fmt: skip
    told = found.lead
    way = "better" if told.mean >= 0.0 else "worse"
    size = f"{number(abs(told.mean))}{unit} ({number(told.low)} to {number(told.high)}, above 0 is better)"
    start = (f"In this model {data.chosen.title} does {way} for {name} than {data.rival.title}, the best shipped "
             "policy, by")  # fmt: skip
    if told.low > data.smallest:
        end = f"more than the {number(data.smallest)} that matters"
    elif told.low > 0.0:
        end = f"surely more than nothing, perhaps less than the {number(data.smallest)} that matters"
    else:
        end = "not surely more than nothing" if told.high > 0.0 else "surely less than nothing"
    return f"{start} {size}, {rule}: {end}. Measured on luck that neither the search nor the choice had seen."


def _rest(data: Search) -> str:
    told = data.dominated
    beaten = [policy.title for policy, (mean, _) in zip(data.shipped, told, strict=True) if mean]
    sure = [policy.title for policy, (_, surely) in zip(data.shipped, told, strict=True) if surely]
    kept = int(data.found.kept.sum())
    front = f"{counted(len(data.policies), 'policy', 'policies')} of the front, {kept} still undominated on fresh luck"
    if not beaten:
        return f"{front}; no shipped policy is dominated by a found one."
    ways = f"surely so: {listed(sure, 12)}" if sure else "none of them surely"
    what = listed([lower(name) for name in data.objectives])
    return (f"{front}. On {what} together a found policy dominates {len(beaten)} of {len(data.shipped)} shipped ones "
            f"on average: {listed(beaten, 12)}; {ways}.")  # fmt: skip


def rows(data: Search) -> tuple[list[str], list[list[Any]]]:
    """Heads and rows of the table: every policy with its objectives in the search and on fresh luck."""
    found, aim = data.found, data.found.aim
    columns = list(dict.fromkeys((aim.primary, *aim.columns, MEASURES.index("cost"))))
    heads = ["policy", "kind", "chosen", "undominated"]
    heads += [f"{MEASURES[c]}_{when}" for c in columns for when in ("search", "fresh")]
    table: list[list[Any]] = []

    def add(policy: Policy, kind: str, chosen: bool, kept: bool, searched: Floats, fresh: Floats) -> None:
        values = [float(part[:, c].mean()) for c in columns for part in (searched, fresh)]
        table.append([policy.title, kind, int(chosen), int(kept), *values])

    for i, policy in enumerate(data.policies):
        kind = "found" if data.own[i] else "shipped"
        add(policy, kind, i == found.chosen, bool(found.kept[i]), found.searched[i], found.fresh[i])
    for i, (policy, (beaten, _)) in enumerate(zip(data.shipped, data.dominated, strict=True)):
        add(policy, "shipped", False, not beaten, found.shipped_searched[i], found.shipped_fresh[i])
    return heads, table
