"""Every constant that stands in a rule: value, unit, meaning and source, declared once, in the order of the rules.

Unlike parameters (sim/declare/parameters.py) they are no part of a scenario and no study varies them: they fix forms,
shares and floors. 0, 1, 2, 3, a half and 100 need no name. "assumed" marks a modelling judgement.
"""

import sys
from typing import Annotated, NamedTuple, get_type_hints


class Fixed(NamedTuple):
    """What is declared about one constant beside its value."""

    unit: str
    meaning: str
    source: str


# fmt: off
# shared by mechanisms
FLOOR: Annotated[float, Fixed("share",
    "what counts of something where nothing of what scales it is there", "assumed")] = 0.3
LOW_FLOOR: Annotated[float, Fixed("share",
    "`FLOOR` of ties with the remote and of provocation by peaceful activities",
    "threat weights 0, 0.2, 1 by type (assumed)")] = 0.2
SMALLEST_STATE: Annotated[float, Fixed("force weight",
    "what even the smallest state counts with beyond its weight", "assumed")] = 0.3
COHESION_BASE: Annotated[float, Fixed("0 to 1",
    "usual cohesion of the Council: it returns there, and rivals judge wedges by it", "assumed")] = 0.7
YEAR: Annotated[int, Fixed("quarters", "a year; what an aspirant waits before its first summit", "calendar")] = 4
QUARTER_OF_YEAR: Annotated[float, Fixed("years", "a quarter's part of what is paid for a year", "calendar")] = 0.25
TINY: Annotated[float, Fixed("share", "allowance for rounding", "technical")] = 1e-9
STATE_BITS: Annotated[int, Fixed("bits", "room for a state beside another in the slot of a draw", "technical")] = 15
ARRIVAL_BITS: Annotated[int, Fixed("bits",
    "room for an arrival beside its threat in the slot of a draw", "technical")] = 8

# 1 threats arise
IDLE_DRIVE: Annotated[float, Fixed("rate multiple", "rate of driven kinds where nothing drives them", "assumed")] = 0.25
LARGEST_COUNT: Annotated[int, Fixed("arrivals",
    "most arrivals of one threat on one state in one quarter", "assumed")] = 3
SPREAD_LIMIT: Annotated[float, Fixed("severity points",
    "most that can spread to one state in a quarter", "assumed")] = 15.0

# 2 response
TRIFLE: Annotated[float, Fixed("severity points",
    "trouble up to this is no incident, and less does not spread", "assumed")] = 0.3
WITHOUT_MANDATE: Annotated[float, Fixed("share",
    "part of an ally's willing forces that answers for partners without a mandate", "assumed")] = 0.15
LEAST_FORCE: Annotated[float, Fixed("force weight", "less than this is not called", "assumed")] = 0.05
LEAST_SHARE: Annotated[float, Fixed("share of forces",
    "who would send no more than this is not called", "assumed")] = 0.02

# 4 participation
ABSORPTION_LEAST: Annotated[float, Fixed("share of the base",
    "absorbed by a state without people, wealth or institutions", "assumed")] = 0.25
ABSORPTION_GOVERNED: Annotated[float, Fixed("share of the base",
    "absorbed more with full institutions", "RAND MG1253, RR937: institutions; size assumed")] = 0.9
ABSORPTION_PEOPLE: Annotated[float, Fixed("share of the base",
    "absorbed more by a state with a force weight of one", "RAND MG1253, RR937: people; size assumed")] = 0.4
ABSORPTION_WEALTH: Annotated[float, Fixed("share of the base", "absorbed more by the wealthiest", "assumed")] = 0.3
NUMBER_LIMIT: Annotated[float, Fixed("places", "a request from here on is taken for no number", "technical")] = 1e9
UNCUT: Annotated[float, Fixed("share", "a programme cut to this or less counts as refused in part", "assumed")] = 0.98
LAST_YEAR_KEPT: Annotated[float, Fixed("share kept a quarter",
    "memory of places done: their sum is about that of a year", "calendar")] = 0.75

# 5 activities
PLAN_LIMIT: Annotated[float, Fixed("units of effort",
    "most that a plan may put on one domain: all that it spreads over seven", "as many as there are domains")] = 7.0
GOVERNANCE_GAIN: Annotated[float, Fixed("multiplier",
    "how much faster defence governance reforms than civilian control", "assumed")] = 1.3
REFORM_PRICE: Annotated[float, Fixed("will a unit of gain", "will that resisted reform costs", "assumed")] = 0.15
TAILORED_APART: Annotated[float, Fixed("share",
    "multinational meeting lost where programmes are fully tailored", "assumed")] = 0.8
