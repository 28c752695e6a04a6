"""Files are written under another name beside their place and renamed when they are whole; trouble is told in words."""

import csv
import errno
import io
import json
import os
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from sim.inputs.errors import InputError, fail, show_path

TRIAL: Final = 1 << 18  # bytes that a folder must take before anything is run; the outputs of a run are larger


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A name to write under, which becomes `path` when all is on the disk; InputError where that cannot be."""
    short = path.name.encode(errors="replace")[:100].decode(errors="ignore")  # names have an end, in bytes
    hidden = path.with_name(f".{short}.{os.getpid()}.{threading.get_ident()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield hidden
        _sync(hidden)
        hidden.replace(path)
    except OSError as error:
        raise unwritten(path, error) from None
    finally:
        with suppress(OSError):
            hidden.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Have a file's contents put on the disk; some file systems know no such thing."""
    with path.open("rb+") as file:
        try:
            os.fsync(file.fileno())
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
                raise


def unwritten(path: Path, error: OSError) -> InputError:
    """Why a file could not be written."""
    return fail(show_path(path), f"cannot be written: {error.strerror or error}")


def write_bytes(path: Path, content: bytes) -> Path:
    """A file with these bytes."""
    with whole(path) as hidden:
        hidden.write_bytes(content)
    return path


def write_text(path: Path, text: str) -> Path:
    """A text file in UTF-8, with line ends as they are; signs that are none (half of a pair) become question marks."""
    return write_bytes(path, text.encode("utf-8", errors="replace"))


def write_json(path: Path, content: Mapping[str, Any]) -> Path:
    """A JSON file for people and programs."""
    return write_text(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def write_csv(path: Path, heads: Sequence[str], rows: Iterable[Sequence[Any]], ends: str = "\r\n") -> Path:
    """A table with its heads; fractions with nine digits."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=ends)
    writer.writerow(heads)
    writer.writerows([f"{cell:.9g}" if isinstance(cell, float) else cell for cell in row] for row in rows)
    return write_text(path, text.getvalue())


def room_for(folder: Path, *inner: str, option: str = "--out") -> Path:
    """The folder, made and tried before anything is run, with those inside it; InputError where it cannot be."""
    for one in (folder, *(folder / name for name in inner)):
        try:
            one.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=one) as file:
                file.write(b"\0" * TRIAL)
        except (OSError, ValueError) as error:
            taken = isinstance(error, FileExistsError | NotADirectoryError)
            words = "there is a file of this name; name a folder" if taken else f"cannot be written: {_words(error)}"
            raise fail(option, words, value=str(one)) from None
    return folder


def room_for_file(path: Path, option: str = "--out") -> Path:
    """A file's path, when its folder takes files and nothing stands in its place."""
    if path.exists():
        what = "a folder" if path.is_dir() else "a file"
        raise fail(option, f"there is {what} of this name already; name another", value=str(path))
    room_for(path.parent, option=option)
    return path


def _words(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
