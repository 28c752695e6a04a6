"""The house: which room may use which, without exception; how rules are written; and that what is declared is used."""

import ast
from collections import Counter
from pathlib import Path
from statistics import median

import pytest

from analysis.pictures.reports.declared import readers
from analysis.pictures.reports.house import floors, rooms
from sim.declare import constants
from sim.declare.constants import fixed
from sim.declare.parameters import Parameters, specs

ROOT = Path(__file__).parent.parent
TOPS = ("sim", "analysis", "game")

# What each room may use of ours, beside itself. A file belongs to the room with the longest fitting name.
ROOMS: dict[str, tuple[str, ...]] = {
    "sim.declare": (),
    "sim.inputs": ("sim.declare",),
    "sim.law": ("sim.declare",),
    "sim.outputs": ("sim.inputs",),
    "sim.runs": ("sim.declare", "sim.inputs", "sim.law", "sim.outputs"),
    "sim": ("sim.declare", "sim.inputs", "sim.law", "sim.outputs", "sim.runs"),
    "analysis.stats": (),
    "analysis.words": ("sim.declare",),
    "analysis.studies": ("sim", "analysis.stats", "analysis.words"),
    "analysis.pictures": ("sim", "analysis.stats", "analysis.words", "analysis.studies"),
    "analysis.web": (),
    "analysis.explore": (
        "sim",
        "analysis.stats",
        "analysis.words",
        "analysis.studies",
        "analysis.pictures",
        "analysis.web",
    ),
    "analysis.commands": ("sim", "analysis"),
    "analysis": ("sim", "analysis"),
    "game.core": ("sim", "analysis", "game.seats"),
    "game.seats": ("sim", "analysis"),
    "game.tournament": ("sim", "analysis", "game.core", "game.seats"),
    "game.print": ("sim", "analysis", "game.core", "game.seats"),
    "game.review": ("sim", "analysis", "game.core", "game.seats", "game.tournament"),
    "game.web": ("sim", "analysis", "game.core", "game.seats", "game.tournament", "game.print", "game.review"),
    "game.commands": ("sim", "analysis", "game"),
    "game": (),
}
# Packages that only these rooms or files may use, because they start slowly or belong to one concern.
ONLY: dict[str, tuple[str, ...]] = {
    "mesa": ("sim.runs.mesa_agents", "sim.runs.mesa_model"),
    "numba": ("sim.law.compiling",),
    "llvmlite": ("sim.law.compiling", "sim.law.compiled"),
    "pandas": ("sim.runs", "analysis"),
    "xarray": ("sim.runs", "analysis"),
    "dask": ("sim.runs.cluster",),
    "distributed": ("sim.runs.cluster",),
    "matplotlib": (
        "analysis.pictures",
        "analysis.studies.lever_sweeps",
        "analysis.explore",
        "game.review",
        "game.tournament",
        "game.web",
    ),
    "starlette": ("analysis.web", "analysis.explore", "game.web"),
    "uvicorn": ("analysis.explore", "game.web"),
    "sqlite3": ("game.core.journal", "game.core.keeping"),
}
MOST_FILES = 14  # about a dozen
MOST_AT_TOP = {"sim": 14, "analysis": 10, "game": 14}
FILES = sorted(path for top in TOPS for path in (ROOT / top).rglob("*.py"))
SOURCES = sorted(
    {
        *FILES,
        *(ROOT / "interlock").glob("*.py"),
        *(ROOT / "tests").glob("*.py"),
        *(ROOT / "benchmarks").rglob("*.py"),
        *ROOT.glob("*.py"),
    }
)
LAW = ROOT / "sim" / "law"
EXACT = [
    path
    for path in sorted(LAW.rglob("*.py"))
    if path.name not in ("blocks.py", "compiled.py", "compiling.py", "draws.py")
]


def module_of(path: Path) -> str:
    name = path.relative_to(ROOT).as_posix().removesuffix(".py").removesuffix("/__init__")
    return name.replace("/", ".")


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


MODULES = {module_of(path): path for path in FILES}


def for_types_only(tree: ast.Module) -> set[ast.AST]:
    """What stands under `if TYPE_CHECKING`: it is never imported."""
    return {
        inner for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for branch in node.body for inner in ast.walk(branch)
    }  # fmt: skip


def imports_of(path: Path) -> set[str]:
    """Full names of all modules that a file imports anywhere, also inside functions."""
    tree = tree_of(path)
    found: set[str] = set()
    for node in set(ast.walk(tree)) - for_types_only(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else node.module for name in inner}
    return found


def room_of(module: str) -> str:
    return max((room for room in ROOMS if f"{module}.".startswith(f"{room}.")), key=len)


def within(module: str, rooms: tuple[str, ...]) -> bool:
    return any(f"{module}.".startswith(f"{room}.") for room in rooms)


