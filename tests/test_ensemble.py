"""The ensemble equals the Mesa run of the same key, whatever the threads, the chunks, the order and the machines."""

import json
from pathlib import Path

import numpy as np
import pytest
import xarray

from sim.declare.names import MEASURES
from sim.declare.parameters import specs
from sim.inputs.errors import InputError
from sim.inputs.load import load_scenario, scenario_names
from sim.inputs.policy import PythonPolicy, load_policy, policy_names
from sim.inputs.scenario import Scenario
from sim.runs.arm import Record, arm_of, over_run, states_over_run
from sim.runs.dataset import QUANTILES
from sim.runs.engine import Engine
from sim.runs.ensemble import BLOCK, CHUNK, run_arms, run_ensemble, tasks_of
from sim.runs.kept_chunks import read_chunk, to_bytes, write_chunk
from sim.runs.mesa_model import PartnershipModel
from sim.runs.results import simulate

ALL = Record(contributions=True, states=("trust", "harm", "exercises"), paths=True)


def short(name: str = "eastern_flank", horizon: int = 4) -> Scenario:
    """A shipped scenario cut short."""
    return load_scenario(name).model_copy(update={"horizon": horizon, "shocks": (), "upheavals": ()})


@pytest.fixture(scope="module")
def whole() -> xarray.Dataset:
    """Two policies, more than a block of replicates, in one chunk and one thread."""
    return run_ensemble(short(), ["status_quo", "open_door"], 130, record=ALL, threads=1, chunk=1000)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", scenario_names())
def test_the_ensemble_equals_mesa_to_the_bit_for_every_policy(scenario: str) -> None:
    policies = policy_names()
    seed, first = 11, 40 + scenario_names().index(scenario)
    found = run_ensemble(scenario, policies, 2, seed=seed, first=first)
    for at, policy in enumerate(policies):
        model = PartnershipModel(scenario, policy, seed, first + at % 2)
        steps = np.array([model.engine.measures.copy() for _ in model.quarters()])
        assert np.array_equal(found["outcome"].values[0, at, at % 2], over_run(steps[None])[0])


@pytest.mark.parametrize("chunk, threads", [(1, 2), (7, 1), (50, 2), (100, 2)])
def test_chunks_and_threads_change_no_bit(whole: xarray.Dataset, chunk: int, threads: int) -> None:
    again = run_ensemble(short(), ["status_quo", "open_door"], 130, record=ALL, threads=threads, chunk=chunk)
    assert again.identical(whole)


def test_the_order_of_policies_changes_no_bit(whole: xarray.Dataset) -> None:
    turned = run_ensemble(short(), ["open_door", "status_quo"], 130, record=ALL)
    for name in whole.data_vars:
        assert np.array_equal(turned[name].values[:, ::-1], whole[name].values, equal_nan=True), name


def test_a_later_window_holds_the_same_replicates(whole: xarray.Dataset) -> None:
    window = run_ensemble(short(), "open_door", 20, record=ALL, first=100)
    assert np.array_equal(window["outcome"].values[0, 0], whole["outcome"].values[0, 1, 100:120])


def test_outcomes_states_and_contributions_equal_one_run(whole: xarray.Dataset) -> None:
    results = simulate(short(), "open_door", 1, 3, paired=False)
    row = whole["outcome"].sel(policy="open_door", replicate=3).values[0]
    for i, name in enumerate(MEASURES):
        assert row[i] == pytest.approx(results.outcome(name), rel=1e-12, abs=1e-15)
    path = whole["path"].sel(policy="open_door", replicate=3, state=list(results.codes)).values[0]
    assert np.array_equal(path[:, :, 0], results.state("trust"))
    assert np.array_equal(path[:, :, 1], results.state("harm"))
    one = run_ensemble(short(), "open_door", 1, record=ALL, first=3)
    at = one["contribution"].sel(state=list(results.codes)).values[0, 0]
    assert np.array_equal(at, results.contributions)


def test_means_scatter_and_quantiles_are_those_of_the_replicates(whole: xarray.Dataset) -> None:
    outcome = whole["outcome"].values
    assert np.allclose(whole["mean"].values, outcome.mean(axis=2), rtol=1e-12)
    assert np.allclose(whole["scatter"].values, outcome.var(axis=2) * 130, rtol=1e-9)
    arms = [arm_of(short(), "open_door")]
    steps = np.stack([run_arms(arms, 1, first=r)[0].step_mean for r in range(130)])
    assert np.allclose(whole["step_mean"].values[0, 1], steps.mean(axis=0), rtol=1e-12)
    blocks = [np.quantile(part, QUANTILES, axis=0) for part in (steps[:BLOCK], steps[BLOCK:])]
    both = (blocks[0] * BLOCK + blocks[1] * 30) / 130
    assert np.allclose(whole["step_quantile"].values[0, 1], both, rtol=1e-12)


def test_summaries_alone_keep_nothing_of_each_replicate() -> None:
    lean = run_ensemble(short(), "status_quo", 30, record=Record(outcomes=False))
    assert "replicate" not in lean.sizes
    assert max(array.size for array in lean.data_vars.values()) < 5 * 4 * len(MEASURES) + 1


