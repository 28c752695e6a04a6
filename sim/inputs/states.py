"""What the project knows about a state: the types that hold facts, and what can be asked of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Provenance = Literal["fact", "filled", "assumed"]

FRAMEWORK_COLUMNS: Final[Mapping[str, str]] = {
    "pfp_signed": "partnership_for_peace",
    "md_joined": "mediterranean_dialogue",
    "ici_joined": "istanbul_cooperation_initiative",
    "globe_since": "partners_across_the_globe",
}


class FactsError(ValueError):
    """The data files are not as declared; the message is complete for a user."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of one state: the year it describes, its value, and where the value comes from."""

    column: str
    year: float
    value: float
    provenance: Provenance
    origin: str
    """The source of a fact, the rule behind a filled value, or the note on an assumption."""


@dataclass(frozen=True, slots=True)
class StateFacts:
    """What the project knows about one state."""

    code: str
    name: str
    role: str
    """In 2025: member, partner, rival or outsider (in no framework)."""
    region: str
    lat: float
    """Latitude of the capital, degrees north."""
    lon: float
    """Longitude of the capital, degrees east."""
    tile: tuple[int, int]
    """Column and row in the tile map; row 0 is the northernmost."""
    nonaligned: bool
    """Neutral or outside all blocs by declaration, today."""
    nonaligned_from: date | None
    nonaligned_until: date | None
    nonaligned_source: str
    aspiration: str
    """Towards membership: none, declared, contested, dropped, or member (an ally since before 1994)."""
    aspiration_date: date | None
    aspiration_source: str
    dates: Mapping[str, date]
    """Dated arrangements, by column name; an arrangement that the state never had is absent."""
    cells: Mapping[str, tuple[Cell, ...]]
    """Figures by quantity, in order of year, all filled."""
    note: str

    def cell(self, quantity: str, year: float) -> Cell:
        """The figure of the year nearest to `year`; of two equally near, the later."""
        if quantity not in self.cells:
            known = ", ".join(self.cells)
            raise FactsError(f"{self.code}: no quantity {quantity!r}; the quantities are {known}")
        return min(self.cells[quantity], key=lambda cell: (abs(cell.year - year), -cell.year))

    def number(self, quantity: str, year: float) -> float:
        """The value of the figure nearest to `year`, after filling, in the unit of its column."""
        return self.cell(quantity, year).value

    def provenance(self, quantity: str, year: float) -> Provenance:
        """Whether the value that `number` gives is a fact, filled or assumed."""
        return self.cell(quantity, year).provenance

    def member_on(self, on: date) -> bool:
        """Whether the state is an ally on that day."""
        return _reached(self.dates.get("nato_accession"), on)

    def suspended_on(self, on: date) -> bool:
        """Whether the partnership is suspended, withdrawn from or ended on that day."""
        suspended, resumed = self.dates.get("suspended_from"), self.dates.get("resumed_on")
        return _reached(suspended, on) and not _reached(resumed, on)

    def held(self, arrangement: str, on: date) -> bool:
        """Whether a partner's arrangement is in force: agreed, not suspended, not ended by accession."""
        in_force = not self.member_on(on) and not self.suspended_on(on)
        return in_force and _reached(self.dates.get(arrangement), on)

    def framework_on(self, on: date) -> str | None:
        """The partnership framework joined by that day, also while it is suspended; none for an ally."""
        if self.member_on(on):
            return None
        joined = (name for column, name in FRAMEWORK_COLUMNS.items() if _reached(self.dates.get(column), on))
        return next(joined, None)

    def role_on(self, on: date) -> str:
        """The role on that day: member, partner, rival or outsider.

        A state that the data call a rival is a partner from joining a framework until its suspension
        (Russia, June 1994 to April 2014) and an outsider before. A scenario may give it another role.
        """
        if self.member_on(on):
            return "member"
        never_partner = not any(column in self.dates for column in FRAMEWORK_COLUMNS)
        if self.role == "rival" and (never_partner or self.suspended_on(on)):
            return "rival"
        return "partner" if self.framework_on(on) else "outsider"

    def nonaligned_on(self, on: date) -> bool:
        """Whether the state is neutral or outside all blocs by declaration on that day."""
        return _reached(self.nonaligned_from, on) and not _reached(self.nonaligned_until, on)

    def aspiration_on(self, on: date) -> str:
        """The aspiration known on that day; member for an ally, none before the date of the declaration."""
        if self.member_on(on):
            return "member"
        return self.aspiration if _reached(self.aspiration_date, on) else "none"


@dataclass(frozen=True, slots=True)
class Dispute:
    """A quarrel between two states.

    Kinds: objection (a objects in the Council to what concerns b), operation (a objects to one operation
    for b), rivalry (mutual; the order of a and b means nothing).
    """

    a: str
    b: str
    start: date
    end: date | None
    """The first day on which the dispute no longer counts; none while it goes on."""
    strength: float
    """From 0 to 1; always a judgement of the project."""
    kind: str
    about: str
    source: str

    def active_on(self, on: date) -> bool:
        """Whether the dispute counts on that day."""
        return self.start <= on and not _reached(self.end, on)


def parse_date(text: str) -> date:
    """A date from YYYY, YYYY-MM or YYYY-MM-DD; a partial date stands for its first day."""
    if not text.replace("-", "").isascii() or not text.replace("-", "").isdigit():
        raise ValueError(text)
    parts = [int(part) for part in text.split("-")]
    year, month, day = (*parts, 1, 1)[:3] if len(parts) < 3 else parts
    return date(year, month, day)


def _reached(day: date | None, on: date) -> bool:
    return day is not None and day <= on
