"""Words for whatever terminal there is: printing stops no run, be the stream closed, full, or without some signs."""

import contextlib
import errno
import io
import os
import sys
from typing import Final

READER_GONE: Final = (errno.EPIPE, errno.ECONNRESET)  # whoever read has enough, as `head` has


class Outlet(io.RawIOBase):
    """A stream's descriptor; what it takes no more is let go, and the reason remembered."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.trouble: OSError | None = None

    def writable(self) -> bool:
        """It is written to."""
        return True

    def fileno(self) -> int:
        """The descriptor."""
        return self.descriptor

    def isatty(self) -> bool:
        """Whether people watch."""
        return os.isatty(self.descriptor)

    def write(self, data: object) -> int:
        """Write what can be written; all of it counts as written."""
        content = bytes(data)  # type: ignore[call-overload]
        left = content
        while left and self.trouble is None:
            try:
                left = left[os.write(self.descriptor, left) :]
            except OSError as error:
                self.trouble = error
        return len(content)


def settle() -> None:
    """Make the standard streams such that printing raises nothing: signs that cannot be printed become `?`."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us
            nowhere = io.BufferedWriter(Outlet(os.open(os.devnull, os.O_WRONLY)))
            setattr(sys, name, io.TextIOWrapper(nowhere, "utf-8", "replace"))
        elif os.name == "nt":
            stream.reconfigure(errors="replace")
        else:
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
            outlet = io.BufferedWriter(Outlet(stream.fileno()))
            lines = name == "stderr" or outlet.isatty()
            made = io.TextIOWrapper(outlet, stream.encoding, "replace", line_buffering=lines)
            setattr(sys, name, made)


def lost() -> str:
    """Why not all that was printed arrived, in words; nothing where it did, or where the reader had enough."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    trouble = raw.trouble if isinstance(raw, Outlet) else None
    if trouble is None or trouble.errno in READER_GONE:
        return ""
    return f"what was printed is not whole: {trouble.strerror}"
