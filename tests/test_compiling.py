"""Machine code of the rules: never stale, never another's, shared by clones, and what is shipped is of these rules."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner
from waiting import PATIENCE

from run import app
from sim.law import compiled

ROOT = Path(__file__).parent.parent


def hash_in(folder: Path) -> tuple[str, str]:
    """Hashes that a copy of the project gives itself."""
    script = "from sim.law.compiled import KERNEL_HASH, RULES_HASH; print(KERNEL_HASH, RULES_HASH)"
    variables = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, env=variables, capture_output=True, text=True, check=True
    )
    kernel, rules = done.stdout.split()
    return kernel, rules


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.mark.parametrize(
    ("file", "kernel", "rules"),
    [
        ("law/mechanisms/trust.py", True, True),
        ("law/choices/partner.py", True, True),
        ("law/job.py", True, True),
        ("declare/activities.py", True, True),
        ("law/mechanisms/a_new_one/deep.py", True, True),  # also files and folders that there are not yet
        ("runs/build.py", False, True),
        ("runs/ensemble.py", False, True),
        ("inputs/checks.py", False, False),  # words about a file recompile nothing
    ],
)
def test_an_edit_changes_the_hashes_that_it_must(copy: Path, file: str, kernel: bool, rules: bool) -> None:
    before = hash_in(copy)
    path = copy / "sim" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((path.read_text() if path.exists() else "") + "\n# changed\n")
    after = hash_in(copy)
    assert (after[0] != before[0], after[1] != before[1]) == (kernel, rules)


def test_clones_have_one_hash(copy: Path) -> None:
    assert hash_in(copy) == (compiled.KERNEL_HASH, compiled.RULES_HASH)


def test_what_is_shipped_is_of_these_rules() -> None:
    text = compiled.shipped_language()
    assert compiled.BOUNDS or not compiled._is_x86() or text is not None, "`make kernel` writes it anew"


def test_a_kept_file_is_used_only_whole_and_ours(tmp_path: Path) -> None:
    path = tmp_path / "code.o"
    compiled._keep(path, b"entry\ncode")
    assert compiled._ours(path) == b"entry\ncode"
    held = path.read_bytes()
    for damaged in (held[:-1], held + b"x", b"", held.replace(b"code", b"cody")):
        path.write_bytes(damaged)
        assert compiled._ours(path) is None
    path.write_bytes(held)
    path.chmod(0o666)
    assert compiled._ours(path) is None or os.name == "nt"
    assert compiled._ours(tmp_path / "none") is None


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    compiled._keep(tmp_path / "file" / "code.o", b"entry\ncode")


def test_what_was_shipped_for_other_rules_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import lzma

    other = tmp_path / "kernel.ll.xz"
    monkeypatch.setattr(compiled, "SHIPPED", other)
    for content in (lzma.compress(b"; 0123456789abcdef run\n"), b"no archive", b""):
        other.write_bytes(content)
        assert compiled.shipped_language() is None


@pytest.mark.slow
def test_numba_the_shipped_language_and_the_interpreter_give_the_same_bits(filled: Path, tmp_path: Path) -> None:
    """Golden runs of the three ways to run the rules."""
    script = (
        "from analysis.studies.golden import golden_run as g; print(g('eastern_flank', 'threat_tailored', 2)['hash'])"
    )
    fresh = "from sim.law import compiled; compiled.SHIPPED = compiled.SHIPPED.with_name('none'); "
    found = set()
    for before, cache, extra in (("", filled, {}), (fresh, tmp_path, {}), ("", filled, {"NUMBA_DISABLE_JIT": "1"})):
        variables = {**os.environ, "PYTHONPATH": str(ROOT), "INTERLOCK_CACHE": str(cache), **extra}
        command = [sys.executable, "-c", before + script]
        found.add(subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=True).stdout)
    assert len(found) == 1


# Entry 16: the cache is read-only, full, damaged, of another name, shared; processes meet in it


def compiling(cache: Path, script: str = "compile_rules()", **how: object) -> "subprocess.Popen[str]":
    """A process that needs the machine code."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "INTERLOCK_CACHE": str(cache)}
    command = [sys.executable, "-c", f"from sim.law.compiled import compile_rules, _path; {script}"]
    return subprocess.Popen(
        command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **how
    )  # type: ignore[call-overload,no-any-return]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the machine code of these rules in it, as it was announced."""
    cache = tmp_path_factory.mktemp("cache")
    made = compiling(cache)
    _, said = made.communicate(timeout=PATIENCE)
    assert made.returncode == 0 and "machine code" in said
    return cache


def code_in(cache: Path) -> Path:
    (path,) = cache.glob("*.o")
    return path


def at_hand(filled: Path, before: str = "", after: str = "compile_rules()") -> str:
    """A script in which LLVM need not make the code again: it is at hand. All about it is as ever: what is tested is
    what is kept, refused and said. `before`: done where the code would be made.
    """
    given = f"Path({str(code_in(filled))!r}).read_bytes().partition(b'\\n')[2]"
    return (
        "from pathlib import Path; from sim.law import compiled; import sys; "
        f"compiled.machine_code = lambda text: ({before or None}, {given})[1]; {after}"
    )


def test_entry_16_code_of_another_name_is_not_used(tmp_path: Path) -> None:
    old, new = tmp_path / "0123456789abcdef-0123456789ab.o", tmp_path / "fedcba9876543210-0123456789ab.o"
    assert compiled._keep(old, b"entry\ncode") == "" and compiled._ours(old) is not None
    shutil.copyfile(old, new)
    assert compiled._ours(new) is None, "code of older rules under the name of newer ones"