CLOSED: Annotated[float, Fixed("multiplier",
    "what a closed Alliance shares of what a half-open one does", "assumed")] = 0.2
ALIGNED_DISLIKE: Annotated[float, Fixed("share",
    "dislike of provocation in aligned publics, where non-aligned ones add one", "assumed")] = 0.2

# 6 operations
PROCEDURAL_PART: Annotated[float, Fixed("multiple of `service`",
    "procedural interoperability from a full deployment",
    "Partnership Interoperability Initiative 2014: order of ISAF-era gains; size assumed")] = 0.6
VOICE_PART: Annotated[float, Fixed("multiple of `service`", "voice from a full deployment", "assumed")] = 2.0
EVIDENCE_PART: Annotated[float, Fixed("multiple of `service`",
    "units of evidence from a full deployment", "assumed")] = 10.0
STRAIN: Annotated[float, Fixed("change of will",
    "will lost by a full deployment or a point of losses", "assumed")] = 0.006
LOSSES_TAIL: Annotated[float, Fixed("exponent", "tail of losses", "assumed")] = 2.4
LOSSES_CAP: Annotated[float, Fixed("index points", "largest losses of a state in a quarter", "assumed")] = 20.0
SERVICE_FATIGUE: Annotated[float, Fixed("share of the gap a quarter",
    "fatigue from a full deployment", "assumed")] = 0.05

# 7 trust
QUARREL: Annotated[float, Fixed("0 to 1",
    "what a full quarrel takes off the trust to which a pair returns", "assumed")] = 0.3
ALLIED: Annotated[float, Fixed("likeness",
    "likeness of allies, where 1 is the most that others reach", "assumed")] = 2.0
LEAST_TRUST: Annotated[float, Fixed("0 to 1", "least base trust that a quarrel leaves", "assumed")] = 0.05
GRAVE: Annotated[float, Fixed("severity points",
    "a grave threat, by which thanks and doubt are scaled", "assumed")] = 10.0
PROMISING_WORDS: Annotated[float, Fixed("share", "expectation added by full communication", "assumed")] = 0.3

# 8 rivals
DISTANCE_CALMS: Annotated[float, Fixed("share",
    "provocation that exercises lose when they keep their full distance", "assumed")] = 0.7
OTHERS_PART: Annotated[float, Fixed("share",
    "part of a rival's move that states in reach feel that it does not lean on", "assumed")] = 0.25
RALLY_TILT: Annotated[float, Fixed("change of tilt",
    "leaning towards a rival that full attributed coercion undoes", "assumed")] = 0.1
RALLY_COHESION: Annotated[float, Fixed("cohesion a unit of rally",
    "cohesion won when an ally is coerced in public", "assumed")] = 0.02
TENSION_BASE: Annotated[float, Fixed("0 to 1", "tension of a region without feuds or hostile rivals", "assumed")] = 0.05
OVERDONE_WORDS: Annotated[float, Fixed("deeds", "deeds that full communication must be backed by", "assumed")] = 0.6
RAISED_HOPES: Annotated[float, Fixed("deeds", "deeds that full expectation of help must be backed by", "assumed")] = 0.2

# 9 time passes
TECHNICAL_FADE: Annotated[float, Fixed("1/quarter",
    "fade of technical interoperability, half-life 90 months", "assumed")] = 0.023
PROCEDURAL_FADE: Annotated[float, Fixed("1/quarter",
    "fade of procedural interoperability, half-life 36 months", "assumed")] = 0.058
HUMAN_FADE: Annotated[float, Fixed("1/quarter",
    "fade of human interoperability, half-life 13 months",
    "individuals: 6.5-13 months (Tatel & Ackerman); assumed for forces")] = 0.16
ALLIED_SKILL: Annotated[float, Fixed("0 to 1",
    "interoperability that allies keep by daily training outside this model", "assumed")] = 0.7
READY_BASE: Annotated[float, Fixed("0 to 1", "readiness of a state at rest", "assumed")] = 0.85
READY_EXERCISED: Annotated[float, Fixed("readiness", "most readiness that exercises with allies add", "assumed")] = 0.12
READY_FELT: Annotated[float, Fixed("readiness a severity point", "readiness won by threat as felt", "assumed")] = 0.005
READY_LEAST: Annotated[float, Fixed("0 to 1", "least readiness at which a state settles", "assumed")] = 0.1
MISSION_LOAD: Annotated[float, Fixed("readiness", "readiness that a full deployment takes", "assumed")] = 0.2
FATIGUE_LOAD: Annotated[float, Fixed("readiness", "readiness that full fatigue takes", "assumed")] = 0.4
LENDER_BASE: Annotated[float, Fixed("force weight",
    "added to an ally's weight where its help is set against it", "assumed")] = 0.2
