"""Search: a known front is found, luck in a winner's lead is told, and found policies are policy files."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from asking import call

from analysis.stats.pareto import Aim, choose, evolve, retested, search_in, spread, undominated
from analysis.studies.factors import Running
from analysis.studies.search_space import Space, as_toml, hundredths, same_levers
from analysis.studies.uncertain.search_runs import finding, model_of, search
from sim.inputs.load import load_scenario
from sim.inputs.policy import Policy, load_policy, policy_names

AIM = Aim((0, 1), (-1, -1), 0, -1, 1)


def schaffer(x: np.ndarray) -> np.ndarray:
    """Schaffer's first problem: the front is x in [0, 2], where sqrt(f1) + sqrt(f2) = 2; a second variable is idle."""
    return np.stack([x[:, 0] ** 2, (x[:, 0] - 2.0) ** 2], axis=1)


def noise(points: np.ndarray, first: int, replicates: int) -> np.ndarray:
    """Two outcomes that are nothing but luck, the same for the same point and replicate."""
    found = np.zeros((len(points), replicates, 2))
    for i, point in enumerate(points):
        for r in range(replicates):
            key = [int.from_bytes(np.round(point, 9).tobytes()[:8], "little") % 2**32, first + r]
            found[i, r] = np.random.default_rng(key).normal(size=2)
    return found


def test_the_known_front_is_found() -> None:
    points, losses = evolve(schaffer, np.full(2, -10.0), np.full(2, 10.0), 30, 25, 1)
    assert np.array_equal(losses, schaffer(points))
    assert np.abs(np.sqrt(losses).sum(axis=1) - 2.0).max() < 0.02
    assert points[:, 0].min() < 0.2 and points[:, 0].max() > 1.8 and len(points) >= 15
    assert undominated(losses).all()


def test_four_objectives_go_through_reference_directions() -> None:
    """The front of four squared distances to the corners of a square is the square."""
    corners = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])

    def far(x: np.ndarray) -> np.ndarray:
        return np.asarray(((x[:, None, :] - corners) ** 2).sum(axis=2))

    points, _ = evolve(far, np.full(2, -5.0), np.full(2, 5.0), 20, 25, 1)
    assert len(points) >= 20 and np.quantile(np.abs(points), 0.9) < 1.05


def test_starts_join_the_first_population_and_the_seed_decides() -> None:
    seen: list[np.ndarray] = []

    def watched(x: np.ndarray) -> np.ndarray:
        seen.append(x)
        return schaffer(x)

    starts = np.array([[1.0, 3.0], [9.0, 9.0]])
    first, _ = evolve(watched, np.full(2, -10.0), np.full(2, 10.0), 8, 3, 5, starts)
    assert any(np.array_equal(part[:2], starts) for part in seen if len(part) == 8)
    assert np.array_equal(first, evolve(schaffer, np.full(2, -10.0), np.full(2, 10.0), 8, 3, 5, starts)[0])


def test_the_lead_of_a_winner_by_luck_alone_shrinks_to_nothing() -> None:
    """Every outcome is noise: the search believes in a lead of about two standard errors, untouched luck does not."""

    def shipped(first: int, replicates: int) -> np.ndarray:
        return noise(np.array([[-5.0, 0.0]]), first, replicates)

    found = search_in(noise, shipped, np.zeros(2), np.ones(2), AIM, 16, 8, 4, 64, 3)
    best = -found.searched.mean(axis=1)[:, 0].min() + found.shipped_searched[0, :, 0].mean()
    assert best > 0.7  # 128 tries, standard error of a difference 0.7
    assert found.in_search(found.winner) > found.in_retest(found.winner) + 0.5
    assert not found.lead.low > 0.0 and abs(found.lead.mean) < 0.6
    assert not any(sure for _, sure in found.dominated(np.ones(len(found.points), dtype=bool)))


def test_a_true_lead_stays_and_its_dominance_is_sure() -> None:
    def better(points: np.ndarray, first: int, replicates: int) -> np.ndarray:
        luck = np.random.default_rng([first, replicates]).normal(size=(1, replicates, 2))  # shared by all
        return np.asarray(schaffer(points)[:, None, :] + luck)

    def shipped(first: int, replicates: int) -> np.ndarray:
        return better(np.array([[0.5, 0.0], [-3.0, 0.0], [6.0, 0.0]]), first, replicates)

    found = search_in(better, shipped, np.full(2, -10.0), np.full(2, 10.0), AIM, 20, 20, 3, 6, 1)
    own = np.ones(len(found.points), dtype=bool)
    assert found.rival == 0 and found.dominated(own)[1:] == [(True, True), (True, True)]
    assert found.dominated(~own) == [(False, False)] * 3
    assert found.in_search(found.chosen) == pytest.approx(found.lead.mean, abs=1e-9) and found.within


