"""The class's standing orders under other courses of luck: one bench that runs, remembers and never repeats itself.

Replicate 0 of the game's seed is this world; replicates 1, 2, ... are the other lucks. Every arm meets the same ones,
so differences are paired. All of it is relative to this model.
"""

import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Final, NamedTuple

import numpy as np

from analysis.said import Said
from analysis.stats.intervals import Interval, paired
from game.core.council.proposal import PROPOSAL, carry, result_of
from game.core.scoring import OF_STATES, Outcome, scores_of
from game.review.played import Played, RulesChanged
from game.seats.laying import leave_to_policy
from sim.declare.names import ITEMS, LET_PASS, MEASURES, MEMBER
from sim.law.asked_orders import Standing, copy_standing
from sim.law.compiled import Floats, compile_rules
from sim.law.measures import DECLARED
from sim.runs.arm import Arm, Record, Runs, over_run, run_chunk, run_forked, states_over_run
from sim.runs.ensemble import Progress

LUCKS: Final = 1000  # of the question where this world fell
PAIRED: Final = 400  # of these, the first ones are met by policy play too: skill needs fewer than a percentile
FRESH: Final = 200  # of every question what a decision did
BLOCK: Final = 50  # replicates in a piece of work; remembered as one
MAIN: Final = ("mutual_trust", "interoperability", "harm", "stability", "consensus_rate", "cost")
LAID_OTHERWISE: Final = (
    "The orders in this file are laid otherwise than when it was played, because the rules of play have changed. The "
    "recorded results stand; counterfactuals would be under other rules."
)


class Value(NamedTuple):
    """A number that an answer is about: a seat's score, or a measure."""

    key: str
    title: str
    measure: str  # empty: a score, 0 to 100 points
    sign: int  # 1: more is better, -1: less is, 0: neither


def values_of(played: Played) -> tuple[Value, ...]:
    """Every seat's score, then the main measures, the scenario's primary one among them."""
    scores = [Value(seat.id, Said("%(seat)s: score", seat=seat.title), "", 1) for seat in played.setup.game.seats]
    names = dict.fromkeys((*MAIN, played.setup.scenario.primary_measure))
    measures = [Value(f"measure {n}", Said(n.replace("_", " ").capitalize()), n, DECLARED[n].direction) for n in names]
    return (*scores, *measures)


def read(played: Played, outcome: Outcome) -> dict[str, Floats]:
    """The values of every run, (R,) each."""
    found = scores_of(played.setup.game, outcome, played.table.course.built)
    for value in values_of(played):
        if value.measure:
            found[value.key] = outcome.measures[:, MEASURES.index(value.measure)]
    return found


@cache
def ready() -> None:
    """Compile the rules, or load them, once a process."""
    compile_rules()


