"""What a figure is: one file with its numbers, what they say, its table and its drawing, registered in `FIGURES`."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

from analysis.pictures.style import Sheet
from analysis.words import Table


@dataclass(frozen=True)
class Chart:
    """A kind of figure. `data` makes its numbers from a run or a comparison; `finding` (the title), `draw` and `table`
    use those numbers only. `order`: its place among the figures of a package; `when`: whether there is one to draw."""

    name: str
    heading: str
    shows: str
    size: tuple[float, float]  # inches, for a head of four lines
    data: Callable[[Any], Any]
    finding: Callable[[Any], str]
    draw: Callable[[Any, Sheet], object]
    table: Callable[[Any], Table]
    order: int = 0
    when: Callable[[Any], bool] = lambda subject: True


def figures(package: ModuleType) -> tuple[Chart, ...]:
    """The figures of all files of a package and of the folders below it, in their order."""
    files = [import_module(file.name) for file in walk_packages(package.__path__, f"{package.__name__}.")]
    found = [chart for file in files for chart in getattr(file, "FIGURES", ())]
    return tuple(sorted(found, key=lambda chart: chart.order))
