"""The verdict in plain sentences, generated from numbers: the answer first, then how sure it is and why.

A difference *is told* when its interval excludes 0. Told is not the same as large: every sentence also weighs the
difference against the smallest one that matters, which the scenario declared before any policy was run.
"""

from typing import Final

from analysis.stats.intervals import Interval
from analysis.studies.compare.comparison import Judged, turned
from analysis.studies.compare.nested import FEWEST_POINTS, Nested, Spread
from analysis.studies.compare.places import who
from analysis.studies.compare.reasons import Why
from analysis.words import cause_name, counted, listed, lower, measure_name, number
from sim.law.measures import DECLARED

DROPS: Final = 0.2  # share of a gain that a mechanism must carry to be named
UNITS: Final = {"accessions": "", "leaks": "a quarter"}  # where the measure's name says the rest
RELATIVE: Final = ("harm", "severity", "cost")  # measures without a scale of their own are told in %


def said(title: str) -> str:
    """A title as it reads inside a sentence: Threat-tailored -> threat-tailored; NATO first stays."""
    title = title.rstrip(".")
    return title[:1].lower() + title[1:] if title[1:] == title[1:].lower() else title


def noun(measure: str) -> str:
    """A measure as it reads inside a sentence."""
    name = measure_name(measure)
    return name if measure == "coalition_score" else name.lower()


def amount(value: float, measure: str) -> str:
    """A size in the measure's unit: 2.6 harm points a quarter, 0.012 mutual trust."""
    return f"{figure(abs(value), measure)} {unit_of(measure)}".strip()


def unit_of(measure: str) -> str:
    """The unit where a number needs one: scores and counted things that the measure names need none."""
    declared = DECLARED[measure]
    return "" if declared.high - declared.low <= 2.0 else UNITS.get(measure, declared.unit)


def apart(value: float, measure: str, sign: int, base: str) -> str:
    """A gain as a headline has it: 2.6 harm points a quarter less than status quo, legitimacy 0.16 above status quo."""
    up = value * sign > 0.0
    if measure in RELATIVE:
        return f"{amount(value, measure)} {'more' if up else 'less'} than {base}"
    return f"{noun(measure)} {amount(value, measure)} {'above' if up else 'below'} {base}"


def figure(value: float, measure: str) -> str:
    """A number of a measure with its sign and without its unit."""
    scaled = DECLARED[measure].high - DECLARED[measure].low <= 2.0
    text = f"{abs(value):.3f}" if scaled else number(abs(value))
    return f"−{text}" if value < 0.0 and float(text.replace(",", "")) != 0.0 else text


def span(low: float, high: float, measure: str) -> str:
    """The ends of an interval: 0.9 to 1.5."""
    return f"{figure(low, measure)} to {figure(high, measure)}"


def percent(value: float) -> str:
    """A share in % with two significant places: 12, 4.1, 0.38."""
    size = abs(value)
    text = f"{size:.{0 if size >= 9.95 else 1 if size >= 0.95 else 2}f}"
    return f"−{text}" if value < 0.0 and float(text) != 0.0 else text


def luck(judged: Judged) -> str:
    """What an interval is over."""
    return f"over luck, {counted(judged.asked.replicates, 'paired replicate')}"


def assumed(judged: Judged, policy: int, way: float, relative: bool) -> str:
    """The range of a gain over assumed parameters, as it stands beside an interval; `way`: 1 if more of it is said."""
    if judged.nested is None:
        return ""
    own = judged.nested.spreads[policy]
    low, high = own.relative if relative and own.relative is not None else (own.low, own.high)
    low, high = sorted((way * low + 0.0, way * high + 0.0))
    words = f"{percent(low)} to {percent(high)} %" if relative and own.relative is not None else (
        span(low, high, judged.asked.measure)
    )  # fmt: skip
    return f"; {words} over assumed parameters"


def verdict(judged: Judged, policy: int | None = None) -> list[str]:
    """The verdict on one scenario: of the leading policy, or of the one named."""
    chosen = judged.leader if policy is None else policy
    found = [headline(judged, chosen), matters(judged, chosen), ranking(judged)]
    if judged.asked.measure == "harm":
        found.append(ways(judged, chosen))
    if judged.places is not None:
        found += who(judged.places)
    if judged.nested is not None:
        found.append(over_parameters(judged, judged.nested, chosen))
    if judged.why is not None and judged.why.policy == chosen:
        found += [accounts(judged, judged.why), mechanisms(judged, judged.why), *idle(judged, judged.why)]
    return [text for text in found if text]


