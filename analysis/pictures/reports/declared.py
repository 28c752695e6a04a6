"""Declarations turned into Markdown: parameters, activities, kinds of threat, levers, measures and axis names.

Pure functions from what `sim/` declares to text. `docs/model_sources.md` is `model_sources_markdown()`, and other pages
hold `PARTS` between two marks, so their numbers are the program's numbers; `write_docs` refreshes all. Check values are
the one part that comes from runs, of a few quarters.
"""

import ast
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from analysis.pictures.reports.check_values import check_values_markdown
from sim.declare import activities, constants, parameters
from sim.declare import names as vocabulary
from sim.declare import threat_kinds as threats
from sim.declare.levers import LEVERS, Lever
from sim.law import measures
from sim.law.compiled import RULES_HASH, SIM
from sim.law.ledger import CAUSES
from sim.outputs.files import write_text

DOCS: Final = Path(__file__).parents[3] / "docs"
SOURCES_FILE: Final = "model_sources.md"
HAND_WRITTEN: Final = ("scenarios.md", "ODD.md")  # with generated parts
REFRESH: Final = "python run.py docs"
AXES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "ROLES": ("what a state is", vocabulary.ROLES), "REGIONS": ("regions", vocabulary.REGIONS),
    "DOMAINS": ("domains of capability", vocabulary.DOMAINS),
    "DIMENSIONS": ("dimensions of interoperability", vocabulary.DIMENSIONS),
    "INSTITUTIONS": ("two scores of a state's institutions", vocabulary.INSTITUTIONS),
    "ACTIVITIES": ("entries of the cooperation menu", vocabulary.ACTIVITIES),
    "INSTRUMENTS": ("groups of activities that a policy splits its money over", vocabulary.INSTRUMENTS),
    "THREAT_KINDS": ("kinds of threat", vocabulary.THREAT_KINDS),
    "ARRIVALS": ("ways in which threats arrive", vocabulary.ARRIVALS),
    "DRIVERS": ("what in the model drives a kind of threat", vocabulary.DRIVERS),
    "CHANNELS": ("ways in which threats spread", vocabulary.CHANNELS),
    "FRAMEWORKS": ("partnership frameworks; a scenario may add more", vocabulary.FRAMEWORKS),
    "ARRANGEMENTS": ("what a partner may hold; not a ladder", vocabulary.ARRANGEMENTS),
    "TRACK": ("places on the accession track", vocabulary.TRACK),
    "ITEMS": ("items of the Council's agenda", vocabulary.ITEMS),
    "STANCES": ("what an ally may do about an item", vocabulary.STANCES),
    "DECISION_MODES": ("how the Council decides", vocabulary.DECISION_MODES),
    "MOVES": ("what a rival may spend effort on", vocabulary.MOVES),
    "PURSES": ("whose money pays", vocabulary.PURSES), "BLOCS": ("other blocs", vocabulary.BLOCS),
    "REFUSALS": ("why a requested place is refused or cut", vocabulary.REFUSALS),
    "SCORES": ("scores of the contribution ledger", vocabulary.SCORES),
    "CAUSES": ("causes of the contribution ledger", CAUSES),
    "MEASURES": ("numbers that outcomes are judged by", vocabulary.MEASURES),
}  # fmt: skip
MEASURED: Final = ("partners", "crises", "allies", "states")  # files of measures, as ODD.md goes through them
DIRECTIONS: Final = {1: "more is better", -1: "less is better", 0: "neither"}
SUMMED: Final = {"end": "value at the end", "mean": "mean over the run", "total": "total over the run"}


def number(value: float) -> str:
    """A number as short as it can be without losing a digit that was declared."""
    return f"{value:.10g}"


def span(low: float, high: float) -> str:
    """A range."""
    return f"{number(low)} to {number(high)}"