def test_the_choice_is_the_best_that_costs_no_more() -> None:
    fresh = np.array([[[1.0, 9.0]], [[2.0, 4.0]], [[3.0, 1.0]]])
    assert choose(fresh, np.array([[2.5, 5.0]]), AIM) == (1, True)
    assert choose(fresh, np.array([[2.5, 0.5]]), AIM) == (0, False)
    assert choose(fresh, np.array([[2.5, 0.5]]), replace(AIM, cost=None)) == (0, True)


def test_a_thinned_front_keeps_its_ends_and_what_must_stay() -> None:
    line = np.linspace(0.0, 1.0, 101)
    rows = spread(np.stack([line, 1.0 - line], axis=1), 6, [37])
    assert len(rows) == 6 and {0, 37, 100} <= set(rows.tolist()) and np.diff(rows).max() <= 40
    assert spread(np.zeros((3, 2)), 6).tolist() == [0, 1, 2]


def test_three_sets_of_luck_never_meet() -> None:
    asked: list[range] = []

    def told(points: np.ndarray, first: int, replicates: int) -> np.ndarray:
        asked.append(range(first, first + replicates))
        return noise(points, first, replicates)

    retested(told, lambda a, b: noise(np.zeros((1, 2)), a, b), np.array([[0.1, 0.2], [0.3, 0.4]]), AIM, 4, 8)
    assert asked == [range(0, 4), range(4, 12), range(12, 20)]


def test_shares_sum_to_one_in_hundredths() -> None:
    for weights in ([0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.2, 0.0, 5.0], list(np.random.default_rng(1).random(6))):
        shares = hundredths(weights)
        assert abs(sum(shares) - 1.0) < 1e-9 and all(round(100 * s) == pytest.approx(100 * s) for s in shares)
    assert hundredths([0.35, 0.2, 0.15, 0.15, 0.1, 0.05]) == [0.35, 0.2, 0.15, 0.15, 0.1, 0.05]


def test_every_point_of_the_space_is_a_policy_and_comes_back(tmp_path: Path) -> None:
    for space in (Space(), Space(frameworks=("partnership_for_peace", "mediterranean_dialogue"))):
        rng = np.random.default_rng(2)
        for i in range(20):
            policy = space.policy(space.low + (space.high - space.low) * rng.random(len(space.low)), f"Found {i}")
            assert policy.decision_mode != "joint_decision"
            assert same_levers(space.policy(space.point(policy)), policy)
            file = tmp_path / f"{i}.toml"
            file.write_text(as_toml(policy, ["a remark"]), encoding="utf-8")
            again = load_policy(file)
            assert isinstance(again, Policy) and same_levers(again, policy) and again.title == f"Found {i}"


def test_shipped_policies_lie_in_the_space_unless_they_focus() -> None:
    space = Space()
    inside = [name for name in policy_names() if isinstance(p := load_policy(name), Policy) and space.holds(p)]
    assert {"status_quo", "threat_tailored"} <= set(inside) and "south_first" not in inside


def test_a_search_in_the_model(tmp_path: Path) -> None:
    scenario = load_scenario("baseline_2025").model_copy(update={"horizon": 3, "shocks": (), "upheavals": ()})
    model = model_of(scenario, Running(seed=1, replicates=2, threads=1, folder=tmp_path))
    data = search(model, [scenario.primary_measure, "cost"], 5, 2, 3, 1)
    assert len(data.policies) == len(data.own) == len(data.found.points) and data.found.fresh.shape[1] == 3
    assert data.found.searched.shape[1] == 2 and data.found.untouched.shape[:2] == (2, 3)
    assert finding(data)[0].startswith("In this model ") and "luck" in finding(data)[1] and data.rival in data.shipped


def test_the_command_writes_policies_that_validate(tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text('extends = "gulf_maritime"\nhorizon = 4\n', encoding="utf-8")
    found = call("search", file, "--population", "6", "--generations", "3", "--replicates", "2", "--retest", "2",
                 "--objectives", "harm,mutual_trust,cost", "--out", tmp_path / "out")  # fmt: skip
    assert found.exit_code == 0, found.output
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["objectives"] == ["harm", "mutual_trust", "cost"] and "envelope" in manifest["levers"]
    lines = (tmp_path / "out" / "policies.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("policy,kind,chosen,undominated,") and sum(",1," in line for line in lines) >= 1
    policies = sorted((tmp_path / "out" / "policies").glob("found_*.toml"))
    assert policies and call("validate", *policies).exit_code == 0
    assert (tmp_path / "out" / "search.png").stat().st_size > 20_000


@pytest.mark.parametrize(
    ("words", "near"),
    [(("--objectives", "harn,cost"), "harm"), (("--objectives", "harm"), "two objectives"),
     (("--population", "1"), "4 or more"), (("--generations", "0"), "1 or more"), (("--replicates", "1"), "2 or more")],
)  # fmt: skip
def test_the_command_refuses_with_the_nearest_name(words: tuple[str, ...], near: str) -> None:
    found = call("search", "eastern_flank", *words)
    assert found.exit_code == 2 and near in found.output
