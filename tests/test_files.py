"""Scenario and policy files: shipped ones load, broken ones give one clear error, mutated ones never a traceback."""

import random
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from waiting import called, calls_of

from sim.declare.activities import COLUMNS
from sim.declare.levers import LEVERS
from sim.declare.names import FRAMEWORKS, INSTRUMENTS, MEASURES, REGIONS, THREAT_KINDS
from sim.declare.parameters import specs
from sim.inputs.describe import json_schemas
from sim.inputs.errors import InputError
from sim.inputs.load import load_scenario, scenario_names
from sim.inputs.policy import Policy, PythonPolicy, load_policy, policy_names
from sim.inputs.scenario import Scenario
from sim.inputs.tables import ActivityChange
from sim.inputs.toml_files import FOLDER
from sim.inputs.values import quarter_index, quarter_number, quarter_text
from sim.runs.build import levers_of

BROKEN = Path(__file__).parent / "broken"
SCENARIOS = (
    "baseline_2025", "budget_squeeze", "climate_and_disaster", "cyber_storm", "divided_council", "eastern_flank",
    "gulf_maritime", "hybrid_pressure", "new_partners", "open_door_1994", "open_door_1999", "proliferation",
    "southern_neighbourhood",
)  # fmt: skip
POLICIES = (
    "capacity_first", "dialogue_first", "digital_and_cyber", "exercises_first", "open_door", "restraint", "south_first",
    "status_quo", "threat_tailored",
)  # fmt: skip
START = 'extends = "baseline_2025"\n'


