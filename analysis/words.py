"""Words for people: names of frameworks, kinds and activities, numbers with sign and unit, lists."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from rich.cells import cell_len, set_cell_size

from sim.declare.activities import MENU
from sim.declare.names import ACTIVITIES, THREAT_KINDS

STILL: Final = 0.005  # a change of a 0-to-1 score smaller than this reads as "stood still"

FRAMEWORK_NAMES: Final = {
    "partnership_for_peace": ("Partnership for Peace", "PfP"),
    "mediterranean_dialogue": ("Mediterranean Dialogue", "MD"),
    "istanbul_cooperation_initiative": ("Istanbul Cooperation Initiative", "ICI"),
    "partners_across_the_globe": ("Partners across the globe", "Globe"),
}
ARRANGEMENT_NAMES: Final = {"framework": "joins a framework", "interoperability_platform": "Interoperability Platform"}
TRACK_NAMES: Final = {"none": "not aspiring", "action_plan": "action plan"}
REGION_NAMES: Final = {
    "europe_west": "western Europe", "europe_north": "northern Europe", "baltic": "Baltic",
    "europe_central": "central Europe", "europe_east": "eastern Europe", "europe_south": "southern Europe",
    "north_africa": "North Africa", "asia_pacific": "Asia-Pacific", "south_asia": "South Asia",
    "central_asia": "Central Asia", "middle_east": "Middle East", "latin_america": "Latin America",
    "north_america": "North America", "gulf": "Gulf", "levant": "Levant",
    "balkans": "Balkans", "caucasus": "Caucasus",
}  # fmt: skip
PURSE_NAMES: Final = {
    "partner": "partners themselves", "lead_ally": "lead allies", "trust_fund": "trust funds",
    "common_fund": "common fund",
}  # fmt: skip


class Table(NamedTuple):
    """The numbers behind a chart: column heads and rows of texts."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def framework_name(name: str) -> str:
    """Full name of a framework."""
    if name in FRAMEWORK_NAMES:
        return FRAMEWORK_NAMES[name][0]
    words = [w if w in ("of", "the", "and", "for", "across", "with", "in") else w.capitalize() for w in name.split("_")]
    return " ".join(words)


def the_framework(name: str) -> str:
    """Full name of a framework with its article, as a sentence wants it."""
    full = framework_name(name)
    return full if full.startswith("Partners ") else f"the {full}"


def framework_short(name: str) -> str:
    """Short name of a framework: PfP, MD, ICI, Globe, or the first four initials of a new one."""
    return FRAMEWORK_NAMES[name][1] if name in FRAMEWORK_NAMES else "".join(w[:1].upper() for w in name.split("_"))[:4]


def region_name(name: str) -> str:
    """A region in words, as inside a sentence."""
    return REGION_NAMES.get(name, lower(name))


def plain(name: str) -> str:
    """A declared name as words: `cyber_attack` reads "Cyber attack"."""
    return lower(name).capitalize()


def lower(name: str) -> str:
    """A declared name as words inside a sentence."""
    return name.replace("_", " ")


def measure_name(name: str) -> str:
    """A measure in words."""
    return {"coalition_score": "Coalition i-Score"}.get(name, plain(name))


def cause_name(cause: str) -> str:
    """A cause of the ledger in words; threat kinds say that they are threats."""
    return f"{plain(cause)} (threat)" if cause in THREAT_KINDS else plain(cause)


def family_of(cause: str) -> str:
    """What a cause of the ledger belongs to: an activity to its instrument, all threats together; others alone."""
    return MENU[cause].instrument if cause in ACTIVITIES else "threats" if cause in THREAT_KINDS else cause


def arrangement_name(name: str) -> str:
    """Name of an arrangement: OCC, PARP, Interoperability Platform."""
    return ARRANGEMENT_NAMES.get(name, name.upper())


def track_name(name: str) -> str:
    """Name of a place on the accession track."""
    return TRACK_NAMES.get(name, lower(name))


def signed(value: float, digits: int = 2) -> str:
    """A change with its sign: +0.08, −0.03; zero has none."""
    text = f"{abs(value):.{digits}f}"
    if float(text) == 0.0:
        return text
    return ("+" if value > 0.0 else "−") + text


def number(value: float) -> str:
    """A number with three significant places or so: 0.53, 1.2, 18.8, 143, 1,430."""
    size = abs(value)
    if size >= 99.95:
        return f"{value:,.0f}".replace("-", "−")
    return f"{value:.{1 if size >= 9.95 else 2}f}".replace("-", "−")


def moved(value: float, digits: int = 2, still: float = STILL) -> str:
    """A change in words: rose by 0.08, fell by 0.03, stood still."""
    if abs(value) < still:
        return "stood still"
    return f"{'rose' if value > 0.0 else 'fell'} by {abs(value):.{digits}f}"


def about(names: Sequence[str], focus: Sequence[int], rivals: int) -> str:
    """Whom a question is about, for a heading: the names of up to twelve of the states, else their number."""
    named, states = [name for name, within in zip(names, focus, strict=True) if within], len(names) - rivals
    if len(named) >= states:
        return f"About all {states} states"
    return f"About {listed(named, 12)}" if len(named) <= 12 else f"About {len(named)} of {states} states"


def listed(items: Sequence[str], most: int = 6) -> str:
    """A list in words, cut after `most`: A, B and 3 more."""
    shown = list(items[:most])
    if len(items) > most:
        shown.append(f"{len(items) - most} more")
    if len(shown) < 2:
        return "".join(shown)
    return ", ".join(shown[:-1]) + " and " + shown[-1]


def counted(amount: int, one: str, many: str | None = None) -> str:
    """A count with its noun: 1 state, 3 states."""
    return f"{amount} {one if amount == 1 else many or one + 's'}"


def first_of(lines: Sequence[str], most: int) -> tuple[str, ...]:
    """Lines cut after `most`, with how many more there are."""
    return (*lines[:most], *([f"and {len(lines) - most} more"] if len(lines) > most else []))


TAIL: Final = re.compile(r"(\s+[+−±]?\d[\d.,]*(?: %)?)?$")  # the number at the end of a label


def shortened(text: str, room: int) -> str:
    """A name that is too long, cut with "…" to so many columns; a number at its end stays whole."""
    if cell_len(text) <= room:
        return text
    found = TAIL.search(text)
    tail = found.group(0) if found and len(found.group(0)) < room - 2 else ""
    return set_cell_size(text[: len(text) - len(tail)], room - len(tail) - 1).rstrip(" …") + "…" + tail
