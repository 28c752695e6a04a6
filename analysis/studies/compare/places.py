"""Who gains and who loses: every state and every group of states, judged over all of them at once."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.stats.intervals import Interval, bounds
from analysis.words import counted, framework_name, listed, region_name
from sim.declare.names import MEMBER, PARTNER, REGIONS, ROLES
from sim.law.compiled import Floats
from sim.runs.build import Built
from sim.runs.dataset import Gathered

STATES: Final = ("trust", "interoperability", "harm")  # the variables that a comparison keeps of every state
LEVEL: Final = 0.95
ASKED: Final = "those asked about"  # the group of the scenario's focus, where that is not everybody


class Group(NamedTuple):
    """A group of states: the mean difference of its states, in intervals that hold over all states and groups."""

    name: str
    states: int
    trust: Interval
    averted: Interval


class Places(NamedTuple):
    """Every state's mean difference of one policy from the baseline and whether it can be told from luck."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    roles: tuple[str, ...]
    tiles: tuple[tuple[int, int], ...]
    trust: Floats  # (N,) policy less baseline
    trust_told: tuple[bool, ...]
    averted: Floats  # (N,) harm of the baseline less that of the policy
    averted_told: tuple[bool, ...]
    groups: tuple[Group, ...] = ()
    asked: tuple[bool, ...] = ()  # whether the scenario's question is about the state; empty where about all


def groups_of(built: Built) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    """Roles, frameworks on the first day and regions that have two states or more, rivals left out."""
    role, setting = built.world.role, built.setting
    ours = (role == MEMBER) | (role == PARTNER)
    if not setting.focus[ours].all():
        yield ASKED, ours & (setting.focus > 0)
    yield from (("allies", role == MEMBER), ("partners", role == PARTNER))
    for i, name in enumerate(built.frameworks):
        yield framework_name(name), ours & (built.world.framework == i)
    for i, name in enumerate(REGIONS):
        yield region_name(name), ours & (setting.region == i)


def places_of(built: Built, pair: tuple[Gathered, Gathered]) -> Places:
    """Mean differences by state and group, told from luck over all of them at once."""
    own, base = (np.concatenate(one.states) for one in pair)  # (R, N, STATES)
    trust = own[:, :, STATES.index("trust")] - base[:, :, STATES.index("trust")]
    averted = base[:, :, STATES.index("harm")] - own[:, :, STATES.index("harm")]
    kept = [(name, rows) for name, rows in groups_of(built) if rows.sum() > 1]
    level = 1.0 - (1.0 - LEVEL) / (trust.shape[1] + len(kept))
    told, ends = [], []
    for gaps in (trust, averted):
        low, high = bounds(gaps, level)
        told.append(tuple(bool(x) for x in (low > 0.0) | (high < 0.0)))
        means = np.stack([gaps[:, rows].mean(axis=1) for _, rows in kept], axis=1)
        low, high = bounds(means, level)
        three = zip(means.mean(axis=0), low, high, strict=True)
        ends.append([Interval(float(mean), float(a), float(b), level) for mean, a, b in three])
    about = built.setting.focus > 0
    groups = tuple(Group(kept[i][0], int(kept[i][1].sum()), ends[0][i], ends[1][i]) for i in range(len(kept)))
    return Places(
        built.codes, built.names, tuple(ROLES[r] for r in built.world.role), built.tiles, trust.mean(axis=0), told[0],
        averted.mean(axis=0), told[1], groups, tuple(about.tolist()) if kept[0][0] == ASKED else (),
    )  # fmt: skip


def who(places: Places) -> list[str]:
    """Who gains and who loses, in two sentences: by harm and by trust."""
    averted, trust = ([getattr(group, name) for group in places.groups] for name in ("averted", "trust"))
    harm = _who(places, places.averted, places.averted_told, averted, "less harm", "more harm")
    whole = f"{len(places.codes)} states and {counted(len(places.groups), 'group')}"
    over = f" (told from luck over {whole} at once)."
    return [harm[:-1] + over, _who(places, places.trust, places.trust_told, trust, "more trust", "less trust")]


def _who(
    places: Places, values: Floats, told: tuple[bool, ...], ends: list[Interval], up: str, down: str
) -> str:  # fmt: skip
    """One sentence: the states that gain and lose, largest first, and the groups."""
    order = sorted((i for i in range(len(values)) if told[i]), key=lambda i: -abs(values[i]))
    groups = sorted((i for i in range(len(ends)) if ends[i].excludes()), key=lambda i: -abs(ends[i].mean))
    if not order and not groups:
        return f"No state or group is told to see {up} or {down}."
    parts = []
    for words, way in ((up, 1.0), (down, -1.0)):
        states = [i for i in order if way * values[i] > 0.0]
        named = [places.groups[i].name for i in groups if way * ends[i].mean > 0.0]
        parts.append(f"{words} in {_where(places, states)}" + (f", as groups {listed(named, 4)}" if named else ""))
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def _where(places: Places, states: list[int]) -> str:
    """So many states with their names; those that the scenario asks about come first."""
    if not states:
        return "none"
    if not places.asked:
        return f"{counted(len(states), 'state')} ({listed([places.names[i] for i in states], 4)})"
    inside = [places.names[i] for i in states if places.asked[i]]
    others = [places.names[i] for i in states if not places.asked[i]]
    share = "all" if len(inside) == sum(places.asked) else f"{len(inside) or 'none'} of the"
    text = f"{share} {sum(places.asked)} states asked about"
    text += f" ({listed(inside, 4)})" if inside else ""
    more = " and" if inside else ", but in"
    return text + (f"{more} {counted(len(others), 'other')} ({listed(others, 2)})" if others else "")
