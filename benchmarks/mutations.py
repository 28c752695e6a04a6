"""What is done to files that are to be broken: to lines and values, to bytes, to tables of figures, to chunks."""

import os
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

Luck = random.Random
VALUES: Final = (
    "nan", "inf", "-inf", "-1", "0", "1", "1e308", "1e999", "-0.0", "true", "false", '"x"', '""', "''", "[]", "{}",
    "[[1]]", '["UKR", 3]', '["UKR"]', '"RUS"', '"UKR"', "2025-01-01", '"2025-Q1"', '"2199-Q4"', "99999", "1" * 320,
    "9" * 4300, "9" * 5000, "0x" + "f" * 5000, "0,5", "“x”", "‘x’", "True", "yes", "x", '"' + "x" * 3000 + '"',
    '"a\\u202Eb"', '"\\u0000"', '"/dev/zero"', '"../x"', '"eastern_flank"', '"status_quo"', "[" * 300 + "]" * 300,
    "{ a = " * 40 + "1" + " }" * 40, "[" + "1, " * 2000 + "]", '"""', "'''", "2 # 3", "{ a = 1, b = [",
)  # fmt: skip
KEYS: Final = (
    "name", "code", "kind", "remove", "until", "from", "x.y", "extends", "title", "states", "rate", "scenario", "seed",
    "policy", "of", "high", "value", "reason", "split", "focus_framework", "a" * 500, "a" + ".a" * 300, '"a b"', "[a",
)  # fmt: skip
HEADS: Final = (
    "[cast]", "[[cast]]", "[threats]", "[[threats]]", "[seats]", "[[seats]]", "[parameters]", "[parameters.x]",
    "[[parameters]]", "[split]", "[rule]", "[columns.code]", "[quantities.gdp]", "[a" + ".a" * 3000 + "]", "[", "[[a]",
)  # fmt: skip
CELLS: Final = (
    "", " ", "nan", "inf", "-1", "0", "1e999", "0,5", "²", "١٢", "1_000", "9" * 5000, "UKR", "XXX", "fr", "2024-13",
    "0000", "9999-12-31", "1994-02-30", "2024-1-1-1", "member", "rival", "europe", "x\x00y", "a;b", '"', '""', "é",
    "“x”", "x" * 200_000, "gdp_1995_busd;name", "0.5 ", "+0.5", "0x10", "signature", "True",
)  # fmt: skip
CODES: Final = ("UKR", "RUS", "FRA", "GEO", "USA", "EGY", "BRA", "CHN", "SAU", "JPN", "XKX", "ABC")
SIGNS: Final = (
    "",
    '"',
    "'",
    "=",
    "[",
    "]",
    "{",
    "}",
    "\0",
    "é",
    ".",
    "#",
    ",",
    ";",
    "\\",
    "“",
    "\u202e",
    "\r",
    "\t",
    " ",
)
NUMBERS: Final = (
    "-5",
    "1e9",
    "float('nan')",
    "float('inf')",
    "'opt_in'",
    "None",
    "True",
    "10**320",
    "[0.1]",
    "{}",
    "0.5",
    "1",
)
PYTHON: Final = (
    """def orders(view):
    tense = view.model.engine.world.tension.max() > 0.5
    return view.default(size=0.1, distance=0.9) if tense else view.default()
""",
    """def orders(view):
    found = view.default(envelope=100.0, decision_mode='opt_in')
    found.levers['tailoring'] = 0.5
    found.plan['UKR'] = {'education': 2.0}
    found.agenda['programme'] = 'UKR'
    return found
""",
    """LEVERS = {'envelope': 50.0, 'split': {'dialogue': 0.5, 'exercises': 0.5}}


def orders(view):
    step = view.model.engine.step
    return view.default(**LEVERS) if step > 0 else view.default(open_door=1.0)
""",
)


def mutated(text: str, suffix: str, luck: Luck) -> bytes:
    """A text with one to three things done to its lines or cells, and now and then something to its bytes."""
    ways = {".csv": CSV_WAYS, ".py": PYTHON_WAYS}.get(suffix, TOML_WAYS)
    lines = text.splitlines()
    for _ in range(luck.choice((1, 1, 2, 3))):
        luck.choice(ways)(lines, luck)
        lines = lines or [""]
    content = ("\n".join(lines) + "\n").encode("utf-8", errors="surrogatepass")
    return luck.choice(BYTE_WAYS)(content, luck) if luck.random() < 0.15 else content


# lines


def drop(lines: list[str], luck: Luck) -> None:
    """Lines go."""
    at = luck.randrange(len(lines))
    del lines[at : at + luck.choice((1, 1, 1, 5, 1000))]


