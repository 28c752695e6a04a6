"""The documentation says what the program does: generated pages are fresh, examples run, ODD.md is complete."""

import ast
import re
import warnings
from pathlib import Path

import numpy as np
import pytest

from analysis.pictures.reports.declared import REFRESH, filled, write_docs
from sim.declare import constants
from sim.declare.constants import fixed
from sim.declare.levers import Levers
from sim.declare.parameters import Parameters
from sim.law import draws
from sim.law.compiled import RULES_HASH
from sim.law.orders import Orders
from sim.law.world import Feuds, Incidents, Kinds, Menu, Quarter, Setting, Threats, World

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_generated_pages_and_parts_are_up_to_date(tmp_path: Path) -> None:
    written = write_docs(tmp_path / "docs")
    assert {path.name for path in written} == {"model_sources.md", "scenarios.md", "ODD.md"}
    for path in written:
        fresh = page(path.name) == path.read_text(encoding="utf-8")
        assert fresh, f"docs/{path.name} is not what the program declares; `{REFRESH}` refreshes it"


def test_a_part_of_a_page_is_made_anew_and_the_rest_stays() -> None:
    text = page("scenarios.md")
    stale = re.sub(r"^\| `communication` .*\n|^terrorism, .*\n", "", text, flags=re.MULTILINE)
    assert stale != text and filled(stale) == text


def test_model_sources_says_how_much_is_assumed() -> None:
    top = page("model_sources.md").split("## Parameters")[0]
    assert f"{len(Parameters._fields)} parameters" in top and "assumed" in top


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mesa.md", "uncertainty.md"])
def test_every_python_block_runs(name: str) -> None:
    """Blocks of a page run in order in one namespace; a failing line is reported by its line in the page."""
    text = page(name)
    blocks = list(re.finditer(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE))
    assert len(blocks) >= 5
    names: dict[str, object] = {"__name__": "docs"}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", "ipyparallel not installed")  # ema_workbench could also use it
        for block in blocks:
            above = text.count("\n", 0, block.start(1))
            exec(compile("\n" * above + block[1], str(DOCS / name), "exec"), names)


# ODD.md: nothing left out, and the constants of each rule stand in its paragraph

ODD = page("ODD.md")
SUBMODELS = ODD.split("## 7. Submodels\n")[1]
PLAIN = {0.0, 1.0, 2.0}
LAW = ROOT / "sim" / "law"
COMPILED = sorted(
    [path for room in ("mechanisms", "choices", "measures") for path in (LAW / room).glob("*.py")]
    + [LAW / f"{name}.py" for name in ("admit", "forms", "ledger", "asked_orders")]
)


def rules() -> list[tuple[str, ast.FunctionDef]]:
    """Every compiled function, with declared numbers and those of its module put in place of their names."""
    found = []
    declared = {name: value for name in fixed() if type(value := getattr(constants, name)) is float}
    for path in COMPILED:
        body = ast.parse(path.read_text(encoding="utf-8")).body
        numbers = declared | {name: value for node in body for name, value in named_numbers(node)}
        for node in body:
            if isinstance(node, ast.FunctionDef) and node.decorator_list and node.name != "decide":
                found.append((node.name, InPlace(numbers).visit(node)))
    return found


def named_numbers(node: ast.stmt) -> list[tuple[str, float]]:
    """Names and values of an assignment of fractions, such as `DAILY_FOR, DAILY_AGAINST = 5.4, 0.6`."""
    if not isinstance(node, ast.Assign):
        return []
    target, value = node.targets[0], node.value
    names = target.elts if isinstance(target, ast.Tuple) else [target]
    values = value.elts if isinstance(value, ast.Tuple) else [value]
    return [
        (n.id, v.value) for n, v in zip(names, values, strict=False)
        if isinstance(n, ast.Name) and isinstance(v, ast.Constant) and isinstance(v.value, float)
    ]  # fmt: skip


class InPlace(ast.NodeTransformer):
    """Puts numbers in place of their names."""

    def __init__(self, numbers: dict[str, float]) -> None:
        self.numbers = numbers

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(self.numbers[node.id]) if node.id in self.numbers else node


def paragraphs() -> dict[str, str]:
    """The text about each rule: from its name in bold to the next name in bold or heading."""
    parts = re.split(r"^(?=#)|(?=\*\*`\w+`\*\*)", SUBMODELS, flags=re.MULTILINE)
    named = [(found[1], part) for part in parts if (found := re.match(r"\*\*`(\w+)`\*\*", part))]
    assert len({name for name, _ in named}) == len(named)
    return dict(named)


