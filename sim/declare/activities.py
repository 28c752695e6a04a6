"""The cooperation menu: what each activity costs, what it asks for, and what it does. Declared once.

One *place* is one partner's part in one activity of typical size in one quarter. Gains are shares of the distance
that is left (see `sim/law/forms.py: learn`), at full absorption and with well-matched teachers.
"""

from typing import Final, NamedTuple

from sim.declare.names import ACTIVITIES, Activities

SIZES = "reference sizes: exercise cost a head from Trident Juncture 2018 (about EUR 9,000); "
LEARNING = "gain a place within 0.02-0.10 LIVEX, 0.01-0.05 CPX and CAX, 0.005-0.02 TTX (assumed)"
AID = "McNerney et al. 2014 (RAND RR350): education strongest, equipment finance no lasting effect; size assumed"


class Activity(NamedTuple):
    """One entry of the cooperation menu. Units: see COLUMNS and FLAGS.

    `domain` is that of the capability it builds: PLANNED where the partner's plan says, or one of DOMAINS.
    """

    instrument: str
    domain: str
    typical: float
    cost: float
    national: float
    hours: float
    burden: float
    technical: float
    procedural: float
    human: float
    capability: float
    institutions: float
    evidence: float
    legitimacy: float
    provocation: float
    warning: float
    lag: float
    joint: float
    is_exercise: int
    rests_on_kit: int
    exposes: int
    informs: int
    is_aid: int
    source: str


COLUMNS: Final = {
    "typical": ("places a quarter", "what a partner with an average appetite asks for"),
    "cost": ("EUR million a place", "paid by the common fund, a lead ally or a trust fund"),
    "national": ("EUR million a place", "paid by the partner itself"),
    "hours": ("staff hours a place", "taken from NATO's finite staff hours"),
    "burden": ("absorption units a place", "taken from what the partner can absorb"),
    "technical": ("share of the gap a place", "technical interoperability learned"),
    "procedural": ("share of the gap a place", "procedural interoperability learned"),
    "human": ("share of the gap a place", "human interoperability learned"),
    "capability": ("share of the gap a place", "capability gained, in the activity's domain or else as the plan aims"),
    "institutions": ("share of the gap a place", "civilian control and defence governance gained"),
    "evidence": ("units of Beta evidence a place", "reliable conduct seen by those who took part"),
    "legitimacy": ("change a place", "public legitimacy of the programme in the partner state"),
    "provocation": ("0 to 1", "how threatening a rival finds it: humanitarian 0, peacekeeping 0.2, warfighting 1"),
    "warning": ("share of the gap a place", "shared intelligence and plans, read as warning"),
    "lag": ("quarters", "mean delay between doing and effect"),
    "joint": ("0 or 1", "1 where units or people of several states work side by side"),
}
PLANNED: Final = "planned"  # the domain of an activity that builds what the partner's plan aims at
FLAGS: Final = {  # what an activity is, whatever a scenario says of its size
    "is_exercise": ("0 or 1", "1 where forces exercise: size, profile and distance of exercises matter"),
    "rests_on_kit": ("0 or 1", "1 where capability comes as equipment, which works at once and needs upkeep"),
    "exposes": ("0 or 1", "1 where what is shared may leak"),
    "informs": ("0 or 1", "1 where information is shared, for which states ask that feel digital threats"),
    "is_aid": ("0 or 1", "1 where it gives what lasts years, equipment and education, for which poor states ask"),
}

