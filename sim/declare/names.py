"""The axis names of Interlock, declared once.

Every array in the model has its axes named here, and every file, table, chart and error message uses
these words. An index into an axis is the position of its name, so `DOMAINS.index("cyber")` is the column
of cyber capability everywhere.
"""

from typing import Final, NamedTuple

from sim.declare.threat_kinds import KINDS

ROLES: Final = ("partner", "member", "rival")
PARTNER, MEMBER, RIVAL = 0, 1, 2

REGIONS: Final = (
    "north_america", "europe_west", "europe_north", "baltic", "europe_central", "europe_east",
    "europe_south", "balkans", "caucasus", "central_asia", "north_africa", "levant", "gulf",
    "middle_east", "south_asia", "asia_pacific", "latin_america",
)  # fmt: skip

DOMAINS: Final = (
    "conventional", "maritime", "counter_terrorism", "cyber", "information", "cbrn", "civil_emergency",
)  # fmt: skip

DIMENSIONS: Final = ("technical", "procedural", "human")
TECHNICAL, PROCEDURAL, HUMAN = 0, 1, 2

INSTITUTIONS: Final = ("civilian_control", "defence_governance")
CIVILIAN_CONTROL, DEFENCE_GOVERNANCE = 0, 1


class Activities(NamedTuple):
    """Something of each activity, in the order of the menu, such as its row."""

    live_exercise: int
    command_post_exercise: int
    computer_assisted_exercise: int
    table_top_exercise: int
    expertise: int
    technical_skills: int
    equipment: int
    technology_transfer: int
    education: int
    institution_building: int
    standards: int
    evaluation: int
    consultation: int
    seminars: int
    strategic_communication: int
    transparency: int
    science: int
    intelligence_sharing: int
    joint_planning: int
    cyber_cooperation: int
    digital_collaboration: int
    disaster_response: int
    pooled_assets: int


ACTIVITIES: Final = Activities._fields
INSTRUMENTS: Final = ("exercises", "capacity", "institutions", "dialogue", "information", "resilience")

THREAT_KINDS: Final = tuple(KINDS)
CYBER_ATTACK, HYBRID, DISINFORMATION, CONFLICT = 1, 2, 3, 4
ARRIVALS: Final = ("poisson", "self_exciting", "two_state")
POISSON, SELF_EXCITING, TWO_STATE = 0, 1, 2
DRIVERS: Final = ("none", "coercion", "disinformation", "tension")
CHANNELS: Final = ("none", "neighbours", "network")
NO_CHANNEL, NEIGHBOURS, NETWORK = 0, 1, 2

FRAMEWORKS: Final = (
    "partnership_for_peace", "mediterranean_dialogue", "istanbul_cooperation_initiative", "partners_across_the_globe",
)  # fmt: skip

ARRANGEMENTS: Final = (
    "framework", "parp", "occ", "ipap", "itpp", "eop", "dcb", "interoperability_platform",
)  # fmt: skip
IN_FRAMEWORK, PARP, OCC, IPAP, ITPP, EOP, DCB, PLATFORM = range(8)

TRACK: Final = ("none", "aspirant", "action_plan", "invited", "acceding", "ally")
NOT_ASPIRING, ASPIRANT, ACTION_PLAN, INVITED, ACCEDING, ALLY = range(6)

ITEMS: Final = ("programme", "status", "outreach", "mandate")
PROGRAMME, STATUS, OUTREACH, MANDATE = range(4)
STANCES: Final = ("let_pass", "amend", "object")
LET_PASS, AMEND, OBJECT = range(3)
DECISION_MODES: Final = ("consensus", "opt_in", "decision_shaping", "joint_decision")
CONSENSUS, OPT_IN, DECISION_SHAPING, JOINT_DECISION = range(4)

MOVES: Final = (
    "coercion", "counter_offer", "disinformation", "snap_exercise", "wedge", "transparency_offer", "restraint",
)  # fmt: skip
COERCION, COUNTER_OFFER, DISINFORM, SNAP_EXERCISE, WEDGE, TRANSPARENCY_OFFER, RESTRAINT = range(7)

PURSES: Final = ("partner", "lead_ally", "trust_fund", "common_fund")
PARTNER_PURSE, LEAD_ALLY, TRUST_FUND, COMMON_FUND = range(4)

BLOCS: Final = ("csto", "gcc", "eu")
CSTO, GCC, EU = range(3)

REFUSALS: Final = (
    "admitted", "not a number", "negative", "not a partner in a framework", "cooperation suspended",
    "not on the framework's menu", "no staff hours left", "common fund exhausted", "partner purse exhausted",
    "absorption exhausted", "more than was offered",
)  # fmt: skip
(ADMITTED, NOT_A_NUMBER, NEGATIVE, NOT_A_PARTNER, SUSPENDED, NOT_ON_MENU, NO_HOURS, NO_FUND, NO_PURSE,
 NO_ABSORPTION, NOT_OFFERED) = range(11)  # fmt: skip

SCORES: Final = ("trust", "interoperability", "capability", "legitimacy")

# What outcomes are judged by; each has a unit, a direction and a definition where it is computed.
MEASURES: Final[tuple[str, ...]] = (
    "mutual_trust", "interoperability", "coalition_score", "capability", "disparity", "harm", "overload", "stability",
    "deterrence", "consensus_rate", "decision_delay", "legitimacy", "voice", "integration", "expectation_gap",
    "readiness", "accessions", "realignment", "cost", "burden_sharing", "leaks",
    "severity", "harm_everywhere",
)  # fmt: skip

# What is recorded of every state: the value at the end of the quarter, or what happened in it.
STATE_VARIABLES: Final = (
    "trust", "interoperability", "capability", "legitimacy", "will", "readiness", "expectation", "tilt", "coercion",
    "warning", "institutions", "harm", "places", "spent", "exercises", "track", "framework",
)  # fmt: skip
FLOWS: Final = ("harm", "places", "spent", "exercises")  # summed up as a mean over the run; all others at its end