def numbers_in(text: str) -> set[float]:
    return {float(found) for found in re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?", text.replace("\u2212", "-"))}


def constants_of(function: ast.FunctionDef) -> set[float]:
    """Numbers in a rule other than 0, 1, 2, indices, and the sizes of arrays and loops."""
    places: list[ast.AST] = []
    body = [node for statement in function.body for node in ast.walk(statement)]
    for node in body:
        if isinstance(node, ast.Subscript):
            places.append(node.slice)
        elif isinstance(node, ast.For):
            places.append(node.iter)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "zeros":
            places += node.args
    inside = {sub for place in places for sub in ast.walk(place)}
    found = {
        abs(float(node.value)) for node in body
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node not in inside
    }  # fmt: skip
    return found - PLAIN


@pytest.mark.parametrize("name", [name for name, _ in rules()])
def test_odd_has_a_paragraph_for_every_rule(name: str) -> None:
    assert name in paragraphs(), f"docs/ODD.md has no paragraph **`{name}`**"


@pytest.mark.parametrize(("name", "function"), rules(), ids=[name for name, _ in rules()])
def test_the_constants_of_a_rule_stand_in_its_paragraph(name: str, function: ast.FunctionDef) -> None:
    missing = constants_of(function) - numbers_in(paragraphs()[name])
    assert not missing, f"docs/ODD.md, paragraph **`{name}`** lacks {sorted(missing)}; describe what the rule does now"


def test_odd_describes_no_rule_that_is_gone() -> None:
    known = {name for name, _ in rules()} | {"exp", "log", "power", "clip", "ordered_sum", "philox", "uniform"}
    assert not set(paragraphs()) - known


@pytest.mark.parametrize("name", Parameters._fields)
def test_odd_uses_every_parameter(name: str) -> None:
    assert f"`{name}`" in SUBMODELS


@pytest.mark.parametrize("kind", [World, Setting, Orders, Quarter, Incidents, Levers, Menu, Kinds, Threats, Feuds])
def test_odd_names_every_variable(kind: type) -> None:
    part = ODD.split("## 2. Entities")[1].split("## 3. Process")[0]
    assert [name for name in kind._fields if f"`{name}`" not in part] == []  # type: ignore[attr-defined]


def test_odd_lists_every_stream_with_its_number() -> None:
    declared = {name: value for name, value in vars(draws).items() if name.isupper() and type(value) in (int, np.int64)}
    listed = {name: int(number) for name, number in re.findall(r"^\| `([A-Z_]+)` \| (\d+) \|", ODD, re.MULTILINE)}
    assert listed == declared


# Pages with measured numbers say under which rules: "rules `HASH`", or "older rules `HASH`: why they stand there".
MEASURED = (
    "README", "docs/benchmarks", "docs/cluster", "docs/comparing", "docs/explore", "docs/facilitator",
    "docs/first_table", "docs/history", "docs/levers", "docs/mechanisms", "docs/what_changed", "docs/what_matters",
)  # fmt: skip
# For today's rules, those of before that lead to the same numbers (tests/golden.json did not move), and what differs.
SAME_NUMBERS = {
    "b5fc45bcc2505bc0": {"6ff290db55805a15": "sim/runs/arm.py: what courses of a review share is run once"},
}  # fmt: skip
NAMED_RULES = re.compile(r"(?P<older>older )?rules,?(?: commit)?\s`?(?P<hash>[0-9a-f]{7,16})`?(?P<why>:\s\S)?")


def stale_rules(text: str, *known: str) -> list[str]:
    """Rules that a page names as if they were today's, or as older ones without a reason."""
    return [
        found["hash"] for found in NAMED_RULES.finditer(text)
        if not (found["why"] if found["older"] else any(one.startswith(found["hash"]) for one in known))
    ]  # fmt: skip


@pytest.mark.parametrize("name", MEASURED)
def test_a_page_with_measured_numbers_says_under_which_rules(name: str) -> None:
    text = (ROOT / f"{name}.md").read_text(encoding="utf-8")
    assert NAMED_RULES.search(text), f"{name}.md does not say under which rules it was measured"
    known = (RULES_HASH, *SAME_NUMBERS.get(RULES_HASH, ()))
    assert not stale_rules(text, *known), f"{name}.md: measure anew under {RULES_HASH}, or say why not"


def test_every_page_that_names_rules_is_looked_at() -> None:
    pages = {path.relative_to(ROOT).with_suffix("").as_posix() for path in (*ROOT.glob("*.md"), *DOCS.glob("*.md"))}
    named = {name for name in pages if NAMED_RULES.search((ROOT / f"{name}.md").read_text(encoding="utf-8"))}
    assert named == set(MEASURED)


def test_older_rules_need_a_reason() -> None:
    assert stale_rules("with rules 6ff290db5580, older rules `3e46aa883bcd`: because", "6ff290db55805a15") == []
    assert stale_rules("with rules `3e46aa883bcd`; older rules `aaaaaaaaaaaa`.", "6ff290db55805a15") == [
        "3e46aa883bcd", "aaaaaaaaaaaa",
    ]  # fmt: skip


def test_links_between_pages_lead_somewhere() -> None:
    for path in DOCS.glob("*.md"):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name} points to {target}"


def test_contents_of_odd_lead_to_its_headings() -> None:
    headings = re.findall(r"^#+ (.+)$", ODD, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", ODD)) <= anchors


def test_every_page_is_in_the_contents_of_the_site() -> None:
    conf = (DOCS / "conf.py").read_text(encoding="utf-8")
    contents = ast.literal_eval(conf.split("CONTENTS = ")[1].split("\n}")[0] + "\n}")
    found = (path for path in DOCS.rglob("*.*") if path.suffix in (".md", ".ipynb"))
    pages = {path.relative_to(DOCS).with_suffix("").as_posix() for path in found}
    assert {name for names in contents.values() for name in names.split()} == pages
