"""Numbers behind the pictures of a comparison, and their tables. Gains are turned so that more is better."""

from typing import NamedTuple

import numpy as np

from analysis.pictures.run.numbers_change import cause_name
from analysis.pictures.run.numbers_partners import Tiles
from analysis.stats.intervals import Interval, paired
from analysis.stats.robustness import pareto
from analysis.studies.compare.comparison import COST, Comparison, Judged
from analysis.studies.compare.reasons import Account
from analysis.studies.compare.verdict import figure, noun, percent, said, span
from analysis.words import Table, lower, number, signed
from sim.declare.names import MEASURES
from sim.inputs.values import quarter_number, quarter_text
from sim.law.compiled import Floats
from sim.law.measures import DECLARED

TRUST = MEASURES.index("mutual_trust")
FEWEST = 10  # replicates from which on convergence is drawn


class Axis(NamedTuple):
    """What a gain is measured in."""

    measure: str
    sign: int
    smallest: float
    baseline: str

    def words(self) -> str:
        """The label of an axis of gains."""
        unit = DECLARED[self.measure].unit.replace("-1", "−1")
        word = "more" if self.sign > 0 else "less"
        return f"{word} {noun(self.measure)} than {said(self.baseline)}, {unit}  (better →)"


def axis_of(judged: Judged) -> Axis:
    """The axis of the primary measure's gains."""
    asked = judged.asked
    return Axis(asked.measure, asked.sign, asked.smallest, asked.titles[asked.baseline])


class Forest(NamedTuple):
    """Gains over the baseline, best first, with intervals that hold together."""

    axis: Axis
    titles: tuple[str, ...]
    gains: tuple[Interval, ...]
    relative: tuple[str, ...]
    wins: tuple[float, ...]
    not_beaten: tuple[bool, ...]
    is_baseline: tuple[bool, ...]


def forest(judged: Judged) -> Forest:
    """Every policy against the baseline."""
    order, at, base = judged.order(), judged.at, judged.asked.baseline
    changes = [judged.lines[p][at].relative for p in order]
    return Forest(
        axis_of(judged), tuple(judged.asked.titles[p] for p in order), tuple(judged.gain(p) for p in order),
        tuple("" if c is None else f"{'−' if c.mean < 0 else '+'}{percent(abs(c.mean))} %" for c in changes),
        tuple(float(judged.wins[p]) for p in order), tuple(p in judged.best.not_beaten for p in order),
        tuple(p == base for p in order),
    )  # fmt: skip


def forest_table(data: Forest) -> Table:
    """One row a policy."""
    rows = tuple(
        (t, figure(g.mean, data.axis.measure), span(g.low, g.high, data.axis.measure), r or "not bounded",
         f"{100 * w:.0f} %", "yes" if n else "no")
        for t, g, r, w, n in zip(data.titles, data.gains, data.relative, data.wins, data.not_beaten, strict=True)
    )  # fmt: skip
    heads = ("policy", "gain", "95 %, together", "change of the measure", "best in", "may be best")
    return Table(heads, rows)


class Fan(NamedTuple):
    """The primary measure by step: quantiles (Q, L) of leader and baseline, means (P, L) of all, best first."""

    measure: str
    quarters: tuple[str, ...]
    titles: tuple[str, ...]
    means: Floats
    leader: int  # rows of `titles`
    baseline: int
    fans: Floats  # (2, Q, L): leader, baseline
    rising: bool  # more is better


def fan(judged: Judged, start: str) -> Fan:
    """All policies' courses; `start` is the first quarter."""
    order = judged.order()
    length = judged.steps.mean.shape[1]
    first = quarter_number(start)
    asked = judged.asked
    return Fan(
        asked.measure, tuple(quarter_text(first + s) for s in range(length)), tuple(asked.titles[p] for p in order),
        judged.steps.mean[order], order.index(judged.leader), order.index(asked.baseline),
        judged.steps.quantiles[[judged.leader, asked.baseline]], asked.sign > 0,
    )  # fmt: skip


