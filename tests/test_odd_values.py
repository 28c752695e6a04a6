"""The check values of docs/ODD.md, read from the page and computed: the draw by hand, the rest by the program."""

import re
from pathlib import Path

import pytest

from sim.declare.names import MEASURES
from sim.law.draws import entity_of
from sim.law.ledger import trust_in
from sim.runs.engine import Engine

PAGE = (Path(__file__).parent.parent / "docs" / "ODD.md").read_text(encoding="utf-8")
PART = PAGE.split("<!-- check values -->")[1].split("<!-- end -->")[0]
FIRST_DAY, MEASURED = ([[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
                       for table in re.findall(r"(?:^\|.*\n)+", PART, re.MULTILINE))  # fmt: skip


def philox_by_hand(counter: list[int], key: list[int]) -> list[int]:
    """Ten rounds as the page has them (Salmon et al. 2011)."""
    for _ in range(10):
        a, b = 0xD2511F53 * counter[0], 0xCD9E8D57 * counter[2]
        counter = [b >> 32 ^ counter[1] ^ key[0], b % 2**32, a >> 32 ^ counter[3] ^ key[1], a % 2**32]
        key = [(key[0] + 0x9E3779B9) % 2**32, (key[1] + 0xBB67AE85) % 2**32]
    return counter


def test_the_draw() -> None:
    stated = float(re.search(r"^Draw: .* slot 256: (\S+)$", PART, re.MULTILINE)[1])  # type: ignore[index]
    words = philox_by_hand([0, 0 << 16 | 1, entity_of("GEO"), 256], [1, 0])
    assert stated == ((words[0] >> 5) * 2**26 + (words[1] >> 6)) / 2**53


def test_the_first_day() -> None:
    scenario = FIRST_DAY[0][0].removeprefix("on the first day of ")
    built = Engine(scenario, "status_quo").built
    found = []
    for row in FIRST_DAY[2:]:
        name, _, who = row[0].partition(" of ")
        codes = [built.codes.index(code) for code in re.findall(r"[A-Z]{3}", who)]
        trust = name == "`trust_in`"
        found.append(
            trust_in(codes[0], codes[1], built.world)
            if trust
            else getattr(built.setting, name.strip("`"))[tuple(codes)]
        )
    assert len(found) == 5 and found == pytest.approx([float(row[1]) for row in FIRST_DAY[2:]], rel=1e-11)


@pytest.mark.parametrize("column", range(1, len(MEASURED[0])), ids=MEASURED[0][1:])
def test_all_measures_of_a_quarter(column: int) -> None:
    stated = re.fullmatch(r"(\w+), (\w+), seed (\d+), replicate (\d+), quarter (\d+)", MEASURED[0][column])
    assert stated and [row[0].strip("`") for row in MEASURED[2:]] == list(MEASURES)
    scenario, policy, *numbers = stated.groups()
    seed, replicate, quarter = map(int, numbers)
    engine = Engine(scenario, policy, seed, replicate)
    assert quarter in engine.run()
    assert engine.measures.tolist() == pytest.approx([float(row[column]) for row in MEASURED[2:]], rel=1e-11)
