"""How rules are compiled: one decorator, and a cache that cannot serve stale machine code.

Numba's disk cache notices changes in a function's own file only. Rules call functions in other files, so the cache
folder is named by a hash of every source that compiled code is made from. The same hash is the *rules hash* that
results and journals carry.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt
from platformdirs import user_cache_dir

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Integer = int | np.signedinteger[Any]
F = TypeVar("F", bound=Callable[..., Any])
njit: Any = numba.njit  # the stub leaves out the options that we need

HERE: Final = Path(__file__).resolve().parent
# Whole folders, so that no file with compiled code can be forgotten; words about inputs are in other folders.
ROOMS: Final = (HERE.parent / "declare", HERE, HERE.parent / "runs")


def sources() -> list[Path]:
    """Every source that can change a result, in a fixed order."""
    return sorted(path for room in ROOMS for path in room.rglob("*.py"))


def rules_hash() -> str:
    """Hash of every source that can change a result, by its path below `sim/`, as 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for path in sources():
        name = path.relative_to(HERE.parent).as_posix()
        digest.update(name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:16]


RULES_HASH: Final = rules_hash()
COMPILING_IS_OFF: Final = bool(os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"))
CACHE: Final = Path(os.environ.get("INTERLOCK_CACHE", user_cache_dir("interlock"))) / RULES_HASH


def _use_cache() -> bool:
    """Point Numba at the keyed folder; where nothing can be written, compile in memory."""
    try:
        CACHE.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    setattr(numba.config, "CACHE_DIR", str(CACHE))  # noqa: B010 - the stub does not know it
    return True


_CACHED: Final = _use_cache()


def compiled_before() -> bool:
    """True when this machine holds compiled rules for the current sources, so a run can start at once."""
    return COMPILING_IS_OFF or any(CACHE.rglob("quarter.advance*.nbi"))


def _compile(function: F, **options: bool) -> F:
    """No fast-math, so that bits are equal everywhere, and no interpreter lock, so that threads run side by side."""
    compiled = njit(cache=_CACHED, nogil=True, error_model="numpy", no_cfunc_wrapper=True, _nrt=False, **options)
    return cast(F, compiled(function))


def rule(function: F) -> F:
    """Compile a function for Python and for other rules. It makes no arrays of its own.

    Without Numba's run time nothing is counted when an array is taken out of a named tuple, which otherwise costs
    more than most rules do.
    """
    return _compile(function)


def entry(function: F) -> F:
    """Compile a function that takes whole named tuples: for Python, and put in place where compiled code calls it."""
    return _compile(function, forceinline=True)


def part(function: F) -> F:
    """Compile a function that takes whole named tuples and is called by compiled code only, where it is put in place.

    Without a Python entry it compiles ten times faster, and handing over 300 arrays costs more than most rules do.
    """
    return _compile(function, no_cpython_wrapper=True, forceinline=True)