def fan_table(data: Fan) -> Table:
    """First, middle and last step of every policy's mean."""
    picks = (0, len(data.quarters) // 2, -1)
    rows = tuple((t, *(figure(float(m[i]), data.measure) for i in picks)) for t, m in zip(data.titles, data.means))
    return Table(("policy", *(f"mean in {data.quarters[i]}" for i in picks)), rows)


class Trade(NamedTuple):
    """Cost, harm averted and trust of every policy, and which no other policy beats on all three."""

    titles: tuple[str, ...]
    cost: Floats
    averted: Floats
    trust: Floats
    kept: tuple[bool, ...]


def trade(judged: Judged) -> Trade:
    """Three goods that pull apart."""
    mean = judged.outcomes.mean(axis=1)
    saved = np.array([one.total.mean for one in judged.averted])
    kept = pareto(np.column_stack([mean[:, COST], saved, mean[:, TRUST]]), np.array([-1.0, 1.0, 1.0]))
    return Trade(judged.asked.titles, mean[:, COST], saved, mean[:, TRUST], tuple(bool(k) for k in kept))


def trade_table(data: Trade) -> Table:
    """One row a policy."""
    rows = tuple(
        (t, number(float(c)), number(float(a)), f"{u:.3f}", "yes" if k else "no")
        for t, c, a, u, k in zip(data.titles, data.cost, data.averted, data.trust, data.kept, strict=True)
    )
    return Table(
        ("policy", "cost, EUR mn a quarter", "harm averted", "mutual trust", "beaten on all three by none"), rows
    )


class Ways(NamedTuple):
    """Harm averted against no programme by its two ways, best first."""

    titles: tuple[str, ...]
    attacks: tuple[Interval, ...]
    response: tuple[Interval, ...]
    total: tuple[Interval, ...]


def ways(judged: Judged) -> Ways:
    """Sorted by harm averted."""
    order = sorted(range(len(judged.averted)), key=lambda p: -judged.averted[p].total.mean)
    own = [judged.averted[p] for p in order]
    return Ways(
        tuple(judged.asked.titles[p] for p in order), tuple(a.attacks for a in own), tuple(a.response for a in own),
        tuple(a.total for a in own),
    )  # fmt: skip


def ways_table(data: Ways) -> Table:
    """One row a policy."""
    rows = tuple(
        (t, signed(a.mean), signed(r.mean), signed(w.mean), f"{signed(w.low)} to {signed(w.high)}")
        for t, a, r, w in zip(data.titles, data.attacks, data.response, data.total, strict=True)
    )
    return Table(("policy", "by fewer, weaker attacks", "by better answers", "averted in all", "95 %"), rows)


class Accounts(NamedTuple):
    """The ledger's difference between two policies for trust and interoperability."""

    own: str
    base: str
    accounts: tuple[Account, ...]


def accounts(judged: Judged) -> Accounts:
    """From the baseline's end to the policy's end."""
    assert judged.why is not None
    asked = judged.asked
    return Accounts(asked.titles[judged.why.policy], asked.titles[asked.baseline], judged.why.accounts)


def accounts_table(data: Accounts) -> Table:
    """Every amount."""
    rows = []
    for one in data.accounts:
        rows.append((one.score, f"under {said(data.base)}", f"{one.start:.4f}"))
        rows += [(one.score, cause_name(c), signed(float(a), 4)) for c, a in zip(one.causes, one.amounts)]
        rows.append((one.score, f"under {said(data.own)}", f"{one.end:.4f}"))
    return Table(("score", "cause", "amount, 0 to 1"), tuple(rows))


class Change(NamedTuple):
    """A difference between two policies by state, in hundredths; `told` apart from luck over all states at once."""

    tiles: Tiles
    told: tuple[bool, ...]
    own: str
    base: str
    good: str  # what a plus means
    bad: str


def change(judged: Judged, of: str) -> Change:
    """Of "trust" or "harm" (averted)."""
    assert judged.places is not None and judged.why is not None
    places, asked = judged.places, judged.asked
    trust = of == "trust"
    values, told = (places.trust, places.trust_told) if trust else (places.averted, places.averted_told)
    words = "trust gained, hundredths" if trust else "harm averted, hundredths of a point a quarter"
    data = Tiles(places.codes, places.names, places.roles, places.tiles, 100.0 * values, words, "mean over replicates",
                 True)  # fmt: skip
    good, bad = ("more trust", "less trust") if trust else ("less harm", "more harm")
    return Change(data, told, asked.titles[judged.why.policy], asked.titles[asked.baseline], good, bad)


def change_table(data: Change) -> Table:
    """Every state, largest gain first."""
    one = data.tiles
    order = sorted(range(len(one.codes)), key=lambda n: (-one.values[n], one.codes[n]))
    rows = tuple(
        (one.names[n], one.roles[n], signed(float(one.values[n])), "yes" if data.told[n] else "no") for n in order
    )
    return Table(("state", "role", one.variable, "told from luck"), rows)


class Path(NamedTuple):
    """A gain and its interval as replicates add up."""

    axis: Axis
    title: str
    sizes: tuple[int, ...]
    gains: tuple[Interval, ...]


def path(judged: Judged) -> Path:
    """The leader against the baseline after n replicates; a plain paired interval at each n."""
    own, base = judged.values()[:, judged.leader], judged.values()[:, judged.asked.baseline]
    whole = len(own)
    sizes = sorted({int(n) for n in np.unique(np.round(np.geomspace(min(FEWEST, max(2, whole // 2)), whole, 40)))})
    sign = judged.asked.sign
    gains = tuple(paired(sign * own[:n], sign * base[:n]) for n in sizes)
    return Path(axis_of(judged), judged.asked.titles[judged.leader], tuple(sizes), gains)


def path_table(data: Path) -> Table:
    """Some sizes."""
    picks = sorted({0, len(data.sizes) // 3, 2 * len(data.sizes) // 3, len(data.sizes) - 1})
    rows = tuple(
        (str(data.sizes[i]), figure(data.gains[i].mean, data.axis.measure),
         span(data.gains[i].low, data.gains[i].high, data.axis.measure)) for i in picks
    )  # fmt: skip
    return Table(("replicates", "gain", "95 %"), rows)


class Bands(NamedTuple):
    """Each policy's gain over luck and over the parameters' ranges, best first."""

    axis: Axis
    titles: tuple[str, ...]
    over_luck: tuple[Interval, ...]
    low: tuple[float, ...]
    mean: tuple[float, ...]
    high: tuple[float, ...]
    wins: tuple[float, ...]
    hinges: tuple[str, ...]


def bands(judged: Judged) -> Bands:
    """The nested design against the default parameters."""
    assert judged.nested is not None
    order = [p for p in judged.order() if p != judged.asked.baseline]
    own = [judged.nested.spreads[p] for p in order]
    names = tuple(
        ", ".join(f"{lower(h.parameter)} {'+' if h.rho > 0 else '−'}" for h in s.hinges) or "no single parameter"
        for s in own
    )
    return Bands(
        axis_of(judged), tuple(judged.asked.titles[p] for p in order), tuple(judged.gain(p) for p in order),
        tuple(s.low for s in own), tuple(s.mean for s in own), tuple(s.high for s in own),
        tuple(s.wins for s in own), names,
    )  # fmt: skip


def bands_table(data: Bands) -> Table:
    """One row a policy."""
    m = data.axis.measure
    rows = tuple(
        (t, span(i.low, i.high, m), span(a, b, m), f"{100 * w:.0f} %", h)
        for t, i, a, b, w, h in zip(
            data.titles, data.over_luck, data.low, data.high, data.wins, data.hinges, strict=True
        )
    )
    return Table(("policy", "over luck", "over parameters, 5 to 95 %", "best at", "hinges on"), rows)


class Regrets(NamedTuple):
    """Regret by policy and scenario, in smallest differences that matter; policies from the least largest regret."""

    titles: tuple[str, ...]
    scenarios: tuple[str, ...]
    values: Floats  # (P, S)
    best: tuple[int, ...]  # row of the best policy in each scenario
    told: tuple[bool, ...]  # whether it is told apart from all others
    matters: tuple[bool, ...]  # whether it leads all others by more than the smallest difference that matters
    largest: tuple[Interval, ...]
    mean: tuple[Interval, ...]
    enough: tuple[float, ...]


def regrets(whole: Comparison) -> Regrets:
    """The matrix and the criteria."""
    over = whole.over
    assert over is not None
    order = [int(p) for p in np.argsort(over.criteria.minimax_regret, kind="stable")]
    values = over.regrets.T[order]
    return Regrets(
        tuple(whole.titles[p] for p in order), tuple(one.asked.name for one in whole.scenarios), values,
        tuple(int(r) for r in values.argmin(axis=0)),
        tuple(len(one.best.not_beaten) == 1 for one in whole.scenarios),
        tuple(one.best.winner is not None for one in whole.scenarios),
        tuple(over.intervals.largest[p] for p in order), tuple(over.intervals.mean[p] for p in order),
        tuple(float(over.criteria.satisficing[p]) for p in order),
    )  # fmt: skip


def regrets_table(data: Regrets) -> Table:
    """The matrix with the criteria."""
    rows = tuple(
        (t, *(number(float(v)) for v in row), f"{number(l.mean)} ({number(l.low)} to {number(l.high)})",
         f"{number(m.mean)} ({number(m.low)} to {number(m.high)})", f"{100 * e:.0f} %")
        for t, row, l, m, e in zip(data.titles, data.values, data.largest, data.mean, data.enough, strict=True)
    )  # fmt: skip
    return Table(("policy", *data.scenarios, "largest", "mean", "within 1 of the best"), rows)
