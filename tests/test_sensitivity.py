"""Sensitivity: known indices through the same driver as the model, tiny real runs, and how wrong names are refused."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import typer
from asking import call

from analysis.commands.told import told
from analysis.pictures import uncertain
from analysis.pictures.style import About
from analysis.pictures.write import charts_of, draw_charts
from analysis.stats.extras import load, optional
from analysis.stats.sensitivity import METHODS, MORRIS, SOBOL, Indices, Method, Problem
from analysis.studies.factors import Running, experiment, levers_named, parameters_named
from analysis.studies.uncertain import sensitivity_runs as sensitivity
from analysis.studies.uncertain.sensitivity_runs import Sensitivity, analyse, finding, headline, idle_sentence, rows
from sim.declare.levers import NUMBERS
from sim.declare.names import MEASURES
from sim.declare.parameters import Parameters
from sim.inputs.errors import InputError
from sim.inputs.load import load_scenario
from sim.inputs.policy import load_policy
from sim.inputs.scenario import Scenario

NAMES = ["x1", "x2", "x3"]
LOW, HIGH = np.full(3, -np.pi), np.full(3, np.pi)


def tiny() -> Scenario:
    return load_scenario("baseline_2025").model_copy(update={"horizon": 3, "shocks": (), "upheavals": ()})


def ishigami(x: np.ndarray) -> np.ndarray:
    """Ishigami & Homma (1990) with a = 7, b = 0.1."""
    return np.asarray(np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


def test_sobol_finds_the_known_indices_of_ishigami() -> None:
    (found,) = SOBOL.indices(ishigami, NAMES, LOW, HIGH, 2048)
    assert found.columns["S1"] == pytest.approx([0.314, 0.442, 0.0], abs=0.02)
    assert found.columns["ST"] == pytest.approx([0.558, 0.442, 0.244], abs=0.02)
    for name, known in (("S1", [0.314, 0.442, 0.0]), ("ST", [0.558, 0.442, 0.244])):
        assert (np.abs(found.columns[name] - known) < 1.5 * found.columns[f"{name}_conf"]).all()
    assert found.deviation == pytest.approx(np.sqrt(13.845), rel=0.02)


def test_sobol_rounds_samples_up_to_a_power_of_two() -> None:
    (found,) = SOBOL.indices(ishigami, NAMES, LOW, HIGH, 33)
    assert found.points == 64 * 5


def test_morris_finds_the_known_effects_of_a_plane() -> None:
    """Of a plane every elementary effect is the slope times the range: mu* = |slope| range, sigma = 0."""
    low, high = np.array([0.0, -1.0, 2.0, 0.0]), np.array([1.0, 1.0, 5.0, 9.0])

    def plane(x: np.ndarray) -> np.ndarray:
        return np.asarray(3.0 * x[:, 0] - 2.0 * x[:, 1] + 0.5 * x[:, 2])

    (found,) = MORRIS.indices(plane, ["a", "b", "c", "idle"], low, high, 6)
    assert found.columns["mu"] == pytest.approx([3.0, -4.0, 1.5, 0.0], abs=1e-9)
    assert found.columns["mu_star"] == pytest.approx([3.0, 4.0, 1.5, 0.0], abs=1e-9)
    assert found.columns["sigma"] == pytest.approx(np.zeros(4), abs=1e-9)
    assert found.order == [1, 0, 2, 3] and found.idle == [3]


def test_morris_tells_interaction_and_bend_from_an_even_effect() -> None:
    """Of 4 (x1 - 1/2)^2 + x2 x3 on the unit cube: signs cancel in mu and not in mu*; a product scatters."""

    def bent(x: np.ndarray) -> np.ndarray:
        return np.asarray(4.0 * (x[:, 0] - 0.5) ** 2 + x[:, 1] * x[:, 2] + 0.3 * x[:, 3])

    (found,) = MORRIS.indices(bent, ["bend", "one", "other", "even"], np.zeros(4), np.ones(4), 200)
    mu, star, sigma = (found.columns[name] for name in ("mu", "mu_star", "sigma"))
    assert abs(mu[0]) < 0.2 and star[0] == pytest.approx(4.0 / 3.0, abs=1e-9)
    assert mu[1:] == pytest.approx([0.5, 0.5, 0.3], abs=0.08)
    assert sigma[3] == pytest.approx(0.0, abs=1e-9) and min(sigma[:3]) > 0.25


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_several_responses_come_from_the_same_points_and_a_constant_moves_for_nothing(method: Method) -> None:
    def two(x: np.ndarray) -> np.ndarray:
        return np.stack([ishigami(x), np.full(len(x), 5.0)], axis=1)

    both = method.indices(two, NAMES, LOW, HIGH, 16)
    (alone,) = method.indices(ishigami, NAMES, LOW, HIGH, 16)
    assert np.array_equal(both[0].main, alone.main) and np.array_equal(both[0].half, alone.half)
    assert both[1].main.max() == 0.0 and both[1].idle == [0, 1, 2]


def test_the_same_seed_gives_the_same_indices() -> None:
    first, second, other = (SOBOL.indices(ishigami, NAMES, LOW, HIGH, 16, seed)[0] for seed in (0, 0, 3))
    assert np.array_equal(first.half, second.half) and not np.array_equal(first.main, other.main)


def test_a_function_that_gives_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        MORRIS.indices(lambda x: np.full(len(x), np.nan), NAMES, LOW, HIGH, 2)


def test_factors_by_name() -> None:
    assert len(parameters_named(["all"])) == len(Parameters._fields)
    assert 50 < len(parameters_named(["assumed"])) < len(Parameters._fields)
    assert [f.name for f in parameters_named(["learning", "doubt", "learning"])] == ["learning", "doubt"]
    assert {f.name for f in levers_named(["all"])} == set(NUMBERS) and "split" not in NUMBERS
    assert (levers_named(["envelope"])[0].low, levers_named(["envelope"])[0].high) == (0.0, 600.0)
    with pytest.raises(InputError, match="did you mean 'learning'"):
        parameters_named(["lerning"])
    with pytest.raises(InputError, match="did you mean 'envelope'"):
        levers_named(["envelop"])


def test_an_absent_extra_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert optional()["salib"] == "uncertainty" and optional()["distributed"] == "cluster"
    assert not {"numpy", "pytest"} & set(optional())
    monkeypatch.setitem(sys.modules, "SALib.sample.morris", None)
    with pytest.raises(ModuleNotFoundError, match=r'needs SALib: pip install "interlock-sim\[uncertainty\]"'):
        load("SALib.sample.morris")
    with pytest.raises(ModuleNotFoundError, match="No module named 'no_such_package'"):
        load("no_such_package.at_all")


def test_only_a_missing_extra_is_told_as_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    def needs(package: str) -> None:
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)

    with pytest.raises(typer.Exit):
        told(needs, "pymoo.core.problem")
    assert capsys.readouterr().err == 'this needs pymoo: pip install "interlock-sim[uncertainty]"\n'
    for package in ("sim.law.no_such_rule", "numpy"):  # a fault of the program, or of its installation
        with pytest.raises(ModuleNotFoundError, match=package):
            told(needs, package)


def test_the_model_through_the_driver(tmp_path: Path) -> None:
    scenario = tiny()
    factors = (*parameters_named(["own_effort", "bloc_settle"]), *levers_named(["envelope"]))
    found = experiment(scenario, load_policy("threat_tailored"), load_policy("status_quo"), factors)
    calls: list[tuple[int, int]] = []
    running = Running(seed=1, replicates=2, threads=1, folder=tmp_path, progress=lambda *now: calls.append(now))
    harm, shift = analyse(found, running, MORRIS, 2, ["harm", "realignment"])
    assert calls[-1][0] == calls[-1][1] <= sensitivity.runs(found, MORRIS, 2, 2)
    assert harm.indices.points == 8 and harm.baseline == "Status quo"
    assert harm.indices.main[0] > 0.0 == harm.indices.main[1]
    assert shift.measure == "realignment"
    files = len(list(tmp_path.glob("*.npz")))
    again = analyse(found, running, MORRIS, 2, ["harm"])[0]
    assert np.array_equal(again.indices.main, harm.indices.main) and len(list(tmp_path.glob("*.npz"))) == files


def test_levers_move_the_policy_and_not_the_baseline() -> None:
    quo = load_policy("status_quo")
    found = experiment(tiny(), quo, quo, levers_named(["envelope"]))
    policy, baseline = found.run(np.array([[0.0], [500.0]]), Running(replicates=1, threads=1))
    assert baseline is not None
    cost = MEASURES.index("cost")
    assert policy[0, 0, cost] < baseline[0, 0, cost] < policy[1, 0, cost]
    assert np.array_equal(baseline[0], baseline[1])


def made(method: Method, main: list[float], half: float, deviation: float) -> Sensitivity:
    names = tuple(f.name for f in parameters_named(["learning", "doubt", "words", "rot"]))
    star, wide, none = np.array(main), np.full(len(main), half), np.zeros(len(main))
    columns = (
        {"mu": star, "mu_star": star, "mu_star_conf": wide, "sigma": none} if method is MORRIS
        else {"S1": star, "S1_conf": wide, "ST": star, "ST_conf": wide}
    )  # fmt: skip
    index = Indices(method, names, columns, deviation, 20)
    return Sensitivity(index, parameters_named(names), "harm", "", 2)


def test_sentences_name_the_strongest_and_count_the_weak() -> None:
    told = made(MORRIS, [0.1, 8.0, 3.0, 0.0], 0.05, 5.0)
    assert finding(told) == (
        "In this model doubt moves harm most (μ* 8.00 ± 0.05 harm points a quarter), then words (μ* 3.00 ± 0.05) and "
        "learning (μ* 0.10 ± 0.05); 2 of the 4 tried move it less than a tenth as far as the first."
    )
    assert headline(told) == "In this model doubt moves harm most, then words and learning, of 4 tried"
    assert idle_sentence(told).endswith("over the points: rot.")
    shares = finding(made(SOBOL, [0.7, 0.2, 0.0, 0.0], 0.3, 5.0))
    assert shares == (
        "In this model learning moves harm most (ST 0.70 ± 0.30); 2 of the 4 tried explain less than 1 % of its "
        "variance each."
    )
    assert "none of the 4 tried" in finding(made(MORRIS, [0.0] * 4, 0.0, 0.0))
    heads, table = rows(told)
    assert [row[0] for row in table] == ["doubt", "words", "learning", "rot"] and len(heads) == len(table[0])


def test_a_new_method_is_one_declaration(tmp_path: Path) -> None:
    """Declared here and nowhere else: it asks a plane, and is told, tabled and drawn."""

    def corners(problem: Problem, samples: int, seed: int) -> np.ndarray:
        low, high = np.array(problem["bounds"]).T
        return np.stack([low, *(np.where(np.arange(len(low)) == i, high, low) for i in range(len(low)))])

    def steps(problem: Problem, points: np.ndarray, values: np.ndarray, seed: int) -> dict[str, np.ndarray]:
        return {"step": np.abs(values[1:] - values[0]), "step_conf": np.zeros(len(points) - 1)}

    method = Method(
        "one_at_a_time", 1, lambda samples, factors: factors + 1, corners, steps, columns=("step", "step_conf"),
        main="step", share=False, slight=0.5, symbol="Δ", axis="Δ{unit}", shows="{what} at {points} points",
        weak="do less than half", whole="of its scatter",
    )  # fmt: skip
    factors = parameters_named(["learning", "doubt"])
    (found,) = method.indices(lambda x: 3.0 * x[:, 0] + x[:, 1], ["learning", "doubt"], np.zeros(2), np.ones(2))
    data = Sensitivity(found, factors, "harm", "", 2)
    assert finding(data) == (
        "In this model learning moves harm most (Δ 3.00 ± 0.00 harm points a quarter), then doubt (Δ 1.00 ± 0.00); 1 "
        "of the 2 tried do less than half."
    )
    assert rows(data)[0][-3:] == ["step", "step_conf", "moves_nothing"]
    about = About("scenario", "policy", 1, "2 replicates", "rules")
    [drawn] = draw_charts(charts_of(uncertain, data, ["sensitivity"]), about, tmp_path)
    assert "harm at 3 points" in drawn.files["svg"].read_text(encoding="utf-8")


@pytest.mark.parametrize("method", METHODS)
def test_the_command_writes_table_manifest_and_figure(method: str, tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text('extends = "gulf_maritime"\nhorizon = 4\n', encoding="utf-8")
    found = call("sensitivity", file, "--method", method, "--parameters", "own_effort,bloc_settle", "--samples", "2",
                 "--replicates", "1", "--measure", "harm", "--out", tmp_path / "out")  # fmt: skip
    assert found.exit_code == 0, found.output
    assert "In this model own effort moves harm most" in found.output and "bloc settle" in found.output
    lines = (tmp_path / "out" / "sensitivity.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3 and lines[1].startswith("own_effort,parameter,2,16,")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["method"] == method and manifest["replicates"] == 1 and "SALib" in manifest["versions"]
    assert (tmp_path / "out" / "sensitivity.png").stat().st_size > 20_000


@pytest.mark.parametrize(
    ("words", "near"),
    [(("--parameters", "lerning"), "learning"), (("--levers", "tailorin"), "tailoring"),
     (("--measure", "harn"), "harm"), (("--method", "moris"), "morris"), (("--policy", "status_qo"), "status_quo"),
     (("--samples", "1"), "2 or more"), (("--replicates", "0"), "1 or more"),
     (("--parameters", "none"), "nothing to vary")],
)  # fmt: skip
def test_the_command_refuses_with_the_nearest_name(words: tuple[str, ...], near: str) -> None:
    found = call("sensitivity", "eastern_flank", *words)
    assert found.exit_code == 2 and near in found.output
