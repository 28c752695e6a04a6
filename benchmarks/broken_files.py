"""Files of every kind broken in every way that we could think of, read, and where they are still valid, run.

    python -m benchmarks.broken_files --inputs 10000 --chunks 9000

Scenarios, policies (also in Python), games, data files and game files (`benchmarks.broken_games`): each reading ends
well or in words that name file and key, within five seconds of processor time. Chunks of a sweep: each comes back as
the same numbers, whatever was done to its file.
"""

import argparse
import contextlib
import io
import os
import random
import shutil
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

import numpy as np

from analysis.studies.history import fit, record
from benchmarks.broken_games import LONGEST, Hung, broken, limited
from benchmarks.mutations import PYTHON, mutated, mutated_chunk
from game.core import names
from game.core.game_file import GAMES, load_game, setup_of
from game.core.world_played import new_course
from game.print.handouts import handouts
from sim.inputs import states
from sim.inputs.describe import describe, load_any
from sim.inputs.errors import InputError
from sim.inputs.load import load_scenario
from sim.inputs.policy import PythonPolicy
from sim.inputs.scenario import Scenario
from sim.inputs.toml_files import FOLDER
from sim.law.compiled import compile_rules
from sim.runs.arm import Record, arm_of
from sim.runs.engine import Engine
from sim.runs.ensemble import Task, compute, compute_and_keep
from sim.runs.mesa_model import PartnershipModel

SHARES: Final = {"scenario": 0.3, "policy": 0.2, "game": 0.2, "data": 0.25, "journal": 0.05}
QUARTERS: Final = 2  # that a valid file is run for
SMALL: Final = {"horizon": 4, "shocks": (), "upheavals": ()}


# reading, as the commands do it


def read_any(path: Path) -> None:
    """A scenario or a policy: validated, described, and run."""
    found = load_any(path)
    describe(found, path, facts=True)
    scenario = found if isinstance(found, Scenario) else load_scenario("gulf_maritime")
    policy = "status_quo" if isinstance(found, Scenario) else found
    engine = Engine(scenario, policy) if not isinstance(policy, PythonPolicy) else None
    model = PartnershipModel(scenario, policy) if engine is None else None
    for _ in range(QUARTERS):
        if model is not None:
            model.step()
            continue
        assert engine is not None
        engine.decide()
        engine.advance()
        assert np.isfinite(engine.measures).all(), "measures that are no numbers"


def read_game(path: Path) -> None:
    """A class game: printed, and begun."""
    setup = setup_of(load_game(path))
    handouts(setup)
    for lived in new_course(setup).live(QUARTERS):
        assert np.isfinite(lived.measures).all(), "measures that are no numbers"


def read_data(path: Path) -> None:
    """The data files of a folder of which one is broken: facts, quarrels, the record, invented names, a scenario."""
    folder = path.parent
    states.load_facts(folder)
    states.load_disputes(folder)
    record.load_record(folder)
    fit.read_matched(folder)
    with in_place_of_ours(folder):
        names.invented()
        read_any(FOLDER / "eastern_flank.toml")


@contextlib.contextmanager
def in_place_of_ours(folder: Path) -> Iterator[None]:
    """The program rests on these data files."""
    readers, ours = (states.load_facts, states.load_disputes), names.FOLDER
    states.load_facts_once.cache_clear()
    names.invented.cache_clear()
    names.FOLDER = folder.parent  # type: ignore[misc]
    kept = [reader.__defaults__ or () for reader in readers]
    for reader, defaults in zip(readers, kept, strict=True):
        reader.__defaults__ = (folder, *defaults[1:])
    try:
        yield
    finally:
        for reader, defaults in zip(readers, kept, strict=True):
            reader.__defaults__ = defaults
        names.FOLDER = ours  # type: ignore[misc]
        states.load_facts_once.cache_clear()
        names.invented.cache_clear()


READ: Final[dict[str, Callable[[Path], None]]] = {
    "scenario": read_any, "policy": read_any, "game": read_game, "data": read_data,
}  # fmt: skip


def sources(kind: str) -> list[Path]:
    """The shipped files of a kind."""
    folder = {"scenario": FOLDER, "policy": FOLDER / "policies", "game": GAMES, "data": states.DATA}[kind]
    return sorted(path for path in folder.iterdir() if path.suffix in (".toml", ".csv"))


# breaking