ELECTION_CYCLE: Annotated[int, Fixed("quarters", "every state votes each four years", "assumed")] = 16
BUDGET_MEMORY: Annotated[float, Fixed("share kept a quarter",
    "how much of a purse's departure from its mean lasts", "assumed")] = 0.85
LEAST_INCOME: Annotated[float, Fixed("multiplier", "least that a purse falls to", "assumed")] = 0.3
LEGITIMACY_BASE: Annotated[float, Fixed("0 to 1", "legitimacy in partner states to which it returns", "assumed")] = 0.55
VOICE_FADE: Annotated[float, Fixed("1/quarter", "how fast voice fades", "assumed")] = 0.06

# 10 arrangements
LEEWAY: Annotated[float, Fixed("merit",
    "what an open door lowers the bar by; above the bar, what spares the action plan", "assumed")] = 0.15
UNSETTLED: Annotated[float, Fixed("0 to 1",
    "strength of a quarrel that is to be settled first",
    "Study on NATO Enlargement 1995, paragraph 6; size assumed")] = 0.5
HEARD: Annotated[float, Fixed("share of the gap a place", "voice from consultation on the Platform", "assumed")] = 0.1
MUCH_WORK: Annotated[float, Fixed("places a quarter",
    "work on standards before PARP, on institutions before IPAP", "assumed")] = 0.25
KIT_ASKED: Annotated[float, Fixed("places a quarter",
    "equipment that came, before a capacity-building package", "assumed")] = 0.2
SOME_WORK: Annotated[float, Fixed("places a quarter",
    "evaluation before OCC, work on institutions before ITPP", "assumed")] = 0.15
KEEN: Annotated[float, Fixed("will", "will asked for IPAP and EOP", "assumed")] = 0.6
FAIRLY_KEEN: Annotated[float, Fixed("will", "will asked for PARP", "assumed")] = 0.45
EOP_CONTROL: Annotated[float, Fixed("civilian control", "control asked for EOP", "assumed")] = 0.45
EOP_ABOVE: Annotated[float, Fixed("score",
    "interoperability asked for EOP above that of the Platform", "assumed")] = 0.15
DCB_CONTROL: Annotated[float, Fixed("civilian control",
    "control from which a state gets no capacity-building package", "assumed")] = 0.65
SETBACK: Annotated[float, Fixed("change of control",
    "civilian control lost by a coup or backsliding", "assumed")] = 0.25
LEAST_CONTROL: Annotated[float, Fixed("0 to 1", "civilian control that no upheaval takes", "assumed")] = 0.02
BLOC_HOSTILITY: Annotated[float, Fixed("cohesion",
    "cohesion of a rival's bloc that its full hostility sustains", "assumed")] = 0.2
FULL_PROGRAMME: Annotated[float, Fixed("places a year", "a full programme", "assumed")] = 20.0
CLOSE_ENGAGED: Annotated[float, Fixed("0 to 1", "closeness from a full programme", "assumed")] = 0.4
CLOSE_HELD: Annotated[float, Fixed("0 to 1", "closeness from one arrangement held", "assumed")] = 0.05
CLOSE_ON_TRACK: Annotated[float, Fixed("0 to 1", "closeness from one stage of the accession track", "assumed")] = 0.15

# the staff chooses
ESTIMATE_LEAST: Annotated[float, Fixed("severity points",
    "what the staff reckons with of a kind that nobody feels", "assumed")] = 0.02
LIVE_LEAST: Annotated[float, Fixed("multiplier",
    "weight of live exercises where exercises are small, of others where large", "assumed")] = 0.4
LIVE_MORE: Annotated[float, Fixed("multiplier",
    "weight that the largest exercises give to live ones and take from others", "assumed")] = 1.2
TALK_LEAST: Annotated[float, Fixed("multiplier",
    "weight of strategic communication without the lever", "assumed")] = 0.3
EMERGENCY: Annotated[float, Fixed("severity points",
    "scripted shock that calls the Council together", "assumed")] = 40.0
OUTSIDER_WILL: Annotated[float, Fixed("will",
    "will of an outsider that is asked in without outreach", "assumed")] = 0.75

# allies choose
LEAN_BURDEN: Annotated[float, Fixed("utility",
    "dislike of a programme that leans fully to the other flank", "assumed")] = 0.7
MONEY_BURDEN: Annotated[float, Fixed("utility a EUR million a year",
    "dislike of the envelope at a usual purse", "assumed")] = 0.0008
ITEM_BASE: Annotated[float, Fixed("utility",
    "an item that concerns an ally in nothing, at half cohesion", "assumed")] = 0.55
