"""What tests wait for and count: events and work, never a span of time. Any test passes however busy the machine is."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PATIENCE = 1800.0  # seconds after which something that is waited for is taken never to come; it only ends what hangs


def wait_for(condition: Callable[[], object]) -> None:
    """Until something holds; nothing hangs on how long that takes."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "this never happens"
        time.sleep(0.01)


def called(words: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
    """A command run to its end, in the project's folder."""
    given: dict[str, Any] = {"cwd": ROOT, "capture_output": True, "text": True, "timeout": PATIENCE} | options
    return subprocess.run(words, **given)


def calls_of(work: Callable[[], object]) -> int:
    """How many functions some work calls: the same on every machine, however busy."""
    counted = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted
