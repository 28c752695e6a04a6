"""Policies: what the Alliance chooses."""

from sim.inputs.policy import Policy, PythonPolicy, load_policy, policy_names

__all__ = ["Policy", "PythonPolicy", "load_policy", "policy_names"]
