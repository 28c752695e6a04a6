"""Entry 11: what the project may be installed with has no known hole, and an install can be repeated to the byte."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = (ROOT / "constraints.txt").read_text(encoding="utf-8")
# The first release without the holes that were known when this was written, and one of them.
MENDED = {
    "starlette": ("1.3.1", "CVE-2025-62727, CVE-2026-48710, CVE-2026-54283"), "h11": ("0.16.0", "CVE-2025-43859"),
    "idna": ("3.18", "CVE-2024-3651"), "jinja2": ("3.1.6", "CVE-2025-27516"), "pillow": ("12.3.0", "CVE-2026-25990"),
    "fonttools": ("4.61.0", "CVE-2025-66034"), "pygments": ("2.20.0", "CVE-2026-4539"),
    "tqdm": ("4.66.3", "CVE-2024-34062"), "distributed": ("2026.1.0", "CVE-2026-23528"),
    "tornado": ("6.5.8", "CVE-2026-82397"), "scikit-learn": ("1.5.0", "CVE-2024-5206"),
    "pydantic": ("2.4.0", "CVE-2024-3772"), "scipy": ("1.10.0", "CVE-2023-25399"),
    "pytest": ("9.0.3", "CVE-2025-71176"), "setuptools": ("78.1.1", "CVE-2025-47273"),
}  # fmt: skip


def declared() -> dict[str, Requirement]:
    """Everything that the project asks for, by name; its own extras left out."""
    project = PROJECT["project"]
    extras = [text for texts in project["optional-dependencies"].values() for text in texts]
    asked = map(Requirement, [*PROJECT["build-system"]["requires"], *project["dependencies"], *extras])
    return {canonicalize_name(one.name): one for one in asked if one.name != project["name"]}


def pinned() -> dict[str, list[Version]]:
    """The releases of the constraints file, by name."""
    found: dict[str, list[Version]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([\w.]+)(?=[ ;\\\n])", PINS, re.MULTILINE):
        found.setdefault(canonicalize_name(name), []).append(Version(version))
    return found


@pytest.mark.parametrize("name", MENDED)
def test_entry_11_no_floor_admits_a_known_hole(name: str) -> None:
    first, hole = MENDED[name]
    floors = [Version(one.version) for one in declared()[name].specifier if one.operator in (">=", "==", "~=")]
    assert floors and max(floors) >= Version(first), f"{name} admits {hole}"


def test_entry_11_every_requirement_is_pinned_within_its_floor() -> None:
    build = {canonicalize_name(Requirement(text).name) for text in PROJECT["build-system"]["requires"]}
    for name, asked in declared().items():
        if name not in build:
            assert pinned().get(name), f"{name} is not in constraints.txt; `make constraints`"
            assert all(asked.specifier.contains(version) for version in pinned()[name]), name
    for name, (first, hole) in MENDED.items():
        if name not in build:
            assert min(pinned()[name]) >= Version(first), f"{name}: {hole}"


def test_entry_11_the_constraints_hold_hashes_and_no_address() -> None:
    blocks = re.split(r"\n(?=[A-Za-z])", "\n" + re.sub(r"^#.*\n", "", PINS, flags=re.MULTILINE).strip())
    assert len(blocks) - 1 >= len(declared()) and blocks[0] == ""
    for block in blocks[1:]:
        first, *rest = block.splitlines()
        assert re.fullmatch(r"[\w.-]+==[\w.]+( ; .*)? \\", first), first
        assert rest and all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line) for line in rest), first
    assert not re.search(r"://|--index|--find-links|--trusted|\.(org|com|io|net)\b|/opt/|/home/|/tmp/", PINS)


def test_entry_11_contributing_says_how_they_are_renewed() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert "make constraints" in text and "--require-hashes" in text
    assert re.search(
        r"^constraints:.*\n(\t.*\n)*.*--generate-hashes", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE
    )
