"""Duplicate league: several groups at the same game under the same shocks, scored on differences, seat by seat.

As in duplicate bridge: a seat is compared with the same seat at the other tables, never with other seats, so that a
hard seat and a hard world cost nobody anything.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.words import Table, signed
from game.core.journal import reading_game
from game.review.played import Played, RulesChanged, played_from
from sim.inputs.errors import InputError
from sim.law.compiled import Floats


class League(NamedTuple):
    """G groups by S seats."""

    title: str
    groups: tuple[str, ...]
    files: tuple[str, ...]
    seats: tuple[str, ...]
    scores: Floats  # (G, S)
    differences: Floats  # (G, S) score less the mean of the other groups' scores in this seat
    turns: int  # turns that all groups have resolved


def differences(scores: Floats) -> Floats:
    """Each score less the mean of the others in its column, (G, S) -> (G, S)."""
    groups = len(scores)
    if groups < 2:
        return np.zeros_like(scores)
    return np.asarray((scores - scores.mean(axis=0)) * (groups / (groups - 1.0)))


def league(games: Sequence[Played]) -> League:
    """The groups' scores after the last turn that all have resolved; ValueError where games are not the same."""
    if len(games) < 2:
        raise ValueError("A league needs at least two game files.")
    first = games[0]
    for other in games:
        if other.setup.as_json() != first.setup.as_json():
            raise ValueError(f"{other.name} is another game, seed or scenario than {first.name}.")
        if not other.verdict.verified:
            raise RulesChanged(f"{other.name}: {other.verdict.words()}")
    turns = min(len(game.turns) for game in games)
    until = min(game.lived for game in games) if all(game.finished for game in games) else first.end_of(turns - 1)
    if until < 1:
        raise ValueError("No quarter has been played yet.")
    seats = first.setup.game.seats
    found = [game.scores(until) for game in games]
    scores = np.array([[one[seat.id] for seat in seats] for one in found])
    return League(
        first.setup.game.title,
        _names(games),
        tuple(game.name for game in games),
        tuple(s.title for s in seats),
        scores,
        differences(scores),
        turns,
    )


def beside(path: Path, played: Played) -> list[Played]:
    """Other tables of the same start: finished games in the same folder, with the same setup down to the seed."""
    setup, found = played.setup.as_json(), []
    for other in sorted(path.parent.glob("*.game")):
        if other.resolve() == path.resolve():
            continue
        try:
            with reading_game(other) as journal:
                same = journal.setup().as_json() == setup
            game = played_from(other) if same else None
        except (InputError, OSError, ValueError):  # damaged, or no game: it is not at this table's side
            continue
        if game is not None and game.finished and game.verdict.verified:
            found.append(game)
    return found


def _names(games: Sequence[Played]) -> tuple[str, ...]:
    """File names without suffix, numbered where two are the same."""
    stems = [Path(game.name).stem for game in games]
    return tuple(s if stems.count(s) == 1 else f"{s} ({stems[:i].count(s) + 1})" for i, s in enumerate(stems))


def league_table(data: League) -> Table:
    """A row a group: score and difference by seat, and the mean difference."""
    rows = tuple(
        (group, *(f"{s:.1f} ({signed(float(d), 1)})" for s, d in zip(data.scores[g], data.differences[g])),
         signed(float(data.differences[g].mean()), 1))
        for g, group in enumerate(data.groups)
    )  # fmt: skip
    return Table(("group", *data.seats, "mean difference"), rows)
