"""Comparisons: numbers against hand-made oracles, and a small real comparison against runs made one by one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from handmade import asked, made, outcomes

from analysis.stats.intervals import Interval
from analysis.studies.compare.comparison import HARM, Comparison, over_scenarios, point_of, shapley, smallest_of, turned
from analysis.studies.compare.nested import (
    EACH,
    chance,
    components,
    design,
    hinges,
    nest,
    unasked,
    varied,
    without_luck,
)
from analysis.studies.compare.reasons import SWITCHES, account, differing, lost_by, pointed_to, reset_of
from analysis.studies.compare.runs import NO_PROGRAMME, Plan, compare, plan_of
from sim.declare.names import MEASURES, SCORES
from sim.declare.no_programme import NO_LEVERS, NO_PARAMETERS
from sim.declare.parameters import Parameters, specs
from sim.inputs.errors import InputError
from sim.inputs.load import load_scenario
from sim.inputs.policy import LEVERS, Policy, load_policy
from sim.law.ledger import CAUSES
from sim.runs.build import levers_of
from sim.runs.ensemble import run_ensemble
from sim.runs.results import simulate, without_programme

POLICIES = ("status_quo", "threat_tailored", "restraint")
SMALL = 'extends = "eastern_flank"\ntitle = "Small"\nhorizon = 4\n'


def test_the_two_ways_to_less_harm_sum_exactly() -> None:
    attacks, response = shapley(np.array([10.0]), np.array([5.0]), np.array([8.0]), np.array([2.0]))
    assert attacks[0] == pytest.approx(2.0 * (0.5 + 0.25) / 2.0) and response[0] == pytest.approx(0.25 * 18.0 / 2.0)
    generator = np.random.default_rng(1)
    severity, other = generator.exponential(5.0, (2, 200)) * (generator.random((2, 200)) > 0.2)
    left, other_left = severity * generator.random(200), other * generator.random(200)
    attacks, response = shapley(severity, left, other, other_left)
    assert np.allclose(attacks + response, left - other_left, atol=1e-12)
    assert np.all(response[(severity == 0.0) | (other == 0.0)] == 0.0)


def test_turning_an_interval_keeps_low_below_high() -> None:
    assert turned(Interval(1.0, -2.0, 3.0, 0.95), -1) == Interval(-1.0, -3.0, 2.0, 0.95)


def test_judged_numbers_are_those_of_the_hand() -> None:
    found = made()
    assert found.leader == 1 and found.order() == [1, 0, 2]
    assert found.gains().tolist() == pytest.approx([0.0, 3.0, -2.0])
    assert found.primary[1].mean == pytest.approx(-3.0) and found.primary[1].half == pytest.approx(0.0, abs=1e-9)
    assert found.gain(1).mean == pytest.approx(3.0) and found.wins.tolist() == [0.0, 1.0, 0.0]
    assert found.best.winner == 1 and found.best.not_beaten == (1,)
    line = found.lines[1][HARM]
    base = found.outcomes[0, :, HARM].mean()
    assert line.relative is not None and line.relative.mean == pytest.approx(100.0 * -3.0 / base)
    assert line.better.mean == 1.0 and found.lines[2][HARM].better.mean == 0.0
    # 9 points averted (6 without the programme and 3 more) cost 11 - 2 million.
    assert found.averted[1].total.mean == pytest.approx(9.0) and found.price[1] == pytest.approx(1.0)
    assert found.averted[1].more is not None and found.averted[1].more.mean == pytest.approx(50.0)
    parts = found.averted[1].attacks.mean + found.averted[1].response.mean
    assert parts == pytest.approx(found.averted[1].total.mean)


def test_pairing_saves_what_shared_luck_is_worth() -> None:
    ratio = made(noise=1.0).lines[1][HARM].variance_ratio
    assert 100.0 < ratio < 500.0  # twice 10 squared, over 1


def test_the_baseline_never_leads_and_no_gain_has_no_price() -> None:
    found = made((0.0, 1.0, 9.0))
    assert found.leader == 1 and found.order()[0] == 0
    assert found.price[2] is None  # adds 3 points against no programme


def test_smallest_differences_and_points() -> None:
    scenario = load_scenario("eastern_flank")
    assert smallest_of(scenario, "harm") == scenario.smallest_difference
    assert smallest_of(scenario, "mutual_trust") == pytest.approx(0.01) and smallest_of(scenario, "cost") == 1.0
    assert point_of("mutual_trust") == 0.01 and point_of("harm") == 1.0


def test_over_scenarios_counts_in_smallest_differences() -> None:
    first, second = made(), made((0.0, 8.0, -2.0))
    second = replace(second, asked=second.asked._replace(name="there", smallest=2.0))
    over = over_scenarios((first, second))
    assert over.gains[1].tolist() == pytest.approx([3.0, -1.0, 4.0])  # 6 points over no programme, and 2 matter
    assert over.regrets[0].tolist() == pytest.approx([3.0, 0.0, 5.0])
    assert over.regrets[1].tolist() == pytest.approx([1.0, 5.0, 0.0])
    assert over.criteria.minimax_regret.tolist() == pytest.approx([3.0, 5.0, 5.0])
    assert over.criteria.satisficing.tolist() == [0.5, 0.5, 0.5]
    assert over.intervals.largest[0].mean == pytest.approx(3.0)


def test_the_ledgers_difference_sums_from_end_to_end() -> None:
    own, base = np.random.default_rng(3).normal(0.0, 0.01, (2, len(CAUSES)))
    one = account("trust", own, base, 0.4 + own.sum(), 0.4 + base.sum())
    assert len(one.causes) == len(CAUSES) and list(one.amounts) == sorted(one.amounts, reverse=True)
    assert one.amounts.sum() == pytest.approx(one.end - one.start)


def test_the_ledger_points_to_the_mechanism_behind_the_largest_difference() -> None:
    gaps = np.zeros((len(CAUSES), len(SCORES)))
    assert pointed_to(gaps, {}) == []
    gaps[CAUSES.index("leaks"), SCORES.index("trust")] = -0.02
    gaps[CAUSES.index("live_exercise"), SCORES.index("interoperability")] = 0.01
    names = [switch.name for switch in pointed_to(gaps, {})]
    assert names == ["leaks", "learning from activities"]
    harm = [switch.name for switch in pointed_to(gaps, {"attacks": 0.05, "response": 0.95})]
    assert harm[0] == "learning from activities" and "shared warning" in harm and "leaks" not in harm[:3]


@pytest.mark.parametrize("switch", SWITCHES, ids=[s.name for s in SWITCHES])
def test_every_switch_names_what_the_model_has(switch: object) -> None:
    assert set(switch.off) <= set(Parameters._fields)  # type: ignore[attr-defined]
    assert set(switch.causes) <= set(CAUSES) and set(switch.scores) <= set(SCORES)  # type: ignore[attr-defined]


def test_what_disappears_with_a_mechanism_is_the_difference_of_gains() -> None:
    on, off = outcomes((0.0, -4.0)), outcomes((0.0, -1.0))
    lost = lost_by(asked(policies=2), SWITCHES[0], (on[1], on[0]), (off[1], off[0]))
    assert (lost.with_it.mean, lost.without_it.mean, lost.lost.mean) == pytest.approx((4.0, 1.0, 3.0))


def test_a_lever_that_moves_nothing_is_found() -> None:
    own = outcomes((0.0, -4.0), noise=1.0)
    still = reset_of(asked(policies=2), "size", 0.5, 0.8, own[1], own[1])
    assert still.same and still.moved == ()
    moving = reset_of(asked(policies=2), "size", 0.5, 0.8, own[1], own[0])
    assert not moving.same and "harm" in dict(moving.moved) and moving.gain.mean > 3.0
    assert (moving.ours, moving.theirs) == ("0.5", "0.8")


def test_levers_on_which_policies_differ() -> None:
    own, base = load_policy("open_door"), load_policy("status_quo")
    assert differing(own, base) == ["split", "open_door", "rule"]  # type: ignore[arg-type]


# the nested design


def test_the_design_is_a_latin_hypercube_over_assumed_ranges() -> None:
    names = varied()
    assert names and all("assumed" in specs()[n].source for n in names)
    points = design(20, 1, names)
    assert np.array_equal(points, design(20, 1, names)) and not np.array_equal(points, design(20, 2, names))
    for column, name in zip(points.T, names, strict=True):
        low, high = specs()[name].low, specs()[name].high
        assert sorted(np.floor((column - low) / (high - low) * 20.0).astype(int)) == list(range(20))


def test_luck_and_parameters_are_told_apart() -> None:
    generator = np.random.default_rng(2)
    effect = generator.normal(0.0, 3.0, 2000)
    gaps = effect[:, None] + generator.normal(0.0, 4.0, (2000, 4))
    by_luck, by_parameters = components(gaps)
    assert by_luck == pytest.approx(16.0, rel=0.08) and by_parameters == pytest.approx(9.0, rel=0.15)
    assert without_luck(gaps).var(ddof=1) == pytest.approx(by_parameters)
    assert np.quantile(without_luck(gaps), 0.95) == pytest.approx(np.quantile(effect, 0.95), rel=0.1)
    assert components(np.zeros((9, 4)))[1] == 0.0 and without_luck(np.zeros((9, 4))).tolist() == [0.0] * 9


def test_only_parameters_above_chance_are_hinges() -> None:
    names = tuple(Parameters._fields[:30])
    values = np.random.default_rng(4).random((60, 30))
    noise = np.random.default_rng(6).normal(size=60)
    assert hinges(values, noise, names) == ()
    assert hinges(values[:12], values[:12, 0], names) == ()
    found = hinges(values, 3.0 * values[:, 7] - 2.0 * values[:, 3] + 0.1 * noise, names)
    assert [h.parameter for h in found] == [names[7], names[3]] and found[0].rho > 0.0 > found[1].rho
    assert chance(60, 30) > chance(200, 30) > chance(200, 3)


def test_the_nested_design_judges_gains() -> None:
    names = ("learning", "acquaintance")
    values = design(40, 1, names)
    found = np.zeros((40, 2, 4, len(MEASURES)))
    luck = np.random.default_rng(8).normal(0.0, 5.0, (40, 4))
    found[:, 0, :, HARM] = 50.0 + luck
    found[:, 1, :, HARM] = 50.0 + luck - 10.0 * values[:, :1] + 2.0  # no luck in the difference
    one = nest(asked(policies=2), found, values, names).spreads[1]
    assert one.by_luck == pytest.approx(0.0, abs=1e-18) and one.hinges[0].parameter == "learning"
    gains = 10.0 * values[:, 0] - 2.0
    assert (one.low, one.high) == pytest.approx(tuple(np.quantile(gains, [0.05, 0.95])))
    assert one.wins == pytest.approx((gains > 0.0).mean())


# plans


@pytest.mark.parametrize(
    "scenarios, how, words",
    [
        (["eastern_flnk"], {}, "eastern_flank"),
        (["eastern_flank"], {"policies": ["restrain"]}, "restraint"),
        (["eastern_flank"], {"measure": "harn"}, "did you mean 'harm'"),
        (["eastern_flank"], {"baseline": "statusquo"}, "status_quo"),
        (["eastern_flank"], {"policies": ["status_quo"]}, "beside the baseline"),
        ([], {}, "none is given"),
        (["eastern_flank"], {"explain": "no_such"}, "--explain"),
        (["eastern_flank"], {"replicates": 1}, "--replicates"),
        (["eastern_flank"], {"width": -1.0}, "--until-width"),
        (["eastern_flank"], {"points": 2}, "--parameters"),
        (["eastern_flank", "x/eastern_flank.toml"], {}, "share this name"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused_in_words(scenarios: list[str], how: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        plan_of(Plan(tuple(scenarios), **how))  # type: ignore[arg-type]


def test_a_plan_fills_in_what_is_not_asked() -> None:
    plan = plan_of(Plan(("all",), ("restraint",)))
    assert len(plan.scenarios) == 13 and plan.policies == ("status_quo", "restraint") and plan.baseline == "status_quo"
    assert len(plan_of(Plan(("eastern_flank",))).policies) == 9


def test_the_unasked_design_costs_no_more_runs_than_the_comparison() -> None:
    assert unasked(200, 9) == 24 and unasked(8, 3) == 0
    for replicates in (8, 20, 50, 200):
        for policies in (2, 3, 9):
            assert unasked(replicates, policies) * policies * EACH <= replicates * (policies + 1)
    assert plan_of(Plan(("eastern_flank",))).points == 24 and plan_of(Plan(("eastern_flank",), points=0)).points == 0


def test_no_programme_is_no_money_and_a_shut_door_in_policies_and_in_runs_alike() -> None:
    assert all(LEVERS[name].low == value for name, value in NO_LEVERS.items())
    policy = load_policy("status_quo")
    assert isinstance(policy, Policy)
    in_runs, in_policies = without_programme(levers_of(policy)), levers_of(policy.model_copy(update=dict(NO_LEVERS)))
    assert all(np.array_equal(a, b) for a, b in zip(in_runs, in_policies, strict=True))
    assert all(specs()[name].low == value for name, value in NO_PARAMETERS.items())


# a small real comparison


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path, Comparison]:
    folder = tmp_path_factory.mktemp("small")
    file = folder / "small.toml"
    file.write_text(SMALL, encoding="utf-8")
    kept = {}
    found = compare([str(file)], POLICIES, replicates=12, seed=3, points=4, folder=folder / "chunks", threads=2,
                    keep=lambda name, data: kept.update({name: data}))  # fmt: skip
    assert list(kept["small"]["policy"].values) == [*POLICIES, NO_PROGRAMME]
    assert kept["small"].sizes["replicate"] == 12
    return str(file), folder, found


def test_the_comparison_holds_the_ensembles_outcomes(small: tuple[str, Path, Comparison]) -> None:
    file, _, found = small
    direct = run_ensemble(file, POLICIES, 12, seed=3)["outcome"].values[0]
    assert np.array_equal(found.scenarios[0].outcomes, direct)


def test_harm_averted_is_that_of_the_single_run(small: tuple[str, Path, Comparison]) -> None:
    file, _, found = small
    single = [simulate(file, "status_quo", 3, r).averted() for r in range(12)]
    assert found.scenarios[0].averted[0].total.mean == pytest.approx(float(np.mean(single)), abs=1e-12)
    for one in found.scenarios[0].averted:
        assert one.attacks.mean + one.response.mean == pytest.approx(one.total.mean, abs=1e-12)


def test_the_ledgers_difference_is_the_difference_of_scores(small: tuple[str, Path, Comparison]) -> None:
    why = small[2].scenarios[0].why
    assert why is not None and {one.score for one in why.accounts} == {"trust", "interoperability"}
    for one in why.accounts:
        assert one.amounts.sum() == pytest.approx(one.end - one.start, abs=1e-9)
    assert {reset.lever for reset in why.resets} >= {"split"} and why.replicates == 12


def test_the_same_comparison_again_only_reads_and_gives_the_same(
    small: tuple[str, Path, Comparison], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, folder, found = small
    monkeypatch.setattr("sim.runs.ensemble.run_chunk", lambda *_: pytest.fail("a chunk was run twice"))
    again = compare([file], POLICIES, replicates=12, seed=3, points=4, folder=folder / "chunks")
    assert np.array_equal(again.scenarios[0].outcomes, found.scenarios[0].outcomes)
    assert again.scenarios[0].nested == found.scenarios[0].nested and again.scenarios[0].why is not None


def test_a_width_is_answered_on_fresh_replicates(small: tuple[str, Path, Comparison]) -> None:
    file, folder, _ = small
    found = compare([file], POLICIES[:2], replicates=10, seed=3, width=1000.0, folder=folder / "chunks").scenarios[0]
    assert found.stopped is not None and found.stopped.reached and found.stopped.looks == 1
    assert (found.asked.first, found.asked.replicates) == (10, 10)
    fresh = run_ensemble(file, POLICIES[:2], 10, seed=3, first=10)["outcome"].values[0]
    assert np.array_equal(found.outcomes, fresh)
    assert found.stopped.interval.half == max(one.half for one in found.primary)
