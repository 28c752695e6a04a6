"""Every scalar parameter of the model: default, range, unit and source, declared once.

The docs (docs/model_sources.md), the JSON Schema of scenario files and the sensitivity analysis read them from here.
"assumed" marks a modelling judgement; its range is a prior for sensitivity analysis, not a finding.
"""

from typing import Annotated, NamedTuple, get_type_hints


class Spec(NamedTuple):
    """What is declared about one parameter beside its default."""

    low: float
    high: float
    unit: str
    meaning: str
    source: str


P = Spec


class Parameters(NamedTuple):
    """One value for each parameter, in the order of the rules."""

    # fmt: off
    # 1 threats arise
    coercion_gain: Annotated[float, P(0.0, 5.0, "rate multiple at full effort",
        "how far rivals' coercion drives hybrid pressure, and their propaganda disinformation",
        "assumed")] = 2.5
    tension_gain: Annotated[float, P(0.0, 5.0, "rate multiple at full tension",
        "how far tension in the region drives conflict onset",
        "Buhaug & Gleditsch 2008 give multipliers of 1.5-2.5 for an affected neighbour; assumed for tension")] = 2.5
    excitement_fade: Annotated[float, P(0.3, 1.5, "1/quarter",
        "how fast self-excitation dies down",
        "assumed")] = 0.7

    # 2 response
    own_effort: Annotated[float, P(2.0, 16.0, "effort points",
        "scale of a state's own effort against a threat",
        "assumed")] = 12.0
    help_effort: Annotated[float, P(0.0, 60.0, "effort points",
        "scale of each responder's effort",
        "assumed")] = 24.0
    warning_gain: Annotated[float, P(0.0, 0.6, "share",
        "most of a threat that full warning takes away",
        "assumed")] = 0.5
    deployment: Annotated[float, P(0.1, 0.5, "share of a pledge",
        "forces that one incident ties up for a quarter",
        "assumed")] = 0.15
    call_above: Annotated[float, P(1.0, 10.0, "severity points",
        "severity above which a state calls for help",
        "assumed")] = 3.0
    scars: Annotated[float, P(0.0, 3.0, "multiplier",
        "scale of harm's damage to capability, legitimacy and calm, and half as much to the Council's cohesion",
        "assumed")] = 1.0
    spread_share: Annotated[float, P(0.0, 2.0, "multiplier",
        "scale of spread to neighbours and along networks",
        "Buhaug & Gleditsch 2008; size assumed")] = 1.0
    memory: Annotated[float, P(0.5, 0.95, "share kept a quarter",
        "memory of felt threat, of what partners ask for, and of what is expected of the Alliance",
        "assumed")] = 0.8

    # 3 council
    quarrel_weight: Annotated[float, P(0.6, 1.6, "utility",
        "how far a full quarrel turns an ally against what concerns the other",
        "the four blocks on record, 1994-2024: fitted to their number")] = 1.3
    amend_below: Annotated[float, P(-0.1, 0.4, "utility",
        "below this an ally amends",
        "assumed")] = 0.12
    object_below: Annotated[float, P(-0.3, 0.2, "utility",
        "below this an ally objects",
        "assumed")] = 0.0
    objection_price: Annotated[float, P(0.1, 0.8, "share of goodwill",
        "price of one objection",
        "assumed")] = 0.3
    goodwill_recovery: Annotated[float, P(0.01, 0.2, "share a quarter",
        "how fast goodwill returns",
        "assumed")] = 0.05
    dissent_cost: Annotated[float, P(0.0, 0.05, "change of cohesion",
        "what one objection costs the Alliance",
        "assumed")] = 0.02
    position_spread: Annotated[float, P(0.0, 2.0, "multiplier",
        "how far apart allies' positions are",
        "positions from record and geography; scale assumed")] = 1.0
    wedge_weight: Annotated[float, P(0.0, 1.0, "utility a unit of effort",
        "how far a rival's wedge moves an ally's stance",
        "assumed")] = 0.3
    least_amended: Annotated[float, P(0.2, 0.8, "share of the plan",
        "smallest programme that allies agree on by cutting its sum, and what goes on while it is held up",
        "assumed")] = 0.3
    planning_cycle: Annotated[float, P(4.0, 16.0, "quarters",
        "cycle of an individually tailored programme",
        "ITPP and IPCP: two-year cycle")] = 8.0
    estimate_noise: Annotated[float, P(0.0, 1.5, "multiplier",
        "noise of the staff's estimate of threats",
        "assumed")] = 0.6

    # 4 partners choose
    absorption_base: Annotated[float, P(1.0, 6.0, "absorption units a quarter",
        "what a middling partner can absorb",
        "RAND MG1253, RR937; size assumed")] = 3.0
    staff_hours: Annotated[float, P(4000.0, 40000.0, "hours a quarter",
        "NATO staff hours for partnership",
        "assumed; about 1,400 menu activities a year")] = 14000.0
    outreach_cost: Annotated[float, P(0.0, 0.4, "share of the envelope",
        "money and attention that full outreach takes from present partners",
        "assumed")] = 0.15
    will_pull: Annotated[float, P(0.0, 6.0, "logit a unit",
        "pull of political will",
        "assumed")] = 3.0
    trust_pull: Annotated[float, P(0.0, 5.0, "logit a unit",
        "pull of trust in allies",
        "assumed")] = 2.0
    threat_pull: Annotated[float, P(0.0, 2.0, "logit",
        "pull of strongly felt threat",
        "assumed")] = 0.8
    aspiration_pull: Annotated[float, P(0.0, 2.0, "logit",
        "over-subscription of aspirants",
        "MME v7: 2004 joiners rose from 2.1 to 10.3 exercises a year before accession; size assumed")] = 1.0
    condition_push: Annotated[float, P(0.0, 3.0, "logit a unit",
        "push of conditions on weakly governed partners, and of a rival's offer that is taken",
        "assumed")] = 1.5
    aversion: Annotated[float, P(0.0, 4.0, "logit",
        "aversion of non-aligned partners to provocation",
        "assumed")] = 1.5
    partner_purse: Annotated[float, P(0.3, 3.0, "multiplier",
        "scale of partners' own money for cooperation",
        "each state pays its own part; scale assumed")] = 1.0

    # 5 activities
    learning: Annotated[float, P(0.2, 1.0, "multiplier",
        "scale of all gains",
        "reference ranges for exercises (assumed)")] = 0.5
    terrain: Annotated[float, P(0.0, 0.6, "share",
        "learning that front-line states lose when exercises keep their distance",
        "assumed")] = 0.3
    acquaintance: Annotated[float, P(0.05, 0.6, "multiplier",
        "scale of the trust evidence that activities give",
        "assumed")] = 0.2
    disparity: Annotated[float, P(0.0, 4.0, "1/unit of gap",
        "how far a capability gap dilutes joint training",
        "assumed")] = 1.5
    institution_power: Annotated[float, P(0.0, 1.0, "share",
        "how far capability building depends on governance",
        "McNerney et al. 2014; size assumed")] = 0.7
    elite_resistance: Annotated[float, P(0.0, 1.0, "share",
        "resistance of undemocratic elites to reform",
        "Biddle, Macdonald & Baker 2018; size assumed")] = 0.6
    alienation: Annotated[float, P(0.0, 0.06, "change a place",
        "legitimacy lost by provocation in non-aligned publics",
        "assumed")] = 0.02
    leak_rate: Annotated[float, P(0.0, 1.0, "1/place",
        "hazard of leaks where governance is nil",
        "assumed")] = 0.2
    transparency_gain: Annotated[float, P(0.0, 2.0, "1/place",
        "misperception cleared by notification and observers",
        "Vienna Document practice; size assumed")] = 0.6

    # 6 operations
    service: Annotated[float, P(0.0, 0.2, "share of the gap a quarter",
        "human interoperability from a full deployment; procedural, voice and trust in proportion",
        "Partnership Interoperability Initiative 2014: ISAF-era gains; size assumed")] = 0.08

    # 7 trust
    evidence_kept: Annotated[float, P(0.91, 0.985, "share a quarter",
        "evidence not forgotten",
        "monthly 0.97-0.995 in reference (assumed)")] = 0.965
    stranger_trust: Annotated[float, P(0.1, 0.3, "0 to 1",
        "base trust between states that have nothing in common",
        "assumed")] = 0.2
    likeness_trust: Annotated[float, P(0.1, 0.5, "0 to 1",
        "base trust that states alike in position, regime and memberships have beyond it",
        "assumed")] = 0.3
    presence: Annotated[float, P(0.0, 0.8, "share",
        "part that other allies have in a multinational activity beside the usual hosts",
        "assumed")] = 0.3
    hearsay: Annotated[float, P(0.0, 0.1, "share of the gap a quarter",
        "indirect evidence through shared allies",
        "Kinne 2018; discount 0.2-0.5 (assumed)")] = 0.02
    doubt: Annotated[float, P(0.0, 4.0, "units of evidence",
        "doubt after an unanswered threat of severity 10; a third of it after a leak",
        "assumed")] = 3.0
    thanks: Annotated[float, P(0.0, 3.0, "units of evidence",
        "evidence from help that came",
        "assumed")] = 0.8
    asymmetry: Annotated[float, P(1.5, 4.0, "multiplier",
        "weight of failures against successes",
        "Tversky & Kahneman 1992 as default; range 1.5-4")] = 2.25
    promise: Annotated[float, P(0.0, 1.2, "share",
        "expectation of a state as close as can be",
        "assumed")] = 0.9
    envy_weight: Annotated[float, P(0.0, 1.0, "units of evidence",
        "doubt from help given to a regional rival",
        "assumed")] = 0.6
    resentment: Annotated[float, P(0.0, 0.3, "units of evidence",
        "doubt of those left out",
        "assumed")] = 0.12

    # 8 rivals
    reaction: Annotated[float, P(0.0125, 0.075, "1/quarter",
        "a rival's reaction to felt pressure (k)",
        "yearly 0.05-0.3, Richardson; assumed")] = 0.04
    restraint: Annotated[float, P(0.05, 0.125, "1/quarter",
        "own restraint of a rival and of the Alliance (a = b)",
        "yearly 0.2-0.5, Richardson; assumed")] = 0.08
    answer: Annotated[float, P(0.0125, 0.075, "1/quarter",
        "the Alliance's answer to hostility (l)",
        "yearly 0.05-0.3, Richardson; assumed")] = 0.03
    grievance: Annotated[float, P(0.0, 0.06, "1/quarter",
        "a rival's standing grievance (g)",
        "assumed")] = 0.025
    provocation_weight: Annotated[float, P(0.0, 0.03, "pressure a unit",
        "how provoking activities near a rival are",
        "threat weights 0, 0.2, 1 by type (assumed)")] = 0.008
    candidate_provocation: Annotated[float, P(0.0, 1.0, "units",
        "provocation of one candidate on the track",
        "1999, 2008 and 2022 in the record; size assumed")] = 0.25
    deterrence_effect: Annotated[float, P(-3.0, 3.0, "payoff",
        "sign and size of deterrence against coercion",
        "contested: D'Orazio 2012; Bernhardt & Sukin 2021; Kuo & Blankenship 2022")] = 1.0
    rival_sharpness: Annotated[float, P(0.2, 3.0, "multiplier",
        "how sharply rivals choose the best move",
        "assumed")] = 1.0
    candidate_pull: Annotated[float, P(0.0, 3.0, "weight",
        "how far rivals single out candidates",
        "Ukraine 2014, 2022; Georgia 2008; size assumed")] = 1.0
    tilt_rate: Annotated[float, P(0.02, 0.3, "share a quarter",
        "how fast accepted offers move a partner",
        "assumed")] = 0.1
    rally_strength: Annotated[float, P(-0.05, 0.15, "change of will",
        "rally under attributed coercion",
        "contested; assumed")] = 0.05
    backlash: Annotated[float, P(0.0, 0.04, "change a quarter",
        "legitimacy lost where the programme is seen as a geopolitical tool",
        "hazard 1-3 % a year in reference; size assumed")] = 0.01
    words: Annotated[float, P(0.0, 0.06, "change a quarter",
        "legitimacy won by credible communication",
        "assumed")] = 0.02
    tension_settle: Annotated[float, P(0.03, 0.3, "share a quarter",
        "how fast tension settles, and half as fast misperception",
        "assumed")] = 0.12
    snap_gain: Annotated[float, P(0.0, 0.2, "change a unit of effort",
        "tension raised by snap exercises; transparency offers lower it half as much",
        "assumed")] = 0.06
    misperception_rise: Annotated[float, P(0.0, 0.3, "share a quarter",
        "how fast tension breeds misperception",
        "Jervis 1978; size assumed")] = 0.08
    feud_weight: Annotated[float, P(0.0, 0.4, "tension",
        "tension of one full feud seen in the worst light",
        "assumed")] = 0.12

    # 9 time passes
    fading: Annotated[float, P(0.7, 1.5, "multiplier",
        "how fast skills fade: technical half-life 90, procedural 36, human 13 months at 1",
        "half-lives 60-120, 24-48, 9-18 months (assumed; Tatel & Ackerman for individuals)")] = 1.0
    retained: Annotated[float, P(0.2, 0.7, "share",
        "what good institutions keep alive of interoperability",
        "assumed")] = 0.45
    rot: Annotated[float, P(0.03, 0.3, "1/quarter",
        "decay of equipment that nobody keeps up",
        "McNerney et al. 2014: equipment finance shows no lasting effect; size assumed")] = 0.12
    capability_settle: Annotated[float, P(0.01, 0.08, "1/quarter",
        "how fast capability settles to what a state sustains itself",
        "assumed")] = 0.015
    recovery: Annotated[float, P(0.1, 0.6, "share a quarter",
        "how fast forces rest and readiness adjusts",
        "assumed")] = 0.3
    answer_fatigue: Annotated[float, P(0.0, 0.6, "share",
        "fatigue of a fully used pledge",
        "assumed")] = 0.25
    crowding: Annotated[float, P(0.0, 0.1, "readiness a EUR million and force weight",
        "readiness that help abroad costs allies",
        "assumed")] = 0.04
    will_settle: Annotated[float, P(0.03, 0.3, "share a quarter",
        "how fast will returns to its mean",
        "assumed")] = 0.1
    will_pull_of_mood: Annotated[float, P(0.0, 1.0, "share",
        "pull of legitimacy and trust on will",
        "assumed")] = 0.4
    election_swing: Annotated[float, P(0.0, 0.3, "change of will",
        "largest swing at an election",
        "assumed")] = 0.12
    budget_swing: Annotated[float, P(0.0, 0.15, "share",
        "largest budget shock in a quarter",
        "assumed")] = 0.06
    legitimacy_settle: Annotated[float, P(0.01, 0.2, "share a quarter",
        "how fast legitimacy and cohesion return",
        "assumed")] = 0.05
    warning_fade: Annotated[float, P(0.05, 0.4, "1/quarter",
        "how fast shared warning goes stale",
        "assumed")] = 0.15
    lead_rate: Annotated[float, P(0.0, 4.0, "EUR million a quarter and force weight",
        "voluntary money of allies",
        "single grants of EUR 0.2-2.5 million in the record; scale assumed")] = 1.2

    # 10 arrangements
    signature_rate: Annotated[float, P(0.02, 0.5, "1/quarter",
        "rate at which a fully willing state signs an open invitation",
        "PfP 1994-1996: 28 signatures in three years; fitted by eye")] = 0.15
    merit_wanted: Annotated[float, P(0.3, 0.8, "score",
        "merit wanted for an invitation at a half-open door",
        "1994-98 ask for 0.65 to 0.68 (three invited); chosen with the class of 2002 in view")] = 0.64
    plan_time: Annotated[float, P(4.0, 24.0, "quarters",
        "time in the Membership Action Plan before an invitation",
        "Washington summit, April 1999: the next round no later than 2002")] = 12.0
    war_memory: Annotated[float, P(8.0, 40.0, "quarters",
        "peace after which a state counts as settled: to sign, and to come nearer to membership",
        "Study on NATO Enlargement 1995; size assumed")] = 20.0
    follow_up: Annotated[float, P(0.0, 1.0, "share",
        "how much more is learned of what an arrangement follows up",
        "PARP goals, OCC evaluation, EOP, ITPP, MAP; size assumed")] = 0.5
    ratification_rate: Annotated[float, P(0.1, 1.5, "1/quarter",
        "rate at which one ally ratifies",
        "2004, 2009, 2017, 2020 and 2022-24 accessions: 10 to 22 months; fitted by eye")] = 0.5
    custom_pull: Annotated[float, P(0.0, 2.0, "exponent a unit of custom",
        "how far a state's exercises of the five years before the start carry on",
        "habit is the best predictor of exercises (docs/history.md); size assumed")] = 0.8
    platform_level: Annotated[float, P(0.2, 0.6, "score",
        "interoperability asked for the Interoperability Platform",
        "assumed")] = 0.4
    government_hazard: Annotated[float, P(0.002, 0.02, "1/quarter",
        "coups and backsliding where civilian control is nil",
        "reference 1-3 % a year (assumed)")] = 0.0075
    suspension: Annotated[float, P(2.0, 24.0, "quarters",
        "length of a suspension",
        "1999, 2008, 2014, 2021 in the record; assumed")] = 8.0
    bloc_settle: Annotated[float, P(0.01, 0.2, "share a quarter",
        "how fast blocs realign",
        "assumed")] = 0.05
    # fmt: on


def specs() -> dict[str, Spec]:
    """Declared range, unit, meaning and source of every parameter, in declared order."""
    hints = get_type_hints(Parameters, include_extras=True)
    return {name: hints[name].__metadata__[0] for name in Parameters._fields}
