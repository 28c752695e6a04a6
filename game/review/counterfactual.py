"""What one seat's other choice would have changed: its AI twin, and one decision left out. Relative to this model.

Two answers each, because nobody knows what the others would have done: *frozen*, the others' orders stay as they were
given, and *handed*, the other seats are handed to policies, which see the changed world. Both compare two runs that
differ in this one choice only, under the same luck: this world's, and fresh lucks with a 95 % interval.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from analysis.said import Said, joined
from analysis.stats.intervals import Interval, paired
from analysis.words import Table
from game.review.legality import no_longer_legal, refusals
from game.review.lucks import FRESH, Bench, Value, between, carry_again, rule_again, values_of, without_seats, words_for
from game.review.played import Played
from game.seats.asking import ask_stance
from game.seats.kind import BY_POLICY, Strategy
from game.seats.kinds import KINDS
from game.seats.laying import lay_seat, lay_stances, leave_to_policy, rows_of
from sim.declare.names import ITEMS, STANCES
from sim.law.asked_orders import Standing
from sim.runs.ensemble import Progress

FROZEN: Final = Said("others' orders frozen")
HANDED: Final = Said("others handed to policies")
DONE: Final = {
    "let_pass": Said("lets pass the %(item)s"), "amend": Said("amends the %(item)s"),
    "object": Said("breaks silence on the %(item)s"),
}  # fmt: skip
MANY: Final = FRESH // 2  # lucks of a whole list of twins, which together answer as soon as one decision does
RELATIVE: Final = "Relative to this model."


class Effect(NamedTuple):
    """What a choice changed in one value: in this world, and on average over fresh lucks."""

    value: Value
    here: float
    mean: Interval


class Answer(NamedTuple):
    """Effects with the others frozen, and handed to policies."""

    seat: str
    title: str  # the choice
    words: str
    frozen: tuple[Effect, ...]
    handed: tuple[Effect, ...]
    refused: tuple[str, ...]  # recorded orders that would no longer have been legal in this world, others frozen
    lucks: int
    turn: int = -1  # in which the choice was made; -1: in all

    def own(self, handed: bool = False) -> Effect:
        """The effect on the seat's own score."""
        return next(e for e in (self.handed if handed else self.frozen) if e.value.key == self.seat)


class Pair(NamedTuple):
    """Two sets of standing orders that differ in one choice."""

    without: Standing
    base: Standing


class Question(NamedTuple):
    """A choice with both pairs; made in one turn, or -1: in all."""

    seat: str
    title: str
    words: str
    frozen: Pair
    handed: Pair
    turn: int = -1

    @property
    def replaced(self) -> bool:
        """Whether none of the seat's own orders is a recorded one."""
        return self.turn < 0


def others(played: Played, seat: str) -> list[str]:
    """All seats but one."""
    return [one.id for one in played.setup.game.seats if one.id != seat]


def turns_of(played: Played, first: int = 0) -> range:
    """Turns of the game from one on, also those not yet played."""
    return range(first, played.setup.game.turns)


def hand_over(played: Played, seat: str, first: int = 0) -> Standing:
    """The class's orders with all seats but one left to policies from a turn on."""
    return without_seats(played, others(played, seat), turns_of(played, first))


def relaid(played: Played, standing: Standing, seat: str, strategy: Strategy) -> Standing:
    """Standing orders, changed in place, with a strategy's orders for one seat in every turn."""
    course, one = played.table.course, played.setup.game.seat(seat)
    leave_to_policy(standing, course.built, one, list(turns_of(played)))
    if strategy.orders is not None:
        stances = {item: STANCES.index(stance) for item, stance in strategy.stances.items()}
        for turn in turns_of(played):
            agenda = played.turns[turn].agenda if turn < len(played.turns) else {}
            lay_seat(standing, turn, course.built, one, strategy.orders)
            if KINDS[one.kind].sits:
                lay_stances(standing, turn, course.built, one, stances, agenda)
    carry_again(played, standing, [seat], turns_of(played))
    rule_again(played, standing)
    return standing


