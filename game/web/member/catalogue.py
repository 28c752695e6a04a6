"""The catalogues of the interface: which strings there are, and the binary files that gettext reads.

`python -m game.web.member.catalogue` adds missing strings to every .po file and writes its .mo file. A new language is
a folder in game/web/locale with an empty interlock.po: run it, fill in the strings and how the language calls itself
(X-Name), run it again.
"""

import ast
import csv
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from analysis import said
from analysis.said import LETTERS, Said
from game.core.council.positions import REASONS
from game.core.council.proposal import PROPOSAL, RESULTS
from game.core.game_file import game_names, load_game
from game.core.seen import ESTIMATED, GUESSED, KNOWN, PUBLISHED, UNKNOWN
from game.print.handouts import TEMPLATES
from game.seats.kinds import DUTIES, KINDS
from game.web.desk.pages import STEPS
from game.web.language import LOCALE
from game.web.member.headlines import FORMS, ITEM, STAGE
from game.web.member.knowledge import HARD, MAPPED
from game.web.member.pages import TABS, packages
from game.web.site import HERE, environment
from game.web.words import NAMED
from sim.declare.names import FRAMEWORKS, INSTRUMENTS, ITEMS, MEASURES, REFUSALS, ROLES, THREAT_KINDS
from sim.inputs.load import load_scenario, scenario_names
from sim.inputs.toml_files import FOLDER
from sim.inputs.values import Table
from sim.law.measures import DECLARED
from sim.runs.events import BEFORE_COUNCIL, ON_TRACK, TITLES

ENTRY: Final = re.compile(r'^msgid ((?:".*"\n)+)msgstr ((?:".*"\n?)+)', re.MULTILINE)
REFUSING: Final = ("Refused", "refused", "gettext")
SAYING: Final = ("Said",)
HOLE: Final = re.compile(r"%\(\w+\)s")
HEAD: Final = (
    "Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n"
    "Language: {language}\nX-Name: {language}\n"
)


def of_templates() -> set[str]:
    """Strings of the templates."""
    made: Any = environment("en")
    files = [path for folder in (HERE / "templates", TEMPLATES) for path in folder.glob("*.html")]
    found = set[Any]()
    for path in files:
        for _, _, text in made.extract_translations(path.read_text(encoding="utf-8")):
            found.add(text if isinstance(text, str) else text[0])  # with values to put in, a tuple
    return found - {None}


def of_code() -> set[str]:
    """Texts in the code: whatever is made a `Said`, and words in which something is refused."""
    files = [*sorted(HERE.parent.rglob("*.py")), Path(said.__file__)]
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in files}
    named = {
        node.target.id: node.value.value for tree in trees.values() for node in tree.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        and isinstance(node.value, ast.Constant)
    }  # fmt: skip

    def literals(node: ast.AST) -> set[Any]:
        if isinstance(node, ast.IfExp):
            return literals(node.body) | literals(node.orelse)
        return {getattr(node, "value", named.get(getattr(node, "id", "")))}

    found, refusals = set[Any](), set[Any]()
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SAYING:
                found |= {text for arg in node.args[:1] for text in literals(arg)}
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in REFUSING:
                refusals |= {text for arg in node.args for text in literals(arg)}
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple) and path.name == "actions.py":
                refusals |= {text for one in node.value.elts for text in literals(one)}
            if isinstance(node, ast.Return) and isinstance(node.value, ast.Constant) and path.name == "posts.py":
                refusals.add(node.value.value)
    return {text for text in found if isinstance(text, str) and LETTERS.search(HOLE.sub("", text))} | {
        text for text in refusals if isinstance(text, str) and " " in text and text.endswith(".")
    }


def texts_of(node: object) -> Iterator[str]:
    """Every `Said` in a game file."""
    if isinstance(node, Said):
        yield node.form
    elif isinstance(node, Table | tuple):
        for one in vars(node).values() if isinstance(node, Table) else node:
            yield from texts_of(one)


def of_games() -> set[str]:
    """What the shipped games say, and the names of states."""
    states = csv.DictReader((FOLDER / "data" / "states.csv").read_text(encoding="utf-8").splitlines())
    return {text for name in game_names() for text in texts_of(load_game(name))} | {row["name"] for row in states}


