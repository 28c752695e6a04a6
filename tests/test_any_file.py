"""Entry 12: whatever is given as a file is read or refused in words, with file, key, line and remedy, at once."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from waiting import called

from sim.inputs.describe import load_any
from sim.inputs.errors import InputError
from sim.inputs.load import load_scenario
from sim.inputs.policy import load_policy
from sim.inputs.reading.lines import line_of
from sim.inputs.reading.regular import LARGEST, read_bytes
from sim.inputs.reading.toml import LONGEST, read_toml
from sim.inputs.states import DATA, load_disputes, load_facts

START = 'extends = "baseline_2025"\n'
THREAT = '[[threats]]\nname = "gulf_shipping"\n'
Load = Callable[[Path], object]


def told(path: Path, load: Load = load_any) -> str:
    """The message that a file gives; every problem in it names file and key."""
    with pytest.raises(InputError) as caught:
        load(path)
    assert all(problem.file and problem.key and problem.message for problem in caught.value.problems)
    return str(caught.value)


def written(folder: Path, content: str | bytes, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# what editors and word processors leave behind


def test_entry_12_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    marked = written(tmp_path, "\ufeff" + START + 'title = "Mine"\n')
    assert load_scenario(marked).title == "Mine"
    policy = written(tmp_path, "\ufeffdef orders(view):\n    return view.default()\n", "mine.py")
    assert load_policy(policy)
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    for name in ("states.csv", "states.toml", "disputes.csv"):
        (folder / name).write_bytes(b"\xef\xbb\xbf" + (folder / name).read_bytes())
    assert load_facts(folder) == load_facts() and load_disputes(folder) == load_disputes()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (START + 'title = “Mine”\n', ("title", "straight", "line 2")),
        (START + "title = ‘Mine’\n", ("title", "straight", "line 2")),
        (START + THREAT + "rate = 0,5\n", ("threats[0].rate", "0.5, not 0,5", "line 4")),
        (START + THREAT + "rate = -1,25\n", ("threats[0].rate", "point", "line 4")),
        (START + "feuds_from_record = True\n", ("feuds_from_record", "true or false", "line 2")),
        (START + "start = 2025-Q1\n", ("start", "line 2")),
        (START + "title = Mine\n", ("title", "quotes", "line 2")),
        (START + THREAT.replace("[[", "[").replace("]]", "]"), ("threats", "[[threats]]", "line 2")),
        (START + 2 * THREAT.replace("[[", "[").replace("]]", "]"), ("threats", "[[threats]]", "line 4")),
        (START + '[[cast]]\nonly = ["FRA"]\n', ("cast", "[cast]", "line 2")),
        (START + THREAT + "[threats.schedule]\nmultiplier = 2\n", ("threats[0].schedule", "[[schedule]]", "line 4")),
        (START + THREAT + "rate = 9\n\n" + THREAT, ("threats[1].name", "twice", "line 7")),
    ],
)  # fmt: skip
def test_entry_12_what_people_write_wrong_is_told_with_key_line_and_remedy(
    tmp_path: Path, text: str, words: tuple[str, ...]
) -> None:
    message = told(written(tmp_path, text))
    assert all(word in message for word in ("mine.toml", *words)), message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1"])
def test_entry_12_other_encodings_are_told_with_the_remedy(tmp_path: Path, encoding: str) -> None:
    text = START + 'title = "Türkiye"\n'
    for name in ("mine.toml", "mine.py"):
        message = told(written(tmp_path, text.encode(encoding), name))
        assert "save it as UTF-8" in message and "line " in message, message


def test_entry_12_tables_of_a_spreadsheet_in_other_forms_are_told(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    plain = (folder / "states.csv").read_text(encoding="utf-8")
    france = next(line for line in plain.splitlines() if line.startswith("FRA,"))
    number, latitude = plain.splitlines().index(france) + 1, france.split(",")[4]
    for text, words in {
        plain.replace(",", ";"): ("semicolons", "commas"),
        plain.replace(france, france.replace(latitude, '"48,85"')): ("row FRA", "lat", "point"),
        plain.replace("code,", "codé,", 1): ("unknown column", "did you mean 'code'?"),
        plain.replace(france, france + ",x"): (f"line {number}", "cells"),
        plain.replace(france, france.replace("France", "Fr\0ance")): ("row FRA", "name"),
    }.items():
        (folder / "states.csv").write_text(text, encoding="utf-8")
        message = told(folder, load_facts)
        assert "states.csv" in message and all(word in message for word in words), message
    (folder / "states.csv").write_bytes(plain.encode("utf-16"))
    assert "UTF-8" in told(folder, load_facts)


# numbers and nesting without end


@pytest.mark.parametrize("digits", [20, 320, 4300, 5000, 100_000])
def test_entry_12_numbers_of_any_length_are_told(tmp_path: Path, digits: int) -> None:
    for text in (f"horizon = {'9' * digits}\n", f"horizon = -{'9' * digits}\n", f"horizon = 0x{'f' * digits}\n"):
        message = told(written(tmp_path, START + text))
        assert "horizon" in message and "digits" in message and "line 2" in message and len(message) < 400
    assert "envelope" in told(written(tmp_path, f'title = "x"\nenvelope = {"9" * digits}\n'), load_policy)


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 5000, "x = " + "[" * 300 + "]" * 300, "x = " + "{ a = " * 300 + "1" + " }" * 300,
        "[" + ".".join("a" * 100_000) + "]", ".".join("a" * 100_000) + " = 1", 'x = { "a"' + ".b" * 5000 + " = 1 }",
        "[threats]\n" * 3, "x = [" + "1, " * (LONGEST + 1) + "]",
    ],
    ids=["brackets", "lists", "tables", "header", "key", "inside", "twice", "long"],
)  # fmt: skip
def test_entry_12_nesting_without_end_is_told_at_once(tmp_path: Path, text: str) -> None:
    assert "mine.toml" in told(written(tmp_path, START + text + "\n"))
    policy = "def orders(view):\n    return " + "(" * 9000 + "\n"
    assert "not valid Python" in told(written(tmp_path, policy, "mine.py"))


def test_entry_12_prose_and_lists_with_many_dots_are_no_nesting(tmp_path: Path) -> None:
    prose = 'description = "' + "Wait ... " * 20 + '= and so on"\n'
    numbers = "x = [" + ", ".join(["0.5"] * 40) + "]\n"
    assert read_toml(written(tmp_path, prose + numbers)).value.keys() == {"description", "x"}


def test_entry_12_a_chain_of_files_has_an_end(tmp_path: Path) -> None:
    for i in range(1400):
        written(tmp_path, f'extends = "link{i + 1}"\n', f"link{i}.toml")
    written(tmp_path, START, "link1400.toml")
    message = told(tmp_path / "link0.toml")
    assert "extends = 'link32'" in message and "more than 32 files" in message
    assert load_scenario(tmp_path / "link1380.toml")  # a chain of 20 is none too long


# what is no file


@pytest.fixture
def odd(tmp_path: Path) -> dict[str, Path]:
    """A pipe, a folder, a link to itself, and devices, by kind."""
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "loop.toml").symlink_to("loop.toml")
    written(tmp_path, b"#" * (LARGEST + 1), "large.toml")
    found = {name: tmp_path / f"{name}.toml" for name in ("pipe", "folder", "loop", "large")}
    devices = {name: Path("/dev") / name for name in ("zero", "null", "random", "stdin")}
    return found | {name: path for name, path in devices.items() if path.exists()}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_entry_12_devices_pipes_and_folders_are_refused_and_not_read(odd: dict[str, Path], tmp_path: Path) -> None:
    for path in odd.values():
        for load in (load_any, load_scenario, load_policy, read_bytes):
            with pytest.raises(InputError):
                load(path)
        message = told(written(tmp_path, f'extends = "{path}"\n'))
        assert "mine.toml: extends" in message and "line 1" in message, message
        python = tmp_path / f"{path.stem}.py"
        python.symlink_to(path)
        with pytest.raises(InputError):
            load_policy(python)
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    for path in odd.values():
        (folder / "states.csv").unlink()
        (folder / "states.csv").symlink_to(path)
        with pytest.raises(InputError, match="states"):
            load_facts(folder)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_entry_12_the_command_line_refuses_them_with_code_2(odd: dict[str, Path]) -> None:
    command = [sys.executable, "run.py", "validate", *map(str, odd.values())]
    with Path("/dev/zero").open("rb") as zeros:
        done = called(command, stdin=zeros)
    assert done.returncode == 2 and "Traceback" not in done.stderr and not done.stdout
    assert len(done.stderr.splitlines()) == len(odd)


# where a key stands


def test_entry_12_the_line_of_a_key_is_found() -> None:
    text = 'a = 1\n[b]\nc = """\nd = 1\n"""\nd = 2\n[[e]]\nf = 1\n[[e]]\nf.g = 1\n  [[e.h]]\n  "i j" = 1\n'
    lines = {"a": 1, "b": 2, "b.c": 3, "b.d": 6, "e[0].f": 8, "e[1]": 9, "e[1].f.g": 10, "e[1].h[0].k": 11, "z": 0}
    assert {key: line_of(text, key) for key in lines} == lines
