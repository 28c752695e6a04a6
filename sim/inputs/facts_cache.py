"""The facts about states: what is recorded, what a stated rule fills, what the project assumes.

`scenarios/data/states.csv` holds one row a state and `states.toml` says what each column means, in which
unit, within which range and from which source. A blank figure is filled by the rule that `states.toml`
states for its quantity, so that every quantity has a finite value in every year, and every value knows
whether it is a fact, filled or assumed. `disputes.csv` holds the dated quarrels between pairs of states.

Only the standard library is used here, so that checking a file starts fast.
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sim.inputs.states import FRAMEWORK_COLUMNS, Cell, Dispute, FactsError, Provenance, StateFacts, parse_date
from sim.inputs.states_csv import (
    SIDECAR_FILE,
    check_cells,
    check_states,
    dispute,
    fill,
    label,
    read_rows,
    read_sidecar,
    refuse,
    state,
)

__all__ = [
    "DATA", "FRAMEWORK_COLUMNS", "Cell", "Dispute", "FactsError", "Provenance", "StateFacts", "distance_km",
    "load_disputes", "load_facts", "parse_date", "provenance_rows",
]  # fmt: skip

EARTH_RADIUS_KM: Final = 6371.0

DATA: Final = Path(__file__).parents[2] / "scenarios" / "data"
STATES_FILE: Final = "states.csv"
DISPUTES_FILE: Final = "disputes.csv"


def load_facts(folder: Path = DATA) -> dict[str, StateFacts]:
    """All states by code, in the order of the file, checked against the sidecar and filled."""
    sidecar = read_sidecar(folder / SIDECAR_FILE)
    path = folder / STATES_FILE
    rows = read_rows(path, list(sidecar["columns"]))
    check_cells(path, rows, sidecar["columns"])
    check_states(path, rows)
    states = zip(rows, fill(rows, sidecar), strict=True)
    return {row["code"]: state(row, cells, sidecar["columns"]) for row, cells in states}


def load_disputes(folder: Path = DATA) -> tuple[Dispute, ...]:
    """All disputes, in the order of the file, checked against the sidecar and the list of states."""
    sidecar = read_sidecar(folder / SIDECAR_FILE)
    path = folder / DISPUTES_FILE
    rows = read_rows(path, list(sidecar["disputes"]))
    check_cells(path, rows, sidecar["disputes"])
    codes = {row["code"] for row in read_rows(folder / STATES_FILE, list(sidecar["columns"]))}
    for row in rows:
        for column in ("a", "b"):
            if row[column] not in codes:
                refuse(path, label(row), column, row[column], f"a code in {STATES_FILE}")
        if row["a"] == row["b"]:
            refuse(path, label(row), "b", row["b"], "another state than a")
    return tuple(dispute(path, row) for row in rows)


def distance_km(a: StateFacts, b: StateFacts) -> float:
    """Great-circle distance between two capitals, km."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = math.sin((lat_b - lat_a) / 2)
    half_lon = math.sin(math.radians(b.lon - a.lon) / 2)
    chord = half_lat * half_lat + math.cos(lat_a) * math.cos(lat_b) * half_lon * half_lon
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def provenance_rows(facts: Mapping[str, StateFacts]) -> list[tuple[str, str, float, float, Provenance, str]]:
    """Every figure: code, quantity, year, value, provenance, and its source or rule."""
    return [
        (state.code, quantity, cell.year, cell.value, cell.provenance, cell.origin)
        for state in facts.values()
        for quantity, cells in state.cells.items()
        for cell in cells
    ]
