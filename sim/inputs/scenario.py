"""A scenario: the world that nobody chooses, complete and frozen."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from pydantic import Field

from sim.declare.names import FRAMEWORKS, MEASURES
from sim.inputs.states import StateFacts, load_facts_once
from sim.inputs.states_csv import Given
from sim.inputs.tables import (
    ActivityChange,
    Breach,
    Cast,
    Feud,
    Focus,
    Framework,
    Mission,
    Override,
    Rival,
    Shock,
    State,
    Threat,
    Upheaval,
    Window,
)
from sim.inputs.values import (
    Flag,
    Kind,
    Name,
    Number,
    Quarter,
    Table,
    Text,
    quarter_index,
    quarter_number,
    quarter_text,
    start_day,
    wrong,
)

# What tells an entry from the others of its array, so that a file that extends another changes the one it means.
KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "states": ("code",),
    "frameworks": ("name",),
    "threats": ("name",),
    "shocks": ("title",),
    "upheavals": ("title",),
    "breaches": ("title",),
    "rivals": ("code",),
    "missions": ("name",),
    "feuds": ("a", "b", "from"),
    "activities": ("name",),
}
RIVAL_SINCE: Final = "2014-Q1"  # Russia is a rival by default from here on; NATO suspended cooperation on 2014-04-01


class Figures(Kind):
    """Cells laid on the facts, as `load_scenario` reads them from the table whose path stands in the file."""

    def check(self, value: object) -> Given:
        """Cells: code, column, text."""
        rows = (
            [tuple(row) if isinstance(row, list) else row for row in value] if isinstance(value, list | tuple) else []
        )
        right = [isinstance(row, tuple) and len(row) == 3 and all(isinstance(x, str) for x in row) for row in rows]
        if not isinstance(value, list | tuple) or not all(right):
            raise wrong("allowed: the path of a table of facts, .csv or .xlsx")
        return tuple(rows)

    def schema(self) -> dict[str, Any]:
        """A path."""
        return {"type": "string", "minLength": 1}


class Scenario(Table):
    """Everything that a scenario fixes. `load_scenario` is the way to make one."""

    title: Text = Field(description="title shown to people")
    question: Text = Field(description="the question that the scenario asks")
    objectives: tuple[Text, ...] = Field(default=(), description="what a class should learn")
    extends: Text | None = Field(default=None, description="name or path of the scenario that this one changes")
    start: Quarter = Field(description="first quarter, for example 2025-Q1")
    horizon: Annotated[int, Number(4, 200, "quarters", True)] = Field(description="length in quarters")
    primary_measure: Annotated[str, Name("measure", MEASURES)] = Field(description="the measure that decides")
    smallest_difference: Annotated[float, Number(0.0001, 100000.0, "in the unit of the primary measure")] = Field(
        description="smallest difference of the primary measure that matters"
    )
    focus: tuple[Focus, ...] = Field(
        default=(), description="whom the question is about: codes, regions, frameworks, member, partner; default all"
    )
    facts: Annotated[Given, Figures()] = Field(
        default=(), description="path of a table of facts (CSV, or a sheet of a workbook) to lay on states.csv"
    )
    cast: Cast = Field(default=Cast(), description="who takes part")
    states: tuple[State, ...] = Field(default=(), description="states added or altered")
    frameworks: tuple[Framework, ...] = Field(default=(), description="frameworks added or altered")
    threats: tuple[Threat, ...] = Field(default=(), description="sources of threats")
    shocks: tuple[Shock, ...] = Field(default=(), description="scripted events")
    upheavals: tuple[Upheaval, ...] = Field(default=(), description="scripted changes of civilian control")
    breaches: tuple[Breach, ...] = Field(default=(), description="scripted breaks between states and the allies")
    rivals: tuple[Rival, ...] = Field(default=(), description="how rivals act")
    missions: tuple[Mission, ...] = Field(default=(), description="NATO-led missions")
    feuds: tuple[Feud, ...] = Field(default=(), description="quarrels beside those on record")
    feuds_from_record: Flag = Field(default=True, description="whether the quarrels of disputes.csv count")
    budget: tuple[Window, ...] = Field(default=(), description="times in which every purse is multiplied")
    parameters: dict[str, Override] = Field(default_factory=dict, description="other parameter values, with reasons")
    activities: tuple[ActivityChange, ...] = Field(default=(), description="other figures for the menu, with reasons")

    def end(self) -> str:
        """The last quarter."""
        return quarter_text(quarter_number(self.start) + self.horizon - 1)

    def rival_codes(self) -> tuple[str, ...]:
        """Codes of the rivals, each once."""
        named = self.cast.rivals
        if named is None:
            default = self._allowed(("RUS",)) if quarter_index(self.start, RIVAL_SINCE) >= 0 else ()
            named = (*default, *(rival.code for rival in self.rivals))
        added = tuple(state.code for state in self.states if state.role == "rival")
        return tuple(dict.fromkeys((*named, *added)))

    def rival_entries(self) -> tuple[Rival, ...]:
        """One entry for each rival, with defaults where the file has none."""
        given = {rival.code: rival for rival in self.rivals}
        return tuple(given.get(code) or Rival(code=code) for code in self.rival_codes())

    def cast_codes(self) -> tuple[str, ...]:
        """Codes of all states that take part, in the order of the facts, then of the file."""
        facts, wanted = load_facts_once(self.facts), set(self.cast.outsiders) | set(self.rival_codes())
        for framework in self.frameworks:
            wanted |= {*framework.partners, *framework.waiting, *(c for j in framework.joining for c in j.states)}
        present = [code for code, fact in facts.items() if code in wanted or self._present(fact)]
        present += [state.code for state in self.states if state.code not in present]
        return self._allowed(present)

    def _present(self, fact: StateFacts) -> bool:
        """Members and partners that are independent take part; a rival only while it was a partner."""
        independent = fact.dates.get("independent_from")
        if independent is not None and independent > start_day(self.start):
            return False
        if fact.role == "rival":
            return quarter_index(self.start, RIVAL_SINCE) < 0 and "pfp_signed" in fact.dates
        return fact.role != "outsider"

    def _allowed(self, codes: Sequence[str]) -> tuple[str, ...]:
        only = None if self.cast.only is None else {*self.cast.only, *(self.cast.rivals or ())}
        return tuple(c for c in codes if c not in self.cast.leave_out and (only is None or c in only))

    def entry_of(self, code: str) -> State | None:
        """What the scenario says about a state, if anything."""
        return next((state for state in self.states if state.code == code), None)

    def facts_of(self, code: str) -> StateFacts | None:
        """The facts about a state: its own, or the figures of the state that it is like, without its dates."""
        entry = self.entry_of(code)
        if entry is None or entry.like is None:
            return load_facts_once(self.facts).get(code)
        model = load_facts_once(self.facts).get(entry.like)
        return model.undated() if model else None

    def region_of(self, code: str) -> str:
        """The region of a state: of its entry, else of its facts, else of the state that it is like."""
        entry, fact = self.entry_of(code), self.facts_of(code)
        if entry is not None and entry.region is not None:
            return entry.region
        return fact.region if fact else ""

    def role_of(self, code: str) -> str:
        """The role of a state at the start: partner, member, rival or outsider."""
        entry, fact = self.entry_of(code), self.facts_of(code)
        if code in self.rival_codes():
            return "rival"
        if entry is not None and entry.role is not None:
            return entry.role
        if any(code in framework.partners and self.open_at_start(framework) for framework in self.frameworks):
            return "partner"
        return fact.role_on(start_day(self.start)) if fact else "outsider"

    def framework_of(self, code: str) -> str:
        """The framework that a partner belongs to on the first day; empty for none."""
        if self.role_of(code) != "partner":
            return ""
        given = (f.name for f in self.frameworks if code in f.partners and self.open_at_start(f))
        fact = self.facts_of(code)
        return next(given, (fact.framework_on(start_day(self.start)) if fact else None) or "")

    def focus_codes(self) -> tuple[str, ...]:
        """Codes of the states that the question is about: all but rivals where the scenario names nobody."""

        def within(code: str) -> bool:
            role = self.role_of(code)
            known_as = {code, role, self.region_of(code), self.framework_of(code)}
            return role != "rival" and (not self.focus or not known_as.isdisjoint(self.focus))

        return tuple(code for code in self.cast_codes() if within(code))

    def open_at_start(self, framework: Framework) -> bool:
        """Whether a framework exists on the first day."""
        return framework.begin is None or quarter_index(framework.begin, self.start) <= 0

    def touches(self, threat: Threat) -> tuple[str, ...]:
        """Codes of the states that a threat can strike. Rivals are struck only where `states` names them."""
        rivals = set(self.rival_codes())

        def touched(code: str) -> bool:
            return code in threat.states or (code not in rivals and self.region_of(code) in threat.regions)

        return tuple(code for code in self.cast_codes() if touched(code))

    def joins(self) -> tuple[tuple[int, str, str], ...]:
        """Scripted joins after the start: step, code, framework; dated, or of frameworks whose `from` is later."""
        found = []
        for framework in self.frameworks:
            step = quarter_index(framework.begin or self.start, self.start)
            if 0 < step < self.horizon:
                found += [(step, code, framework.name) for code in framework.partners]
            for joining in framework.joining:
                step = quarter_index(joining.when, self.start)
                found += [(step, code, framework.name) for code in joining.states]
        return tuple(found)

    def framework_names(self) -> tuple[str, ...]:
        """The four frameworks, then those that the scenario adds."""
        return tuple(dict.fromkeys((*FRAMEWORKS, *(framework.name for framework in self.frameworks))))