def as_recorded(played: Played, standing: Standing, seat: str) -> Standing:
    """Standing orders, changed in place, with the seat's own recorded decisions laid anew: its twin."""
    course, one = played.table.course, played.setup.game.seat(seat)
    leave_to_policy(standing, course.built, one, list(turns_of(played)))
    for turn in played.turns:
        if seat in turn.orders:
            lay_seat(standing, turn.number, course.built, one, turn.orders[seat])
        if seat in turn.stances:
            lay_stances(
                standing, turn.number, course.built, one, turn.stances[seat], turn.agenda, turn.amounts[seat] / 100.0
            )
    carry_again(played, standing, [], turns_of(played))
    rule_again(played, standing)
    return standing


def twin_question(played: Played, seat: str, name: str) -> Question:
    """A seat played by a strategy of the fixed list instead."""
    known = KINDS[played.setup.game.seat(seat).kind].strategies
    if name not in known:
        raise KeyError(f"{name!r} is no strategy of this kind of seat; allowed: {', '.join(known)}")
    title = Said("Policy" if name == BY_POLICY else name.capitalize())
    handed = hand_over(played, seat)
    return Question(
        seat, title, Said(known[name].words),
        Pair(relaid(played, without_seats(played, [], []), seat, known[name]), without_seats(played, [], [])),
        Pair(relaid(played, without_seats(played, others(played, seat), turns_of(played)), seat, known[name]), handed),
    )  # fmt: skip


def deletion_question(played: Played, seat: str, turn: int, item: str | None = None) -> Question:
    """A seat's orders and stances of one turn, or its stance on one item, left to policy."""
    if not 0 <= turn < len(played.turns):
        raise KeyError(f"turn {turn + 1} was not played; allowed: 1 to {len(played.turns)}")
    played.setup.game.seat(seat)
    handed = hand_over(played, seat, turn)
    what = Said("orders") if item is None else Said("stance on %(item)s", item=Said(item))
    return Question(
        seat, Said("Turn %(n)s: %(what)s", n=turn + 1, what=what), words_of(played, seat, turn, item),
        Pair(_left(played, without_seats(played, [], []), seat, turn, item), without_seats(played, [], [])),
        Pair(_left(played, hand_over(played, seat, turn), seat, turn, item), handed),
        turn,
    )  # fmt: skip


def _left(played: Played, standing: Standing, seat: str, turn: int, item: str | None) -> Standing:
    """Standing orders, changed in place, with one decision left to policy."""
    course, one = played.table.course, played.setup.game.seat(seat)
    if item is None:
        leave_to_policy(standing, course.built, one, [turn])
        carry_again(played, standing, [seat], [turn])
    else:
        if item not in ITEMS:
            raise KeyError(f"{item!r} is no item; allowed: {', '.join(ITEMS)}")
        ask_stance(standing, turn, rows_of(course.built, one), item, -1)
    rule_again(played, standing)
    return standing


def words_of(played: Played, seat: str, turn: int, item: str | None = None, brief: bool = False) -> str:
    """What the decision was, in words; `brief`: without lines that were left at nothing."""
    held = played.turns[turn]
    stances = {i: s for i, s in held.stances.get(seat, {}).items() if s or i == item}
    said = [done(STANCES[s], i) for i, s in sorted(stances.items())]
    if item is not None:
        return joined(said, ", ") if item in stances else Said("silence")
    orders: Mapping[str, Any] = held.orders.get(seat, {})
    form = KINDS[played.setup.game.seat(seat).kind].form
    labels = {line.name: line.label for line in form.lines}
    given = [
        joined((Said(labels.get(k, k)), Said(f"{v:g}") if isinstance(v, int | float) else str(v)))
        for k, v in orders.items() if v or not brief
    ]  # fmt: skip
    return joined([*given, *said], ", ") if given or said else Said("the form as it stood, and silence")


def done(stance: str, item: str) -> Said:
    """What a seat did with an item, in words."""
    return Said(DONE[stance].form, item=Said(item))


