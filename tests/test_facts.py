"""The facts about states and disputes: counts against the record, fill rules, and clear errors."""

import csv
import math
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

import pytest

from sim.inputs.states import DATA, Dispute, StateFacts, distance_km, load_disputes, load_facts
from sim.inputs.states_csv import FactsError

YEARS = (1994, 2008, 2025)
QUANTITIES = {"population", "gdp", "milex", "personnel", "cinc", "ideal", "democracy", "exercises"}


@pytest.fixture(scope="module")
def facts() -> dict[str, StateFacts]:
    return load_facts()


@pytest.fixture(scope="module")
def disputes() -> tuple[Dispute, ...]:
    return load_disputes()


def members(facts: dict[str, StateFacts], on: date) -> set[str]:
    return {code for code, state in facts.items() if state.role_on(on) == "member"}


def frameworks(facts: dict[str, StateFacts], on: date) -> Counter[str | None]:
    return Counter(state.framework_on(on) for state in facts.values())


def test_the_cast(facts: dict[str, StateFacts]) -> None:
    listed = [state for state in facts.values() if state.role == "member" or state.dates]
    assert len(listed) == 70
    roles = Counter(state.role for state in facts.values())
    assert roles == {"member": 32, "partner": 37, "rival": 4, "outsider": 4}
    assert facts["TUR"].name == "Türkiye"
    assert facts["MKD"].name == "North Macedonia"


def test_allies_by_date(facts: dict[str, StateFacts]) -> None:
    assert len(members(facts, date(1994, 2, 1))) == 16
    assert len(members(facts, date(1999, 3, 12))) == 19
    assert len(members(facts, date(2004, 3, 29))) == 26
    assert len(members(facts, date(2025, 1, 1))) == 32


def test_frameworks_by_date(facts: dict[str, StateFacts]) -> None:
    now = frameworks(facts, date(2025, 1, 1))
    assert now["mediterranean_dialogue"] == 7
    assert now["istanbul_cooperation_initiative"] == 4
    assert now["partners_across_the_globe"] == 9
    assert now["partnership_for_peace"] == 18
    assert frameworks(facts, date(1994, 8, 3))["partnership_for_peace"] == 22
    assert frameworks(facts, date(1994, 12, 31))["mediterranean_dialogue"] == 0


def test_roles_move_with_dates(facts: dict[str, StateFacts]) -> None:
    days = (date(1994, 2, 1), date(1995, 2, 1), date(2025, 2, 1))
    assert [facts["RUS"].role_on(day) for day in days] == ["outsider", "partner", "rival"]
    assert [facts["POL"].role_on(day) for day in days] == ["outsider", "partner", "member"]
    assert facts["CHN"].role_on(date(1994, 1, 1)) == "rival"
    assert facts["SAU"].role_on(date(2025, 1, 1)) == "outsider"


def test_suspension_and_accession_end_arrangements(facts: dict[str, StateFacts]) -> None:
    malta, finland = facts["MLT"], facts["FIN"]
    assert [malta.held("pfp_signed", date(year, 6, 1)) for year in (1995, 2000, 2010)] == [True, False, True]
    assert facts["BLR"].suspended_on(date(2025, 1, 1))
    assert facts["BLR"].framework_on(date(2025, 1, 1)) == "partnership_for_peace"
    assert finland.held("eop_granted", date(2020, 1, 1))
    assert not finland.held("eop_granted", date(2024, 1, 1))


def test_neutrality_and_aspiration(facts: dict[str, StateFacts]) -> None:
    neutral = {code for code, state in facts.items() if state.nonaligned}
    assert {"AUT", "CHE", "IRL", "MLT", "MDA", "SRB", "TKM", "MNG"} <= neutral
    assert not neutral & {"FIN", "SWE", "UKR"}
    assert facts["FIN"].nonaligned_on(date(2010, 1, 1))
    declared = facts["FIN"].aspiration_date
    assert declared is not None and declared.year == 2022 and facts["FIN"].member_on(date(2023, 6, 1))
    assert facts["BIH"].aspiration == "contested"
    assert all(state.nonaligned_source for state in facts.values() if state.nonaligned_from)
    assert all(state.aspiration_source for state in facts.values() if state.aspiration != "none")


def test_every_quantity_is_finite_in_every_year(facts: dict[str, StateFacts]) -> None:
    for state in facts.values():
        assert set(state.cells) == QUANTITIES
        for quantity in QUANTITIES:
            values = [state.number(quantity, year) for year in YEARS]
            assert all(math.isfinite(value) for value in values)
            assert quantity == "ideal" or min(values) >= 0.0


