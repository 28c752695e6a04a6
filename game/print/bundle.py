"""An offline bundle: everything that a classroom laptop needs, as wheels in a folder, with files that start a game.

Made on a machine with a package index at hand, carried on a stick. Nothing is installed but into the bundle's own
folder, so that no administrator's rights are asked for; Python 3.11 or later must be there.
"""

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

from sim.inputs.errors import allowed, fail, nearest
from sim.outputs.files import room_for, write_bytes, write_text

PLATFORMS: Final = {
    "here": (), "windows": ("win_amd64",), "macos": ("macosx_11_0_arm64", "macosx_12_0_arm64", "macosx_14_0_arm64"),
    "linux": ("manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_28_x86_64"),
}  # fmt: skip
WINDOWS: Final = """@echo off
rem Installs into this folder at the first start; asks for no administrator's rights.
cd /d "%~dp0"
if not exist env\\ready (
  py -m venv env || exit /b 1
  env\\Scripts\\python -m pip install --no-index --find-links wheels "interlock-sim[play]" || exit /b 1
  echo ready > env\\ready
)
if "%~1"=="" (env\\Scripts\\python -m run play flank) else (env\\Scripts\\python -m run %*)
pause
"""
UNIX: Final = """#!/bin/sh
# Installs into this folder at the first start; asks for no administrator's rights.
cd "$(dirname "$0")" || exit 1
if [ ! -e env/ready ]; then
  python3 -m venv env || exit 1
  env/bin/python -m pip install --no-index --find-links wheels "interlock-sim[play]" || exit 1
  touch env/ready
fi
if [ $# -eq 0 ]; then exec env/bin/python -m run play flank; else exec env/bin/python -m run "$@"; fi
"""
READ_ME: Final = """Interlock for a classroom without internet

Windows: double-click start_windows.bat. macOS and Linux: sh start.sh. Python 3.11 or later must be installed
(on Windows the installer of python.org, "for me only", needs no administrator's rights).
The first start unpacks and compiles for some minutes; do it before class. Another game: start_windows.bat play south
How to run a lesson: first_lesson.md, one page; all else: facilitator.md.
"""


def needed(source: Path) -> list[str]:
    """What the project needs to play, as its own file declares it."""
    project = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *project["optional-dependencies"]["play"]]


def pip(*arguments: str) -> None:
    """Call pip; what it says is for people."""
    if subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]).returncode != 0:
        raise fail("bundle", f"pip {arguments[0]} did not succeed; see above")


def make_bundle(out: Path, platform: str = "here", python: str = "") -> Path:
    """Write a bundle for this machine, or for another platform and Python version such as 3.12; its folder."""
    if platform not in PLATFORMS:
        words = f"no such platform; {allowed(tuple(PLATFORMS))}{nearest(platform, PLATFORMS)}"
        raise fail("bundle", words, "--platform", repr(platform))
    source = Path(__file__).parents[2]
    if not (source / "pyproject.toml").exists():
        raise fail("bundle", "is made from a checkout of the project")
    wheels = room_for(out, "wheels") / "wheels"
    pip("wheel", "--quiet", "--no-deps", "--wheel-dir", str(wheels), str(source))
    other = [f"--platform={tag}" for tag in PLATFORMS[platform]]
    if other or python:
        version = python or f"{sys.version_info.major}.{sys.version_info.minor}"
        other += ["--only-binary=:all:", f"--python-version={version}", "--implementation=cp"]
    pip("download", "--quiet", "--prefer-binary", "--dest", str(wheels), *other, *needed(source))
    write_text(out / "start_windows.bat", WINDOWS.replace("\n", "\r\n"))
    write_text(out / "start.sh", UNIX)
    write_text(out / "READ_ME.txt", READ_ME)
    for guide in ("first_lesson.md", "facilitator.md"):
        write_bytes(out / guide, (source / "docs" / guide).read_bytes())
    return out
