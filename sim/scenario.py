"""Scenarios: the worlds that nobody chooses."""

from sim.inputs.load import load_scenario, pruned, scenario_names
from sim.inputs.scenario import Scenario

__all__ = ["Scenario", "load_scenario", "pruned", "scenario_names"]