def test_fill_rules(facts: dict[str, StateFacts]) -> None:
    assert facts["CHE"].number("personnel", 2025) == facts["CHE"].number("personnel", 2022)
    assert facts["CHE"].provenance("personnel", 2025) == "filled"
    assert facts["USA"].provenance("gdp", 2023) == "fact"
    assert facts["UKR"].provenance("milex", 2023) == "assumed"
    assert facts["AFG"].provenance("milex", 2022) == "assumed"  # rests on the assumed figure of 2023
    balkans = [state for state in facts.values() if state.region == "balkans"]
    shares = {state.code: state.number("milex", 1994) / state.number("gdp", 1995) for state in balkans}
    assert shares.pop("MNE") == pytest.approx(median(shares.values()))


def test_the_nearest_year_is_taken(facts: dict[str, StateFacts]) -> None:
    assert facts["DEU"].cell("democracy", 1999).column == "democracy_1994"
    assert facts["DEU"].cell("democracy", 2001).column == "democracy_2008"  # a tie goes to the later year
    with pytest.raises(FactsError, match="DEU: no quantity 'wealth'"):
        facts["DEU"].number("wealth", 2025)


def test_every_figure_knows_where_it_comes_from(facts: dict[str, StateFacts]) -> None:
    figures = [cell for state in facts.values() for cells in state.cells.values() for cell in cells]
    assert len(figures) == 77 * 21
    assert all(cell.origin for cell in figures)
    assert {cell.provenance for cell in figures} == {"fact", "filled", "assumed"}
    assert sum(cell.provenance == "fact" for cell in figures) / len(figures) > 0.9


def test_tiles_are_unique_and_compact(facts: dict[str, StateFacts]) -> None:
    tiles = [state.tile for state in facts.values()]
    assert len(set(tiles)) == len(tiles)
    assert max(column for column, _ in tiles) < 20
    assert max(row for _, row in tiles) < 13


def test_distance(facts: dict[str, StateFacts]) -> None:
    assert distance_km(facts["FRA"], facts["GBR"]) == pytest.approx(343, abs=5)
    assert distance_km(facts["FRA"], facts["FRA"]) == 0.0
    assert distance_km(facts["USA"], facts["NZL"]) == pytest.approx(distance_km(facts["NZL"], facts["USA"]))


def active_on(dispute: Dispute, on: date) -> bool:
    """Whether a dispute counts on that day."""
    return dispute.start <= on and (dispute.end is None or on < dispute.end)


def test_disputes_by_date(disputes: tuple[Dispute, ...]) -> None:
    name_dispute = next(d for d in disputes if (d.a, d.b) == ("GRC", "MKD") and active_on(d, date(2008, 4, 3)))
    assert name_dispute.kind == "objection"
    assert active_on(name_dispute, date(2008, 4, 3)) and not active_on(name_dispute, date(2019, 1, 1))
    active = [d for d in disputes if active_on(d, date(2018, 1, 1))]
    blockade = {(d.a, d.b) for d in active if d.about == "blockade of Qatar"}
    assert blockade == {("QAT", "SAU"), ("QAT", "ARE"), ("QAT", "BHR"), ("QAT", "EGY")}
    assert {d.a for d in disputes if d.kind == "operation"} == {"FRA", "DEU", "BEL"}


def test_a_pair_has_one_dispute_of_a_kind_at_a_time(disputes: tuple[Dispute, ...]) -> None:
    for i, one in enumerate(disputes):
        for other in disputes[i + 1 :]:
            same = {one.a, one.b} == {other.a, other.b} and one.kind == other.kind
            directed = one.kind != "rivalry" and one.a != other.a
            assert not same or directed or not (active_on(one, other.start) or active_on(other, one.start))