MENU: Final[dict[str, Activity]] = {
    #                     instrument domain typical cost nation hours burden techn proced human capab instit evid  legit  provo warn lag joint exercise kit exposes informs aid
    "live_exercise": Activity(
        "exercises", PLANNED, 0.25, 0.30, 0.10, 60, 0.40, 0.050, 0.090, 0.100, 0.020, 0.00, 0.90, -0.004, 1.00, 0.00, 1, 1, 1, 0, 0, 0, 0, SIZES + LEARNING),
    "command_post_exercise": Activity(
        "exercises", PLANNED, 0.25, 0.06, 0.03, 40, 0.25, 0.015, 0.050, 0.040, 0.004, 0.00, 0.20, 0.000, 0.30, 0.01, 1, 1, 1, 0, 0, 0, 0, SIZES + LEARNING),
    "computer_assisted_exercise": Activity(
        "exercises", PLANNED, 0.15, 0.08, 0.03, 40, 0.25, 0.030, 0.050, 0.030, 0.005, 0.00, 0.16, 0.000, 0.20, 0.01, 1, 1, 1, 0, 0, 0, 0, SIZES + LEARNING),
    "table_top_exercise": Activity(
        "exercises", PLANNED, 0.40, 0.02, 0.01, 20, 0.1, 0.000, 0.012, 0.010, 0.001, 0.00, 0.08, 0.001, 0.05, 0.01, 1, 1, 1, 0, 0, 0, 0, SIZES + LEARNING),
    "expertise": Activity(
        "capacity", PLANNED, 0.30, 0.15, 0.03, 40, 0.6, 0.005, 0.010, 0.005, 0.050, 0.01, 0.20, 0.001, 0.20, 0.00, 2, 0, 0, 0, 0, 0, 0, AID),
    "technical_skills": Activity(
        "capacity", PLANNED, 0.30, 0.20, 0.05, 40, 0.7, 0.030, 0.020, 0.005, 0.060, 0.00, 0.15, 0.001, 0.20, 0.00, 2, 0, 0, 0, 0, 0, 0, AID),
    "equipment": Activity(
        "capacity", PLANNED, 0.10, 1.00, 0.10, 50, 0.8, 0.060, 0.000, 0.000, 0.450, 0.00, 0.20, 0.000, 0.70, 0.00, 8, 0, 0, 1, 0, 0, 1,
        AID + "; delivery 6-12 quarters"),
    "technology_transfer": Activity(
        "capacity", PLANNED, 0.08, 0.70, 0.15, 60, 0.8, 0.080, 0.010, 0.000, 0.300, 0.00, 0.20, 0.000, 0.50, 0.00, 8, 0, 0, 1, 1, 0, 1,
        AID + "; delivery 6-12 quarters"),
    "education": Activity(
        "institutions", PLANNED, 0.30, 0.12, 0.03, 40, 0.4, 0.000, 0.020, 0.010, 0.020, 0.05, 0.20, 0.002, 0.00, 0.00, 8, 0, 0, 0, 0, 0, 1,
        AID + "; DEEP: 15-16 partner programmes; 8-16 quarters"),
    "institution_building": Activity(
        "institutions", PLANNED, 0.25, 0.10, 0.03, 60, 0.6, 0.000, 0.020, 0.000, 0.010, 0.08, 0.10, -0.001, 0.00, 0.00, 10, 0, 0, 0, 0, 0, 1,
        "Biddle, Macdonald & Baker 2018: modest ceiling, intrusive; size assumed"),
    "standards": Activity(
        "institutions", PLANNED, 0.30, 0.06, 0.10, 60, 0.6, 0.050, 0.040, 0.000, 0.005, 0.02, 0.15, 0.000, 0.10, 0.00, 4, 0, 0, 0, 0, 0, 0,
        "PARP: two-year goals and assessment; size assumed"),
    "evaluation": Activity(
        "institutions", PLANNED, 0.15, 0.10, 0.15, 60, 0.7, 0.050, 0.050, 0.010, 0.010, 0.01, 0.40, 0.000, 0.20, 0.00, 4, 0, 0, 0, 0, 0, 0,
        "OCC evaluation and feedback: SEL1, NEL1, SEL2, NEL2 over a few years; size assumed"),
    "consultation": Activity(
        "dialogue", PLANNED, 0.60, 0.02, 0.01, 30, 0.1, 0.000, 0.002, 0.004, 0.000, 0.00, 0.15, 0.002, 0.00, 0.01, 1, 1, 0, 0, 0, 0, 0,
        "MD+7, ICI+4, NAC+n formats; size assumed"),
    "seminars": Activity(
        "dialogue", PLANNED, 1.00, 0.015, 0.005, 20, 0.1, 0.000, 0.005, 0.006, 0.000, 0.01, 0.06, 0.001, 0.00, 0.00, 1, 1, 0, 0, 0, 0, 0,
        "SPS workshop EUR 30-40 thousand; size assumed"),
    "strategic_communication": Activity(
        "dialogue", "information", 0.20, 0.05, 0.01, 30, 0.1, 0.000, 0.000, 0.000, 0.200, 0.00, 0.05, 0.006, 0.00, 0.00, 2, 0, 0, 0, 0, 0, 0, "assumed"),
    "transparency": Activity(
        "dialogue", PLANNED, 0.30, 0.03, 0.02, 30, 0.1, 0.000, 0.000, 0.005, 0.000, 0.00, 0.12, 0.001, 0.00, 0.00, 1, 1, 0, 0, 0, 0, 0,
        "notification and observers, after the Vienna Document; size assumed"),
    "science": Activity(
        "dialogue", PLANNED, 0.25, 0.08, 0.02, 30, 0.2, 0.015, 0.000, 0.010, 0.010, 0.01, 0.12, 0.002, 0.00, 0.00, 6, 1, 0, 0, 0, 0, 1,
        "SPS multi-year project EUR 250-400 thousand over 24-36 months; size assumed"),
    "intelligence_sharing": Activity(
        "information", PLANNED, 0.30, 0.08, 0.02, 40, 0.3, 0.010, 0.010, 0.005, 0.000, 0.00, 0.30, 0.000, 0.10, 0.20, 1, 0, 0, 0, 1, 1, 0, "assumed"),
    "joint_planning": Activity(
        "information", PLANNED, 0.30, 0.05, 0.03, 60, 0.4, 0.000, 0.030, 0.010, 0.000, 0.01, 0.25, 0.000, 0.20, 0.10, 2, 1, 0, 0, 0, 1, 0, "assumed"),
    "cyber_cooperation": Activity(
        "information", "cyber", 0.30, 0.12, 0.04, 40, 0.4, 0.030, 0.020, 0.005, 0.400, 0.00, 0.20, 0.002, 0.05, 0.05, 2, 0, 0, 0, 0, 1, 0, "assumed"),
    "digital_collaboration": Activity(
        "information", PLANNED, 0.20, 0.15, 0.05, 40, 0.3, 0.050, 0.020, 0.005, 0.000, 0.00, 0.15, 0.001, 0.05, 0.12, 3, 1, 0, 0, 1, 1, 0, "assumed"),
    "disaster_response": Activity(
        "resilience", "civil_emergency", 0.30, 0.10, 0.05, 40, 0.4, 0.010, 0.020, 0.020, 0.400, 0.00, 0.25, 0.006, 0.00, 0.02, 1, 1, 0, 0, 0, 0, 0,
        "EADRCC consequence-management exercises; size assumed"),
    "pooled_assets": Activity(
        "resilience", PLANNED, 0.15, 0.40, 0.10, 50, 0.3, 0.040, 0.020, 0.000, 0.080, 0.00, 0.15, 0.001, 0.15, 0.02, 6, 1, 0, 0, 0, 0, 1,
        "joint-product model of burden sharing (Sandler); size assumed"),
}  # fmt: skip

assert tuple(MENU) == ACTIVITIES
ACTIVITY: Final = Activities(*range(len(ACTIVITIES)))  # rows of the menu, by name
