"""docs/mechanisms.md: every mechanism of the table with what switching it off does, as it was measured."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from analysis.pictures.reports.declared import table
from analysis.studies.ablation.mechanisms import GROUPS, TEST, Measured
from analysis.studies.ablation.runs import Switch
from sim.law.compiled import RULES_HASH
from sim.outputs.files import write_text

HEADS: Final = (
    "the overview says", "rule", "set by", "run", "switched off", "measure", "with", "without less with", "why",
)  # fmt: skip
HEAD: Final = """# Every mechanism, and what happens without it

*Generated from [mechanisms.toml](mechanisms.toml) by `python run.py docs --measured` with rules
{rules}; edit the table there.*

Each row is one system, benefit, threat, challenge or hope that the overview at the start of this project names. The
model runs each scenario twice with the same draws, as it is and with that one thing switched off. The table shows the
paired difference (without less with) in this model, its mean and 95 % interval over {replicates} replicates of seed
{seed}; `{test}` asks that it has the declared sign, at least the declared size, and an interval without zero.

A restricted measure reads `what:part@whom`: `harm:terrorism@mediterranean_dialogue` is harm by terrorism, points a
quarter, among states that were in that framework at the start; `state:` values are means over the last year of a run;
`arrangement:` is the share of the group that holds it at the end.
"""


def switch_words(switch: Switch) -> str:
    """What a switch changes, in short."""
    given = switch.model_dump(exclude_defaults=True)
    words = []
    for name, content in given.items():
        if isinstance(content, dict):
            words += [f"{name}: {part} = {number}" for part, number in content.items()]
        elif content is False:
            words.append(f"no {name}")
        else:
            words.append(f"{name}: {', '.join(content)}")
    return "; ".join(words)


def signed(amount: float) -> str:
    """Three significant digits with a sign."""
    return f"{amount:+.3g}"


def line(item: Measured) -> tuple[str, ...]:
    """One mechanism in the table."""
    row, extra = item.row, switch_words(item.row.on)
    run = f"{row.scenario}, {row.policy}, {row.horizon} quarters" + (f" ({extra})" if extra else "")
    change = (
        f"**{signed(item.mean)}** [{signed(item.low)}, {signed(item.high)}], at least {signed(row.sign * row.least)}"
    )
    return (
        f'<a id="{row.name}"></a>"{row.seed}"', f"`{row.rule}`", ", ".join(f"`{key}`" for key in row.key), run,
        switch_words(row.off), f"`{row.measure}`", f"{item.level:.3g}", change, row.why.replace("\n", " "),
    )  # fmt: skip


def mechanisms_page(measured: Sequence[Measured], replicates: int = 40, seed: int = 1) -> str:
    """The page as text."""
    parts = [HEAD.format(replicates=replicates, seed=seed, test=TEST, rules=RULES_HASH)]
    for group in GROUPS:
        rows = [line(item) for item in measured if item.row.group == group]
        if rows:
            parts += [f"## {group.capitalize()}\n", table(HEADS, rows)]
    return "\n".join(parts)


def write_mechanisms(path: Path, measured: Sequence[Measured]) -> Path:
    """Write docs/mechanisms.md."""
    return write_text(path, mechanisms_page(measured))
