"""Entry 13: one gate admits levers. What goes through any door is refused in words, or it may be and runs well."""

import math
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from asking import call

from analysis.studies.factors import Factor, Running, experiment
from game.seats.forms import wrong_with
from game.seats.kinds import KINDS
from sim.declare.levers import LEVERS, Levers
from sim.declare.names import MEASURES
from sim.inputs.errors import InputError
from sim.inputs.load import load_scenario
from sim.inputs.policy import Policy, load_policy
from sim.law.asked_orders import ask_levers, nothing_asked
from sim.law.measures import DECLARED
from sim.model import Alliance, MemberState, PartnershipModel, PartnerState, Rival
from sim.runs.arm import Record, arm_of, run_chunk
from sim.runs.build import build
from sim.runs.engine import Engine
from sim.runs.ensemble import run_ensemble
from sim.runs.results import simulate

WORLD = load_scenario("gulf_maritime").model_copy(update={"horizon": 4, "shocks": (), "upheavals": ()})
BUILT = build(WORLD)
QUO = load_policy("status_quo")
NAN, INFINITE, LONG = math.nan, math.inf, 10**320
WRONG: tuple[Any, ...] = (
    NAN, INFINITE, -INFINITE, -5.0, 601.0, LONG, -LONG, "much", "", "opt-in", None, True, False, b"1", 1j, [], {},
    [NAN] * 6, {"dialogue": NAN}, {"dialogue": "1"}, {"talk": 1.0}, {3: 1.0}, {"dialogue": -1.0, "exercises": 2.0},
    np.float64(NAN), np.array([1.0]), np.zeros((6, 6)), np.array(["a"] * 6), object(), print, ["dialogue"], "1e3", 99,
)  # fmt: skip
RIGHT: dict[str, tuple[Any, ...]] = {
    name: (0.0, 1, np.float32(0.5), np.int64(1)) if lever.kind == "number"
    else (*lever.names, 0, np.int64(2)) if lever.kind == "choice"
    else ({lever.names[0]: 1.0}, np.eye(len(lever.names))[0]) if lever.kind == "split"
    else ({lever.names[0]: 2.0}, np.ones(len(lever.names)))
    for name, lever in LEVERS.items()
}  # fmt: skip
MISSPELT = ("envelop", "Envelope", "", "split.dialogue", "decision mode", "x" * 5000, "levers", "plan", "__class__")
Through = Callable[[str, Any, Path], None]


# doors: each sets one lever and runs


def by_policy_object(name: str, value: Any, folder: Path) -> None:
    """A notebook's policy, changed without pydantic."""
    ran(Engine(WORLD, QUO.model_copy(update={name: value}), built=BUILT))


def by_arms(name: str, value: Any, folder: Path) -> None:
    """The same as one arm of an experiment."""
    found(arm_of(WORLD, QUO.model_copy(update={name: value}), built=BUILT))


def by_keyword(name: str, value: Any, folder: Path) -> None:
    """A policy made by hand."""
    ran(Engine(WORLD, Policy(title="Mine", **{name or "no name": value}), built=BUILT))


def by_default(name: str, value: Any, folder: Path) -> None:
    """A policy in Python that asks for the default orders under other levers."""
    in_python(folder, "return view.default(**{NAME: VALUE})", name, value)


def by_return(name: str, value: Any, folder: Path) -> None:
    """A policy in Python that changes what it returns."""
    in_python(folder, "found = view.default(); found.levers[NAME] = VALUE; return found", name, value)


def by_override(name: str, value: Any, folder: Path) -> None:
    """A class of the user's own for the Alliance."""

    class Mine(Alliance):
        def decide(self, **levers: Any) -> Any:
            return super().decide(**{name: value})

    moved(PartnershipModel(WORLD, QUO, agent_classes={"alliance": Mine}))


