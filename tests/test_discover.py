"""Discovery: PRIM finds a box that was planted, holds it to fresh worlds, and says plainly when there is none."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from asking import call

from analysis.stats.discover import Box, Fresh, find_box
from analysis.stats.latin import latin
from analysis.studies.factors import Factor
from analysis.studies.uncertain.discover_runs import (
    Discovery,
    Rule,
    details,
    discover_in,
    finding,
    headline,
    limit_words,
    rows,
    rule_of,
)
from sim.declare.names import MEASURES
from sim.inputs.errors import InputError
from sim.inputs.load import load_scenario

FACTORS = tuple(Factor(name, "parameter", 0.0, 2.0, "") for name in "abcdefgh")
RULE = Rule("it is above a half", "harm", False, True, 0.5)


def planted(points: np.ndarray) -> np.ndarray:
    return np.asarray((points[:, 0] > 1.2) & (points[:, 3] < 0.9))


def noisy(points: np.ndarray, fresh: bool) -> np.ndarray:
    """Fails nine times in ten inside the planted box, and once in twenty outside."""
    chance = np.random.default_rng([int(fresh), len(points)]).random(len(points))
    return np.asarray(chance < np.where(planted(points), 0.9, 0.05)).astype(float)


def test_prim_finds_the_planted_box() -> None:
    points = latin(400, np.zeros(8), np.full(8, 2.0), 1)
    box = find_box(points, planted(points), "abcdefgh", np.zeros(8), np.full(8, 2.0))
    assert box is not None and set(box.limits) == {"a", "d"}
    assert box.limits["a"] == (pytest.approx(1.2, abs=0.03), 2.0)
    assert box.limits["d"] == (0.0, pytest.approx(0.9, abs=0.03))
    assert box.coverage > 0.95 and box.density > 0.93


def test_a_noisy_box_is_found_and_holds_on_fresh_worlds() -> None:
    data = discover_in(noisy, RULE, FACTORS, 400, 1, "P", "")
    assert data.box is not None and data.fresh is not None and data.fresh.holds
    assert {"a", "d"} <= set(data.box.limits)
    low, high = data.fresh.interval
    assert low < data.fresh.density < high and data.fresh.density > 0.7 > 0.35 > data.fresh.rate
    assert "mostly where" in finding(data) and "a is above 1." in finding(data) and "of fresh worlds" in finding(data)
    assert "fresh luck" in details(data)[1] and len(headline(data)) < 160
    heads, table = rows(data)
    assert len(table) == 800 and len(heads) == len(table[0]) == 12


def test_a_box_is_found_where_most_worlds_fail() -> None:
    points = latin(300, np.zeros(8), np.full(8, 2.0), 2)
    failing = points[:, 1] > 0.5
    box = find_box(points, failing, "abcdefgh", np.zeros(8), np.full(8, 2.0))
    assert box is not None and set(box.limits) == {"b"} and box.density > 0.98


def test_pure_noise_has_no_region_that_is_told() -> None:
    told = 0
    for seed in range(4):
        rng = np.random.default_rng(seed)
        data = discover_in(lambda points, _, r=rng: r.random(len(points)) + 0.2, RULE, FACTORS, 150, seed, "P", "")
        sentence = finding(data)
        told += "mostly where" in sentence
        assert sum(words in sentence for words in ("no region", "does not hold", "mostly where")) == 1
    assert told <= 1


@pytest.mark.parametrize(("share", "words"), [(0.01, "too few failures"), (0.99, "too few worlds without failure")])
def test_too_few_failures_are_said(share: float, words: str) -> None:
    data = discover_in(lambda p, _: (p[:, 0] < 2.0 * share).astype(float), RULE, FACTORS, 100, 1, "P", "")
    assert data.box is None and words in finding(data)


def test_a_region_that_was_luck_is_called_so() -> None:
    points = latin(200, np.zeros(8), np.full(8, 2.0), 1)
    box = Box({"a": (1.0, 2.0)}, 1.0, 1.0)
    failing = np.arange(200) % 2 == 0
    fresh = Fresh(points, failing.astype(float), failing, box.inside(points, list("abcdefgh")))
    data = Discovery("P", "B", RULE, FACTORS, points, planted(points).astype(float), box, fresh)
    assert not fresh.holds and data.failing.sum() >= 10
    assert "does not hold on fresh worlds" in finding(data)


def test_limits_in_words() -> None:
    factor = Factor("skill_fade", "parameter", 0.0, 2.0, "")
    assert limit_words(factor, 0.5, 2.0) == "skill fade is above 0.5"
    assert limit_words(factor, 0.0, 1.234567) == "skill fade is below 1.23"
    assert limit_words(factor, 0.5, 1.5) == "skill fade is between 0.5 and 1.5"


def test_rules_of_failing() -> None:
    scenario = load_scenario("eastern_flank")
    policy, base = np.zeros((2, 3, len(MEASURES))), np.zeros((2, 3, len(MEASURES)))
    policy[:, :, MEASURES.index("harm")] = [[1.0, 2.0, 3.0], [0.02, 0.03, 0.04]]

    def failing(text: str) -> list[bool]:
        rule = rule_of(text, scenario, "Status quo")
        return [bool(x) for x in rule.fails(rule.value(policy, base))]

    assert failing("worse") == [True, True]
    assert failing("matters") == [True, False]
    assert failing("harm > 0.025") == [True, True] and failing("harm < 1") == [False, True]
    assert failing("difference harm > 1.5") == [True, False]
    words = rule_of("matters", scenario, "B").words
    assert words == "its harm is higher than under B by more than 0.05 harm points a quarter"
    with pytest.raises(InputError, match="did you mean 'harm'"):
        rule_of("harms > 3", scenario, "B")
    with pytest.raises(InputError, match="allowed: worse"):
        rule_of("bad", scenario, "B")


def test_the_command_writes_worlds_manifest_and_figure(tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text('extends = "gulf_maritime"\nhorizon = 4\n', encoding="utf-8")
    names = "own_effort,help_effort,spread_share"
    found = call("discover", file, "--policy", "restraint", "--parameters", names, "--points", "40",
                 "--replicates", "1", "--fails", "harm > 45", "--out", tmp_path / "out")  # fmt: skip
    assert found.exit_code == 0, found.output
    assert "In this model Restraint fails in" in " ".join(found.output.split())
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["points"] == 40 and manifest["fails"] == "its harm is above 45.0" and manifest["baseline"] is None
    lines = (tmp_path / "out" / "worlds.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == f"sample,{names},harm,fails,inside" and len(lines) in (41, 81)
    assert (tmp_path / "out" / "discover.png").stat().st_size > 20_000


@pytest.mark.parametrize(
    ("words", "near"),
    [(("--policy", "restrain"), "restraint"), (("--policy", "status_quo"), "the same"),
     (("--policy", "restraint", "--baseline", "status_qo"), "status_quo"),
     (("--policy", "restraint", "--fails", "harn > 2"), "harm"),
     (("--policy", "restraint", "--points", "3"), "20 or more")],
)  # fmt: skip
def test_the_command_refuses_with_the_nearest_name(words: tuple[str, ...], near: str) -> None:
    found = call("discover", "eastern_flank", *words)
    assert found.exit_code == 2 and near in found.output


def test_without_the_extra_no_run_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ema_workbench.analysis.prim", None)
    found = call("discover", "eastern_flank", "--policy", "restraint")
    assert found.exit_code == 2 and 'pip install "interlock-sim[uncertainty]"' in found.output
