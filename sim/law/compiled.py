"""Rules as they are written, and as machine code: one decorator, one object a machine, never a stale one.

A `@rule` is a plain Python function. What a run needs is one entry that calls them all; it is compiled whole, once
for these rules and this processor, and kept. The file is named by a hash of every source that compiled code is made
from and by the processor, and carries a digest of its name and contents: whatever does not fit is not used. Copies of
the project share it; of processes that need it at once, one makes it and the others wait. No trouble with it stops a
run, and whoever waits is told why.
"""

import contextlib
import ctypes
import hashlib
import os
import platform
import re
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
from platformdirs import user_cache_dir

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Integer: TypeAlias = int | np.signedinteger[Any]
F = TypeVar("F", bound=Callable[..., Any])

SIM: Final = Path(__file__).resolve().parents[1]
# Whole folders, so that no file can be forgotten. Words about inputs and pictures are elsewhere and recompile nothing.
COMPILED_ROOMS: Final = ("declare", "law")
RESULT_ROOMS: Final = ("declare", "law", "runs")
RULES: Final[list[Callable[..., Any]]] = []  # every rule, in the order in which files are read


def rule(function: F) -> F:
    """Mark a function as one that compiled code is made from; Python calls it as it is. It makes no arrays."""
    RULES.append(function)
    return function


def hash_of(rooms: tuple[str, ...]) -> str:
    """Hash of every source in rooms of `sim/`, by path and contents, as 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for path in sorted(path for room in rooms for path in (SIM / room).rglob("*.py")):
        name = path.relative_to(SIM).as_posix()
        digest.update(name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:16]


RULES_HASH: Final = hash_of(RESULT_ROOMS)  # what results and journals carry
KERNEL_HASH: Final = hash_of(COMPILED_ROOMS)  # what machine code is named by
COMPILING_IS_OFF: Final = os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")
BOUNDS: Final = os.environ.get("NUMBA_BOUNDSCHECK", "0") not in ("", "0")
CACHE: Final = Path(os.environ.get("INTERLOCK_CACHE") or user_cache_dir("interlock"))
NAMES: Final = "?" * 16 + "-" + "?" * 12  # of kept files, but for their endings
HALF: Final = ".half-made-"
LARGEST: Final = 1 << 26  # bytes; machine code of the rules has some hundred thousand
SHIPPED: Final = Path(__file__).with_name("kernel.ll.xz")  # the entry in LLVM's language, of the rules that it names
_lock = threading.Lock()
_loaded: list[tuple[Any, Any]] = []  # the engine that owns the code, and the entry


def _target() -> tuple[str, str]:
    """Processor and its features, as LLVM names them; NUMBA_CPU_NAME and NUMBA_CPU_FEATURES may say otherwise."""
    import llvmlite.binding as llvm

    name = os.environ.get("NUMBA_CPU_NAME") or llvm.get_host_cpu_name()
    features = os.environ.get("NUMBA_CPU_FEATURES")
    return name, llvm.get_host_cpu_features().flatten() if features is None else features


def _path() -> Path:
    """Where the machine code of these rules for this processor is kept."""
    import llvmlite

    about = "\0".join((*_target(), llvmlite.__version__, platform.system(), platform.machine(), str(BOUNDS)))
    return CACHE / f"{KERNEL_HASH}-{hashlib.sha256(about.encode()).hexdigest()[:12]}.o"


def _digest(path: Path, code: bytes) -> bytes:
    """What stands before machine code: a digest that neither damaged code nor code under another name has."""
    return hashlib.sha256(path.name.encode() + b"\0" + code).hexdigest().encode()


def _ours(path: Path) -> bytes | None:
    """What a kept file holds, or nothing where it is another user's, open to others, no file, or not whole."""
    try:
        held = path.stat()
        mine = not hasattr(os, "getuid") or (held.st_uid in (os.getuid(), 0) and not held.st_mode & 0o022)
        if not mine or not stat.S_ISREG(held.st_mode) or held.st_size > LARGEST:
            return None
        digest, _, code = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return code if digest == _digest(path, code) else None


def _keep(path: Path, code: bytes) -> str:
    """Keep machine code for later; why that could not be, or nothing. Half a file is never left under its name."""
    name = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=HALF)
        with os.fdopen(handle, "wb") as file:
            file.write(_digest(path, code) + b"\n" + code)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(name)
        return error.strerror or str(error)
    return ""


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process at a time makes a file. The lock ends with its process; where there can be none, all may."""
    handle = None
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        _lock_file(handle)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _lock_file(handle: int) -> None:
    """Wait for the lock of a file, and say so where that takes longer than a moment."""
    if sys.platform == "win32":
        import msvcrt

        while True:
            with contextlib.suppress(OSError):  # after ten seconds
                return msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
            _tell("Another process makes machine code of these rules; waiting for it.\n")
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _tell("Another process makes machine code of these rules; waiting for it.\n")
        fcntl.flock(handle, fcntl.LOCK_EX)


def kept() -> list[Path]:
    """Every file that this machine keeps: machine code of these rules and of others, locks, what was left half made."""
    forms = (f"{NAMES}.o", f"{NAMES}.lock", f"{HALF}*")
    return sorted(path for form in forms for path in CACHE.glob(form) if not path.is_dir())


def sound(path: Path) -> bool:
    """Whether a kept file is whole and ours, so that it would be used."""
    return _ours(path) is not None


def compiled_before() -> bool:
    """True when machine code of these rules is at hand, so that a run can start at once."""
    return COMPILING_IS_OFF or bool(_loaded) or _ours(_path()) is not None


def _tell(words: str) -> None:
    with contextlib.suppress(OSError, ValueError):  # nobody listens
        print(words, end="", file=sys.stderr, flush=True)


def shipped_language() -> str | None:
    """LLVM's language as it came with the project, where it is of these very rules and of this kind of processor."""
    import lzma

    if BOUNDS or not _is_x86():
        return None
    try:
        text = lzma.decompress(SHIPPED.read_bytes()).decode()
    except (OSError, lzma.LZMAError, UnicodeDecodeError):
        return None
    return text if text.startswith(f"; {KERNEL_HASH} ") else None