ITEM_COHESION: Annotated[float, Fixed("utility", "what full cohesion adds over none", "assumed")] = 0.3
PROGRAMME_QUARREL: Annotated[float, Fixed("share",
    "part of a quarrel that counts where it concerns a programme for many", "assumed")] = 0.3
IDEAL_WEIGHT: Annotated[float, Fixed("share a unit of ideal point",
    "caution that closeness to the West in the UN takes away", "assumed")] = 0.25
MERIT_WEIGHT: Annotated[float, Fixed("utility", "what full merit of a candidate adds over none", "assumed")] = 0.6
CAUTION: Annotated[float, Fixed("utility",
    "caution of an ally far from a front about a candidate on it", "assumed")] = 1.1
DOOR_WEIGHT: Annotated[float, Fixed("utility", "what a fully open door costs against a shut one", "assumed")] = 0.2
FAR_FROM_SOUTH: Annotated[float, Fixed("utility",
    "dislike of outreach by an ally without interest in the south", "assumed")] = 0.3
USUAL_ENVELOPE: Annotated[float, Fixed("EUR million a year",
    "envelope from which lead money is lent in full", "assumed")] = 60.0
HOME_TENSION: Annotated[float, Fixed("share", "forces that full tension at home keeps back", "assumed")] = 0.4

# partners choose
LEGITIMACY_PULL: Annotated[float, Fixed("logit a unit", "pull of legitimacy on appetite", "assumed")] = 0.8
STRONG_THREAT: Annotated[float, Fixed("severity points a quarter",
    "threat as felt that pulls in full", "assumed")] = 4.0
LUCK_PULL: Annotated[float, Fixed("logit", "pull of the luck of a quarter, from worst to best", "assumed")] = 0.8
DIGITAL_PULL: Annotated[float, Fixed("logit a severity point",
    "pull of digital threat on shared information", "assumed")] = 0.3
POVERTY_PULL: Annotated[float, Fixed("logit", "pull of poverty on aid", "assumed")] = 0.4
MOST_ASKED: Annotated[float, Fixed("share of what is usual",
    "most that a state without aspirations asks for", "assumed")] = 1.2
ASPIRANT_ASKS: Annotated[float, Fixed("share of what is usual",
    "what a full aspirant asks for beyond it", "assumed")] = 0.6
OFFER_WILL: Annotated[float, Fixed("will", "will at which a rival's offer neither draws nor repels", "assumed")] = 0.4
TROOPS_WILL: Annotated[float, Fixed("will",
    "will at which a partner neither seeks nor shuns a mission", "assumed")] = 0.6
TROOPS_ASPIRATION: Annotated[float, Fixed("logit", "pull of aspiration on troops", "assumed")] = 1.2
APPLY_WILL: Annotated[float, Fixed("will", "added to will in the wish to come nearer", "assumed")] = 0.4
APPLY_ABOVE: Annotated[float, Fixed("product", "wish above which an aspirant keeps asking", "assumed")] = 0.35
PARTNER_PLEDGE: Annotated[float, Fixed("share",
    "what a fully willing partner pledges of what an ally would", "assumed")] = 0.6

# rivals choose
RIVAL_FORCE: Annotated[float, Fixed("multiplier", "a rival's force near home, by its force weight", "assumed")] = 4.0
COERCION_PAYOFF: Annotated[float, Fixed("payoff", "coercion at full hostility", "assumed")] = 1.5
OFFER_PAYOFF: Annotated[float, Fixed("payoff", "counter-offers where all influence is lost", "assumed")] = 1.5
CALM: Annotated[float, Fixed("0 to 1",
    "hostility and pressure below which transparency and restraint pay", "assumed")] = 0.4
TARGET_BASE: Annotated[float, Fixed("weight",
    "weight of a state near a rival that does nothing with the Alliance", "assumed")] = 0.3
TARGET_LUCK: Annotated[float, Fixed("share", "how much luck there is in whom a rival leans on", "assumed")] = 0.8

# what orders may hold
PLACES_LIMIT: Annotated[float, Fixed("places a quarter",
    "most places of an activity that orders may name for a state", "assumed")] = 1000.0
FUND_LIMIT: Annotated[float, Fixed("share of its part",
    "most that an ally may pay into the common fund", "assumed")] = 1.5
EFFORT_LIMIT: Annotated[float, Fixed("units of effort",
    "a rival's move from here on is taken for none", "technical")] = 1e6
LEAD_LIMIT: Annotated[float, Fixed("EUR million a quarter and force weight",
    "most that an ally may lend", "assumed")] = 50.0
# fmt: on


def fixed() -> dict[str, Fixed]:
    """Unit, meaning and source of every constant, in declared order."""
    hints = get_type_hints(sys.modules[__name__], include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items()}