def by_orders(name: str, value: Any, folder: Path) -> None:
    """Levers laid straight into the orders, as a notebook may."""
    engine = Engine(WORLD, QUO, built=BUILT)
    engine.orders = engine.orders._replace(levers=engine.levers._replace(**{name: value}))
    ran(engine)


def by_place(name: str, value: Any, folder: Path) -> None:
    """A table changed in its place, in an engine that is on its way."""
    engine = Engine(WORLD, QUO, built=BUILT)
    ran(engine, 1)
    getattr(engine.orders.levers, name)[...] = value
    ran(engine, 2)


def by_standing_orders(name: str, value: Any, folder: Path) -> None:
    """What a game's staff asks for, quarter by quarter and in the kernel: both refuse, or neither."""
    arm = arm_of(WORLD, QUO, built=BUILT)
    standing = nothing_asked(len(BUILT.codes), len(BUILT.rivals), arm.levers, 1, WORLD.horizon)
    standing.turn[:] = 0
    ask_levers(standing, 0, {name: value})
    engine = Engine(WORLD, QUO, built=BUILT)
    try:
        engine.decide_as_asked(standing)
    except InputError:
        with pytest.raises(InputError):
            found(replace(arm, standing=standing))
        raise
    engine.advance()
    well(engine.measures)
    found(replace(arm, standing=standing))


def by_sweep(name: str, value: Any, folder: Path) -> None:
    """A point of a sampling plan."""
    plan = experiment(WORLD, QUO, None, (Factor(name, "lever", 0.0, 1.0, ""),))
    point = NAN
    with suppress(TypeError, ValueError, OverflowError):
        point = float(value)
    plan.response(np.array([[point]]), Running(replicates=2, threads=1))


DOORS: tuple[Through, ...] = (
    by_policy_object, by_arms, by_keyword, by_default, by_return, by_override, by_orders, by_place, by_standing_orders,
    by_sweep,
)  # fmt: skip
TUPLES: tuple[Through, ...] = (by_orders, by_place, by_standing_orders)  # named tuples refuse other names themselves
SLOW: tuple[Through, ...] = (by_default, by_return, by_override, by_sweep)
TRIED: list[Any] = []  # what policy files import


def in_python(folder: Path, code: str, name: str, value: Any) -> None:
    """A policy file with this body of its function."""
    TRIED[:] = name, value
    text = f"from {__name__} import TRIED\n\n\ndef orders(view):\n    NAME, VALUE = TRIED\n    {code}\n"
    (folder / "mine.py").write_text(text, encoding="utf-8")
    moved(PartnershipModel(WORLD, folder / "mine.py", seed=1))


def ran(engine: Engine, quarters: int = 2) -> None:
    """Some quarters, with finite measures in their ranges and levers in theirs."""
    for _ in range(quarters):
        engine.decide()
        engine.advance()
        well(engine.measures)
        held(engine.orders.levers)


def moved(model: PartnershipModel) -> None:
    model.step()
    model.step()
    well(model.engine.measures)
    held(model.engine.orders.levers)


def found(arm: Any) -> None:
    for step in run_chunk(arm, 1, 0, 1, Record()).measures[0]:
        well(step)


def well(measures: Any) -> None:
    for value, name in zip(measures, MEASURES, strict=True):
        assert DECLARED[name].low <= value <= DECLARED[name].high, name


def held(levers: Levers) -> None:
    for name, lever in LEVERS.items():
        value = np.asarray(getattr(levers, name), dtype=np.float64)
        most = lever.high if lever.kind != "choice" else len(lever.names) - 1
        assert ((value >= lever.low - 1e-6) & (value <= most + 1e-6)).all(), name