def _effects(
    values: Sequence[Value], here: Sequence[Mapping[str, Any]], lucks: Sequence[Mapping[str, Any]], sign: float
) -> tuple[Effect, ...]:  # fmt: skip
    """Without less base, or with `sign` -1 base less without: what having the decision changed."""
    found = []
    for v in values:
        ones = [sign * here[i][v.key] for i in (0, 1)]
        many = [sign * lucks[i][v.key] for i in (0, 1)]
        found.append(Effect(v, float(ones[0][0] - ones[1][0]), paired(*many)))
    return tuple(found)


def answer(
    bench: Bench, questions: Sequence[Question], count: int = FRESH, sign: float = 1.0,
    progress: Progress | None = None,
) -> tuple[Answer, ...]:  # fmt: skip
    """All questions at once: each pair under this luck and `count` fresh ones.

    sign 1: the other choice less the class's; -1: what the class's decision changed against leaving it out.
    """
    asked = [standing for q in questions for pair in (q.frozen, q.handed) for standing in pair]
    here, many = bench.read(asked, 0, 1), bench.read(asked, 1, count, progress)
    values, played, found = values_of(bench.played), bench.played, []
    refused = refusals(played, played.table.course.standing)
    for at, q in enumerate(questions):
        frozen, handed = (slice(4 * at + i, 4 * at + i + 2) for i in (0, 2))
        found.append(Answer(
            q.seat, q.title, q.words, _effects(values, here[frozen], many[frozen], sign),
            _effects(values, here[handed], many[handed], sign),
            no_longer_legal(played, q.frozen.without, refused, q.seat if q.replaced else ""), count, q.turn,
        ))  # fmt: skip
    return tuple(found)


def twin(
    bench: Bench, seat: str, names: Sequence[str] | None = None, count: int = FRESH, progress: Progress | None = None
) -> tuple[Answer, ...]:  # fmt: skip
    """A seat replaced by strategies of the fixed list (all, if none is named): twin less class."""
    kind = bench.played.setup.game.seat(seat).kind
    return answer(
        bench, [twin_question(bench.played, seat, n) for n in names or KINDS[kind].strategies], count, 1.0, progress
    )


def deletion(
    bench: Bench, seat: str, turn: int, item: str | None = None, count: int = FRESH, progress: Progress | None = None
) -> Answer:  # fmt: skip
    """What one decision changed: with it less without it."""
    return answer(bench, [deletion_question(bench.played, seat, turn, item)], count, -1.0, progress)[0]


def decisions(played: Played) -> list[tuple[str, int]]:
    """Every seat and turn in which it decided something."""
    return [
        (seat.id, turn.number) for seat in played.setup.game.seats for turn in played.turns
        if played.acted(seat.id, turn.number)
    ]  # fmt: skip


def deletions(bench: Bench, count: int = FRESH, progress: Progress | None = None) -> tuple[Answer, ...]:
    """Every decision of the class."""
    asked = [deletion_question(bench.played, seat, turn) for seat, turn in decisions(bench.played)]
    return answer(bench, asked, count, -1.0, progress)


def twins(
    bench: Bench, count: int = FRESH, progress: Callable[[int, int], None] | None = None
) -> dict[str, tuple[Answer, ...]]:  # fmt: skip
    """Every seat's twins."""
    seats = bench.played.setup.game.seats
    asked = [twin_question(bench.played, s.id, name) for s in seats for name in KINDS[s.kind].strategies]
    found = answer(bench, asked, count, 1.0, progress)
    return {seat.id: tuple(one for one in found if one.seat == seat.id) for seat in seats}


def answer_table(answer: Answer) -> Table:
    """One answer in all its values."""
    rows = []
    for f, h in zip(answer.frozen, answer.handed, strict=True):
        cells = [
            cell for one in (f, h) for cell in (
                words_for(f.value, one.here, True), words_for(f.value, one.mean.mean, True),
                between(words_for(f.value, one.mean.low, True), words_for(f.value, one.mean.high, True)),
            )
        ]  # fmt: skip
        rows.append((f.value.title, *cells))
    here = [Said("this world, %(others)s", others=others_) for others_ in (FROZEN, HANDED)]
    heads = (Said("value"), here[0], Said("mean"), Said("95 %"), here[1], Said("mean"), Said("95 %"))
    return Table(heads, tuple(rows))