@pytest.mark.skipif(os.name == "nt", reason="pipes, devices and owners as Unix has them")
def test_entry_16_what_is_no_file_of_ours_is_not_used_and_nothing_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.o")
    (tmp_path / "folder.o").mkdir()
    (tmp_path / "device.o").symlink_to("/dev/zero")
    (tmp_path / "loop.o").symlink_to("loop.o")
    with (tmp_path / "large.o").open("wb") as large:
        large.truncate(compiled.LARGEST + 1)
    for path in tmp_path.iterdir():
        assert compiled._ours(path) is None, path.name


@pytest.mark.skipif(os.name == "nt", reason="limits as Unix has them")
def test_entry_16_a_full_disk_leaves_no_half_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert compiled._keep(tmp_path / "code.o", b"entry\ncode") == "No space left on device"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["cut", "flipped", "folder", "pipe", "other rules", "open to others"])
def test_entry_16_a_damaged_cache_is_said_made_anew_and_never_used(filled: Path, tmp_path: Path, damage: str) -> None:
    good = code_in(filled).read_bytes()
    path = tmp_path / code_in(filled).name
    if damage == "folder":
        path.mkdir()
    elif damage == "pipe":
        os.mkfifo(path)
    elif damage == "other rules":
        compiled._keep(tmp_path / ("0" * 16 + path.name[16:]), good.partition(b"\n")[2])
        (tmp_path / ("0" * 16 + path.name[16:])).rename(path)
    else:
        path.write_bytes({"cut": good[:-100], "flipped": good[:5000] + b"\0" + good[5001:]}.get(damage, good))
        path.chmod(0o666 if damage == "open to others" else 0o600)
    golden = (
        "compile_rules(); import analysis.studies.golden as g; "
        "print(g.golden_run('gulf_maritime', 'restraint', 2)['hash'])"
    )
    # Once LLVM does make it anew.
    ran = compiling(tmp_path, golden if damage == "cut" else at_hand(filled, after=golden))
    told, said = ran.communicate(timeout=PATIENCE)
    assert ran.returncode == 0 and len(told.strip()) == 16, said
    assert "not whole, or not ours" in said and "machine code" in said
    assert ("cannot be kept" in said) == (damage == "folder")
    if damage != "folder":
        assert path.read_bytes() == good, "the same code, made anew"
    assert not list(tmp_path.glob(f"{compiled.HALF}*"))


@pytest.mark.slow
def test_entry_16_a_cache_that_cannot_be_written_is_said_and_stops_nothing(filled: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = compiling(tmp_path / "file" / "below", at_hand(filled))
    _, said = ran.communicate(timeout=PATIENCE)
    assert ran.returncode == 0 and "cannot be kept in" in said and "machine code" in said


@pytest.mark.slow
def test_entry_16_of_two_processes_one_makes_it_and_the_other_waits(filled: Path, tmp_path: Path) -> None:
    makes = at_hand(filled, "(print('making', flush=True), sys.stdin.readline())")
    maker = compiling(tmp_path, makes, stdin=subprocess.PIPE)
    assert maker.stdout is not None and maker.stdout.readline() == "making\n"
    waiter = compiling(tmp_path, at_hand(filled))
    assert waiter.stderr is not None and "waiting for it" in waiter.stderr.readline()
    said = [one.communicate("go on\n" if one is maker else None, timeout=PATIENCE)[1] for one in (maker, waiter)]
    assert [maker.returncode, waiter.returncode] == [0, 0], said
    assert "machine code" in said[0] and said[1] == "", "what one has made the other takes"
    assert len(list(tmp_path.glob("*.o"))) == 1 and compiled._ours(code_in(tmp_path)) is not None


@pytest.mark.slow
def test_entry_16_the_lock_goes_with_a_process_that_is_killed(filled: Path, tmp_path: Path) -> None:
    hold = "with _alone(_path()): print('held', flush=True); time.sleep(600)"
    holding = f"from sim.law.compiled import _alone; import time\n{hold}"
    holder = compiling(tmp_path, holding)
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    waiter = compiling(tmp_path, at_hand(filled))
    assert waiter.stderr is not None and "waiting for it" in waiter.stderr.readline()
    holder.kill()
    holder.communicate()
    _, said = waiter.communicate(timeout=PATIENCE)
    assert waiter.returncode == 0 and "machine code" in said


def test_entry_16_the_cache_is_shown_and_cleared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, other = tmp_path / f"{compiled.KERNEL_HASH}-0123456789ab.o", tmp_path / "0123456789abcdef-0123456789ab.o"
    for path in (ours, other):
        compiled._keep(path, b"entry\ncode")
    (tmp_path / f"{compiled.HALF}x").write_bytes(b"half")
    (tmp_path / "tmp_of_somebody_else").write_bytes(b"stays")
    monkeypatch.setattr(compiled, "CACHE", tmp_path)
    for name in ("cache", "kernel"):
        shown = CliRunner().invoke(app, [name]).output
        assert f"{ours.name}  0 KiB  of these rules, whole" in shown and f"{other.name}  0 KiB  of other rules" in shown
    ours.write_bytes(b"damaged")
    assert "not whole" in CliRunner().invoke(app, ["cache"]).output
    assert CliRunner().invoke(app, ["cache", "--clear"]).output.count("removed") == 2
    assert [path.name for path in tmp_path.iterdir()] == ["tmp_of_somebody_else"]
