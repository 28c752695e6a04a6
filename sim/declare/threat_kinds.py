"""The kinds of threat: what answers each, what each hurts, how it spreads, and what cannot stop it. Declared once.

A domain with weight zero in `answered_by` cannot stop the kind, however strong it is: armour does nothing against
disinformation. Severities are index points with a declared floor and cap, never deaths.
"""

from typing import Final, NamedTuple


class ThreatKind(NamedTuple):
    """One kind of threat. `answered_by` follows DOMAINS and sums to one; `hurts` is read by `Hurts`."""

    answered_by: tuple[float, float, float, float, float, float, float]
    people: float
    capability: float
    legitimacy: float
    cohesion: float
    trust: float
    tension: float
    warning: float
    attribution: float
    channel: str
    spread: float
    driver: str
    arrival: str
    tail: float
    cap: float
    source: str


COLUMNS: Final = {
    "answered_by": ("weights over domains, sum 1", "which capability reduces the harm"),
    "people": ("harm index a severity point", "harm to people and livelihoods"),
    "capability": ("share of capability a severity point of 100", "loss in the answering domains"),
    "legitimacy": ("change a severity point of 100", "loss of public support for the programme"),
    "cohesion": ("change a severity point of 100", "loss of cohesion in the Council"),
    "trust": ("units of evidence against, a severity point of 10", "doubt about whoever did not come"),
    "tension": ("change a severity point of 100", "rise of tension in the region"),
    "warning": ("0 to 1", "how far shared intelligence and plans shrink it"),
    "attribution": ("probability", "how surely its author can be named"),
    "channel": ("none, neighbours or network", "the way what is left of it spreads"),
    "spread": ("share of what is left, a quarter", "how much of it spreads"),
    "driver": ("none, coercion, disinformation or tension", "none: exogenous, the same under every policy"),
    "arrival": ("poisson, self_exciting or two_state", "the arrival process unless the scenario says otherwise"),
    "tail": ("exponent of the density", "weight of the tail; smaller is heavier"),
    "cap": ("severity points", "largest severity; the floor is 1"),
}

KINDS: Final[dict[str, ThreatKind]] = {
    #                      conv  mari  c-t   cyber info  cbrn  civil
    "terrorism": ThreatKind(
        (0.05, 0.05, 0.60, 0.00, 0.15, 0.05, 0.10), 1.00, 0.2, 0.5, 0.3, 0.6, 0.2, 0.8, 0.70,
        "neighbours", 0.10, "none", "self_exciting", 2.4, 60.0,
        "Clauset, Young & Gleditsch 2007: power law, exponent 2 to 2.4; cap and effects assumed"),
    "cyber_attack": ThreatKind(
        (0.00, 0.00, 0.00, 0.90, 0.05, 0.00, 0.05), 0.35, 1.2, 0.3, 0.2, 0.3, 0.1, 0.6, 0.30,
        "network", 0.25, "none", "self_exciting", 2.3, 50.0, "assumed; near-repeat branching 0.2-0.5"),
    "hybrid_pressure": ThreatKind(
        (0.00, 0.05, 0.15, 0.25, 0.30, 0.00, 0.25), 0.40, 0.4, 1.0, 1.0, 0.6, 0.4, 0.4, 0.35,
        "none", 0.00, "coercion", "poisson", 2.6, 30.0, "assumed"),
    "disinformation": ThreatKind(
        (0.00, 0.00, 0.00, 0.10, 0.90, 0.00, 0.00), 0.10, 0.0, 2.0, 0.8, 0.8, 0.1, 0.3, 0.25,
        "network", 0.20, "disinformation", "self_exciting", 2.6, 30.0, "assumed"),
    "conflict_and_instability": ThreatKind(
        (0.70, 0.08, 0.10, 0.00, 0.02, 0.00, 0.10), 1.20, 1.0, 0.3, 0.3, 1.2, 1.5, 0.5, 0.90,
        "neighbours", 0.15, "tension", "two_state", 2.5, 80.0,
        "onset rates: UCDP 1994-2017 by group; neighbours: Buhaug & Gleditsch 2008; tail 2.5: Spagat et al. 2020"),
    "proliferation": ThreatKind(
        (0.05, 0.15, 0.05, 0.05, 0.10, 0.60, 0.00), 0.50, 0.2, 0.1, 0.3, 0.3, 2.5, 0.7, 0.50,
        "neighbours", 0.20, "none", "two_state", 2.2, 50.0, "assumed"),
    "climate_and_disaster": ThreatKind(
        (0.05, 0.05, 0.00, 0.00, 0.00, 0.00, 0.90), 0.90, 0.3, 0.1, 0.0, 0.5, 0.0, 0.1, 0.00,
        "neighbours", 0.10, "none", "poisson", 2.2, 60.0, "assumed; rates as scenario inputs"),
    "maritime_insecurity": ThreatKind(
        (0.00, 0.80, 0.10, 0.00, 0.10, 0.00, 0.00), 0.60, 0.1, 0.1, 0.2, 0.3, 0.8, 0.6, 0.55,
        "neighbours", 0.25, "none", "self_exciting", 2.5, 40.0, "assumed"),
}  # fmt: skip