# the gate


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_entry_13_whatever_goes_through_a_door_is_refused_in_words_or_runs_well(door: Through, tmp_path: Path) -> None:
    luck = random.Random(door.__name__)
    refused = 0
    for name, lever in LEVERS.items():
        if door is by_place and lever.kind in ("number", "choice"):
            continue
        for value in (*luck.sample(WRONG, 1 if door in SLOW else 6), NAN):
            try:
                door(name, value, tmp_path)
            except InputError as error:
                refused += 1
                assert all(problem.file and problem.key for problem in error.problems), error
                assert name in str(error) and ("allowed" in str(error) or "must sum to 1" in str(error)), error
            except (TypeError, ValueError, OverflowError) as error:  # NumPy refuses it before the gate
                assert door is by_place, error
    assert refused > 10


@pytest.mark.parametrize("door", [door for door in DOORS if door not in TUPLES], ids=lambda door: door.__name__)
def test_entry_13_a_misspelt_lever_is_told_with_the_nearest_name(door: Through, tmp_path: Path) -> None:
    if door in (by_policy_object, by_arms, by_sweep):
        pytest.skip("a copy of a model takes any name, and reads none but its own")
    for name in MISSPELT:
        with pytest.raises(InputError) as refused:
            door(name, 100.0, tmp_path)
        assert len(str(refused.value)) < 2000
    with pytest.raises(InputError, match="did you mean 'envelope'"):
        door("envelop", 100.0, tmp_path)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_entry_13_what_may_be_passes(door: Through, tmp_path: Path) -> None:
    by_name = door in (by_policy_object, by_arms, by_keyword, by_default, by_return, by_override)
    for name, lever in LEVERS.items():
        for value in RIGHT[name][: 1 if door in SLOW else None]:
            no_table = door is by_place and lever.kind in ("number", "choice")
            no_number = door is by_sweep and lever.kind != "number"
            no_names = not by_name and isinstance(value, str | dict)
            not_in_files = door is by_keyword and not isinstance(value, str | dict | float)
            if not (no_table or no_number or no_names or not_in_files):
                door(name, value, tmp_path)


def test_entry_13_orders_of_a_seat_are_refused_in_words_or_run_well() -> None:
    form, luck = KINDS["staff"].form, random.Random(3)
    for name in (*form.names(), *MISSPELT[:5]):
        for value in (*luck.sample(WRONG, 8), NAN, LONG, -(10**5000)):
            orders = {name: value}
            told = wrong_with(form, orders, BUILT.codes)
            assert all(len(words) < 2000 for words in told)
            if not told:
                standing = nothing_asked(len(BUILT.codes), len(BUILT.rivals), arm_of(WORLD, QUO, built=BUILT).levers, 1)
                KINDS["staff"].lay(standing, 0, BUILT, (), orders)
                held(standing.levers[0])


# policies in Python, from the command line and in worker processes

POLICIES = {
    "return view.default(envelope=-5)": ("envelope = -5", "0 to 600", "EUR million a year"),
    "return view.default(envelope=float('nan'))": ("envelope = nan", "0 to 600"),
    "return view.default(envelope='opt_in')": ("envelope = 'opt_in'", "0 to 600"),
    "return view.default(envelop=100)": ("envelop = 100", "did you mean 'envelope'?"),
    "return view.default(decision_mode='opt-in')": ("decision_mode = 'opt-in'", "did you mean 'opt_in'?"),
    "return view.default(split={'dialogue': 0.5})": ("split", "sum to 0.5", "must sum to 1"),
    "found = view.default(); found.levers['size'] = 7; return found": ("size = 7", "0 to 1"),
    "found = view.default(); found.levers = None; return found": ("levers = None", "a table from levers"),
    "found = view.default(); found.plan['UKR'] = {'exercise': 1}; return found": ("plan.UKR = 'exercise'", "exercise"),
    "found = view.default(); found.plan = 3; return found": ("plan = 3", "table"),
    "found = view.default(); found.agenda['budget'] = 'POL'; return found": ("agenda = 'budget'", "is not one of"),
    "return None": ("orders(view)", "returned NoneType"),
    "import sys; sys.exit(0)": ("line 2", "SystemExit", "ends nothing"),
    "exit()": ("line 2", "SystemExit"),
    "return orders(view)": ("line 2", "RecursionError"),
    "return view.default().levers['envelop']": ("line 2", "KeyError", "envelop"),
    "return 1 / 0": ("line 2", "ZeroDivisionError"),
    "view.model.engine.world.tension[:] = float('nan'); return view.default()": ("quarter 1", "wrote numbers"),
    "view.model.engine.levers = view.model.engine.levers._replace(size=9.0); return view.default()": (
        "size = 9",
        "0 to 1",
    ),
}


