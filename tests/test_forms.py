"""Closed forms and trusted small oracles: trust, decay, arms, consensus, arrivals, tails, public goods."""

import math
from types import SimpleNamespace as some

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.declare.names import CONSENSUS, OBJECT, PARTNER, PROGRAMME, SELF_EXCITING, TWO_STATE
from sim.declare.parameters import Parameters
from sim.law.choices.member import amount_for, stance_on
from sim.law.compiled import Floats
from sim.law.draws import draws_for
from sim.law.forms import bounded_pareto, contest, expected_trust, fade, learn, logistic, poisson_count, richardson
from sim.law.mechanisms.council import decide_item
from sim.law.mechanisms.rivals import arms_dynamic
from sim.law.mechanisms.threats import arise, draw_luck
from sim.law.mechanisms.time_passes import HUMAN_FADE, PROCEDURAL_FADE, TECHNICAL_FADE, skill_fade
from sim.law.mechanisms.trust import forget
from sim.law.world import Threats, new_quarter

P = Parameters()
SHARES = st.floats(0.0, 1.0)


def one_threat(arrival: int, rate: float, states: int, end: float = 0.0, branching: float = 0.0) -> Threats:
    """One threat of kind 0 that strikes every state at `rate` a quarter; tail 2.5, cap 50."""
    return Threats(
        label=np.array([7]), kind=np.array([0]), arrival=np.array([arrival]), rate=np.full((1, states), rate),
        schedule=np.ones((1, 1)), tail=np.array([2.5]), least=np.ones(1), cap=np.array([50.0]), end=np.array([end]),
        branching=np.array([branching]),
    )  # fmt: skip


def counts_of(threats: Threats, quarters: int) -> npt.NDArray[np.int64]:
    """Arrivals (quarters, states) of one exogenous threat."""
    states = threats.rate.shape[1]
    setting = some(threats=threats, entity=np.arange(states), kinds=some(driver=[0]))
    world = some(active=np.zeros((1, states), dtype=np.int64), excitement=np.zeros((1, states)))
    found = np.zeros((quarters, states), dtype=np.int64)
    for at in range(quarters):
        quarter, draws = new_quarter(states, 1), draws_for(11, at, 0)
        quarter.work.driven[:] = 1.0
        draw_luck(setting, draws, quarter)
        arise(setting, world, draws, P, quarter)
        found[at] = quarter.arrivals[0]
    return found


@pytest.mark.parametrize("n", [0, 1, 2, 10, 1000])
def test_trust_after_n_kept_promises_is_that_of_the_beta_model(n: int) -> None:
    assert expected_trust(float(n), 0.0, 0.5) == (n + 1) / (n + 2)
    assert expected_trust(0.0, float(n), 0.5) == 1 / (n + 2)
    assert expected_trust(float(n), float(n), 0.5) == 0.5


@pytest.mark.parametrize("base", [0.1, 0.35, 0.8])
def test_without_evidence_trust_is_the_base_rate_and_evidence_outweighs_it(base: float) -> None:
    assert expected_trust(0.0, 0.0, base) == base
    assert expected_trust(8.0, 0.0, base) == pytest.approx((8.0 + 2.0 * base) / 10.0, rel=1e-15)
    assert expected_trust(1e6, 0.0, base) > 0.999 and expected_trust(0.0, 1e6, base) < 0.001


@pytest.mark.parametrize("kept", [0.91, 0.955, 0.985])
def test_evidence_settles_at_income_over_what_is_forgotten(kept: float) -> None:
    income = 0.3
    good, bad = np.zeros((2, 2)), np.zeros((2, 2))
    world, p = some(role=np.full(2, PARTNER), trust_for=good, trust_against=bad), P._replace(evidence_kept=kept)
    for _ in range(3000):
        forget(world, p)
        good[0, 1] = good[0, 1] + income
    assert good[0, 1] == pytest.approx(income / (1.0 - kept), rel=1e-12)
    assert good[1, 0] == bad[0, 1] == 0.0


@pytest.mark.parametrize(
    "rate, shortest, longest", [(TECHNICAL_FADE, 60, 120), (PROCEDURAL_FADE, 24, 48), (HUMAN_FADE, 9, 18)]
)
def test_skill_fades_with_the_declared_half_life(rate: float, shortest: int, longest: int) -> None:
    half_life = math.log(2.0) / rate  # quarters
    assert shortest <= 3.0 * half_life <= longest  # months
    level = np.full((1, 3), 0.8)
    world = some(role=np.array([PARTNER]), institutions=np.zeros((1, 2)), interoperability=level)
    p = P._replace(fading=rate / TECHNICAL_FADE)
    quarters = 40
    for _ in range(quarters):
        skill_fade(world, p)
    assert level[0, 0] == pytest.approx(0.8 * 0.5 ** (quarters / half_life), rel=1e-12)


