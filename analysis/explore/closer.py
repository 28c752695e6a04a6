"""A closer look: one state or group, where the difference comes from, and how it holds over assumed parameters.

The last two are `compare`'s own studies, whose runs wait in the queue of the page like all others.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from analysis.explore.picture import LEVEL, Numbers, ends, held, judged_of, quarters, rounded
from analysis.explore.setting import Setting
from analysis.explore.shop import CHUNK, Ask, Key, Runs, Shop
from analysis.stats.intervals import bounds
from analysis.stats.largest import largest
from analysis.studies.compare.places import STATES
from analysis.studies.compare.reasons import Account, account
from analysis.studies.compare.runs import Bench, Plan, Where, nested_of, why_of
from analysis.studies.compare.verdict import accounts, idle, mechanisms, over_parameters, said
from analysis.words import cause_name, family_of, framework_name, number, region_name
from sim.declare.names import REGIONS, ROLES, SCORES
from sim.inputs.errors import allowed, fail
from sim.law.compiled import Floats
from sim.runs.arm import Arm, Record, over_run
from sim.runs.dataset import Gathered
from sim.runs.ensemble import Task

PATHS: Final = Record(states=STATES, paths=True, contributions=True)
LOOKS: Final = (20, 50)  # replicates
POINTS: Final = 50  # over the ranges of assumed parameters
REPLICATES: Final = 400  # of the comparison that is explained
SHOWN: Final = (("harm", "harm", -1), ("trust", "trust", 1), ("interoperability", "interoperability", 1))
LATER: Final = 10  # the rank of what is looked at closely, behind first pictures


def group_of(setting: Setting, what: str) -> tuple[str, npt.NDArray[np.bool_]]:
    """The states that `state:UKR`, `role:partner`, `region:gulf` or `framework:...` means, and their name."""
    built, (kind, _, name) = setting.built, what.partition(":")
    if kind == "state" and name in built.codes:
        at = built.codes.index(name)
        return built.names[at], np.arange(len(built.codes)) == at
    if kind == "role" and name in ROLES:
        return f"The mean {name}", built.world.role == ROLES.index(name)
    if kind == "region" and name in REGIONS:
        return f"The mean of {region_name(name)}", built.setting.region == REGIONS.index(name)
    if kind == "framework" and name in built.frameworks:
        return f"The mean of {framework_name(name)}", built.world.framework == built.frameworks.index(name)
    raise fail("link", f"no state or group of this scenario; {allowed(built.codes)}", kind[:20], repr(name[:40]))


def groups(setting: Setting) -> list[dict[str, str]]:
    """The groups that a page offers: roles, frameworks and regions that have states."""
    found = [("role", name, f"{name}s") for name in ("partner", "member")]
    found += [("framework", name, framework_name(name)) for name in setting.built.frameworks]
    found += [("region", name, region_name(name)) for name in REGIONS]
    named = ((f"{kind}:{name}", words) for kind, name, words in found)
    return [{"what": what, "name": words} for what, words in named if group_of(setting, what)[1].any()]


def closer(setting: Setting, shop: Shop, what: str, replicates: int) -> Numbers:
    """Courses of one state or group under the page's policy less those under the baseline, and what moved it."""
    title, rows = group_of(setting, what)
    seed = setting.asked.seed
    own, base = (shop.get(setting.arms[i], seed, PATHS, replicates) for i in (setting.mine, 0))
    titles = [setting.entries[i].policy.title for i in (setting.mine, 0)]
    return {
        "title": title, "replicates": replicates, "mine": titles[0], "baseline": titles[1], "base": said(titles[1]),
        "quarters": quarters(setting), "courses": [course(own, base, rows, *one) for one in SHOWN],
        "ledgers": [ledger(own, base, rows, score) for score in ("trust", "interoperability")],
    }  # fmt: skip


def course(own: Runs, base: Runs, rows: npt.NDArray[np.bool_], name: str, noun: str, sign: int) -> Numbers:
    """One variable by quarter."""
    both = [runs.paths[:, :, rows, STATES.index(name)].mean(axis=2) for runs in (own, base)]
    gaps = both[0] - both[1]
    low, high = bounds(gaps, LEVEL)
    at = both[0].mean(axis=0), both[1].mean(axis=0)
    return {
        "noun": noun, "sign": sign, "unit": "harm points a quarter" if name == "harm" else "0 to 1",
        "own": number(float(at[0][-1])), "base": number(float(at[1][-1])),
        "course": {"mean": rounded(gaps.mean(axis=0)), "low": rounded(low), "high": rounded(high)},
    }  # fmt: skip


