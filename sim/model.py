"""The Mesa face: the model and its agents, under the name that Mesa users look for."""

from sim.runs.mesa_agents import Alliance, MemberState, PartnerState, Rival
from sim.runs.mesa_model import PartnershipModel

__all__ = ["Alliance", "MemberState", "PartnerState", "PartnershipModel", "Rival"]