def test_human_skill_fades_fastest_and_technical_slowest() -> None:
    assert HUMAN_FADE > 2.0 * PROCEDURAL_FADE > 4.0 * TECHNICAL_FADE


def arms_race(k: float, ell: float, a: float, g: float, h: float, quarters: int) -> tuple[float, float]:
    world = some(hostility=[0.5], pressure=[0.3])
    p = P._replace(reaction=k, answer=ell, restraint=a, grievance=g, provocation_weight=1.0)
    for _ in range(quarters):
        arms_dynamic(0, h, world, p)
    return world.hostility[0], world.pressure[0]


def test_a_stable_arms_race_settles_where_richardson_says() -> None:
    k, ell, a, g, h = 0.04, 0.03, 0.08, 0.02, 0.01
    hostility, pressure = arms_race(k, ell, a, g, h, 2000)
    assert hostility == pytest.approx((k * h + a * g) / (a * a - k * ell), rel=1e-10)
    assert pressure == pytest.approx((ell * g + a * h) / (a * a - k * ell), rel=1e-10)
    assert 0.0 < hostility < 1.0 and 0.0 < pressure < 1.0


def test_an_unstable_arms_race_runs_away() -> None:
    assert arms_race(0.075, 0.075, 0.05, 0.005, 0.005, 400) == (1.0, 1.0)


def test_the_arms_race_is_stable_at_the_defaults() -> None:
    assert P.restraint**2 > 2.0 * P.reaction * P.answer
    assert richardson(0.5, 0.25, 0.1, 0.05, 0.01) == pytest.approx(0.1 * 0.25 - 0.05 * 0.5 + 0.01)


@pytest.mark.parametrize("members", [1, 16, 32])
def test_one_objection_among_however_many_holds_an_item_up(members: int) -> None:
    p, allies = Parameters(), some(goodwill=[1.0] * members)
    for objector in range(members):
        moods = [-1.0 if m == objector else 0.5 for m in range(members)]
        objections = sum(stance_on(m, mood, 0.0, allies, p) == OBJECT for m, mood in enumerate(moods))
        assert objections == 1 and decide_item(PROGRAMME, objections, 0, CONSENSUS, 0) == 0


@pytest.mark.parametrize("burden", [0.1, 0.4, 1.2])
@pytest.mark.parametrize("utility", [-0.4, 0.0, 0.1, 0.3])
def test_an_amended_sum_is_the_largest_that_an_ally_lets_pass(utility: float, burden: float) -> None:
    p = Parameters()
    amount = amount_for(utility, burden, p)
    assert p.least_amended <= amount <= 1.0
    content = utility + (1.0 - amount) * burden
    if p.least_amended < amount < 1.0:
        assert content == pytest.approx(p.amend_below, abs=1e-12)
    elif amount == 1.0:
        assert utility >= p.amend_below
    else:
        assert content <= p.amend_below + 1e-12


@pytest.mark.parametrize("rate", [0.1, 0.8, 2.5])
def test_poisson_inversion_gives_the_poisson_distribution(rate: float) -> None:
    grid = (np.arange(100_000) + 0.5) / 100_000
    counts = np.bincount([poisson_count(rate, u, 50) for u in grid], minlength=8)
    for n in range(8):
        assert counts[n] / grid.size == pytest.approx(math.exp(-rate) * rate**n / math.factorial(n), abs=2e-5), n


@settings(deadline=None, max_examples=500)
@given(st.floats(0.0, 1.0, exclude_max=True), st.floats(0.0, 20.0), st.floats(0.0, 20.0), st.integers(0, 10))
def test_a_higher_rate_never_removes_an_arrival(uniform: float, rate: float, more: float, largest: int) -> None:
    fewer = poisson_count(rate, uniform, largest)
    assert 0 <= fewer <= poisson_count(rate + more, uniform, largest) <= largest


def test_spells_are_on_for_the_stationary_share_of_time() -> None:
    rate, end = 0.05, 0.15
    counts = counts_of(one_threat(TWO_STATE, rate, 500, end=end), 800)[100:]
    on = 1.0 - math.exp(-rate)
    assert counts.mean() == pytest.approx(on / (on + end), abs=0.004)
    starts = (counts[1:] > 0) & (counts[:-1] == 0)
    assert starts.sum() / (counts[:-1] == 0).sum() == pytest.approx(on, rel=0.03)
    assert set(np.unique(counts)) == {0, 1}


