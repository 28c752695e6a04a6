"""Every kind of figure: its numbers, its finding, its picture, its table."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from analysis.pictures.run import (
    draw_change,
    draw_partners,
    draw_programme,
    findings,
    numbers_change,
    numbers_partners,
    numbers_programme,
)
from analysis.pictures.style import Sheet
from analysis.words import Table


@dataclass(frozen=True)
class Chart:
    """A kind of figure. `data` makes numbers from a run or a comparison; the others use those numbers only."""

    name: str
    heading: str
    shows: str
    size: tuple[float, float]
    data: Callable[[Any], Any]
    finding: Callable[[Any], str]
    draw: Callable[[Any, Sheet], Sheet]
    table: Callable[[Any], Table]


CHARTS: Final[tuple[Chart, ...]] = (
    Chart(
        "progress",
        "Trust and interoperability by framework",
        "Line: median state; band: 10th to 90th percentile of states; grey: the other frameworks. States that "
        "became allies stay in.",
        (11, 6.5),
        numbers_partners.progress,
        findings.find_progress,
        draw_partners.draw_progress,
        numbers_partners.progress_table,
    ),
    Chart(
        "measures",
        "Every measure, with and without the programme",
        "Full line: this run, last value at its end; dashed: the same draws without a programme. Each panel has "
        "its own scale; ↑ more is better, ↓ less is better.",
        (12, 7.5),
        numbers_change.lines,
        findings.find_lines,
        draw_change.draw_lines,
        numbers_change.lines_table,
    ),
    Chart(
        "partners",
        "Each partner's path",
        "Full blue: trust; dashed orange: interoperability; each panel from 0 to 1, last value in hundredths. "
        "Grey: before joining; dotted: accession.",
        (12, 9.5),
        numbers_partners.paths,
        findings.find_paths,
        draw_partners.draw_paths,
        numbers_partners.paths_table,
    ),
    Chart(
        "map_trust",
        "Map of trust",
        "Mean mutual trust with the allies, 0 to 1. Equal tiles, no borders.",
        (11, 7.5),
        partial(numbers_partners.tiles, variable="trust"),
        findings.find_tiles,
        draw_partners.draw_tiles,
        numbers_partners.tiles_table,
    ),
    Chart(
        "map_trust_change",
        "Map of the change in trust",
        "Change of mean mutual trust with the allies (0 to 1) over the run.",
        (11, 7.5),
        partial(numbers_partners.tiles, variable="trust", over="change"),
        findings.find_tiles,
        draw_partners.draw_tiles,
        numbers_partners.tiles_table,
    ),
    Chart(
        "map_interoperability",
        "Map of interoperability",
        "Mean of technical, procedural and human interoperability, 0 to 1.",
        (11, 7.5),
        partial(numbers_partners.tiles, variable="interoperability"),
        findings.find_tiles,
        draw_partners.draw_tiles,
        numbers_partners.tiles_table,
    ),
    Chart(
        "map_harm",
        "Map of harm",
        "Harm points left after all answers, summed over the run; an index, never deaths.",
        (11, 7.5),
        partial(numbers_partners.tiles, variable="harm", over="total"),
        findings.find_tiles,
        draw_partners.draw_tiles,
        numbers_partners.tiles_table,
    ),
    Chart(
        "trust_blocks",
        "Who trusts whom",
        "Mutual trust, 0 to 1 (darker is more). Left: every pair at the end. Right: mean of each pair of groups "
        "and, below it, its change over the run.",
        (12, 7.5),
        numbers_partners.blocks,
        findings.find_blocks,
        draw_partners.draw_blocks,
        numbers_partners.blocks_table,
    ),
    Chart(
        "trust_network",
        "Trust network",
        "Ring: partners by framework, ringed if now an ally; inside: allies. Each partner's 2 strongest ties "
        "with partners (thick; black "
        "across frameworks) and allies (grey), mutual trust above 0.5.",
        (11, 8.5),
        numbers_partners.network,
        findings.find_network,
        draw_partners.draw_network,
        numbers_partners.network_table,
    ),
    Chart(
        "money",
        "Where the money went",
        "EUR million a year. The Alliance's money is shared out over activities by cost; shares are of all years.",
        (11, 6.0),
        numbers_programme.money,
        findings.find_money,
        draw_programme.draw_money,
        numbers_programme.money_table,
    ),
    Chart(
        "bought",
        "What the money bought",
        "Points (0.01 of a score of one partner) entered in the ledger under each activity, per EUR million of "
        "all purses; accounting, not causation.",
        (11, 8.0),
        numbers_programme.bought,
        findings.find_bought,
        draw_programme.draw_bought,
        numbers_programme.bought_table,
    ),
    Chart(
        "harm",
        "Harm by threat",
        "Members and partners; an index, never deaths. Averted: paired run without a programme, same draws, "
        "less this run.",
        (12, 6.5),
        numbers_programme.harm,
        findings.find_harm,
        draw_programme.draw_harm,
        numbers_programme.harm_table,
    ),
    Chart(
        "tension",
        "Tension and rivals",
        "Tension of regions with partners, 0 to 1, darker is higher; first and last value in each row. Below: "
        "hostility of rivals, 0 to 1.",
        (11, 6.5),
        numbers_programme.tension,
        findings.find_tension,
        draw_programme.draw_tension,
        numbers_programme.tension_table,
    ),
    Chart(
        "waterfall_mean",
        "What moved the mean partner",
        "Contributions from the ledger, 0 to 1; they sum to the change. Blue: gains; hatched orange: losses. "
        "Accounting in rule order, not causation.",
        (12, 6.0),
        numbers_change.mean_waterfalls,
        findings.find_waterfalls,
        draw_change.draw_waterfalls,
        numbers_change.waterfalls_table,
    ),
    Chart(
        "waterfall_partner",
        "What moved the partner furthest from the mean",
        "Contributions from the ledger, 0 to 1; they sum to the change. Blue: gains; hatched orange: losses. "
        "Accounting in rule order, not causation.",
        (12, 6.0),
        numbers_change.partner_waterfalls,
        findings.find_waterfalls,
        draw_change.draw_waterfalls,
        numbers_change.waterfalls_table,
    ),
    Chart(
        "timeline",
        "Arrangements and the accession track",
        "A lane for each partner: marks are arrangements taken, bars the place on the accession track. No "
        "arrangement implies accession.",
        (12, 9.5),
        numbers_change.timeline,
        findings.find_timeline,
        draw_change.draw_timeline,
        numbers_change.timeline_table,
    ),
)
NAMES: Final = tuple(chart.name for chart in CHARTS)
