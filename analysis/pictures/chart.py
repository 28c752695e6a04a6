"""What a figure is: one file with its numbers, what they say, its table and its drawing, registered in `FIGURES`."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

from analysis.pictures.style import About, Sheet, sheet
from analysis.words import Table


@dataclass(frozen=True)
class Chart:
    """A kind of figure. `data` makes its numbers from a run, a comparison or a study; `finding` (the title), `draw`,
    `table` and, where they are functions, `shows` and `size` use those numbers only."""

    name: str
    heading: str
    shows: str | Callable[[Any], str]
    size: tuple[float, float] | Callable[[Any], tuple[float, float]]  # inches, for a head of four lines
    data: Callable[[Any], Any]
    finding: Callable[[Any], str]
    draw: Callable[[Any, Sheet], object]
    table: Callable[[Any], Table] = lambda data: Table((), ())
    order: int = 0  # its place among the figures of its package
    when: Callable[[Any], bool] = lambda subject: True  # whether there is one to draw
    dots: float | None = None  # an inch of a PNG that is kept in docs/, smaller and slower to write
    narrow: tuple[float, float] | None = None  # inches at which it is drawn for one column, if it can be read there
    command: str = ""  # what draws that of the gallery, where it is not the COMMAND of its package

    def caption(self, data: Any) -> str:
        """What stands under the title."""
        return self.shows(data) if callable(self.shows) else self.shows

    def sheet(self, data: Any, about: About, narrow: bool = False) -> Sheet:
        """An empty sheet with title, caption and foot, for one column if `narrow` and the figure can be read there."""
        size = self.size(data) if callable(self.size) else self.size
        narrow = narrow and self.narrow is not None
        shape = self.narrow if narrow and self.narrow else size
        return sheet(shape, self.finding(data), self.caption(data), about, narrow)


def same(data: Any) -> Any:
    """Numbers that are made already."""
    return data


def files(package: ModuleType) -> list[Any]:
    """The files of a package and of the folders below it."""
    return [import_module(file.name) for file in walk_packages(package.__path__, f"{package.__name__}.")]


def figures(package: ModuleType) -> tuple[Chart, ...]:
    """The figures of all files of a package and of the folders below it, in their order."""
    found = [chart for file in files(package) for chart in getattr(file, "FIGURES", ())]
    return tuple(sorted(found, key=lambda chart: chart.order))
