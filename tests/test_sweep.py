"""A grid over levers and parameters: values, refusals, paired numbers, the picture and the page's own commands."""

import csv
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from asking import call

from analysis.stats.intervals import Interval
from analysis.studies.factors import Running
from analysis.studies.uncertain.sweep_runs import Axis, Swept, asked_of, axes_of, changed, finding, sweep
from sim.inputs.errors import InputError
from sim.inputs.load import load_scenario
from sim.inputs.policy import Policy, load_policy
from sim.runs.ensemble import run_ensemble

DOCS = Path(__file__).parent.parent / "docs" / "uncertainty.md"
SMALL = 'extends = "eastern_flank"\ntitle = "Small"\nhorizon = 4\n'


def axes(*words: str) -> tuple[Axis, ...]:
    return axes_of(load_policy("status_quo"), load_scenario("eastern_flank"), asked_of(words))


def test_values_are_a_range_a_list_or_the_whole_range() -> None:
    assert axes("envelope=0:200:3")[0].values == (0.0, 100.0, 200.0)
    assert axes("envelope=240,60")[0].values == (60.0, 240.0)
    assert len(axes("envelope")[0].values) == 9 and [len(axis.values) for axis in axes("envelope", "learning")] == [
        6,
        6,
    ]
    assert "opt_in" in axes("decision_mode")[0].values and axes("split.exercises=0:0.5")[0].entry == "exercises"


@pytest.mark.parametrize(
    "words, told",
    [
        (("envelop",), "did you mean 'envelope'?"),
        (("learnin=0:1",), "did you mean 'learning'?"),
        (("split.exercise",), "did you mean 'split.exercises'?"),
        (("decision_mode=opt_on",), "did you mean 'opt_in'?"),
        (("envelope=0:900",), "allowed: 0 to 600"),
        (("envelope=few",), "low:high:count"),
        (("envelope", "size", "distance"), "one or two"),
        (("envelope=0:600:100", "size=0:1:100"), "up to 400 points"),
        (("learning.fast",), "write learning"),
    ],
)
def test_what_cannot_vary_is_refused_in_words(words: tuple[str, ...], told: str) -> None:
    with pytest.raises(InputError, match=re.escape(told)):
        axes(*words)


def test_a_file_may_hold_the_grid(tmp_path: Path) -> None:
    (tmp_path / "grid.toml").write_text("envelope = [0, 120]\n[split]\nexercises = [0.1, 0.2]\n", encoding="utf-8")
    found = axes(str(tmp_path / "grid.toml"))
    assert [(axis.name, axis.entry, axis.values) for axis in found] == [
        ("envelope", "", (0.0, 120.0)), ("split", "exercises", (0.1, 0.2)),
    ]  # fmt: skip


def test_a_share_leaves_the_others_in_proportion() -> None:
    policy = load_policy("status_quo")
    assert isinstance(policy, Policy)
    [axis] = axes("split.exercises=0.5,1")
    split = changed(policy, axis, 0.5).split
    assert split["exercises"] == 0.5 and sum(split.values()) == pytest.approx(1.0)
    assert split["capacity"] / split["dialogue"] == pytest.approx(policy.split["capacity"] / policy.split["dialogue"])


def test_every_point_is_a_paired_difference() -> None:
    world, policy = load_scenario("eastern_flank").model_copy(update={"horizon": 2}), load_policy("status_quo")
    data = sweep(world, policy, policy, axes("envelope=0,120", "size=0.5"), "harm", Running(3, 4))
    assert data.shape == (2, 1) and data.gains[1].mean == 0.0
    direct = run_ensemble(world, [policy.model_copy(update={"envelope": 0.0}), policy], 4, seed=3)["outcome"]
    own, base = direct.sel(measure="harm").values[0]
    assert data.gains[0].mean == pytest.approx(float(np.mean(base - own)), abs=1e-15)


def test_the_sentence_names_the_best_point_and_how_many_are_told() -> None:
    both = (Axis("envelope", "lever", (0.0, 60.0), 60.0, "EUR"), Axis("size", "lever", (0.0, 1.0), 0.5, ""))
    gains = tuple(Interval(mean, mean - 0.1, mean + 0.1, 0.99) for mean in (0.0, -0.3, 0.05, 0.4))
    data = Swept(both, gains, "harm", -1, 0.05, "Mine", "Base", 20)
    assert finding(data) == (
        "In this model envelope 60, size 1 is best: 0.40 harm points a quarter less than base (gain 0.30 to 0.50); "
        "told better than base at 1 and worse at 1 of 4 points, over all of them at once."
    )
    none = data._replace(gains=(gains[0], gains[2]), axes=both[:1])
    assert "cannot be told from base at any of 2 points" in finding(none)


def test_the_command_writes_the_grid_and_its_picture(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    found = call("sweep", tmp_path / "small.toml", "envelope=0:600:3", "decision_mode", "--replicates", "2",
                 "--out", tmp_path / "out")  # fmt: skip
    assert found.exit_code == 0, found.output
    with (tmp_path / "out" / "sweep.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3 * 4 and {row["decision mode"] for row in rows} >= {"consensus", "opt_in"}
    assert (tmp_path / "out" / "sweep.svg").exists() and "In this model" in found.output


def test_parameters_alone_need_a_policy_to_tell_apart() -> None:
    found = call("sweep", "eastern_flank", "learning")
    assert found.exit_code == 2 and "name another" in found.output


@pytest.mark.slow
def test_the_commands_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_grid.toml").write_text("envelope = [0, 120, 240]\n", encoding="utf-8")
    lines = re.findall(r"^python run.py sweep (.*)$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(lines) == 4
    for line in lines:
        words = shlex.split(line, comments=True)
        found = call("sweep", *words, "--replicates", "2")
        assert found.exit_code == 0, found.output
