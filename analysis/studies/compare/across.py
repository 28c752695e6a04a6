"""The verdict over several scenarios, in plain sentences: where policies win and lose, and what holds up."""

import numpy as np

from analysis.studies.compare.comparison import Comparison, Over
from analysis.studies.compare.verdict import said
from analysis.words import counted, listed, number


def across(comparison: Comparison) -> list[str]:
    """The verdict over several scenarios: where each leading policy wins and loses, and what holds up."""
    if comparison.over is None:
        return []
    over, titles = comparison.over, comparison.titles
    base = comparison.scenarios[0].asked.baseline
    policy = leading(comparison.over, base)
    found = [
        _record(comparison, policy, base), *clear_winners(comparison), _regrets(over, titles), *_criteria(over, titles),
        *although(comparison, {policy, *chosen_by(over).values()}),
    ]  # fmt: skip
    return [text for text in found if text]


def clear_winners(comparison: Comparison) -> list[str]:
    """Who leads all others by more than matters, and who is behind by more than matters everywhere."""
    titles, won, beaten = comparison.titles, dict[str, list[str]](), beaten_everywhere(comparison)
    for one in comparison.scenarios:
        if one.best.winner is not None:
            won.setdefault(said(titles[one.best.winner]), []).append(one.asked.name)
    where = "; ".join(f"{name} in {listed(places)}" for name, places in won.items())
    ahead = "ahead of every other policy by more than matters there, with 95 % confidence over all comparisons"
    verb = "is" if len(won) == 1 else "are"
    first = f"{counted(len(won), 'policy', 'policies')} {verb} {ahead}: {where}." if won else f"No policy is {ahead}."
    names = listed([said(titles[p]) for p in sorted(beaten)])
    return [first, f"Beaten by more than matters in every scenario: {names}." if beaten else
            "No policy is beaten by more than matters in every scenario."]  # fmt: skip


def beaten_everywhere(comparison: Comparison) -> set[int]:
    """Policies that another one beats by more than matters in every scenario."""
    beaten = set(range(len(comparison.titles)))
    for one in comparison.scenarios:
        beaten &= {p for p, interval in enumerate(one.best.intervals) if interval.high < -one.asked.smallest}
    return beaten


def although(comparison: Comparison, first: set[int]) -> list[str]:
    """Why policies stand first by some criterion though another one beats them in every scenario."""
    names = listed([said(comparison.titles[p]) for p in sorted(first & beaten_everywhere(comparison))])
    if not names:
        return []
    return [
        f"First by a criterion, yet beaten in every scenario: {names}. Each time another policy is "
        "ahead, and none is as seldom far behind."
    ]


def leading(over: Over, baseline: int) -> int:
    """The policy other than the baseline with the least largest regret."""
    others = [p for p in range(len(over.criteria.minimax_regret)) if p != baseline]
    return min(others, key=lambda p: (float(over.criteria.minimax_regret[p]), float(over.criteria.mean_regret[p])))


def _record(comparison: Comparison, policy: int, base: int) -> str:
    """Where a policy gains and loses against the baseline."""
    name, other = said(comparison.titles[policy]), said(comparison.titles[base])
    gains = [(one.asked.name, one.gain(policy)) for one in comparison.scenarios]
    better = [n for n, g in gains if g.low > 0.0]
    worse = [n for n, g in gains if g.high < 0.0]
    text = f"In this model {name} does better than {other} in {len(better)} of {counted(len(gains), 'scenario')}"
    text += f" ({listed(better)})" if 0 < len(better) < len(gains) else ""
    text += f"; it loses in {listed(worse)}" if worse else "; it loses in none"
    rest = len(gains) - len(better) - len(worse)
    return text + (f"; in {rest} no difference can be told." if rest else ".")


def _regrets(over: Over, titles: tuple[str, ...]) -> str:
    """The least largest regret, with its interval."""
    policy = int(np.argmin(over.criteria.minimax_regret))
    known = over.intervals.largest[policy]
    return (
        f"{titles[policy]} has the least largest regret: at worst it falls {number(known.mean)} smallest differences "
        f"that matter short of the best ({number(known.low)} to {number(known.high)})."
    )


def chosen_by(over: Over) -> dict[str, int]:
    """The policy that each criterion chooses; they differ in how much they fear the worst."""
    c = over.criteria
    return {
        "worst gain over no programme (Wald)": int(np.argmax(c.maximin)),
        "largest regret (Savage)": int(np.argmin(c.minimax_regret)),
        f"being within {over.good_enough:g} of the best most often (Starr)": int(np.argmax(c.satisficing)),
        "mean regret": int(np.argmin(c.mean_regret)),
    }


def _criteria(over: Over, titles: tuple[str, ...]) -> list[str]:
    """Whom the criteria choose."""
    chosen = chosen_by(over)
    if len(set(chosen.values())) == 1:
        return [f"Every criterion chooses {said(titles[next(iter(chosen.values()))])}."]
    return ["The criteria disagree: " + "; ".join(f"by {by}, {said(titles[p])}" for by, p in chosen.items()) + "."]