@pytest.mark.parametrize("module", MODULES)
def test_every_room_uses_what_its_row_allows(module: str) -> None:
    room = room_of(module)
    ours = {name for name in imports_of(MODULES[module]) if name.split(".")[0] in (*TOPS, "run", "tests", "benchmarks")}
    assert {name for name in ours if not within(name, (room, *ROOMS[room]))} == set()


@pytest.mark.parametrize("module", MODULES)
def test_packages_are_used_where_they_belong(module: str) -> None:
    used = {name.split(".")[0] for name in imports_of(MODULES[module])}
    assert {name for name in used & set(ONLY) if not within(module, ONLY[name])} == set()


def test_no_files_import_each_other_in_a_circle_also_not_inside_functions() -> None:
    arrows = {name: {other for other in imports_of(path) if other in MODULES} for name, path in MODULES.items()}
    while arrows:  # take away what uses nothing that is left, and what nothing that is left uses
        used = {other for name, others in arrows.items() for other in others - {name}}
        free = {name for name, others in arrows.items() if not (others - {name}) & set(arrows) or name not in used}
        if not free:
            break
        arrows = {name: others - free for name, others in arrows.items() if name not in free}
    assert sorted(arrows) == []


def test_rooms_lie_on_floors_and_none_uses_a_higher_one() -> None:
    found = rooms()
    assert set(found) - set(floors(found)) == set()  # else `run.py docs` cannot draw the house


def test_folders_stay_small() -> None:
    held = Counter(path.parent for path in FILES if path.name != "__init__.py")
    assert {folder.relative_to(ROOT).as_posix(): n for folder, n in held.items() if n > MOST_FILES} == {}
    tops = {top: len(list((ROOT / top).glob("*.py"))) for top in TOPS}
    assert {top: n for top, n in tops.items() if n > MOST_AT_TOP[top]} == {}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_source_file_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < 440


# Functions whose last bit differs between processors, NumPy releases, or compiled and plain Python.
INEXACT = {
    "sum", "mean", "dot", "average", "prod", "cumsum", "std", "var", "einsum", "matmul", "exp", "exp2", "expm1", "log",
    "log2", "log10", "log1p", "pow", "power", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arctan", "arctan2", "hypot",
    "logaddexp", "cbrt", "fsum", "gamma", "erf", "float_power",
}  # fmt: skip
OUTSIDE = ("scipy", "random", "statistics", "secrets", "time", "datetime")


def inexact_uses(source: str) -> list[str]:
    """Every use in a source that could give other bits elsewhere, as `line: what`."""
    tree = ast.parse(source)
    ours = {
        alias.asname or alias.name
        for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "sim.law.elementary"
        for alias in node.names
    } | {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}  # fmt: skip
    found = []
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, (ast.Pow, ast.MatMult)):
            found.append(f"{line}: {type(node.op).__name__}")
        if isinstance(node, ast.Call):
            target = node.func
            if isinstance(target, ast.Name) and target.id in INEXACT - ours:
                found.append(f"{line}: {target.id}()")
            if isinstance(target, ast.Attribute) and target.attr in INEXACT:
                found.append(f"{line}: .{target.attr}()")
        if isinstance(node, ast.Attribute) and node.attr in ("random", "linalg"):
            found.append(f"{line}: .{node.attr}")
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
            found += [f"{line}: import {m}" for m in modules if m.split(".")[0] in OUTSIDE]
            if isinstance(node, ast.ImportFrom) and node.module in ("math", "numpy"):
                found += [f"{line}: import {a.name}" for a in node.names if a.name in INEXACT]
    return found


@pytest.mark.parametrize("path", EXACT, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_rules_use_only_arithmetic_whose_bits_are_fixed(path: Path) -> None:
    assert inexact_uses(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    ["x ** 2", "x **= 2", "sum(x)", "np.sum(x)", "x.mean()", "a @ b", "math.exp(x)", "np.log(x)", "np.dot(a, b)",
     "import random", "from math import sin", "np.random.rand()", "exp(x)"],
)  # fmt: skip
def test_the_check_finds_what_it_looks_for(line: str) -> None:
    assert inexact_uses(line) != []


def test_the_check_lets_our_own_functions_pass() -> None:
    assert inexact_uses("from sim.law.elementary import exp\nexp(x)\nmath.sqrt(x)\nmath.floor(x)") == []


def rules() -> list[tuple[str, ast.FunctionDef]]:
    """Every rule, with the file that it is in."""
    return [
        (module_of(path), node)
        for path in sorted(LAW.rglob("*.py")) for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef) and any(ast.unparse(d) == "rule" for d in node.decorator_list)
    ]  # fmt: skip


def test_every_rule_says_what_it_does() -> None:
    assert [f"{file}: {rule.name}" for file, rule in rules() if not ast.get_docstring(rule)] == []


