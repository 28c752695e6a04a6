"""The model of docs/ODD.md as a plain Mesa model: one Python object an agent, no arrays and no compiled rules.

It is the oracle that the compiled engine is tested against and the peer that it is timed against. With `sim` it shares
the reading of files, the first day (`sim.runs.build`), the names of the axes, and the draws with their elementary
functions; every rule of section 7 is written again here, agent by agent.

forms         7.3   shared forms
cast          5     the first day: built arrays become objects
state         2     what all states are
agents        7.4   members, partners and rivals, and what each decides
alliance      7.4   the staff and the agenda
admission     7.5   orders become legal
threats       7.6   mechanism 1
response      7.7   mechanism 2
council       7.8   mechanism 3
activities    7.9, 7.10  mechanisms 4 and 5
missions      7.11  mechanism 6
trust         7.12  mechanism 7, and trust after crises
rivals        7.13  mechanism 8
passage       7.14  mechanism 9
accession     7.15  mechanism 10, the accession track
arrangements  7.15  mechanism 10
measures      7.17  what is measured
model         3     the schedule
"""

from benchmarks.plain_mesa.model import PlainPartnershipModel

__all__ = ["PlainPartnershipModel"]