def test_self_exciting_arrivals_have_the_mean_and_the_spread_of_a_hawkes_process() -> None:
    rate, branching = 0.1, 0.4
    counts = counts_of(one_threat(SELF_EXCITING, rate, 1000, branching=branching), 460)[60:]
    assert counts.mean() == pytest.approx(rate / (1.0 - branching), rel=0.03)
    calm = counts_of(one_threat(SELF_EXCITING, rate / (1.0 - branching), 1000), 400)
    years = counts.reshape(20, 20, -1).sum(axis=1)
    poisson = calm.reshape(20, 20, -1).sum(axis=1)
    assert poisson.var() / poisson.mean() == pytest.approx(1.0, abs=0.05)
    # A Hawkes process has variance / mean 1 / (1 - branching)**2 = 2.8 in long windows.
    assert 2.2 < years.var() / years.mean() < 2.8


def tail_of(values: Floats, cap: float) -> float:
    """Exponent by maximum likelihood, for a power law from 1 to `cap` (Clauset, Shalizi & Newman 2009)."""
    mean = float(np.log(values).mean())
    low, high = 0.01, 20.0
    for _ in range(100):
        shape = 0.5 * (low + high)
        over = 0.0 if math.isinf(cap) else math.log(cap) / (cap**shape - 1.0)
        low, high = (shape, high) if 1.0 / shape - over > mean else (low, shape)
    return 1.0 + low


@pytest.mark.parametrize("tail", [1.8, 2.4, 3.5])
@pytest.mark.parametrize("cap", [60.0, 1e12])
def test_the_exponent_of_the_tail_is_recovered(tail: float, cap: float) -> None:
    uniforms = np.random.default_rng(4).random(50_000)
    values = np.array([bounded_pareto(u, tail, cap) for u in uniforms])
    assert tail_of(values, cap if cap < 1e6 else math.inf) == pytest.approx(tail, rel=0.015)


@settings(deadline=None, max_examples=500)
@given(st.floats(0.0, 1.0 - 2.0**-53), st.floats(1.5, 6.0), st.floats(2.0, 100.0))
def test_severity_stays_between_one_and_its_cap(uniform: float, tail: float, cap: float) -> None:
    assert 1.0 <= bounded_pareto(uniform, tail, cap) <= cap * (1.0 + 1e-12)  # but for rounding


def test_severity_rises_with_its_draw_from_one_to_the_cap() -> None:
    values = [bounded_pareto(u, 2.5, 50.0) for u in np.linspace(0.0, 1.0 - 2.0**-53, 1001)]
    assert values[0] == 1.0
    assert values == sorted(values)
    assert values[-1] == pytest.approx(50.0, rel=1e-9)


@settings(deadline=None, max_examples=300)
@given(SHARES, st.floats(0.0, 5.0), st.floats(0.0, 5.0))
def test_learning_stays_below_one_rises_with_gain_and_adds_up(level: float, gain: float, more: float) -> None:
    once = learn(level, gain)
    assert level <= once <= learn(level, gain + more) <= 1.0
    assert learn(once, more) == pytest.approx(learn(level, gain + more), abs=1e-14)
    assert learn(level, 0.0) == level


@settings(deadline=None, max_examples=300)
@given(st.floats(0.0, 100.0), st.floats(0.0, 100.0), st.floats(0.0, 100.0))
def test_a_contest_leaves_less_against_more_effort_and_more_of_a_graver_threat(e: float, t: float, m: float) -> None:
    assert 0.0 <= contest(e + m, t) <= contest(e, t) <= 1.0
    assert contest(e, t) <= contest(e, t + m) + 1e-15
    assert contest(t, t) == (0.5 if t > 0.0 else 0.0)


@settings(deadline=None, max_examples=300)
@given(SHARES, SHARES, st.floats(0.0, 3.0))
def test_decay_moves_towards_its_floor_and_never_past_it(level: float, floor: float, rate: float) -> None:
    after = fade(level, floor, rate)
    assert min(level, floor) - 1e-15 <= after <= max(level, floor) + 1e-15
    assert fade(level, floor, 0.0) == pytest.approx(level, abs=1e-15)


@settings(deadline=None, max_examples=300)
@given(st.floats(-50.0, 50.0), st.floats(0.0, 20.0))
def test_the_logistic_choice_is_symmetric_and_rises(x: float, more: float) -> None:
    assert logistic(x) + logistic(-x) == pytest.approx(1.0, abs=1e-15)
    assert 0.0 < logistic(x) <= logistic(x + more) <= 1.0
    assert logistic(0.0) == 0.5
