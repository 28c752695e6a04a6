"""Where each parameter matters most: all screened together, in several scenarios, read off for every measure."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from analysis.stats.sensitivity import METHODS
from analysis.studies.factors import Experiment, Running, experiment, parameters_named, progress_bar
from sim.declare.names import MEASURES
from sim.inputs.load import load_scenario
from sim.inputs.policy import load_policy
from sim.law.compiled import Floats

SCENARIOS: Final = (
    "baseline_2025", "eastern_flank", "southern_neighbourhood", "hybrid_pressure", "divided_council", "open_door_1999",
)  # fmt: skip
POLICY: Final = "status_quo"
# What the status quo never does, one of these does.
CLOSER: Final = ("exercises_first", "open_door", "south_first", "threat_tailored")
OF_LEVEL, OF_SCATTER = 0.02, 0.1  # a change is visible from these shares of a measure's mean and scatter over points,
LEAST: Final = 0.001  # and from this much: no table shows more than three places after the point


class Place(NamedTuple):
    """What crossing a parameter's declared range does to one measure of one scenario, on average over the others."""

    parameter: str
    scenario: str
    policy: str
    measure: str
    change: float  # mu*, in the measure's unit
    half: float  # half the width of its 95 % interval over trajectories
    level: float  # mean of the measure over all points
    visible: float  # the smallest change that a reader would see

    @property
    def times(self) -> float:
        """How many visible changes it surely is: the lower end of the interval."""
        return max(self.change - self.half, 0.0) / self.visible if self.visible > 0.0 else 0.0


class Asked:
    """The model as the function that a method asks, which remembers what it answered."""

    def __init__(self, found: Experiment, running: Running) -> None:
        self.found, self.running, self.response = found, running, np.empty((0, len(MEASURES)))

    def __call__(self, points: Floats) -> Floats:
        self.response = self.found.response(points, self.running)
        return self.response


def screened(
    settings: Sequence[tuple[str, str]], parameters: Sequence[str], trajectories: int, replicates: int, seed: int
) -> dict[str, list[Place]]:
    """These parameters, the others at their defaults, in every (scenario, policy), strongest first."""
    factors, method = parameters_named(parameters), METHODS["morris"]
    of = {factor.name: list[Place]() for factor in factors}
    total = len(settings) * method.points(trajectories, len(factors)) * replicates
    with progress_bar("Screening", total) as progress:
        for name, policy in settings:
            found = experiment(load_scenario(name), load_policy(policy), factors=factors)
            asked = Asked(found, Running(seed=seed, replicates=replicates, progress=progress))
            indices = method.indices(asked, list(of), found.low, found.high, trajectories, seed)
            for at, (measure, index) in enumerate(zip(MEASURES, indices, strict=True)):
                level, scatter = float(asked.response[:, at].mean()), float(asked.response[:, at].std())
                visible = max(OF_LEVEL * abs(level), OF_SCATTER * scatter, LEAST)
                for i, parameter in enumerate(of):
                    change, half = float(index.main[i]), float(index.half[i])
                    of[parameter].append(Place(parameter, name, policy, measure, change, half, level, visible))
    return {
        name: sorted(found, key=lambda place: (-place.times, -place.change / max(place.visible, 1e-12)))
        for name, found in of.items()
    }


def unseen(of: dict[str, list[Place]]) -> list[str]:
    """Parameters that surely move no measure of any of the scenarios visibly."""
    return [name for name, places in of.items() if not places or places[0].times < 1.0]


def strongest(of: dict[str, list[Place]]) -> list[str]:
    """Parameters in the order of their greatest effect."""
    return sorted(of, key=lambda name: -max((place.times for place in of[name]), default=0.0))


def seen_in(places: Sequence[Place]) -> int:
    """In how many scenarios a parameter surely moves some measure visibly."""
    return int(np.unique([place.scenario for place in places if place.times >= 1.0]).size)