def expectations(path: Path) -> list[str]:
    """What the message about a broken file must contain."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("# expect: ") for line in lines if line.startswith("# expect: ")]


def load(path: Path) -> Scenario | Policy | PythonPolicy:
    """A scenario or a policy, by the folder it lies in."""
    return load_scenario(path) if path.parent.name == "scenarios" else load_policy(path)


def message(path: Path, loader: Callable[[Path], object] = load) -> str:
    """The text of the error that a file gives."""
    with pytest.raises(InputError) as caught:
        loader(path)
    return str(caught.value)


def written(folder: Path, text: str, name: str = "mine.toml") -> Path:
    """A file with this text."""
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def scenario_from(tmp_path: Path, text: str, name: str = "mine") -> Scenario:
    """A scenario written to a file and loaded."""
    return load_scenario(written(tmp_path, text, f"{name}.toml"))


def problem(tmp_path: Path, text: str) -> str:
    """The message of a scenario text that is wrong."""
    return message(written(tmp_path, text), load_scenario)


# shipped files


def test_all_named_files_are_shipped() -> None:
    assert scenario_names() == SCENARIOS
    assert policy_names() == POLICIES


@pytest.mark.parametrize("name", SCENARIOS)
def test_shipped_scenario_loads(name: str) -> None:
    scenario = load_scenario(name)
    assert len(scenario.objectives) == 3
    assert scenario.primary_measure in MEASURES
    assert all(scenario.touches(threat) for threat in scenario.threats)
    assert all(threat.source for threat in scenario.threats)
    assert {threat.kind for threat in scenario.threats} == set(THREAT_KINDS)


@pytest.mark.parametrize("name", POLICIES)
def test_shipped_policy_loads(name: str) -> None:
    policy = load_policy(name)
    assert isinstance(policy, Policy)
    assert abs(sum(policy.split.values()) - 1.0) < 1e-6
    assert tuple(policy.split) == INSTRUMENTS
    assert tuple(policy.focus_region) == REGIONS


def test_shipped_files_differ() -> None:
    assert len({load_scenario(name).content_hash() for name in SCENARIOS}) == len(SCENARIOS)
    assert len({load_policy(name).content_hash() for name in POLICIES}) == len(POLICIES)
    assert len({load_scenario(name).title for name in SCENARIOS}) == len(SCENARIOS)


def test_status_quo_is_the_default_of_every_lever() -> None:
    policy, default = load_policy("status_quo"), Policy(title="x")
    assert isinstance(policy, Policy)
    for name, lever in LEVERS.items():
        expected = dict(lever.default) if isinstance(lever.default, dict) else lever.default
        assert getattr(policy, name) == getattr(default, name) == expected


def test_a_lever_is_declared_once() -> None:
    assert tuple(Policy.model_fields) == ("title", "description", "extends", *LEVERS)
    levers = levers_of(Policy(title="x"))
    for name, lever in LEVERS.items():
        value, size = np.asarray(getattr(levers, name)), len(lever.names) if lever.kind in ("split", "weights") else 1
        assert value.size == size
        assert lever.kind == "choice" or ((value >= lever.low) & (value <= lever.high)).all()
    assert type(levers.decision_mode) is int and type(levers.sharing) is float


def test_activity_changes_cover_every_column() -> None:
    assert set(ActivityChange.model_fields) == {"name", "reason", *COLUMNS}


# meaning


def test_a_file_that_extends_changes_only_what_it_says(tmp_path: Path) -> None:
    base = load_scenario("baseline_2025")
    mine = scenario_from(tmp_path, START + '[[threats]]\nname = "war_in_ukraine"\nrate = 0.5\n')
    changed = [(a, b) for a, b in zip(base.threats, mine.threats, strict=True) if a != b]
    assert [a.name for a, _ in changed] == ["war_in_ukraine"]
    assert changed[0][1].rate == 0.5 and changed[0][1].active == ("UKR",)
    assert mine.rivals == base.rivals and mine.title == base.title


def test_extends_a_chain_and_remove(tmp_path: Path) -> None:
    scenario_from(tmp_path, START + '[[threats]]\nname = "gulf_shipping"\nremove = true\n', "one")
    two = scenario_from(tmp_path, 'extends = "one"\ntitle = "Two"\n', "two")
    names = [threat.name for threat in two.threats]
    assert two.title == "Two" and "gulf_shipping" not in names and "baltic_cables" in names


def test_a_mistake_in_an_extended_file_is_reported_there(tmp_path: Path) -> None:
    written(tmp_path, START + '[[threats]]\nname = "gulf_shipping"\nrate = -3\n', "parent.toml")
    text = problem(tmp_path, 'extends = "parent"\n[[threats]]\nname = "baltic_cables"\nrate = 1\n')
    assert "parent.toml: threats[0].rate = -3" in text and "mine.toml" not in text


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = problem(tmp_path, START + 'horizon = 1\nfoo = 1\n[cast]\nrivals = ["X"]\n')
    assert len(text.splitlines()) == 3


def test_an_inherited_threat_may_touch_nobody(tmp_path: Path) -> None:
    mine = scenario_from(tmp_path, START + '[cast]\nonly = ["FRA", "DEU", "POL", "UKR", "GEO", "RUS", "IRN", "CHN"]\n')
    assert mine.cast_codes() == ("FRA", "DEU", "POL", "UKR", "GEO", "RUS", "IRN", "CHN")


def test_split_of_a_policy_is_replaced_as_a_whole(tmp_path: Path) -> None:
    policy = load_policy(written(tmp_path, 'extends = "status_quo"\ntitle = "Mine"\nsplit = { dialogue = 1.0 }\n'))
    assert isinstance(policy, Policy)
    assert policy.split["dialogue"] == 1.0 and policy.split["exercises"] == 0.0


def test_focus_on_a_framework_of_a_scenario(tmp_path: Path) -> None:
    path = written(tmp_path, 'title = "Mine"\n[focus_framework]\nsouth_atlantic_dialogue = 2.0\n')
    with pytest.raises(InputError, match="not a framework"):
        load_policy(path)
    policy = load_policy(path, load_scenario("new_partners").framework_names())
    assert isinstance(policy, Policy)
    assert policy.focus_framework == {**dict.fromkeys(FRAMEWORKS, 1.0), "south_atlantic_dialogue": 2.0}


def test_rivals_by_default(tmp_path: Path) -> None:
    plain = 'title = "t"\nquestion = "q"\nhorizon = 8\nprimary_measure = "harm"\nsmallest_difference = 1\n'
    modern = scenario_from(tmp_path, plain + 'start = "2014-Q1"\n')
    early = scenario_from(tmp_path, plain + 'start = "2010-Q1"\n')
    assert modern.rival_codes() == ("RUS",) and modern.role_of("RUS") == "rival"
    assert early.rival_codes() == () and early.role_of("RUS") == "partner" and "RUS" in early.cast_codes()
    assert modern.rival_entries()[0].says == "speaks for no government"


def test_blanks_of_a_threat_come_from_its_kind(tmp_path: Path) -> None:
    text = '[[threats]]\nname = "x"\nkind = "{}"\nregions = ["gulf"]\nrate = 1\n'
    terror = scenario_from(tmp_path, START + text.format("terrorism")).threats[-1]
    flood = scenario_from(tmp_path, START + text.format("climate_and_disaster")).threats[-1]
    assert (terror.arrival, terror.branching, terror.tail, terror.cap) == ("self_exciting", 0.3, 2.4, 60.0)
    assert (flood.arrival, flood.branching, flood.tail) == ("poisson", 0.0, 2.2)


def test_content_hash_ignores_form(tmp_path: Path) -> None:
    one = scenario_from(tmp_path, START + 'horizon = 20\ntitle = "T"\n', "one")
    two = scenario_from(tmp_path, "# a comment\n" + START + 'title = "T"\nhorizon = 20\n', "two")
    three = scenario_from(tmp_path, START + 'title = "T"\nhorizon = 21\n', "three")
    assert one.content_hash() == two.content_hash() != three.content_hash()


def test_round_trip() -> None:
    for name in SCENARIOS:
        scenario = load_scenario(name)
        again = Scenario.model_validate(scenario.model_dump(by_alias=True))
        assert again == scenario and again.content_hash() == scenario.content_hash()
    for name in POLICIES:
        policy = load_policy(name)
        assert isinstance(policy, Policy) and Policy.model_validate(policy.model_dump()) == policy


def test_quarters() -> None:
    assert quarter_index("2025-Q1", "2025-Q1") == 0
    assert quarter_index("2026-Q2", "2025-Q4") == 2
    assert quarter_index("1994-Q1", "2025-Q1") == -124
    assert quarter_text(quarter_number("1999-Q3")) == "1999-Q3"


def test_schemas_name_everything() -> None:
    schemas = json_schemas()
    scenario, policy = schemas["scenario"], schemas["policy"]
    assert set(scenario["properties"]["parameters"]["properties"]) == set(specs())
    assert scenario["$defs"]["Threat"]["properties"]["kind"]["enum"] == list(THREAT_KINDS)
    assert scenario["$defs"]["Threat"]["required"] == ["name"]
    assert scenario["additionalProperties"] is False and "from" in scenario["$defs"]["Window"]["properties"]
    assert policy["properties"]["envelope"] | {"maximum": 600.0, "minimum": 0.0} == policy["properties"]["envelope"]
    assert set(policy["properties"]) == set(Policy.model_fields)


def test_schemas_accept_the_shipped_files() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    import tomllib

    for folder, key in ((FOLDER, "scenario"), (FOLDER / "policies", "policy")):
        for path in sorted(folder.glob("*.toml")):
            jsonschema.validate(tomllib.loads(path.read_text(encoding="utf-8")), json_schemas()[key])


def test_loading_is_light_and_fast() -> None:
    """Counted in modules and calls: 0.2 s on an idle machine."""
    code = (
        "import sys, sim.inputs.load; sim.inputs.load.load_scenario('eastern_flank');"
        "print(len(sys.modules), *[m for m in ('numba', 'numpy', 'mesa', 'pandas', 'matplotlib') if m in sys.modules])"
    )
    assert int(called([sys.executable, "-c", code], check=True).stdout) < 400
    assert calls_of(lambda: load_scenario("eastern_flank")) < 300_000


# broken files


@pytest.mark.parametrize("path", sorted(BROKEN.glob("*/*.toml")), ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_broken_file(path: Path) -> None:
    text, expected = message(path), expectations(path)
    assert expected, "a broken file says what to expect"
    for part in (path.name, *expected):
        assert part in text


@pytest.mark.parametrize("path", sorted(BROKEN.glob("policies/*.py.txt")), ids=lambda p: p.stem)
def test_broken_python_policy(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / path.stem
    shutil.copy(path, copy)
    text = message(copy)
    for part in (copy.name, *expectations(path)):
        assert part in text


def test_enough_broken_files() -> None:
    assert len(list(BROKEN.glob("*/*.*"))) >= 32


def test_python_policy(tmp_path: Path) -> None:
    code = '"""My policy."""\n\n\ndef orders(view):\n    raise SystemExit("never run here")\n'
    path = written(tmp_path, code, "mine.py")
    policy = load_policy(path)
    assert isinstance(policy, PythonPolicy)
    assert (policy.title, policy.function_name) == ("My policy.", "orders") and "never run" in policy.source


@pytest.mark.parametrize("loader", [load_scenario, load_policy])
def test_unreadable_files(loader: Any, tmp_path: Path) -> None:
    files = {
        "binary": (b"\xff\xfe\x00\x01", "UTF-8"),
        "empty": (b"", "empty"),
        "blank": (b" \n\n", "empty"),
        "nested": (b"a = " + b"[" * 5000, "not valid TOML"),
        "digits": (b"horizon = " + b"9" * 5000, "not valid TOML"),
        "twice": (b"title = 'x'\ntitle = 'y'\n", "line 2"),
    }
    for name, (content, expected) in files.items():
        path = tmp_path / f"{name}.toml"
        path.write_bytes(content)
        text = message(path, loader)
        assert expected in text and f"{name}.toml" in text
    (tmp_path / "folder.toml").mkdir()
    names = {"": "not a name", "a\0b": "not a name", "x" * 5000: "no", str(tmp_path): "directory"}
    files_not_there = {tmp_path / "folder.toml": "directory", tmp_path / "absent.toml": "no such file"}
    for wrong, expected in (*names.items(), *files_not_there.items()):
        with pytest.raises(InputError, match=expected):
            loader(wrong)


def test_unknown_names_get_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean 'eastern_flank'"):
        load_scenario("eastern_flanc")
    with pytest.raises(InputError, match="did you mean 'open_door'"):
        load_policy("opendoor")


# mutated files

SPARE = ("nan", "-1", "true", '"x"', "[]", "{}", "1e300", '["UKR", 3]', "2025-01-01", "''", '"RUS"', "[[1]]", "99999")
KEYS = ("name", "code", "kind", "remove", "until", "x.y")


def mutated(text: str, luck: random.Random) -> str:
    """A text with one to three lines deleted, doubled, moved, cut, or given another value."""
    lines = text.splitlines()
    for _ in range(luck.randint(1, 3)):
        i, j = luck.randrange(len(lines)), luck.randrange(len(lines))
        act = luck.randrange(7)
        if act == 0 and len(lines) > 2:
            del lines[i]
        elif act == 1:
            lines.insert(j, lines[i])
        elif act == 2:
            lines[i], lines[j] = lines[j], lines[i]
        elif act == 3:
            cut = luck.randrange(len(lines[i]) + 1)
            lines[i] = lines[i][:cut] + luck.choice(("", '"', "=", "[", "\0", "é", ".", "#")) + lines[i][cut + 1 :]
        elif act == 4 and "=" in lines[i]:
            lines[i] = lines[i].split("=")[0] + "= " + luck.choice(SPARE)
        elif act == 5 and "=" in lines[i] and "=" in lines[j]:
            lines[i] = lines[i].split("=", 1)[0] + "=" + lines[j].split("=", 1)[1]
        elif act == 6 and "=" in lines[i]:
            lines[i] = luck.choice(KEYS) + " =" + lines[i].split("=", 1)[1]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("seed", range(8))
def test_mutated_files_load_or_give_an_input_error(seed: int, tmp_path: Path) -> None:
    luck = random.Random(seed)
    sources = [*FOLDER.glob("*.toml"), *(FOLDER / "policies").glob("*.toml")]
    texts = [(path, path.read_text(encoding="utf-8")) for path in sorted(sources)]
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "policies").mkdir()
    failures = 0
    for _ in range(60):
        source, text = luck.choice(texts)
        path = written(tmp_path / source.parent.name, mutated(text, luck), "mutant.toml")
        try:
            load(path)
        except InputError as error:
            failures += 1
            assert str(error) and all(problem.file and problem.message for problem in error.problems)
    assert failures > 10


def test_what_is_inherited_for_absent_states_is_dropped(tmp_path: Path) -> None:
    text = 'extends = "new_partners"\nhorizon = 8\n[cast]\nonly = ["FRA", "DEU", "GEO", "UKR"]\nrivals = []\n'
    text += "".join(f'[[rivals]]\ncode = "{code}"\nremove = true\n' for code in ("RUS", "IRN", "CHN"))
    mine = scenario_from(tmp_path, text.replace("[cast]\n", "[cast]\noutsiders = []\n"))
    assert mine.cast_codes() == ("FRA", "DEU", "UKR", "GEO") and mine.rival_codes() == ()
    named = [code for threat in mine.threats for code in (*threat.states, *threat.active)]
    named += [code for framework in mine.frameworks for code in (*framework.partners, *framework.waiting)]
    assert set(named) <= set(mine.cast_codes()) and all(mine.touches(threat) for threat in mine.threats)


@pytest.mark.parametrize(
    "name", ["x" * 5000 + ".toml", "a/" * 3000, "\ud800", "\ud800.toml", ".", "/", "a\nb", "~/no.toml"]
)
def test_strange_names_give_an_input_error(name: str) -> None:
    for loader in (load_scenario, load_policy):
        with pytest.raises(InputError) as caught:
            loader(name)
        assert str(caught.value).encode("utf-8")


def test_open_door_starts_with_partners_and_no_scripted_accession() -> None:
    scenario = load_scenario("open_door_1994")
    roles = [scenario.role_of(code) for code in scenario.cast_codes()]
    assert roles.count("member") == 16 and roles.count("partner") == 23 and "rival" not in roles
    assert scenario.role_of("RUS") == "partner" and scenario.end() == "2003-Q4"
    assert [join for join in scenario.joins() if join[1] == "EGY"] == [(4, "EGY", "mediterranean_dialogue")]
    assert load_scenario("new_partners").joins() == ((12, "BRA", "south_atlantic_dialogue"),)
