"""Every file shown in docs/scenarios.md loads as it stands there."""

import re
from pathlib import Path

import pytest

from sim.inputs.load import load_scenario
from sim.inputs.policy import Policy, PythonPolicy, load_policy
from sim.inputs.scenario import Scenario

PAGE = Path(__file__).parent.parent / "docs" / "scenarios.md"
BLOCKS = re.findall(r"```(?:toml|python)\n# file: (\S+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_every_block_is_a_file() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert len(BLOCKS) == len(re.findall(r"```(?:toml|python)\n", text)) >= 8


@pytest.mark.parametrize(("name", "content"), BLOCKS, ids=[name for name, _ in BLOCKS])
def test_block_loads(name: str, content: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")
    loaded: Scenario | Policy | PythonPolicy = load_policy(path) if "/" in name else load_scenario(path)
    assert loaded.title


def test_what_the_five_minutes_say_is_so(tmp_path: Path) -> None:
    path = tmp_path / "my_flank.toml"
    path.write_text(dict(BLOCKS)["my_flank.toml"], encoding="utf-8")
    mine, base = load_scenario(path), load_scenario("eastern_flank")
    before = {threat.name: threat for threat in base.threats}
    after = {threat.name: threat for threat in mine.threats}
    assert set(after) - set(before) == {"pressure_on_candidates"} and not set(before) - set(after)
    assert [name for name in before if before[name] != after[name]] == ["baltic_cables"]
    assert after["baltic_cables"].rate == 0.05
    assert after["baltic_cables"].regions == before["baltic_cables"].regions
    assert len(base.shocks) - len(mine.shocks) == 1


def test_the_readme_scenario_loads(tmp_path: Path) -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    block = re.search(r"```toml\n(.*?)```", readme, re.S)
    assert block is not None
    file = tmp_path / "my_flank.toml"
    file.write_text(block[1], encoding="utf-8")
    assert "pressure_on_candidates" in [threat.name for threat in load_scenario(file).threats]
