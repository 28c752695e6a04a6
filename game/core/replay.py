"""Replay: a game out of its file, and the check that its file says what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from analysis.said import Said
from game.core.act import Act
from game.core.game_file import Setup
from game.core.journal import Journal, reading_game
from game.core.keeping.damage import AtLine
from game.core.keeping.recorded import AXES, laid_by
from game.core.phases import Table, replayed
from game.core.world_played import Recorded, hash_of
from sim.law.compiled import RULES_HASH, Floats


@dataclass(frozen=True)
class Verdict:
    """What replay found."""

    branch: int
    quarters: int
    same_rules: bool
    same_world: bool  # on the first day
    wrong: tuple[int, ...]  # steps that came out otherwise
    equal: bool = False  # under other rules: whether everything came out as recorded all the same
    unfit: str = ""  # which line does not fit, and why
    unchained: str = ""  # what cannot be shown of a file of before

    @property
    def verified(self) -> bool:
        """Whether every quarter came out as it is recorded."""
        return (self.same_rules or self.equal) and self.same_world and not self.wrong and not self.unfit

    def words(self) -> str:
        """For people."""
        found, unchained = self._found(), Said(self.unchained)
        return Said("Branch %(branch)s: %(found)s%(more)s", branch=self.branch, found=found, more=unchained)

    def _found(self) -> str:
        if self.unfit:
            return Said("NOT as recorded: %(why)s.", why=self.unfit)
        if self.equal:
            return Said(
                "verified, %(n)s quarters come out as recorded; the rules have been rewritten since, with equal "
                "results.",
                n=self.quarters,
            )
        if not self.same_rules:
            return Said(
                "cannot be verified, because the rules have changed since this game was played. "
                "The recorded results stand; counterfactuals would be under other rules."
            )
        if not self.same_world:
            return Said("cannot be verified, because the facts about states have changed since.")
        if self.wrong:
            n, step = len(self.wrong), self.wrong[0]
            return Said("NOT as recorded: %(n)s quarters differ, the first at step %(step)s.", n=n, step=step)
        return Said("verified, %(n)s quarters come out as recorded.", n=self.quarters)


class Replay(NamedTuple):
    """A branch by replay: its table, what its quarters were taken from, and what was found."""

    table: Table
    recorded: Recorded
    verdict: Verdict


def replay(journal: Journal, branch: int = 1, looked_at: bool = True) -> Replay:
    """Replay a branch from its recorded orders and compare every quarter with what is recorded.

    Under other rules that lead elsewhere, or whose axes are others, quarters are taken as they were recorded.
    `looked_at`: whether the recorded orders are also set against the acts; that asks the policies.
    """
    looked_at = looked_at and (journal.known("laid_by") or laid_by()) == laid_by()
    setup, acts, quarters = journal.setup(), [act for _, act in journal.acts(branch)], journal.quarters(branch)
    same = {rules for _, _, rules in quarters.values()} | {journal.meta("rules")} == {RULES_HASH}
    orders = {step: packed for step, (packed, _, _) in quarters.items()}
    found = replayed(setup, acts, orders, looked_at) if same else _if_it_can_be(journal, setup, acts, orders)
    chain = journal.chain().words()
    if found is not None:
        built = found.course.built
        same_world = hash_of(built.setting, built.world) == journal.meta("first_day")
        lived = found.course.quarters
        wrong = tuple(one.step for one in lived if one.step not in quarters or quarters[one.step][1] != one.hash)
        wrong += tuple(step for step in quarters if step >= len(lived))
        if same:
            unfit = _unfit(journal, branch, found, wrong) if same_world else ""
            told = Verdict(branch, len(quarters), True, same_world, wrong if same_world else (), False, unfit, chain)
            return Replay(found, orders, told)
        if same_world and not wrong:
            as_recorded(found, journal.results(branch))
            return Replay(found, orders, Verdict(branch, len(quarters), False, True, (), True, "", chain))
    kept = journal.lived(branch)
    return Replay(replayed(setup, acts, kept), kept, Verdict(branch, len(quarters), False, True, (), False, "", chain))


def _unfit(journal: Journal, branch: int, table: Table, wrong: Sequence[int]) -> str:
    """Which line of a branch does not fit; empty where all do."""
    lines = journal.lines_of_quarters(branch)
    astray = table.course.astray or ()
    found = min([*wrong, *astray], default=None)
    if found is None:
        return ""
    line = f"line {lines[found]}" if found in lines else "a line that is not there"
    when = f"{journal.setup().quarter(found)} (step {found}, {line})"
    if found in astray:
        return f"the orders of {when} are not those that the acts before it lead to"
    more = f", {len(wrong)} quarters differ" if len(wrong) > 1 else ""
    return f"{when} does not come out as it is written{more}"


def _if_it_can_be(journal: Journal, setup: Setup, acts: Sequence[Act], orders: Recorded) -> Table | None:
    """Replay under other rules: None where orders mean something else now."""
    if any(axis in AXES and tuple(found) != AXES[axis] for axis, found in journal.axes().items()):
        return None
    try:
        return replayed(setup, acts, orders)
    except (ValueError, AtLine):  # a file that does not keep all names, whose orders have another shape
        return None


def table_of(journal: Journal, branch: int = 1) -> Table:
    """The table of a branch, by replay; recorded quarters call no policy."""
    return replay(journal, branch, looked_at=False).table


def as_recorded(table: Table, results: Mapping[int, tuple[Floats, Floats]]) -> None:
    """Put recorded results in place of replayed ones: under other rules only these are true."""
    quarters = table.course.quarters
    for at, lived in enumerate(quarters):
        if lived.step in results:
            measures, states = results[lived.step]
            quarters[at] = replace(lived, measures=measures, states=states)


def verify(journal: Journal, branch: int = 1) -> Verdict:
    """What the chain, and then replay, find of a branch."""
    broken = journal.chain().broken
    if broken is None:
        return replay(journal, branch).verdict
    return Verdict(branch, 0, True, True, (), unfit=f"line {broken.line} does not fit: {broken.words}")


def verify_file(path: Path) -> list[Verdict]:
    """All branches of a game file."""
    with reading_game(path, chained=False) as journal:
        return [verify(journal, branch.id) for branch in journal.branches()]