def of_news() -> set[str]:
    """What the simulation tells, as pages say it again."""
    held_up = {f"{text.replace('{}', '%(name)s')} is held up" for text in BEFORE_COUNCIL.values()}
    joined = {one.name for name in scenario_names() for one in load_scenario(name).frameworks}
    frameworks = {name.replace("_", " ") for name in {*FRAMEWORKS, *joined}}
    others = {"cooperation with %(name)s is suspended", "shared information leaks through %(name)s", *TITLES.values()}
    return held_up | frameworks | others | {f"%(name)s {text}" for text in ON_TRACK} | set(REFUSALS[1:])


def of_forms() -> set[str]:
    """Words of the order forms."""
    found = set()
    for kind in KINDS.values():
        found |= {text for name, words, _ in packages(kind) for text in (name, words)}
        found |= {text for name, one in kind.strategies.items() for text in (name, name.capitalize(), one.words)}
    for form in (kind.form for kind in KINDS.values()):
        found |= {form.purse, form.targets}
        for line in form.lines:
            found |= {line.label, line.help, line.group}
    return found - {""}


def of_numbers() -> set[str]:
    """Names of what is measured, of roles and of threats."""
    names = {
        *MAPPED,
        *INSTRUMENTS,
        *ITEMS,
        *MEASURES,
        PROPOSAL,
        *(item.capitalize() for item in ITEMS),
        *(name.capitalize() for name in MEASURES),
        *(DECLARED[name].unit for name in MEASURES),
        *PUBLISHED,
        *GUESSED,
        *ROLES,
        *RESULTS,
        *THREAT_KINDS,
        KNOWN,
        ESTIMATED,
        UNKNOWN,
    }
    others = {"accepted", "declined"}
    for kind in KINDS.values():
        names |= {*kind.own, *kind.shown, *(f"our {name}" for name in kind.own)}
        others |= {*kind.exact, *kind.hidden}
    return {name.replace("_", " ") for name in names} | others


def messages() -> list[str]:
    """Every string of the interface."""
    named = {
        *FORMS.values(),
        *ITEM.values(),
        *STAGE.values(),
        *STEPS.values(),
        *(word for _, word in HARD),
        *NAMED.values(),
        *REASONS.values(),
        *DUTIES,
        *DUTIES.values(),
        *(label for _, label, _ in TABS),
    }
    return sorted(of_templates() | of_code() | of_forms() | of_numbers() | of_games() | of_news() | named)


def read_po(path: Path) -> dict[str, str]:
    """The entries of a .po file."""

    def joined(lines: str) -> str:
        return "".join(ast.literal_eval(line) for line in lines.strip().splitlines())

    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return {joined(key): joined(value) for key, value in ENTRY.findall(text)}


def quoted(text: str) -> str:
    """A string as .po files write it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def write_po(path: Path, language: str, entries: dict[str, str]) -> None:
    """All strings in order; those without a translation stay empty, and appear in English."""
    lines = [f"msgid {quoted(key)}\nmsgstr {quoted(entries.get(key, ''))}\n" for key in messages()]
    head = f'msgid ""\nmsgstr {quoted(entries.get("") or HEAD.format(language=language))}\n'
    path.write_text("\n".join([head, *lines]), encoding="utf-8")


def mo_bytes(entries: dict[str, str]) -> bytes:
    """The binary form: sorted keys and values with a table of offsets for each."""
    pairs = [(k.encode(), v.encode()) for k, v in sorted(entries.items()) if v]
    start = 28 + 16 * len(pairs)
    keys = b"".join(key + b"\0" for key, _ in pairs)
    values = b"".join(value + b"\0" for _, value in pairs)
    tables, at = [b"", b""], [start, start + len(keys)]
    for pair in pairs:
        for i, text in enumerate(pair):
            tables[i] += struct.pack("<II", len(text), at[i])
            at[i] += len(text) + 1
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    return head + tables[0] + tables[1] + keys + values


def renew() -> None:
    """Bring every catalogue up to date."""
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/interlock.po")):
        write_po(path, path.parent.parent.name, read_po(path))
        entries = read_po(path)
        path.with_suffix(".mo").write_bytes(mo_bytes(entries))
        missing = [key for key in messages() if not entries.get(key)]
        print(f"{path}: {len(entries) - 1 - len(missing)} strings, {len(missing)} without a translation")


if __name__ == "__main__":
    renew()