def test_a_rule_takes_what_a_reader_would_name() -> None:
    taken = {f"{file}.{rule.name}": len(rule.args.args) for file, rule in rules()}
    print(f"{len(taken)} rules; most arguments {max(taken.values())}, median {median(taken.values()):g}")
    assert {name: n for name, n in taken.items() if n > 8} == {} and median(taken.values()) <= 5


BLOCKS = ("setting", "world", "orders", "draws", "p", "quarter")


def test_blocks_stand_in_one_order_after_what_is_at_hand() -> None:
    wrong = []
    for file, rule in rules():
        names = [argument.arg for argument in rule.args.args]
        at = [names.index(block) for block in BLOCKS if block in names]
        if at != sorted(at):
            wrong.append(f"{file}.{rule.name}({', '.join(names)})")
    assert wrong == []


def test_no_row_of_the_menu_is_known_by_its_number() -> None:
    from sim.declare.names import ACTIVITIES

    known = {name.upper() for name in ACTIVITIES} | {"EXERCISES", "EQUIPMENT", "TECHNOLOGY", "REFORM", "LIVE"}
    found = []
    for path in SOURCES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Assign):
                names = {name.id for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)}
                numbers = [n for n in ast.walk(node.value) if isinstance(n, ast.Constant) and type(n.value) is int]
                if names & known and numbers:
                    found.append(f"{module_of(path)}: {sorted(names & known)}")
    assert found == []


def test_the_model_stays_within_its_budget() -> None:
    assert len(specs()) <= 95


def parameters_read() -> set[str]:
    """Parameters that code takes by name from a value called `p` or `parameters`."""
    return {
        node.attr
        for path in (ROOT / "sim").rglob("*.py") for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, (ast.Name, ast.Attribute))
        and ast.unparse(node.value).rpartition(".")[2] in ("p", "parameters")
    }  # fmt: skip


@pytest.mark.parametrize("name", Parameters._fields)
def test_every_parameter_is_declared_in_full(name: str) -> None:
    spec, default = specs()[name], Parameters._field_defaults[name]
    assert spec.low <= default <= spec.high
    assert spec.low < spec.high
    assert spec.unit.strip() and spec.meaning.strip() and spec.source.strip()


def test_every_parameter_is_read_by_code() -> None:
    assert set(Parameters._fields) - parameters_read() == set()


# Numbers that may stand in a rule without a name: nothing, unity, pairs and thirds, halves, and percent.
PLAIN = {0.0, 0.5, 1.0, 2.0, 3.0, 100.0}
UNNAMED: dict[tuple[str, float], str] = {}  # (rule, number): why it has no name
MOST_UNNAMED = 10
MODEL = [*sorted((LAW / "mechanisms").glob("*.py")), *sorted((LAW / "choices").glob("*.py")),
         LAW / "forms.py", LAW / "admit.py"]  # fmt: skip


def numbers_of(tree: ast.AST) -> set[float]:
    """Numbers other than the plain ones that stand in code, whatever their sign."""
    found = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {float(value) for value in found if type(value) in (int, float)} - PLAIN


def test_no_number_stands_in_a_rule_without_a_name() -> None:
    """Numbers in functions, also in defaults, and beside them; a rule file declares no number of its own either."""
    found, own = set(), []
    for path in MODEL:
        for node in tree_of(path).body:
            assigned = isinstance(node, (ast.Assign, ast.AnnAssign))
            if assigned and "range(" in ast.unparse(node):  # names of choices, numbered
                continue
            where = node.name if isinstance(node, ast.FunctionDef) else module_of(path)
            found |= {(where, number) for number in numbers_of(node)}
            if assigned:
                own.append(f"{module_of(path)}: {ast.unparse(node)}")
    assert found == set(UNNAMED) and own == []
    assert len(UNNAMED) <= MOST_UNNAMED and all(reason.strip() for reason in UNNAMED.values())


@pytest.mark.parametrize("rule", ["x * 0.7", "x % 4", "-1.5 < x", "clip(x, 1e-9, 1.0)", "x << 8"])
def test_the_count_finds_unnamed_numbers(rule: str) -> None:
    assert len(numbers_of(ast.parse(rule))) == 1


@pytest.mark.parametrize("name", fixed())
def test_every_constant_is_declared_in_full(name: str) -> None:
    spec = fixed()[name]
    assert type(getattr(constants, name)) in (int, float)
    assert spec.unit.strip() and spec.meaning.strip() and spec.source.strip()


def test_every_constant_is_read_by_code_and_is_all_that_its_file_holds() -> None:
    read = readers()
    assert [name for name in fixed() if not read[name]] == []
    assert [name for name in vars(constants) if name.isupper()] == list(fixed())


def test_every_file_of_compiled_code_is_in_the_hash() -> None:
    from sim.law import job
    from sim.law.compiled import COMPILED_ROOMS, RULES

    assert job.run in RULES
    rooms = {rule.__module__.split(".")[1] for rule in RULES if rule.__module__.startswith("sim.")}
    assert rooms <= set(COMPILED_ROOMS)
