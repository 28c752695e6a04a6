"""A policy as a row of numbers and back, so that a search can move in the space of levers; and policies as files.

Numbers lie within their declared ranges and are rounded as people write them; shares (`split`, `rule`) are weights that
are scaled to sum 1; the way of deciding is one more number, cut into equal parts.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.declare.levers import LEVERS, NUMBERS, SPLITS
from sim.declare.names import DECISION_MODES, FRAMEWORKS
from sim.inputs.policy import Policy
from sim.law.compiled import Floats
from sim.outputs.files import write_text

REAL_MODES = tuple(mode for mode in DECISION_MODES if mode != "joint_decision")  # joint decision is hypothetical
TABLES = {name: LEVERS[name].names for name in SPLITS}


def rounded(value: float, high: float) -> float:
    """Money to whole millions, all else to hundredths."""
    return float(round(value)) if high > 10.0 else round(float(value), 2)


def hundredths(weights: Sequence[float]) -> list[float]:
    """Weights as shares with two digits that sum to exactly 1: the largest remainders are rounded up."""
    total = math.fsum(weights)
    exact = [100.0 * w / total if total > 0.0 else 100.0 / len(weights) for w in weights]
    whole = [math.floor(share + 1e-9) for share in exact]
    order = sorted(range(len(exact)), key=lambda i: whole[i] - exact[i])
    for i in order[: 100 - sum(whole)]:
        whole[i] += 1
    return [share / 100.0 for share in whole]


@dataclass(frozen=True)
class Space:
    """The levers that a search may pull, column by column."""

    modes: tuple[str, ...] = REAL_MODES
    frameworks: tuple[str, ...] = ()  # those whose focus may vary

    @property
    def columns(self) -> list[tuple[str, str]]:
        """Lever and, in a table, the name of its entry."""
        tables = {**TABLES, "focus_framework": self.frameworks}
        return [
            *((name, "") for name in NUMBERS), *((t, name) for t, names in tables.items() for name in names),
            ("decision_mode", ""),
        ]  # fmt: skip

    @property
    def low(self) -> Floats:
        """Lower ends, (D,)."""
        return np.array([LEVERS[lever].low for lever, _ in self.columns])

    @property
    def high(self) -> Floats:
        """Upper ends, (D,)."""
        return np.array([LEVERS[lever].high if lever != "decision_mode" else 1.0 for lever, _ in self.columns])

    def policy(self, point: Floats, title: str = "Found", description: str | None = None) -> Policy:
        """The policy that a point stands for."""
        values: dict[str, object] = {}
        tables: dict[str, dict[str, float]] = {}
        for (lever, name), x in zip(self.columns, point, strict=True):
            if name:
                tables.setdefault(lever, {})[name] = float(x)
            elif lever == "decision_mode":
                values[lever] = self.modes[min(int(float(x) * len(self.modes)), len(self.modes) - 1)]
            else:
                values[lever] = rounded(float(x), LEVERS[lever].high)
        for lever, table in tables.items():
            shares = hundredths(list(table.values())) if lever in SPLITS else [round(x, 2) for x in table.values()]
            values[lever] = dict(zip(table, shares, strict=True))
        return Policy.model_validate({"title": title, "description": description, **values})

    def point(self, policy: Policy) -> Floats:
        """The point that stands for a policy; what the space leaves out is lost."""
        found = []
        for lever, name in self.columns:
            value = getattr(policy, lever)
            if lever == "decision_mode":
                at = self.modes.index(value) if value in self.modes else 0
                found.append((at + 0.5) / len(self.modes))
            else:
                found.append(float(value.get(name, 1.0) if name else value))
        return np.array(found)

    def holds(self, policy: Policy) -> bool:
        """Whether a policy lies in the space, so that a search can start from it."""
        return same_levers(self.policy(self.point(policy)), policy)


def space_for(policies: Sequence[Policy], joint_decision: bool, focus: bool) -> Space:
    """The space over which to search."""
    return Space(DECISION_MODES if joint_decision else REAL_MODES, FRAMEWORKS if focus else ())


def same_levers(one: Policy, other: Policy) -> bool:
    """Whether two policies pull every lever alike."""
    return all(getattr(one, lever) == getattr(other, lever) for lever in LEVERS)


def as_toml(policy: Policy, remarks: Sequence[str]) -> str:
    """A policy file with all its levers; remarks stand at its top."""
    lines = [f"# {remark}" for remark in remarks]
    lines += ["", f"title = {_quoted(policy.title)}"]
    if policy.description:
        lines.append(f"description = {_quoted(policy.description)}")
    lines.append("")
    tables = []
    for lever, declared in LEVERS.items():
        value = getattr(policy, lever)
        if isinstance(value, str):
            lines.append(f"{lever} = {_quoted(value)}")
        elif not isinstance(value, Mapping):
            lines.append(f"{lever} = {float(value)!r}")
        elif lever in SPLITS or any(weight != 1.0 for weight in value.values()):
            tables.append(f"\n[{lever}]  # {declared.unit}")
            tables += [f"{name} = {float(weight)!r}" for name, weight in value.items()]
    return "\n".join([*lines, *tables]) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def write_policies(folder: Path, policies: Sequence[Policy], remarks: Sequence[Sequence[str]]) -> list[Path]:
    """Policies as found_01.toml, found_02.toml, ... in a folder; older ones there are taken away."""
    paths = [
        write_text(folder / f"found_{i:02d}.toml", as_toml(policy, told))
        for i, (policy, told) in enumerate(zip(policies, remarks, strict=True), start=1)
    ]
    for old in set(folder.glob("found_*.toml")) - set(paths):
        old.unlink()
    return paths
