"""How a measure is declared: above the function that computes it, whose docstring is definition and formula."""

from collections import namedtuple
from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeVar

from sim.declare.names import MEASURES

F = TypeVar("F", bound=Callable[..., Any])


class Measure(NamedTuple):
    """What a measure is: unit, whether more is better (1), worse (-1) or neither (0), how a run is summed up."""

    unit: str
    direction: int
    over_run: str  # "end": value at the end; "mean" or "total" over the run
    low: float
    high: float
    definition: str


FOUND: Final[dict[str, Measure]] = {}
AT: Final[Any] = namedtuple("AT", MEASURES)(*range(len(MEASURES)))  # the position of each measure, by name


def measured(unit: str, direction: int, over_run: str, low: float, high: float) -> Callable[[F], F]:
    """Declare the measure that a function computes; the first paragraph of its docstring is the definition."""

    def declare(function: F) -> F:
        words = " ".join((function.__doc__ or "").split("\n\n")[0].split()).removesuffix(".")
        words = words[0].lower() + words[1:] if words[1].isalpha() else words
        FOUND[function.__name__] = Measure(unit, direction, over_run, low, high, words)
        return function

    return declare