@pytest.mark.parametrize("body", POLICIES)
def test_entry_13_a_policy_in_python_is_told_in_one_line_with_code_2(body: str, tmp_path: Path) -> None:
    file, out = tmp_path / "mine.py", tmp_path / "out"
    file.write_text(f"def orders(view):\n    {body}\n", encoding="utf-8")
    done = call("run", "gulf_maritime", "--policy", file, "--out", out, "--no-figures")
    assert done.exit_code == 2 and isinstance(done.exception, SystemExit), done.output
    (line,) = [text for text in done.output.splitlines() if "mine.py" in text]
    assert all(word in line for word in POLICIES[body]), line
    assert not [path for path in out.rglob("*") if path.is_file()], "nothing is left as if whole"


def test_entry_13_code_beside_the_function_is_told_too(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    for top, words in {"import sys\nsys.exit(3)": "SystemExit", "import no_such_module": "no_such_module"}.items():
        file.write_text(f"def orders(view):\n    return view.default()\n\n\n{top}\n", encoding="utf-8")
        done = call("run", "gulf_maritime", "--policy", file, "--out", tmp_path / "out", "--no-figures")
        assert done.exit_code == 2 and "mine.py: line " in done.output and words in done.output, done.output


@pytest.mark.slow
def test_entry_13_worker_processes_tell_the_same(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("def orders(view):\n    return view.default(envelope=-5)\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.py: envelope = -5: allowed: a number from 0 to 600"):
        run_ensemble(WORLD, file, 2, threads=1)


# overrides cannot break the rules, as docs/mesa.md promises

ODD: tuple[Any, ...] = (NAN, INFINITE, -1e9, 1e300, LONG, "much", None, [1.0], {}, object())


@pytest.mark.parametrize("kind", [PartnerState, MemberState, Rival, Alliance], ids=lambda kind: kind.__name__)
def test_entry_13_an_override_cannot_break_the_rules(kind: type) -> None:
    luck = random.Random(kind.__name__)
    role = {PartnerState: "partner", MemberState: "member", Rival: "rival", Alliance: "alliance"}[kind]

    class Wild(kind):  # type: ignore[valid-type,misc]
        def decide(self, **levers: Any) -> Any:
            found = super().decide(**levers)
            name = luck.choice(list(vars(found)))
            part, value = getattr(found, name), luck.choice(ODD)
            if isinstance(part, dict) and part and luck.random() < 0.8:
                part[luck.choice([*part, "no such name"])] = value
            else:
                setattr(found, name, value)
            return found

    outcomes = {"refused": 0, "ran": 0}
    for _ in range(12):
        try:
            moved(PartnershipModel(WORLD, QUO, agent_classes={role: Wild}))
            outcomes["ran"] += 1
        except InputError as error:
            assert all(problem.file and problem.key for problem in error.problems) and "Wild" in str(error), error
            outcomes["refused"] += 1
    assert outcomes["refused"] > 0


def test_entry_13_parameters_pass_a_gate_of_their_own() -> None:
    for name, value in (("own_effort", NAN), ("own_effort", "much"), ("own_effort", 1e9), ("own_efort", 1.0)):
        for way in (lambda n, v: simulate(WORLD, QUO, parameters={n: v}), lambda n, v: arm_of(WORLD, QUO, {n: v})):
            with pytest.raises(InputError, match="parameters: own_ef"):
                way(name, value)
