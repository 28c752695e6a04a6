"""Replay: a game out of its file, and the check that its file says what happened."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from game.core.journal import Journal, open_journal
from game.core.packing import hash_of
from game.core.phases import Table, replayed
from sim.law.compiled import RULES_HASH, Floats


@dataclass(frozen=True)
class Verdict:
    """What replay found."""

    branch: int
    quarters: int
    same_rules: bool
    same_world: bool  # on the first day
    wrong: tuple[int, ...]  # steps that came out otherwise

    @property
    def verified(self) -> bool:
        """Whether every quarter came out as it is recorded, under the rules of then."""
        return self.same_rules and self.same_world and not self.wrong

    def words(self) -> str:
        """For people."""
        if not self.same_rules:
            return (
                f"Branch {self.branch}: cannot be verified, because the rules have changed since this game was played. "
                "The recorded results stand; counterfactuals would be under other rules."
            )
        if not self.same_world:
            return f"Branch {self.branch}: cannot be verified, because the facts about states have changed since."
        if self.wrong:
            found = f"{len(self.wrong)} quarters differ, the first at step {self.wrong[0]}"
            return f"Branch {self.branch}: NOT as recorded: {found}."
        return f"Branch {self.branch}: verified, {self.quarters} quarters come out as recorded."


def table_of(journal: Journal, branch: int = 1) -> Table:
    """The table of a branch, by replay; recorded quarters call no policy."""
    quarters = journal.quarters(branch)
    recorded = {step: orders for step, (orders, _, _) in quarters.items()}
    table = replayed(journal.setup(), [act for _, act in journal.acts(branch)], recorded)
    if any(rules != RULES_HASH for _, _, rules in quarters.values()):
        as_recorded(table, journal.results(branch))
    return table


def as_recorded(table: Table, results: Mapping[int, tuple[Floats, Floats]]) -> None:
    """Put recorded results in place of replayed ones: under other rules only these are true."""
    quarters = table.course.quarters
    for at, lived in enumerate(quarters):
        if lived.step in results:
            measures, states = results[lived.step]
            quarters[at] = replace(lived, measures=measures, states=states)


def verify(journal: Journal, branch: int = 1) -> Verdict:
    """Replay a branch and compare every quarter with what is recorded."""
    recorded = journal.quarters(branch)
    rules = {hashed for _, _, hashed in recorded.values()} | {journal.meta("rules")}
    if rules != {RULES_HASH}:
        return Verdict(branch, len(recorded), False, True, ())
    table = table_of(journal, branch)
    built = table.course.built
    if hash_of(built.setting, built.world) != journal.meta("first_day"):
        return Verdict(branch, len(recorded), True, False, ())
    wrong = tuple(
        lived.step for lived in table.course.quarters if recorded.get(lived.step, ("", "", ""))[1] != lived.hash
    )
    missing = tuple(step for step in recorded if step >= len(table.course.quarters))
    return Verdict(branch, len(recorded), True, True, wrong + missing)


def verify_file(path: Path) -> list[Verdict]:
    """All branches of a game file."""
    journal = open_journal(path)
    try:
        return [verify(journal, branch.id) for branch in journal.branches()]
    finally:
        journal.close()