def double(lines: list[str], luck: Luck) -> None:
    """A line, or a stretch of them, stands somewhere once more."""
    at, to = luck.randrange(len(lines)), luck.randrange(len(lines))
    lines[to:to] = lines[at : at + luck.choice((1, 1, 8))]


def swap(lines: list[str], luck: Luck) -> None:
    """Two lines change places."""
    a, b = luck.randrange(len(lines)), luck.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]


def one_sign(lines: list[str], luck: Luck) -> None:
    """A sign goes, comes, or is another."""
    at = luck.randrange(len(lines))
    cut = luck.randrange(len(lines[at]) + 1)
    lines[at] = lines[at][:cut] + luck.choice(SIGNS) + lines[at][cut + luck.choice((0, 1)) :]


def long_line(lines: list[str], luck: Luck) -> None:
    """A line without end."""
    lines.insert(luck.randrange(len(lines)), luck.choice("x#[{=.,\"'") * luck.choice((5_000, 200_000, 2_000_000)))


def _given(lines: list[str], luck: Luck) -> int:
    """A line that gives a key its value, or the first."""
    found = [i for i, line in enumerate(lines) if "=" in line]
    return luck.choice(found) if found else 0


def value(lines: list[str], luck: Luck) -> None:
    """A key gets another value."""
    at = _given(lines, luck)
    lines[at] = lines[at].split("=")[0] + "= " + luck.choice(VALUES)


def value_of_another(lines: list[str], luck: Luck) -> None:
    """A key gets the value of another."""
    at, other = _given(lines, luck), _given(lines, luck)
    lines[at] = lines[at].partition("=")[0] + "=" + lines[other].partition("=")[2]


def key(lines: list[str], luck: Luck) -> None:
    """A value gets another key."""
    at = _given(lines, luck)
    lines[at] = luck.choice(KEYS) + " =" + lines[at].partition("=")[2]


def head(lines: list[str], luck: Luck) -> None:
    """A table begins, or is one of a list, or none any more."""
    found = [i for i, line in enumerate(lines) if line.startswith("[")]
    at = luck.choice(found) if found else 0
    old = lines[at]
    single = old.replace("[[", "[").replace("]]", "]")
    lines[at] = luck.choice((single, f"[{single}]", old + ".x", luck.choice(HEADS), old.upper()))
    if luck.random() < 0.3:
        lines.insert(luck.randrange(len(lines)), luck.choice(HEADS))


def extends(lines: list[str], luck: Luck) -> None:
    """The file rests on another, on itself, or on what is no file."""
    what = luck.choice(
        ("/dev/zero", ".", "baseline_2025", "nothing", "broken_x", "a" * 3000, "status_quo", "flank", "../")
    )
    lines.insert(0, f'extends = "{what}"')


def softly(lines: list[str], luck: Luck) -> None:
    """Something that may well be valid: another number, state, quarter, or name of the same kind."""
    at = luck.randrange(len(lines))
    ways = (
        (r"\d+\.\d+", lambda old: f"{float(old) * luck.choice((0.0, 0.5, 2.0, 10.0)):.6g}"),
        (r"\b\d+\b", lambda old: str(int(old[:9]) * luck.choice((0, 1, 2)) + luck.choice((-1, 1, 3)))),
        (r"\b[A-Z]{3}\b", lambda old: luck.choice(CODES)),
        (r"\d{4}-Q[1-4]", lambda old: f"{luck.choice((1949, 1993, 2025, 2034, 2200))}-Q{luck.randint(1, 4)}"),
        (r"\b[a-z]+_[a-z_]+\b", lambda old: luck.choice(re.findall(r"\b[a-z]+_[a-z_]+\b", " ".join(lines)) or [old])),
    )  # fmt: skip
    for form, new in luck.sample(ways, len(ways)):
        found = list(re.finditer(form, lines[at]))
        if found:
            one = luck.choice(found)
            lines[at] = lines[at][: one.start()] + new(one[0]) + lines[at][one.end() :]
            return


def argument(lines: list[str], luck: Luck) -> None:
    """A number in a program is another."""
    at = luck.randrange(len(lines))
    for old in ("0.1", "0.9", "100.0", "'opt_in'", "2.0", "50.0", "0.5", "1.0", "'UKR'"):
        if old in lines[at]:
            lines[at] = lines[at].replace(old, luck.choice(NUMBERS), 1)
            return


def word(lines: list[str], luck: Luck) -> None:
    """A name in a program is misspelt, or the program ends."""
    at = luck.randrange(len(lines))
    old, new = luck.choice((
        ("envelope", "envelop"), ("size", "sise"), ("default", "defaults"), ("return", "raise"), ("view", "vew"),
        ("orders", "order"), ("return ", "import sys; sys.exit(0); return "), ("levers", "plan"), ("'UKR'", "'XXX'"),
        ("return ", "exit() or "), ("dialogue", "talk"), ("if", "while"[:2]), ("found", "None"), ("return ", "yield "),
    ))  # fmt: skip
    lines[at] = lines[at].replace(old, new)


