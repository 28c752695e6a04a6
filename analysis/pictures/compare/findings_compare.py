"""What each picture of a comparison says, in one sentence made from its numbers."""

import numpy as np

from analysis.pictures.compare.numbers_compare import Accounts, Bands, Change, Fan, Forest, Path, Regrets, Trade, Ways
from analysis.studies.compare.verdict import apart, figure, noun, said
from analysis.words import counted, number, signed


def find_forest(data: Forest) -> str:
    """The best policy and its gain."""
    rows = [i for i, b in enumerate(data.is_baseline) if not b]
    gain, title, m = data.gains[rows[0]], data.titles[rows[0]], data.axis.measure
    base = said(data.axis.baseline)
    if not gain.excludes():
        leads = f"{title} leads, but is not told apart from {base}"
        return leads if gain.mean > 0.0 else f"No policy is told to do better than {base} on {noun(m)}"
    if gain.mean < 0.0:
        return f"No policy does better than {base} on {noun(m)}"
    beaten = len(data.titles) - sum(data.not_beaten)
    return f"{title}: {apart(gain.mean, m, data.axis.sign, base)}; {beaten} of {len(data.titles)} policies are beaten"


def find_fan(data: Fan) -> str:
    """How leader and baseline end."""
    a, b = data.means[data.leader, -1], data.means[data.baseline, -1]
    return (
        f"{noun(data.measure).capitalize()} ends at {figure(float(a), data.measure)} under "
        f"{said(data.titles[data.leader])} "
        f"and at {figure(float(b), data.measure)} under {said(data.titles[data.baseline])}"
    )


def find_trade(data: Trade) -> str:
    """How many policies are beaten on all three."""
    kept = [t for t, k in zip(data.titles, data.kept, strict=True) if k]
    return f"{len(kept)} of {len(data.titles)} policies are beaten by no other on cost, harm averted and trust together"


def find_ways(data: Ways) -> str:
    """The policy that averts most, and how."""
    a, r = data.attacks[0].mean, data.response[0].mean
    return f"{data.titles[0]} averts most: {signed(a, 1)} by fewer and weaker attacks, {signed(r, 1)} by better answers"


def find_accounts(data: Accounts) -> str:
    """Both changes."""
    parts = [f"{one.score} {signed(one.end - one.start, 3)}" for one in data.accounts]
    return f"{data.own} against {said(data.base)}: " + ", ".join(parts)


def find_change(data: Change) -> str:
    """How many states gain and lose, and who most."""
    values, told = data.tiles.values, np.array(data.told)
    up, down = int((told & (values > 0)).sum()), int((told & (values < 0)).sum())
    text = f"{data.own} against {said(data.base)}: {data.good} in {counted(up, 'state')}, {data.bad} in {down}"
    rows = [n for n in range(len(values)) if told[n]]
    if not rows:
        return text
    top = max(rows, key=lambda n: abs(values[n]))
    return f"{text}; largest in {data.tiles.names[top]} ({signed(float(values[top]) / 100.0, 3)})"


def find_path(data: Path) -> str:
    """The width at the end."""
    last, m = data.gains[-1], data.axis.measure
    text = f"After {data.sizes[-1]} replicates the gain of {said(data.title)} is {figure(last.mean, m)}"
    return f"{text}, ± {figure(last.half, m)}"


def find_bands(data: Bands) -> str:
    """How many gains keep their sign."""
    sure = sum(a > 0.0 or b < 0.0 for a, b in zip(data.low, data.high, strict=True))
    if len(data.titles) == 1:
        return f"Over 5 to 95 % of the parameters' ranges the difference {'keeps' if sure else 'changes'} its sign"
    return f"Over 5 to 95 % of the parameters' ranges {sure} of {len(data.titles)} differences keep their sign"


def find_regrets(data: Regrets) -> str:
    """The least largest regret, and how many policies win somewhere."""
    alone = len({r for r, t in zip(data.best, data.told, strict=True) if t})
    clear = len({r for r, t in zip(data.best, data.matters, strict=True) if t})
    return (
        f"{data.titles[0]} has the least largest regret ({number(data.largest[0].mean)} smallest differences); "
        f"{counted(alone, 'policy is', 'policies are')} best alone somewhere, {clear} by more than matters"
    )