def headline(judged: Judged, policy: int) -> str:
    """The answer: how much more or less of the primary measure than under the baseline, and how sure."""
    asked = judged.asked
    name, base = said(asked.titles[policy]), said(asked.titles[asked.baseline])
    gain, what = judged.gain(policy), noun(asked.measure)
    if not gain.excludes():
        unit = f"{unit_of(asked.measure)}, ".removeprefix(", ")
        return (
            f"In this model no difference in {what} between {name} and {base} can be told from luck: "
            f"{figure(gain.mean * asked.sign, asked.measure)} ({unit}95 % interval "
            f"{_ends(gain, asked.sign, asked.measure)} {luck(judged)}{assumed(judged, policy, asked.sign, False)})."
        )
    up = gain.mean * asked.sign > 0.0
    way = 1 if gain.mean > 0.0 else -1
    ahead = turned(gain, way)
    relative = judged.lines[policy][judged.at].relative
    if relative is None or asked.measure not in RELATIVE:
        share = "" if relative is None else f", {percent(abs(relative.mean))} %"
        return (
            f"In this model {name} {'raises' if up else 'lowers'} {what} by {amount(ahead.mean, asked.measure)} "
            f"against {base}{share} (95 % interval {span(ahead.low, ahead.high, asked.measure)} {luck(judged)}"
            f"{assumed(judged, policy, way, False)})."
        )
    ends = turned(relative, 1 if relative.mean > 0.0 else -1)
    size = amount(ahead.mean, asked.measure)
    return (
        f"In this model {name} leaves {percent(ends.mean)} % {'more' if up else 'less'} {what} than {base} "
        f"(95 % interval {percent(ends.low)} to {percent(ends.high)} {luck(judged)}"
        f"{assumed(judged, policy, way, True)}): {size}."
    )


def _ends(gain: Interval, sign: int, measure: str) -> str:
    """An interval's ends turned back to the measure itself."""
    back = turned(gain, sign)
    return span(back.low, back.high, measure)


def matters(judged: Judged, policy: int) -> str:
    """Whether the difference reaches the smallest one that matters."""
    asked, gain = judged.asked, judged.gain(policy)
    unit = unit_of(asked.measure).replace("points", "point" if asked.smallest == 1.0 else "points")
    least = f"{asked.smallest:g} {unit}".strip()
    low, high = sorted((abs(gain.low), abs(gain.high)))
    if not gain.excludes():
        if high < asked.smallest:
            return f"If there is one, it is smaller than the smallest difference that matters here ({least})."
        return f"It may still be as large as matters here ({least}); more replicates would tell."
    if high < asked.smallest:
        return f"The difference is told, but it is smaller than the smallest difference that matters here ({least})."
    if low < asked.smallest:
        return f"The difference is told; whether it reaches what matters here ({least}) is not."
    return f"That is more than the smallest difference that matters here ({least})."


def ranking(judged: Judged) -> str:
    """Which policy is best, or which cannot be told from the best."""
    asked, best = judged.asked, judged.best
    what, size = noun(asked.measure), len(asked.policies)
    if best.winner is not None:
        ahead = best.intervals[best.winner]
        lead = "the other" if size == 2 else f"each of the {size - 1} others"
        return (
            f"{asked.titles[best.winner]} is best of {size}: it leads {lead} by {amount(ahead.low, asked.measure)} or "
            f"more, with 95 % confidence over all comparisons; it is best in {100 * judged.wins[best.winner]:.0f} % of "
            "replicates."
        )
    kept = [p for p in judged.order() if p in best.not_beaten]
    if len(kept) == 1:
        return (
            f"{asked.titles[kept[0]]} is best of {size} for {what} with 95 % confidence, but its lead may be smaller "
            "than matters here."
        )
    names = listed([said(asked.titles[p]) for p in kept], 9)
    if len(kept) == size:
        return f"None of the {size} policies can be told from the best."
    beaten = "The other 1 is" if size - len(kept) == 1 else f"The other {size - len(kept)} are"
    return f"Not to be told from the best of {size}: {names}. {beaten} beaten."


def ways(judged: Judged, policy: int) -> str:
    """Harm averted against no programme, compared with the baseline, and the two ways to it."""
    asked, own, base = judged.asked, judged.averted[policy], judged.averted[judged.asked.baseline]
    name, other = said(asked.titles[policy]), said(asked.titles[asked.baseline])
    if not own.total.excludes():
        return f"Against no programme at all, {name} averts no harm that can be told from luck."
    if number(abs(own.total.mean)) == "0.00":
        return f"Against no programme at all, {name} moves harm by less than 0.01 points a quarter."
    if own.total.mean < 0.0:
        text = f"Against no programme at all, {name} adds {number(-own.total.mean)} harm points a quarter"
    else:
        text = f"Against no programme at all, {name} averts {number(own.total.mean)} harm points a quarter"
        if own.more is not None and own.more.excludes() and base.total.low > 0.0:
            ends = turned(own.more, 1 if own.more.mean > 0.0 else -1)
            text += (
                f", {percent(ends.mean)} % {'more' if own.more.mean > 0.0 else 'less'} than {other} "
                f"({percent(ends.low)} to {percent(ends.high)})"
            )
    parts = [_way(own.attacks.mean, "fewer and weaker attacks", "more and stronger attacks"),
             _way(own.response.mean, "better answers", "worse answers")]  # fmt: skip
    return f"{text}: {parts[0]} and {parts[1]}."


