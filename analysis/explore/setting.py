"""What a page compares: one scenario, its policies with the baseline first, and an arm for each."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from analysis.explore.address import Asked, Draft, World
from analysis.explore.drafts import Drafts, extended, stem_of
from analysis.studies.compare.comparison import Asked as Question
from analysis.studies.compare.comparison import direction, smallest_of
from analysis.studies.compare.runs import without_programme
from sim.declare.levers import LEVERS
from sim.inputs.errors import fail
from sim.inputs.policy import Policy, policy_names
from sim.inputs.scenario import Scenario
from sim.runs.arm import Arm, arm_of
from sim.runs.build import Built, build

MOST_QUARTERS = 80  # of a run on the page


class Entry(NamedTuple):
    """A policy that is compared. `text`: of its file; None for a shipped one as it is."""

    name: str
    policy: Policy
    text: str | None
    draft: Draft
    kind: str  # "baseline", "mine", "pin" or "shipped"


@dataclass(frozen=True)
class Setting:
    """Everything that is run: arms of all entries, then the one without a programme."""

    asked: Asked
    scenario: Scenario
    text: str | None  # of the scenario's file
    name: str  # of the scenario
    built: Built
    entries: tuple[Entry, ...]
    arms: tuple[Arm, ...]
    without: Arm
    mine: int  # place of the page's own policy

    @property
    def measure(self) -> str:
        """What decides."""
        return self.asked.measure or self.scenario.primary_measure

    def question(self, kept: tuple[int, ...], replicates: int) -> Question:
        """What a comparison of some of the entries is asked; the first of them is the baseline."""
        entries = [self.entries[i] for i in kept]
        return Question(
            self.name, self.scenario.title, self.scenario.question, self.measure, direction(self.measure),
            smallest_of(self.scenario, self.measure), tuple(e.name for e in entries),
            tuple(e.policy.title for e in entries), 0, self.asked.seed, 0, replicates, self.scenario.start,
        )  # fmt: skip

    def core(self) -> tuple[int, ...]:
        """The baseline and the page's own policy; all, while that one is the baseline as it is."""
        return (0, self.mine) if self.mine else self.all()

    def all(self) -> tuple[int, ...]:
        """All entries."""
        return tuple(range(len(self.entries)))

    def command(self, replicates: int, points: int = 0) -> str:
        """What prints the same numbers, where the saved files lie; with points over the assumed parameters, too."""
        scenario = f"{self.name}.toml" if self.text is not None else self.name
        names = [e.name if e.text is None else f"{e.name}.toml" for e in self.entries]
        explained = self.entries[self.mine].name if self.mine else ""
        return " ".join([
            "python run.py compare", scenario, "--policies", ",".join(names), "--baseline", names[0],
            f"--replicates {replicates} --seed {self.asked.seed} --parameters {points}",
            *([f"--measure {self.asked.measure}"] if self.asked.measure else []),
            *([f"--explain {explained}"] if explained else []),
        ])  # fmt: skip

    def files(self) -> dict[str, str]:
        """The files that the command takes, by name."""
        found = {f"{e.name}.toml": e.text for e in self.entries if e.text is not None}
        return found | ({f"{self.name}.toml": self.text} if self.text is not None else {})


def same_levers(one: Policy, other: Policy) -> bool:
    """Whether two policies set every lever alike."""
    return all(getattr(one, name) == getattr(other, name) for name in LEVERS)


def setting_of(asked: Asked, drafts: Drafts) -> Setting:
    """What is run for a page. A policy that another one equals is run and shown once."""
    scenario, text = drafts.scenario(asked.world)
    if scenario.horizon > MOST_QUARTERS:
        raise fail("world", f"allowed on the page: up to {MOST_QUARTERS} quarters", "horizon", str(scenario.horizon))
    wanted = [("baseline", asked.baseline), ("mine", asked.mine), *(("pin", pin) for pin in asked.pins)]
    if asked.shipped:
        wanted += [("shipped", Draft("", name)) for name in policy_names()]
    entries: list[Entry] = []
    mine = 0
    for kind, draft in wanted:
        policy, written = drafts.policy(draft)
        alike = next((i for i, e in enumerate(entries) if same_levers(e.policy, policy)), None)
        if kind == "mine":
            mine = len(entries) if alike is None else alike
        if alike is None:
            taken = tuple(e.name for e in entries) + (() if written is None else policy_names())
            stem = draft.base if written is None else stem_of(policy.title, taken)
            entries.append(Entry(stem, policy, written, draft, kind))
    known = set(scenario.framework_names())
    for entry in entries:
        if unknown := set(entry.policy.focus_framework) - known:
            raise fail(entry.name, "not a framework of this scenario", "focus_framework", sorted(unknown)[0])
    name = name_of(asked.world, text)
    built = built_once(scenario, asked.world, drafts)
    arms = tuple(arm_of(scenario, e.policy, built=built) for e in entries)
    return Setting(
        asked, scenario, text, name, built, tuple(entries), arms,
        without_programme(scenario, entries[0].policy, built), mine,
    )  # fmt: skip


def name_of(world: World, text: str | None) -> str:
    """The name of a scenario, as its file has it."""
    stem = Path(extended(world.base)).stem
    return stem if text is None else f"{stem}_changed"


def built_once(scenario: Scenario, world: World, drafts: Drafts) -> Built:
    """A scenario as arrays, built once for all pages that ask for it."""
    return drafts.once(("built", repr(world)), lambda: build(scenario))