def edit_cell(path: Path, code: str, column: str, value: str) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    row = next(row for row in rows[1:] if row[0] == code)
    row[rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def states_cell(code: str, column: str, value: str) -> Callable[[Path], None]:
    return lambda folder: edit_cell(folder / "states.csv", code, column, value)


def in_file(name: str, old: str, new: str) -> Callable[[Path], None]:
    return lambda folder: replace(folder / name, old, new)


def empty_states(folder: Path) -> None:
    (folder / "states.csv").write_text("")


BROKEN: list[tuple[Callable[[Path], None], list[str]]] = [
    (in_file("states.csv", "ideal_1994", "idael_1994"), ["'idael_1994'", "did you mean"]),
    (states_cell("FRA", "democracy_2022", "1.2"), ["row FRA", "democracy_2022", "'1.2'", "from 0 to 1"]),
    (states_cell("FRA", "gdp_2022_busd", "nan"), ["row FRA", "gdp_2022_busd", "'nan'"]),
    (states_cell("FRA", "gdp_2022_busd", "much"), ["'much'", "billion current US dollars"]),
    (states_cell("FRA", "code", "GBR"), ["row GBR", "code", "unique"]),
    (states_cell("FRA", "code", "fr"), ["row fr", "code", "three capital letters"]),
    (states_cell("FRA", "code", ""), ["column code", "three capital letters"]),
    (states_cell("CYP", "tile_column", "12"), ["row CYP", "tile_column, tile_row", "12, 8", "IRQ"]),
    (states_cell("FRA", "tile_row", "4.0"), ["row FRA", "tile_row", "whole number"]),
    (states_cell("FRA", "region", "europe"), ["row FRA", "region", "europe_west"]),
    (states_cell("FRA", "role", "ally"), ["row FRA", "role", "member, partner, rival, outsider"]),
    (states_cell("POL", "pfp_signed", "1994-13"), ["row POL", "pfp_signed", "YYYY-MM"]),
    (states_cell("POL", "pfp_signed", "1"), ["row POL", "pfp_signed", "'1'", "YYYY"]),
    (states_cell("UKR", "earlier_aspirations", "1994"), ["row UKR", "earlier_aspirations", "'1994'", "day of its end"]),
    (
        states_cell("UKR", "earlier_aspirations", "keen 2002 2008"),
        ["row UKR", "'keen 2002 2008'", "declared, contested"],
    ),
    (states_cell("UKR", "earlier_aspirations", "declared 2002 200"), ["row UKR", "earlier_aspirations"]),
    (states_cell("POL", "assumed", "wealth"), ["row POL", "assumed", "'wealth'"]),
    (in_file("states.csv", "Poland,", "Poland,extra,"), ["line 18", "cells"]),
    (in_file("states.toml", "[columns.note]", "[columns.remark]"), ["'note'", "unknown column"]),
    (in_file("states.toml", 'source = "unga"', 'source = "hearsay"'), ["[columns.ideal_1994]", "'hearsay'"]),
    (in_file("states.toml", 'rule = "share"', 'rule = "guess"'), ["[quantities.milex]", "'guess'", "ratio"]),
    (in_file("states.toml", 'base = "gdp"', 'base = "cinc"'), ["[quantities.milex]", "'cinc'"]),
    (in_file("states.toml", "[sources.iso]", "[sources.iso"), ["states.toml", "cannot be read"]),
    (lambda folder: (folder / "states.csv").unlink(), ["states.csv", "cannot be read"]),
    (empty_states, ["states.csv", "'code'", "missing"]),
]


@pytest.mark.parametrize(("damage", "words"), BROKEN)
def test_broken_facts_give_one_clear_error(tmp_path: Path, damage: Callable[[Path], None], words: list[str]) -> None:
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    damage(folder)
    with pytest.raises(FactsError) as caught:
        load_facts(folder)
    assert str(folder) in str(caught.value)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("GRC,MKD", "GRC,XXX", ["row GRC-XXX from 1993-04", "column b", "states.csv"]),
        ("GRC,MKD", "GRC,GRC", ["column b", "another state than a"]),
        ("2018-06,0.8", "2018-06,8", ["column strength", "'8'", "from 0 to 1"]),
        ("GRC,MKD,1993-04", "GRC,MKD,1", ["column from", "'1'", "YYYY-MM"]),
        ("2018-06,0.8", "1990-06,0.8", ["column until", "later than 2008-02"]),
        ("0.8,objection", "0.8,quarrel", ["column kind", "objection, operation, rivalry"]),
    ],
)
def test_broken_disputes_give_one_clear_error(tmp_path: Path, old: str, new: str, words: list[str]) -> None:
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    replace(folder / "disputes.csv", old, new)
    with pytest.raises(FactsError) as caught:
        load_disputes(folder)
    for word in words:
        assert word in str(caught.value)


def test_facts_need_only_the_standard_library() -> None:
    """Validation must start fast, so loading the facts may not pull in the numerical packages."""
    heavy = "{'numpy', 'numba', 'pydantic', 'mesa', 'matplotlib', 'pandas'}"
    load = "import sys; from sim.inputs.states import load_facts; load_facts()"
    script = f"{load}; assert not {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True, cwd=DATA.parent.parent)
