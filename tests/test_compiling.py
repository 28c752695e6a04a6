"""Machine code of the rules: never stale, never another's, shared by clones, and what is shipped is of these rules."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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
def test_numba_the_shipped_language_and_the_interpreter_give_the_same_bits(tmp_path: Path) -> None:
    """Golden runs of the three ways to run the rules."""
    script = (
        "from analysis.studies.golden import golden_run as g; print(g('eastern_flank', 'threat_tailored', 2)['hash'])"
    )
    fresh = "from sim.law import compiled; compiled.SHIPPED = compiled.SHIPPED.with_name('none'); "
    found = set()
    for before, extra in (("", {}), (fresh, {}), ("", {"NUMBA_DISABLE_JIT": "1"})):
        variables = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "INTERLOCK_CACHE": str(tmp_path / str(len(found) + len(before))),
            **extra,
        }
        command = [sys.executable, "-c", before + script]
        found.add(subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=True).stdout)
    assert len(found) == 1