def ship() -> Path:
    """Write what is shipped, of the rules as they are."""
    import lzma

    SHIPPED.write_bytes(lzma.compress(language().encode(), preset=9))
    return SHIPPED


def language() -> str:
    """The entry in LLVM's language, by Numba, in a process of its own that says how far it is."""
    path = [str(SIM.parent), os.environ.get("PYTHONPATH", "")]
    variables = {**os.environ, "NUMBA_OPT": "0", "PYTHONPATH": os.pathsep.join(part for part in path if part)}
    command = [sys.executable, "-m", "sim.runs.machine_code"]
    with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True, encoding="utf-8") as child:
        assert child.stdout is not None
        line = child.stdout.readline()
        while line.strip().isdigit():  # percents, and then the language
            _tell(f"\rCompiling the rules: {line.strip():>3s} %" if sys.stderr.isatty() else "")
            line = child.stdout.readline()
        text = line + child.stdout.read()
    if child.returncode != 0:
        raise RuntimeError("the rules could not be compiled; see above")
    _tell("\r" + " " * 40 + "\r" if sys.stderr.isatty() else "")
    return short_language(f"; {KERNEL_HASH} {text}")


def whole(text: str, level: int, name: str, features: str) -> tuple[str, Any, Any]:
    """The entry's name, the module optimised as one with only the entry to be seen from outside, and its machine."""
    import llvmlite.binding as llvm

    module, entry = llvm.parse_assembly(text), text.partition("\n")[0].split()[2]
    for thing in (*module.functions, *module.global_variables):
        if not thing.is_declaration and thing.name != entry:
            thing.linkage = "internal"
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    kind = llvm.Target.from_default_triple()
    machine = kind.create_target_machine(cpu=name, features=features, opt=level, jit=True, codemodel="jitdefault")
    tuning = llvm.create_pipeline_tuning_options(speed_level=level)
    tuning.loop_vectorization = tuning.loop_unrolling = tuning.slp_vectorization = level == 3
    builder = llvm.create_pass_builder(machine, tuning)
    builder.getModulePassManager().run(module, builder)
    return entry, module, machine


def short_language(text: str) -> str:
    """The same for any processor of this kind, put shortly: what is shipped, and what machine code is made from."""
    entry, module, _ = whole(text, 1, "x86-64" if _is_x86() else "generic", "")
    return f"; {KERNEL_HASH} {entry}\n{module}"


def machine_code(text: str) -> bytes:
    """The entry's name, and machine code for this processor."""
    entry, module, machine = whole(text, 3, *_target())
    return entry.encode() + b"\n" + bytes(machine.emit_object(module))


def _is_x86() -> bool:
    return platform.machine().lower() in ("x86_64", "amd64")


def _load(code: bytes) -> None:
    """Put machine code in place and remember its entry, which stands before it."""
    import llvmlite.binding as llvm

    entry, _, code = code.partition(b"\n")
    held = llvm.ObjectFileRef.from_data(code)
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    kind = llvm.Target.from_default_triple()
    for name in set(re.findall(rb"numba_(\w+)", code)):  # Numba's own copies of functions of the C library
        found = getattr(ctypes.CDLL(None if os.name != "nt" else "msvcrt"), name.decode())
        llvm.add_symbol(f"numba_{name.decode()}", ctypes.cast(found, ctypes.c_void_p).value)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), kind.create_target_machine(jit=True))
    engine.add_object_file(held)
    engine.finalize_object()
    address = engine.get_function_address(entry.decode())
    _loaded.append((engine, ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)(address)))


def compile_rules() -> None:
    """Load the machine code of the rules, or make it first: a few seconds from what was shipped, else some more."""
    if COMPILING_IS_OFF or _loaded:
        return
    with _lock:
        if _loaded:
            return
        path = _path()
        code = _ours(path)
        if code is None:
            with _alone(path):
                code = _ours(path) or _made(path)
        _load(code)


def _made(path: Path) -> bytes:
    """Machine code made now, and kept where that can be; both are said."""
    if os.path.lexists(path):
        _tell(f"{path}: not whole, or not ours; made anew.\n")
    text = shipped_language()
    _tell("First run with these rules on this machine: making machine code, a moment.\n" if text else
          "New rules: compiling them, about half a minute.\n")  # fmt: skip
    code = machine_code(text or language())
    if why := _keep(path, code):
        _tell(f"It cannot be kept in {path.parent} ({why}), and is made again next time; `run.py cache` says more.\n")
    return code


def call(table: int) -> None:
    """Call the entry with the address of its table; the interpreter's lock is open meanwhile."""
    compile_rules()
    answer, error = ctypes.c_void_p(), ctypes.c_void_p()
    if _loaded[0][1](ctypes.addressof(answer), ctypes.addressof(error), table) not in (0, -2):
        raise IndexError("a rule reached outside an array")
