"""The one way into a file: a regular one of a declared size, as text. Pipes, devices and folders are told, not read."""

import os
import stat
from pathlib import Path
from typing import Final

from sim.inputs.errors import InputError, Problem, Source, fail, show_path

LARGEST: Final = 1_000_000  # bytes; the largest file that is shipped has 35,000
UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
SAVE_AS: Final = "save it as UTF-8 (in an editor: Save as, encoding UTF-8)"
KINDS: Final = {
    stat.S_IFDIR: "a directory", stat.S_IFIFO: "a pipe", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}  # fmt: skip


class Unreadable(InputError):
    """What is no file, or cannot be read at all."""


def unreadable(file: str, words: str) -> Unreadable:
    """Why a file cannot be read; the mistake is in no key of it, but in the file itself."""
    return Unreadable([Problem(file, "file", "", words)])


def read_bytes(path: Path, most: int = LARGEST) -> bytes:
    """What a regular file of at most `most` bytes holds, or an InputError that says why it cannot be read."""
    file, content = show_path(path), b""
    try:
        kind = stat.S_IFMT(os.stat(path).st_mode)
        if kind == stat.S_IFREG:
            with open(path, "rb", opener=_at_once) as stream:
                content = stream.read(most + 1) or b""
    except (OSError, ValueError) as error:
        raise unreadable(file, f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if kind != stat.S_IFREG:
        raise unreadable(file, f"this is {KINDS.get(kind, 'no regular file')}; a file is needed")
    if len(content) > most:
        raise unreadable(file, f"the file is larger than {most / 1e6:g} MB")
    return content


def _at_once(path: str, flags: int) -> int:
    """Opens without waiting, should the file have become a pipe in between."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def read_text(path: Path, most: int = LARGEST) -> Source:
    """The name of a file with its text, which is not empty."""
    source = read_any_text(path, most)
    if not source.text.strip():
        raise fail(source, "the file is empty", "line 1")
    return source


def read_any_text(path: Path, most: int = LARGEST) -> Source:
    """The name of a file with its text; a byte-order mark is dropped. InputError where it is no text."""
    file, content = show_path(path), read_bytes(path, most)
    if content.startswith(UTF_16) or b"\0" in content[:2]:
        raise fail(file, f"saved as UTF-16; {SAVE_AS}", "line 1")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise fail(
            file, f"not a text file in UTF-8 (byte {error.start} cannot be read); {SAVE_AS}", f"line {line}"
        ) from None
    return Source(file, text)