def _way(value: float, gain: str, loss: str) -> str:
    return f"{number(abs(value))} by {gain}" if value >= 0.0 else f"{number(abs(value))} lost to {loss}"


def over_parameters(judged: Judged, nested: Nested, policy: int) -> str:
    """The gain over the ranges of assumed parameters, and what it hinges on."""
    asked, own = judged.asked, nested.spreads[policy]
    base = said(asked.titles[asked.baseline])
    inside = f"{span(own.low, own.high, asked.measure)}"
    if own.relative is not None and asked.measure in RELATIVE:
        inside = f"{percent(own.relative[0])} to {percent(own.relative[1])} %"
    return (
        f"Over the ranges of {len(nested.parameters)} assumed parameters ({nested.points} points) the gain over {base} "
        f"runs from {inside} (5 to 95 %; more is better); {share_of_luck(own)}; {hinge_words(own, nested.points)}"
        f"{at_the_edge(judged, nested, policy)}."
    )


def at_the_edge(judged: Judged, nested: Nested, policy: int) -> str:
    """A warning where the whole interval over luck, at default values, lies outside of the range over parameters."""
    own = nested.spreads[policy]
    gain, (low, high) = judged.gain(policy), (own.low, own.high)
    relative = judged.lines[policy][judged.at].relative
    if relative is not None and own.relative is not None and judged.asked.measure in RELATIVE:
        gain, (low, high) = turned(relative, 1 if relative.mean * gain.mean > 0.0 else -1), own.relative
    if nested.points < FEWEST_POINTS or (low <= gain.high and gain.low <= high):
        return ""
    way = "above" if gain.low > high else "below"
    return f"; at the default values it lies {way} that range, which is the safer guide"


def share_of_luck(own: Spread) -> str:
    """How much of the variance of a gain is luck."""
    whole = own.by_luck + own.by_parameters
    if whole == 0.0:
        return "it does not vary"
    return f"of its variance {100 * own.by_parameters / whole:.0f} % is parameters, the rest luck"


def hinge_words(own: Spread, points: int) -> str:
    """The assumed parameters that a gain hinges on."""
    if points < FEWEST_POINTS:
        return "so few points cannot name what it hinges on"
    if not own.hinges:
        return "it hinges on no single parameter clearly more than by chance"
    up = [f"{lower(h.parameter)} (ρ {'+' if h.rho > 0 else '−'}{abs(h.rho):.2f})" for h in own.hinges]
    return f"it hinges on {listed(up)}"


def accounts(judged: Judged, why: Why) -> str:
    """The largest entries of the ledger's difference; accounting, not causes."""
    parts = []
    for one in why.accounts:
        if one.causes:
            top = max(range(len(one.causes)), key=lambda i: abs(one.amounts[i]))
            value = f"{'+' if one.amounts[top] > 0 else '−'}{abs(one.amounts[top]):.3f}"
            change = one.end - one.start
            parts.append(
                f"{one.score} {'+' if change > 0 else '−'}{abs(change):.3f}, most by "
                f"{cause_name(one.causes[top]).lower()} ({value})"
            )
    other = said(judged.asked.titles[judged.asked.baseline])
    return f"In the ledger, against {other}: {'; '.join(parts)}. That is accounting, not causation." if parts else ""


def mechanisms(judged: Judged, why: Why) -> str:
    """What part of the gain disappears without each mechanism."""
    if not why.lost or not why.lost[0].with_it.excludes():
        return ""
    whole = why.lost[0].with_it.mean
    told = [one for one in why.lost if one.lost.excludes() and abs(one.lost.mean) >= DROPS * abs(whole)]
    what = "gain" if whole > 0.0 else "loss"
    if not told:
        names = listed([one.name for one in why.lost])
        return f"Without any one of these mechanisms most of the {what} remains: {names}."
    parts = [f"without {one.name} {_left(one.lost.mean / whole, what)}" for one in told]
    return f"With one mechanism switched off in both policies: {'; '.join(parts)}."


def _left(share: float, what: str) -> str:
    if share > 1.05:
        return f"the {what} turns into its opposite"
    if share >= 0.95:
        return f"all of the {what} disappears"
    return (
        f"{100 * share:.0f} % of the {what} disappears" if share > 0.0 else f"the {what} grows by {-100 * share:.0f} %"
    )


def idle(judged: Judged, why: Why) -> list[str]:
    """Warnings: levers that were changed and moved nothing."""
    name = said(judged.asked.titles[why.policy])
    found = []
    for one in why.resets:
        change = (
            f"{lower(one.lever)} ({one.theirs} → {one.ours})"
            if len(one.ours) + len(one.theirs) < 40
            else lower(one.lever)
        )
        if one.same:
            found.append(
                f"Warning: {name} changes {change}, and that moves nothing: every measure stays the same to the bit."
            )
        elif not one.moved:
            found.append(
                f"Warning: {name} changes {change}, and that moves no measure that "
                f"{counted(why.replicates, 'replicate')} can tell from luck."
            )
    return found