def figures_of(entry: Any, columns: Iterable[str]) -> list[str]:
    """The numbers of a declared entry, column by column."""
    return [number(getattr(entry, column)) for column in columns]


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    names = list(head)
    lines = [names, ["---"] * len(names), *[[cell.replace("|", "\\|") for cell in row] for row in rows]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def group_of(declared: Any) -> dict[str, list[str]]:
    """The names that a class or file declares, under the comments that stand above them."""
    found: dict[str, list[str]] = {}
    for line in inspect.getsource(declared).splitlines():
        if heading := re.fullmatch(r" *# (?!fmt)(.+)", line):
            found[heading[1]] = []
        elif name := re.match(r" *(\w+): Annotated", line):
            found[next(reversed(found))].append(name[1])
    return found


def readers() -> dict[str, list[str]]:
    """For each parameter and constant the functions that read it, as `file.function`."""
    found: dict[str, list[str]] = {name: [] for name in (*parameters.Parameters._fields, *constants.fixed())}
    for path in sorted(SIM.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                for name in sorted(_read(node) & found.keys()):
                    found[name].append(f"{path.stem}.{node.name}")
    return found


def _read(function: ast.FunctionDef) -> set[str]:
    """What a function takes by name from a value called `p` or `parameters`, and every plain name."""
    return {
        node.id if isinstance(node, ast.Name) else node.attr for node in ast.walk(function)
        if isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        and node.value.id in ("p", "parameters"))
    }  # fmt: skip


def standing(source: str) -> str:
    """How far a source carries a default: "assumed", "partly" (form, sign or range has a source) or "sourced"."""
    if source.strip() == "assumed":
        return "assumed"
    return "partly" if re.search(r"assumed|fitted by eye|contested", source) else "sourced"


def how_sure() -> str:
    """How many parameters are assumed, in words."""
    specs = parameters.specs()
    by: dict[str, list[str]] = {"assumed": [], "partly": [], "sourced": []}
    for name, spec in specs.items():
        by[standing(spec.source)].append(f"`{name}`")
    count = {kind: len(names) for kind, names in by.items()}
    return (
        f'The model has **{len(specs)} parameters**. Of {count["assumed"]} the source is the one word "assumed": '
        "value and range are judgements of this project. "
        f"For {count['partly']} a published work, a record or a range from the literature supports the form, the sign "
        "or the range, but the value itself is assumed, contested or fitted by eye. "
        f"Only {count['sourced']} carry a value or a range that is taken from a source: {', '.join(by['sourced'])}. "
        "The ranges of assumed parameters are what a sensitivity analysis varies; they are not findings.\n"
    )


def parameters_markdown() -> str:
    """Every parameter by mechanism: name, default, range, unit, meaning, source, and where it is read."""
    specs, defaults, read = parameters.specs(), parameters.Parameters(), readers()
    parts = []
    for group, names in group_of(parameters.Parameters).items():
        rows = [
            (f"`{n}`", number(getattr(defaults, n)), span(specs[n].low, specs[n].high), specs[n].unit, specs[n].meaning,
             specs[n].source, ", ".join(f"`{place}`" for place in read[n]))
            for n in names
        ]  # fmt: skip
        head = ("name", "default", "range", "unit", "meaning", "source", "read in")
        parts.append(f"### Mechanism {group}\n\n" + table(head, rows))
    return "\n".join(parts)


def constants_markdown() -> str:
    """Every constant by mechanism and chooser: name, value, unit, meaning, source, and where it is read."""
    fixed, read = constants.fixed(), readers()
    assumed = sum(one.source == "assumed" for one in fixed.values())
    top = (
        f"{len(fixed)} numbers stand in rules beside 0, 1, 2, 3, a half and 100. Of {assumed} the source is the one "
        'word "assumed". No scenario overrides them and no study varies them.\n\n'
    )
    head = ("name", "value", "unit", "meaning", "source", "read in")
    return top + "\n".join(
        f"### Constants: {group}\n\n" + table(head, [
            (f"`{n}`", number(getattr(constants, n)), *fixed[n], ", ".join(f"`{place}`" for place in read[n]))
            for n in names
        ])
        for group, names in group_of(constants).items()
    )  # fmt: skip


def _columns(declared: Mapping[str, tuple[str, str]]) -> str:
    return table(("column", "unit", "meaning"), [(f"`{n}`", unit, words) for n, (unit, words) in declared.items()])


def activities_markdown() -> str:
    """The cooperation menu: the meaning of each column, the figures in two tables, and their sources."""
    menu = activities.MENU
    first = ("typical", "cost", "national", "hours", "burden", "lag", "joint", *activities.FLAGS)
    second = tuple(c for c in activities.COLUMNS if c not in first)

    sizes = [(f"`{name}`", a.instrument, *figures_of(a, first)) for name, a in menu.items()]
    effects = [(f"`{name}`", a.domain, *figures_of(a, second)) for name, a in menu.items()]
    return "\n".join((
        _columns(activities.COLUMNS | activities.FLAGS), table(("activity", "instrument", *first), sizes),
        table(("activity", "domain", *second), effects),
        table(("activity", "source"), [(f"`{name}`", a.source) for name, a in menu.items()]),
    ))  # fmt: skip


def threats_markdown() -> str:
    """The kinds of threat: the meaning of each column, who answers them, what they hurt, how they arrive, sources."""
    kinds = threats.KINDS
    hurts = ("people", "capability", "legitimacy", "cohesion", "trust", "tension", "warning", "attribution")
    words, sizes = ("channel", "driver", "arrival"), ("spread", "tail", "cap")
    answered = [(f"`{n}`", *(number(w) for w in k.answered_by)) for n, k in kinds.items()]
    harmed = [(f"`{n}`", *figures_of(k, hurts)) for n, k in kinds.items()]
    arriving = [(f"`{n}`", *(getattr(k, c) for c in words), *figures_of(k, sizes)) for n, k in kinds.items()]
    sources = [(f"`{n}`", k.source) for n, k in kinds.items()]
    return "\n".join((
        _columns(threats.COLUMNS),
        "Which capability answers a kind (`answered_by`); a domain of weight 0 cannot stop it, however strong it is:\n",
        table(("kind", *vocabulary.DOMAINS), answered), table(("kind", *hurts), harmed),
        table(("kind", *words, *sizes), arriving), table(("kind", "source"), sources),
    ))  # fmt: skip


def measured(replicates: int, seed: int) -> str:
    """What stands at the top of a page of paired differences."""
    return (
        f"Measured by `{REFRESH} --measured` with rules {RULES_HASH}: {replicates} paired replicates, the same luck in "
        f"both arms, seed {seed}. Numbers are mean paired differences ± half the width of the 95 % interval over luck, "
        "widened where differences are skewed, not corrected for many comparisons. They hold in this model, at default "
        "parameters.\n"
    )


def lever_default(lever: Lever) -> str:
    """A lever's default in words."""
    if not isinstance(lever.default, Mapping):
        return lever.default if isinstance(lever.default, str) else number(lever.default)
    values = set(lever.default.values())
    if len(values) == 1:
        return f"{number(values.pop())} each"
    return ", ".join(f"{name} {number(value)}" for name, value in lever.default.items())


def lever_range(lever: Lever) -> str:
    """What a lever may be set to, in words."""
    return ", ".join(lever.names) if lever.kind == "choice" else span(lever.low, lever.high)


def lever_words(lever: Lever) -> str:
    """A lever in a paragraph: meaning, unit, default, who gains, who pays, when it is felt."""
    return (
        f"{lever.meaning[0].upper()}{lever.meaning[1:]}; {lever.unit}; default {lever_default(lever)}. "
        f"**Gains:** {lever.gains}. **Pays:** {lever.pays}. **Felt after (quarters):** {lever.delay}.\n"
    )


def levers_markdown() -> str:
    """Every lever: default, range, unit, meaning, who gains, who pays, after how many quarters."""
    head = ("lever", "default", "range", "unit", "meaning", "gains", "pays", "felt after (quarters)")
    return table(head, [
        (f"`{n}`", lever_default(v), lever_range(v), v.unit, v.meaning, v.gains, v.pays, v.delay)
        for n, v in LEVERS.items()
    ])  # fmt: skip


def policy_levers_markdown() -> str:
    """Every lever as who writes a policy wants it."""
    head = ("lever", "default", "range", "gains", "pays", "felt after (quarters)")
    ranges = {n: lever_range(v) + ("" if v.kind == "choice" else f"; {v.unit}") for n, v in LEVERS.items()}
    return table(head, [
        (f"`{n}`", lever_default(v), ranges[n], v.gains, v.pays, v.delay) for n, v in LEVERS.items()
    ])  # fmt: skip


def measures_markdown() -> str:
    """Every measure: unit, direction, how a run is summed up, legal range, definition."""
    return table(("measure", "unit", "direction", "over a run", "range", "definition"), [
        (f"`{n}`", m.unit, DIRECTIONS[m.direction], SUMMED[m.over_run], span(m.low, m.high), m.definition)
        for n, m in measures.DECLARED.items()
    ])  # fmt: skip


def formulas_markdown() -> str:
    """How every measure is computed: the last paragraph of its rule's docstring, and of the rules that it uses."""
    found = []
    for room in (measures, *(import_module(f"{measures.__name__}.{name}") for name in MEASURED)):
        for node in ast.parse(inspect.getsource(room)).body:
            if isinstance(node, ast.FunctionDef) and any(ast.unparse(one) == "rule" for one in node.decorator_list):
                words = (ast.get_docstring(node) or "").split("\n\n")[-1].replace("\n", " ")
                found.append(f"**`{node.name}`** {words}\n")
    return "\n".join(found)


def vocabulary_markdown() -> str:
    """Every axis with its names in order; an index into an axis is the position of its name."""
    return table(("axis", "what its names are", "names in order"), [
        (f"`{axis}`", words, ", ".join(names)) for axis, (words, names) in AXES.items()
    ])  # fmt: skip


def model_sources_markdown() -> str:
    """The page `docs/model_sources.md`."""
    return "\n".join((
        "# Numbers of the model and where they come from\n",
        "This page is generated from the declarations in `sim/`; do not edit it. "
        f"`{REFRESH}` refreshes it, and a test compares it with the program.\n",
        how_sure(),
        "The menu and the kinds of threat below state their sources row by row; nearly all sizes there are assumed "
        "within ranges from the literature. Facts about states have their own sources in `scenarios/data/states.toml`. "
        "A scenario may override a parameter or a figure of the menu, and must give a reason.\n",
        "Contents: [parameters](#parameters) · [constants](#constants) · [activities](#activities) · "
        "[kinds of threat](#kinds-of-threat) · [levers](#levers) · [measures](#measures) · [axes](#axes)\n",
        "## Parameters\n", parameters_markdown(), "## Constants\n",
        constants_markdown(), "## Activities\n",
        "One *place* is one partner's part in one activity of typical size in one quarter "
        "(`sim/declare/activities.py`).\n",
        activities_markdown(), "## Kinds of threat\n", threats_markdown(), "## Levers\n", levers_markdown(),
        "## Measures\n", measures_markdown(), "## Axes\n", vocabulary_markdown(),
    ))  # fmt: skip


PARTS: Final[Mapping[str, Callable[[], str]]] = {
    "levers of a policy": policy_levers_markdown, "kinds of threat": lambda: ", ".join(threats.KINDS) + "\n",
    "measures": formulas_markdown, "check values": check_values_markdown,
}  # fmt: skip


def filled(page: str) -> str:
    """A page with its generated parts made anew: what stands between `<!-- name -->` and `<!-- end -->`."""
    for name, make in PARTS.items():
        before, mark, rest = page.partition(f"<!-- {name} -->\n")
        page = before + mark + make() + rest[rest.index("<!-- end -->") :] if mark else page
    return page


def write_docs(folder: Path = DOCS) -> list[Path]:
    """Write the generated pages and parts of pages into `folder`; return their paths."""
    pages = {SOURCES_FILE: model_sources_markdown()}
    pages |= {name: filled((DOCS / name).read_text(encoding="utf-8")) for name in HAND_WRITTEN}
    return [write_text(folder / name, text) for name, text in pages.items()]
