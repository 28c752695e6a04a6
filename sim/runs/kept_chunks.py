"""Chunks on disk: what a chunk of replicates left behind, in a file named by all that it depends on.

A file is written under a temporary name, synced and renamed, so a name that exists holds whole data: a sweep that was
killed goes on where it stopped, and one that has finished is only read. Each file ends in a digest of its name and all
before it; one that does not fit, be it damaged or in another's place, is told and computed again. Nothing in a file
depends on when or where it was computed; times go to `times.csv` beside the files.
"""

import hashlib
import io
import os
import sys
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np

from sim.inputs.errors import InputError, fail
from sim.inputs.reading.regular import read_bytes
from sim.law.compiled import Floats
from sim.outputs.files import write_bytes
from sim.runs.arm import Arm, Record

ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
DIGITS = 64
CONTENT = 2  # one more where what a chunk holds changes
LARGEST = 1 << 32  # bytes; no chunk comes near


def chunk_name(arm: Arm, seed: int, first: int, count: int, record: Record) -> str:
    """The name of a chunk's file: a hash of rules, scenario, policy, parameters, seed, range, and what is recorded."""
    told = repr((arm.fingerprint, seed, first, count, tuple(record), CONTENT))
    return hashlib.sha256(told.encode()).hexdigest()[:32] + ".npz"


def to_bytes(arrays: Mapping[str, Floats], name: str = "") -> bytes:
    """Arrays as an uncompressed .npz of a fixed date, so that equal arrays are equal files; its comment: a digest."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for key in sorted(arrays):
            part = io.BytesIO()
            np.lib.format.write_array(part, np.ascontiguousarray(arrays[key]), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{key}.npy", ZIP_EPOCH), part.getvalue())
        archive.comment = b"0" * DIGITS
    body = whole.getvalue()[:-DIGITS]
    return body + digest_of(body, name)


def digest_of(body: bytes, name: str) -> bytes:
    """DIGITS hexadecimal digits that no damage leaves as they were, and no other name has."""
    return hashlib.sha256(name.encode() + b"\0" + body).hexdigest().encode()


def write_chunk(path: Path, arrays: Mapping[str, Floats]) -> None:
    """Write a chunk so that its name appears only when all of it is on the disk."""
    if path.is_dir():
        print(f"{path}: a folder is in its place; not kept", file=sys.stderr)
        return
    write_bytes(path, to_bytes(arrays, path.name))


def read_chunk(path: Path) -> dict[str, Floats] | None:
    """A chunk's arrays, or None where there is no such file or it is not whole, which is told."""
    if not os.path.lexists(path):
        return None
    try:
        held = read_bytes(path, LARGEST)
        if digest_of(held[:-DIGITS], path.name) != held[-DIGITS:]:
            raise fail(str(path), "damaged")
        with np.load(io.BytesIO(held), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except InputError as error:
        print(f"{path}: {error.problems[0].message}; computed again", file=sys.stderr)
        return None


def log_time(folder: Path, name: str, seconds: float) -> None:
    """Note what a chunk took, apart from the data."""
    with suppress(OSError), (folder / "times.csv").open("a", encoding="utf-8") as file:
        file.write(f"{name},{seconds:.3f}\n")