def broken_inputs(kind: str, first: int, count: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Break files of a kind and read them; counts of what came of it, and what must not have been."""
    compile_rules()
    counts, wrong = Counter[str](), list[str]()
    with tempfile.TemporaryDirectory() as made:
        for number in range(first, first + count):
            luck = random.Random(f"{seed}-{kind}-{number}")
            path = laid(kind, luck, Path(made) / str(number))
            came, why = read(READ[kind], path)
            counts[came] += 1
            if came in ("traceback", "hang", "nameless"):
                wrong.append(f"{kind} {number} ({path.name}): {came}: {why}")
            shutil.rmtree(path.parents[1])
    return counts, wrong


def laid(kind: str, luck: random.Random, folder: Path) -> Path:
    """A broken file in a folder like the one that it comes from."""
    source = luck.choice(sources(kind))
    place = folder / source.parent.name
    if kind == "data":
        shutil.copytree(states.DATA, place)
    place.mkdir(parents=True, exist_ok=True)
    if kind == "policy" and luck.random() < 0.4:
        path = place / "mine.py"
        path.write_bytes(mutated(luck.choice(PYTHON), ".py", luck))
        return path
    path = place / source.name if kind == "data" else place / f"broken_{source.name}"
    path.write_bytes(mutated(source.read_text(encoding="utf-8"), source.suffix, luck))
    return path


def read(reader: Callable[[Path], None], path: Path) -> tuple[str, str]:
    """What comes of a reading: read, told, nameless, traceback or hang; and more about it."""
    try:
        with limited(), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            reader(path)
    except InputError as error:
        bare = [str(problem) for problem in error.problems if not problem.file or not problem.key]
        return ("nameless", bare[0]) if bare or not error.problems else ("told", str(error))
    except Hung:
        return "hang", f"more than {LONGEST:g} s"
    except BaseException:
        return "traceback", traceback.format_exc()[-1500:]
    return "read", ""


def broken_chunks(first: int, count: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Break chunks of a sweep and ask for them again; counts, and crashes or other numbers."""
    compile_rules()
    world = load_scenario("gulf_maritime").model_copy(update=SMALL)
    arm, kept = arm_of(world, "status_quo"), Record(contributions=True, states=("trust", "harm"))
    tasks = [Task(0, 10 * i, 10) for i in range(4)]
    right = [compute(arm, 1, task, kept) for task in tasks]
    counts, wrong = Counter[str](), list[str]()
    with tempfile.TemporaryDirectory() as made:
        for number in range(first, first + count):
            luck, folder, said = random.Random(f"{seed}-chunk-{number}"), Path(made) / str(number), io.StringIO()
            for task in tasks[:2]:
                compute_and_keep(arm, 1, task, kept, str(folder))
            paths = sorted(folder.glob("*.npz"))
            how = mutated_chunk(paths, luck)
            try:
                with limited(), contextlib.redirect_stderr(said):
                    found = [compute_and_keep(arm, 1, task, kept, str(folder)) for task in tasks[:2]]
            except BaseException:
                counts["crashes"] += 1
                wrong.append(f"chunk {number}: {how}: {traceback.format_exc()[-800:]}")
                continue
            finally:
                shutil.rmtree(folder, ignore_errors=True)
            same = all(
                a.keys() == b.keys() and all(np.array_equal(a[key], b[key], equal_nan=True) for key in a)
                for a, b in zip(found, right, strict=False)
            )
            counts["the same numbers" if same else "other numbers"] += 1
            counts["told"] += bool(said.getvalue())
            if not same:
                wrong.append(f"chunk {number}: {how}: other numbers")
    return counts, wrong


# all of it


def parts(
    inputs: int, chunks: int, seed: int
) -> Iterator[tuple[str, Callable[..., tuple[Counter[str], list[str]]], tuple[object, ...]]]:
    """Pieces of work of some hundred files each."""
    piece = 250
    for kind, share in SHARES.items():
        count = round(inputs * share)
        if kind == "journal":
            yield kind, journals, (count, seed)
            continue
        for first in range(0, count, piece):
            yield kind, broken_inputs, (kind, first, min(piece, count - first), seed)
    for first in range(0, chunks, 4 * piece):
        yield "chunk", broken_chunks, (first, min(4 * piece, chunks - first), seed)


def journals(count: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Broken game files, as many readings as that."""
    compile_rules()
    with tempfile.TemporaryDirectory() as folder:
        return broken(max(1, count // 2), seed, Path(folder))


def tried(inputs: int, chunks: int, seed: int, workers: int) -> tuple[dict[str, Counter[str]], list[str]]:
    """Counts by kind, and all that must not have been."""
    counts, wrong = dict[str, Counter[str]](), list[str]()
    with ProcessPoolExecutor(workers) as pool:
        waiting = [(kind, pool.submit(work, *words)) for kind, work, words in parts(inputs, chunks, seed)]
        for kind, future in waiting:
            more, unfit = future.result()
            counts.setdefault(kind, Counter()).update(more)
            wrong += unfit
    return counts, wrong


def summary(counts: dict[str, Counter[str]], wrong: list[str]) -> list[str]:
    """What came of it, a line a kind."""
    lines = []
    for kind, found in counts.items():
        told = ", ".join(f"{name} {n:,}" for name, n in sorted(found.items()) if not name.startswith("slowest"))
        lines.append(f"{kind}: {told}")
    bad = Counter(line.split(": ")[1] for line in wrong if not line.startswith("chunk"))
    crashes = {name: counts.get("chunk", Counter())[name] for name in ("crashes", "other numbers")}
    inputs = sum(n for kind, found in counts.items() if kind not in ("chunk", "journal") for n in found.values())
    inputs += counts.get("journal", Counter())["readings"]
    unfit = sum(not line.startswith(("chunk", *READ)) for line in wrong)
    lines.append(f"{inputs:,} inputs: tracebacks {bad['traceback']}, hangs over {LONGEST:g} s {bad['hang']}, messages "
                 f"without file and key {bad['nameless']}, game files {unfit}; "
                 f"chunks: crashes {crashes['crashes']}, wrong numbers {crashes['other numbers']}")  # fmt: skip
    return lines


def main() -> None:
    """Break, read, and print; exit code 1 where anything is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--chunks", type=int, default=9_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    counts, wrong = tried(asked.inputs, asked.chunks, asked.seed, asked.workers)
    print("\n".join([*wrong, *summary(counts, wrong)]))
    if wrong:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