# tables of figures


def cell(lines: list[str], luck: Luck) -> None:
    """A cell holds something else."""
    at = luck.randrange(len(lines))
    cells = lines[at].split(",")
    cells[luck.randrange(len(cells))] = luck.choice(CELLS)
    lines[at] = ",".join(cells)


def column(lines: list[str], luck: Luck) -> None:
    """A column goes, comes twice, or is parted otherwise."""
    how, at = luck.randrange(4), luck.randrange(len(lines[0].split(",")))
    for i, line in enumerate(lines):
        cells = line.split(",")
        if how == 0:
            del cells[at : at + 1]
        elif how == 1:
            cells[at:at] = cells[at : at + 1]
        lines[i] = (";" if how == 2 else "\t" if how == 3 else ",").join(cells)


SOFT_WAYS: Final = (softly,) * 12
LINE_WAYS: Final = (drop, double, swap, one_sign, one_sign, long_line)
TOML_WAYS: Final[tuple[Callable[[list[str], Luck], None], ...]] = (
    *LINE_WAYS, value, value, value, value, value_of_another, value_of_another, key, key, head, head, extends,
    *SOFT_WAYS,
)  # fmt: skip
CSV_WAYS: Final[tuple[Callable[[list[str], Luck], None], ...]] = (
    *LINE_WAYS,
    cell,
    cell,
    cell,
    cell,
    cell,
    column,
    *SOFT_WAYS,
)
PYTHON_WAYS: Final[tuple[Callable[[list[str], Luck], None], ...]] = (
    drop, swap, one_sign, argument, argument, argument, word, word, word,
)  # fmt: skip


# bytes


def flipped(content: bytes, luck: Luck) -> bytes:
    """Some bits are others."""
    data = bytearray(content)
    for _ in range(luck.choice((1, 3, 30))):
        data[luck.randrange(len(data))] ^= 1 << luck.randrange(8)
    return bytes(data)


def cut(content: bytes, luck: Luck) -> bytes:
    """It ends early."""
    return content[: luck.choice((0, 1, 10, luck.randrange(len(content))))]


def noise(content: bytes, luck: Luck) -> bytes:
    """Bytes that belong nowhere, within or instead."""
    at = luck.randrange(len(content))
    return luck.choice((luck.randbytes(3000), content[:at] + luck.randbytes(20) + content[at:]))


def encoded(content: bytes, luck: Luck) -> bytes:
    """Saved in another encoding, with other ends of lines, or with a mark at its beginning."""
    text = content.decode("utf-8", errors="replace")
    name = luck.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "utf-8-sig", "cr", "crlf", "cp1252"))
    if name in ("cr", "crlf"):
        return text.replace("\n", {"cr": "\r", "crlf": "\r\n"}[name]).encode()
    return text.encode(name, errors="replace")


BYTE_WAYS: Final = (flipped, cut, noise, encoded, encoded)


# chunks


def mutated_chunk(paths: list[Path], luck: Luck) -> str:
    """Something is done to one of two chunks of a sweep; what."""
    path, other = luck.sample(paths, 2)
    content = path.read_bytes()
    how = luck.choice(("flip", "flip", "flip", "cut", "noise", "zero", "swap", "copy", "more", "place", "numbers"))
    if how == "flip":
        path.write_bytes(flipped(content, luck))
    elif how == "cut":
        path.write_bytes(cut(content, luck))
    elif how == "noise":
        path.write_bytes(noise(content, luck))
    elif how == "zero":
        at = luck.randrange(len(content))
        path.write_bytes(content[:at] + bytes(len(content) - at))
    elif how == "swap":
        path.write_bytes(other.read_bytes())
        other.write_bytes(content)
    elif how == "copy":
        shutil.copyfile(other, path)
    elif how == "more":
        path.write_bytes(content + luck.randbytes(luck.choice((1, 64, 1000))))
    elif how == "numbers":  # one number is another, and all else is as it was
        at = luck.randrange(200, len(content) - 200)
        path.write_bytes(content[:at] + luck.randbytes(8) + content[at + 8 :])
    else:
        path.unlink()
        kind = luck.choice(("folder", "pipe", "device", "link", "nothing", "pickle"))
        if kind == "folder":
            path.mkdir()
        elif kind == "pipe" and hasattr(os, "mkfifo"):
            os.mkfifo(path)
        elif kind == "device":
            path.symlink_to("/dev/zero")
        elif kind == "link":
            path.symlink_to(path.name)
        elif kind == "pickle":
            path.write_bytes(b"\x80\x04cos\nsystem\n(S'true'\ntR.")
        how = kind
    return how