@pytest.mark.parametrize(
    "first, replicates, chunk", [(0, 250, 100), (0, 250, 1000), (50, 250, 1000), (99, 3, 1), (7, 333, 30)]
)
def test_tasks_cover_every_replicate_once_and_keep_blocks_whole(first: int, replicates: int, chunk: int) -> None:
    tasks = list(tasks_of(2, first, replicates, chunk))
    for arm in (0, 1):
        mine = [t for t in tasks if t.arm == arm]
        assert [n for t in mine for n in range(t.first, t.first + t.replicates)] == [*range(first, first + replicates)]
        assert all(t.first // BLOCK == (t.first + t.replicates - 1) // BLOCK or t.first % BLOCK == 0 for t in mine)


def test_a_policy_in_python_gives_the_same_dataset_through_mesa(tmp_path: Path) -> None:
    (tmp_path / "as_declared.py").write_text('"""As declared."""\n\n\ndef orders(view):\n    return view.default()\n')
    policy = load_policy(tmp_path / "as_declared.py")
    assert isinstance(policy, PythonPolicy)
    slow = run_ensemble(short(horizon=2), policy, 2, record=ALL, threads=1)
    quick = run_ensemble(short(horizon=2), "status_quo", 2, record=ALL)
    for name in quick.data_vars:
        assert np.array_equal(slow[name].values, quick[name].values, equal_nan=True), name


def test_parameters_are_replaced_and_named_in_the_manifest() -> None:
    plain = run_ensemble(short(), "status_quo", 2)
    moved = run_ensemble(short(), "status_quo", 2, parameters={"learning": 0.2})
    told = json.loads(moved.attrs["manifest"])
    assert told["parameters_replaced"] == {"learning": 0.2}
    engine = Engine(short(), "status_quo")
    engine.parameters = engine.parameters._replace(learning=0.2)
    for _ in engine.run():
        pass
    end = moved["outcome"].sel(measure="interoperability").values[0, 0, 0]
    assert end == engine.measures[MEASURES.index("interoperability")]
    assert end < plain["outcome"].sel(measure="interoperability").values[0, 0, 0]


def test_a_parameter_that_there_is_not_is_told_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"parameters: learnin = 0\.3: .* did you mean 'learning'"):
        run_ensemble(short(), "status_quo", 2, parameters={"learnin": 0.3})
    with pytest.raises(InputError, match=r"zzz = 0\.3: .*allowed: coercion_gain"):
        arm_of(short(), "status_quo", {"zzz": 0.3}, within=False)


@pytest.mark.parametrize("value", [0.0, 1.1, float("nan")])
def test_a_parameter_out_of_its_range_is_told_with_the_range(value: float) -> None:
    with pytest.raises(InputError, match=rf"parameters: learning = {value}: allowed: a number from 0\.2 to 1 \("):
        arm_of(short(), "status_quo", {"learning": value, "doubt": 0.0})


def test_a_switch_may_leave_the_range_and_computed_ends_are_inside() -> None:
    assert arm_of(short(), "status_quo", {"learning": 0.0}, within=False).values.learning == 0.0
    ends = {name: np.float64(spec.low + 1.0 * (spec.high - spec.low)) for name, spec in specs().items()}
    arm = arm_of(short(), "status_quo", ends)
    assert all(type(value) is float for _, value in arm.parameters)  # so that equal numbers name equal chunk files


def test_a_folder_is_read_back_and_its_files_repeat_byte_for_byte(tmp_path: Path) -> None:
    first = run_ensemble(short(), ["status_quo", "restraint"], 130, record=ALL, folder=tmp_path / "a", chunk=50)
    run_ensemble(short(), ["restraint", "status_quo"], 130, record=ALL, folder=tmp_path / "b", chunk=50, threads=1)
    files = sorted(path.name for path in (tmp_path / "a").glob("*.npz"))
    assert len(files) == 2 * 3
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    times = (tmp_path / "a" / "times.csv").read_text()
    again = run_ensemble(short(), ["status_quo", "restraint"], 130, record=ALL, folder=tmp_path / "a", chunk=50)
    assert again.identical(first)
    assert (tmp_path / "a" / "times.csv").read_text() == times  # nothing was run twice


def test_a_damaged_chunk_is_run_again(tmp_path: Path) -> None:
    first = run_ensemble(short(), "status_quo", 10, folder=tmp_path)
    path = next(tmp_path.glob("*.npz"))
    path.write_bytes(path.read_bytes()[:200])
    assert run_ensemble(short(), "status_quo", 10, folder=tmp_path).identical(first)
    assert read_chunk(path) is not None


def test_chunk_files_are_equal_for_equal_arrays(tmp_path: Path) -> None:
    arrays = {"b": np.arange(3.0), "a": np.zeros((0, 4))}
    assert to_bytes(arrays) == to_bytes(dict(reversed(arrays.items())))
    write_chunk(tmp_path / "x.npz", arrays)
    found = read_chunk(tmp_path / "x.npz")
    assert found is not None and found["a"].shape == (0, 4) and np.array_equal(found["b"], arrays["b"])
    assert read_chunk(tmp_path / "none.npz") is None
    assert [p.name for p in tmp_path.iterdir()] == ["x.npz"]


def test_flows_are_means_over_the_run_and_stocks_are_taken_at_its_end() -> None:
    states = np.array([[[[1.0, 1.0]], [[3.0, 3.0]]]])
    assert states_over_run(states, ("trust", "harm")).tolist() == [[[3.0, 2.0]]]


def test_the_default_chunk_is_a_block() -> None:
    assert CHUNK == BLOCK