def ledger(own: Runs, base: Runs, rows: npt.NDArray[np.bool_], score: str) -> Numbers:
    """What moved a score of a state or group, by cause."""
    at = SCORES.index(score)
    both = [runs.ledger[:, at, :][:, rows].mean(axis=1) for runs in (own, base)]
    last = [float(runs.states[:, rows, STATES.index(score)].mean()) for runs in (own, base)]
    return told_account(account(score, both[0], both[1], last[0], last[1]))


def told_account(one: Account) -> Numbers:
    """An account for the page."""
    shown = largest([*map(family_of, one.causes)], one.amounts)
    rows = [{"cause": cause_name(c), "amount": float(a)} for c, a in zip(*shown, strict=True)]
    return {"score": one.score, "total": one.end - one.start, "rows": rows}


@dataclass
class Queued(Bench):
    """`compare`'s bench with its runs in the queue of the page."""

    shop: Shop
    ask: Ask

    def run(self, what: str, arms: Sequence[Arm], replicates: int, first: int, record: Record) -> list[Gathered]:
        """Run arms, in turn with everybody's."""
        assert first == 0
        size = -(-replicates // CHUNK) * CHUNK
        self.shop.want(self.ask, arms, self.plan.seed, record, size, LATER).result()
        found = [self.shop.get(arm, self.plan.seed, record, replicates) for arm in arms]
        return [Gathered(outcomes=[over_run(r.measures)], states=[r.states], contributions=r.ledger) for r in found]

    def computed(
        self, arms: Sequence[Arm], tasks: Sequence[Task], what: str
    ) -> Iterator[tuple[Task, Mapping[str, Floats]]]:  # fmt: skip
        """Chunks with replicates of their own."""
        keys = [Key(arms[t.arm].fingerprint, self.plan.seed, Record(), t.first, t.replicates) for t in tasks]
        pairs = [(key, arms[task.arm]) for key, task in zip(keys, tasks, strict=True)]
        self.shop.want_chunks(self.ask, pairs, LATER).result()
        for (key, arm), task in zip(pairs, tasks, strict=True):
            yield task, {"measures": self.shop.chunk(key, arm).measures}


def bench_of(setting: Setting, shop: Shop, ask: Ask) -> Queued:
    """The page's own policy and the baseline, made ready."""
    pair = tuple(setting.entries[i].policy for i in setting.core()[:2])
    plan = Plan((setting.name,), replicates=REPLICATES, seed=setting.asked.seed, points=POINTS)
    return Queued(plan, Where(), lambda *far: None, setting.scenario, setting.built, pair, 0, shop, ask)


def why(setting: Setting, shop: Shop, ask: Ask, replicates: int) -> Numbers:
    """Where the difference comes from: the ledger, mechanisms switched off, levers put back."""
    both = (0, setting.mine)
    judged = judged_of(setting, held(setting, shop, both, replicates), both, replicates)
    found = why_of(bench_of(setting, shop, ask), judged, 1)
    judged = replace(judged, why=found)
    sentences = [accounts(judged, found), mechanisms(judged, found), *idle(judged, found)]
    measure: Any = judged.asked.measure
    return {
        "sentences": [text for text in sentences if text], "ledgers": [told_account(one) for one in found.accounts],
        "lost": [{"name": one.name, **ends(one.without_it, measure)} for one in found.lost],
    }  # fmt: skip


def ranges(setting: Setting, shop: Shop, ask: Ask, replicates: int) -> Numbers:
    """How the gain holds over the ranges of assumed parameters."""
    both = (0, setting.mine)
    judged = judged_of(setting, held(setting, shop, both, replicates), both, replicates)
    question = setting.question((0, setting.mine), REPLICATES)
    nested = nested_of(bench_of(setting, shop, ask), question)
    command = setting.command(REPLICATES, POINTS)
    return {"sentences": [over_parameters(judged, nested, 1), f"The same at the command line: {command}"]}
