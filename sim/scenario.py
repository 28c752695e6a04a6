"""Scenarios: the worlds that nobody chooses."""

from sim.inputs.scenario import Scenario, load_scenario, pruned, scenario_names

__all__ = ["Scenario", "load_scenario", "pruned", "scenario_names"]