class Bench:
    """Runs standing orders of one game under any lucks, through the compiled kernel with threads."""

    def __init__(self, played: Played, threads: int | None = None) -> None:
        played.must_be_comparable()
        self.played, self.threads = played, threads or os.cpu_count() or 1
        needed = {o.of for seat in played.setup.game.seats for o in seat.objectives if o.states is not None}
        self.columns = tuple(name for name in OF_STATES if name in needed)
        self._known: dict[tuple[str, int, int], Outcome] = {}
        self.runs = 0
        if not same_as_recorded(self):
            raise RulesChanged(Said(LAID_OTHERWISE))

    def arm(self, standing: Standing) -> Arm:
        """Standing orders in this game's world, up to the last quarter that was played."""
        setup = self.played.setup
        scenario = setup.scenario.model_copy(update={"horizon": self.played.lived})
        return Arm(scenario, setup.policy, self.played.table.course.built, standing=standing)

    def outcomes(
        self, asked: Sequence[Standing], first: int, count: int, progress: Progress | None = None
    ) -> list[Outcome]:  # fmt: skip
        """What replicates first ... first + count - 1 of each left behind."""
        ready()
        arms = {arm.fingerprint: arm for arm in map(self.arm, asked)}
        blocks = [(at, min(BLOCK, first + count - at)) for at in range(first, first + count, BLOCK)]
        missing = [(key, *b) for key in arms for b in blocks if (key, *b) not in self._known]
        total, done = sum(size for _, _, size in missing), 0
        with ThreadPoolExecutor(self.threads) as pool:
            waiting: list[tuple[tuple[str, int, int], Future[Outcome]]] = [
                (task, pool.submit(self._block, arms[task[0]], *task[1:])) for task in missing
            ]
            try:
                for task, future in waiting:
                    self._known[task] = future.result()
                    done += task[2]
                    if progress is not None:
                        progress(done, total)
            except BaseException:
                for _, future in waiting:
                    future.cancel()
                raise
        self.runs += total
        keys = [self.arm(one).fingerprint for one in asked]
        return [_joined([self._known[key, *block] for block in blocks]) for key in keys]

    def read(
        self, asked: Sequence[Standing], first: int, count: int, progress: Progress | None = None
    ) -> list[dict[str, Floats]]:  # fmt: skip
        """The same as values."""
        return [read(self.played, one) for one in self.outcomes(asked, first, count, progress)]

    def forked(self, asked: Sequence[Standing], first: int, count: int, step: int) -> list[Outcome]:
        """The same for orders that are alike up to a step: that part is run once."""
        ready()
        arms, seed = [self.arm(one) for one in asked], self.played.setup.game.seed
        size = -(-count // self.threads)
        with ThreadPoolExecutor(self.threads) as pool:
            waiting = [
                pool.submit(run_forked, arms, seed, at, min(size, first + count - at), self.record, step)
                for at in range(first, first + count, size)
            ]
            parts = [one.result() for one in waiting]
        return [_joined([self._outcome(runs) for runs in of_arm]) for of_arm in zip(*parts, strict=True)]

    @property
    def record(self) -> Record:
        """Only the variables that objectives are about are recorded; the others stay unknown."""
        return Record(states=self.columns)

    def _block(self, arm: Arm, first: int, count: int) -> Outcome:
        return self._outcome(run_chunk(arm, self.played.setup.game.seed, first, count, self.record))

    def _outcome(self, runs: Runs) -> Outcome:
        count, built = len(runs.measures), self.played.table.course.built
        states = np.full((count, len(built.codes), len(OF_STATES)), np.nan)
        if self.columns:
            states[:, :, [OF_STATES.index(n) for n in self.columns]] = states_over_run(runs.states, self.columns)
        return Outcome(over_run(runs.measures), states)


def _joined(parts: Sequence[Outcome]) -> Outcome:
    return Outcome(np.concatenate([p.measures for p in parts]), np.concatenate([p.states for p in parts]))


def without_seats(played: Played, seats: Sequence[str], turns: Sequence[int]) -> Standing:
    """The class's standing orders with these seats left to policy in these turns.

    The facilitator's rulings and injects stay: they are nobody's orders.
    """
    course = played.table.course
    standing = copy_standing(course.standing)
    for seat in seats:
        leave_to_policy(standing, course.built, played.setup.game.seat(seat), list(turns))
    carry_again(played, standing, seats, turns)
    rule_again(played, standing)
    return standing


def carry_again(played: Played, standing: Standing, left: Sequence[str], turns: Sequence[int]) -> None:
    """The staff's own items as they end without the word of some seats; none where the staff is one of them."""
    for turn in played.turns:
        one, n = turn.proposal, turn.number
        by_staff = standing.levers[n].split is not standing.policy.split  # else its orders are the policy's
        if one is None or n not in turns or one.by in left or not by_staff or PROPOSAL in turn.rulings:
            continue
        said = (stances.get(PROPOSAL, LET_PASS) for seat, stances in turn.stances.items() if seat not in left)
        carry(standing, n, one, result_of(said))


def rule_again(played: Played, standing: Standing) -> None:
    """Put back what is nobody's orders: the silence of allies that nobody plays, and the facilitator's rulings."""
    keep_silence(played, standing)
    for turn in played.turns:
        for item in set(turn.rulings) & set(ITEMS):
            at = ITEMS.index(item)
            standing.stance[turn.number, :, at] = played.table.course.standing.stance[turn.number, :, at]


def keep_silence(played: Played, standing: Standing) -> None:
    """Allies left to policy keep silence as they do at the table, but for those that hesitated there."""
    built = played.table.course.built
    for turn in played.turns:
        if turn.hesitant is None:
            continue
        for at, item in enumerate(ITEMS):
            for n in np.flatnonzero((standing.stance[turn.number, :, at] < 0) & (built.world.role == MEMBER)):
                if built.codes[n] not in turn.hesitant.get(item, ()):
                    standing.stance[turn.number, n, at] = LET_PASS


def by_policy(played: Played) -> Standing:
    """Nobody at the table: every seat left to policy in every turn."""
    game = played.setup.game
    return without_seats(played, [seat.id for seat in game.seats], range(game.turns))


def percentile(here: float, others: Floats) -> float:
    """Share of other lucks, in %, that came out below; ties count half."""
    return 100.0 * float(np.mean((others < here) + 0.5 * (others == here)))


class Luck(NamedTuple):
    """Where this world fell on one value among R lucks, and what the class's play was worth over the first P of them.

    here = mean by policy + skill + luck, exactly.
    """

    value: Value
    here: float
    mean: float  # of the class's orders over the first P lucks
    low: float  # 5 % of lucks lie below
    high: float  # 95 % do
    percentile: float
    policy_here: float
    policy_mean: float
    skill: Interval  # class less policy play, same lucks
    lucks: Floats  # (R,) the class's orders
    policy: Floats  # (P,) policy play

    @property
    def luck(self) -> float:
        """How far this world lies from the mean of the class's orders."""
        return self.here - self.mean


def luck_of(value: Value, here: float, policy_here: float, lucks: Floats, policy: Floats) -> Luck:
    """The numbers of one value; policy play may have met fewer lucks, the same first ones."""
    low, high = np.quantile(lucks, [0.05, 0.95])
    both = lucks[: len(policy)]
    return Luck(
        value, here, float(both.mean()), float(low), float(high), percentile(here, lucks), policy_here,
        float(policy.mean()), paired(both, policy), lucks, policy,
    )  # fmt: skip


def lucks(bench: Bench, count: int = LUCKS, progress: Progress | None = None) -> tuple[Luck, ...]:
    """The class's orders under this luck and `count` others, and policy play under the first PAIRED of them."""
    asked, both = [bench.played.table.course.standing, by_policy(bench.played)], min(count, PAIRED)
    here, policy_here = bench.read(asked, 0, 1)
    whole = count + both

    def first(done: int, total: int) -> None:
        if progress is not None:
            progress(whole - (count - both) - total + done, whole)

    def rest(done: int, total: int) -> None:
        if progress is not None:
            progress(whole - total + done, whole)

    own, policy = bench.read(asked, 1, both, first)
    if count > both:
        more = bench.read(asked[:1], 1 + both, count - both, rest)[0]
        own = {key: np.concatenate([values, more[key]]) for key, values in own.items()}
    return tuple(
        luck_of(v, float(here[v.key][0]), float(policy_here[v.key][0]), own[v.key], policy[v.key])
        for v in values_of(bench.played)
    )


def same_as_recorded(bench: Bench) -> bool:
    """Whether replicate 0 of the class's arm is the world that was played, to the bit."""
    found = bench.outcomes([bench.played.table.course.standing], 0, 1)[0]
    recorded = bench.played.outcome()
    columns = [OF_STATES.index(name) for name in bench.columns]
    return bool(
        np.array_equal(found.measures, recorded.measures)
        and np.array_equal(found.states[:, :, columns], recorded.states[:, :, columns])
    )


def words_for(value: Value, number: float, change: bool = False) -> str:
    """A number of a value in its own digits."""
    if not value.measure:
        digits = 1
    else:
        declared = DECLARED[value.measure]
        digits = 3 if declared.high - declared.low <= 2.0 else 1
    text = f"{abs(number):.{digits}f}"
    if float(text) == 0.0:
        return text
    return ("−" if number < 0.0 else "+" if change else "") + text


def between(low: str, high: str) -> Said:
    """An interval in words."""
    return Said("%(low)s to %(high)s", low=Said(low), high=Said(high))


def told(one: Interval) -> bool:
    """Whether an interval lies off 0 by more than rounding."""
    return one.excludes() and abs(one.mean) >= 0.05
