"""What a scenario must make sense of beyond the form of its keys: codes, dates, ranges, who is touched by what."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from numbers import Real
from typing import Any, Final, TypeAlias

from sim.declare.names import FRAMEWORKS, REGIONS
from sim.declare.parameters import Parameters, specs
from sim.inputs.errors import MISSING, InputError, Loc, Problem, allowed, nearest, show_value
from sim.inputs.models import Finding
from sim.inputs.scenario import Scenario
from sim.inputs.states import FRAMEWORK_COLUMNS, load_facts_once
from sim.inputs.tables import Shock, Threat, Upheaval, fact_codes
from sim.inputs.values import quarter_index

Findings: TypeAlias = Iterator[Finding]


def findings(scenario: Scenario, raw: dict[str, Any]) -> list[Finding]:
    """Every mistake in a scenario that its tables alone cannot show. `raw` is the data as written."""
    unknown = list(_unknown_codes(scenario))
    if unknown:  # the other checks would only repeat it
        return unknown
    return [finding for check in CHECKS for finding in check(scenario, raw)]


def _code_lists(scenario: Scenario) -> Iterator[tuple[Loc, Sequence[str]]]:
    """Every list of state codes and its place."""
    for key in ("leave_out", "only", "rivals", "outsiders"):
        yield ("cast", key), getattr(scenario.cast, key) or ()
    for i, framework in enumerate(scenario.frameworks):
        yield ("frameworks", i, "partners"), framework.partners
        yield ("frameworks", i, "waiting"), framework.waiting
        for j, joining in enumerate(framework.joining):
            yield ("frameworks", i, "joining", j, "states"), joining.states
    for i, threat in enumerate(scenario.threats):
        yield ("threats", i, "states"), threat.states
        yield ("threats", i, "active"), threat.active
    for i, shock in enumerate(scenario.shocks):
        yield ("shocks", i, "states"), shock.states
    for i, upheaval in enumerate(scenario.upheavals):
        yield ("upheavals", i, "states"), upheaval.states
    for i, breach in enumerate(scenario.breaches):
        yield ("breaches", i, "states"), breach.states


def _codes(scenario: Scenario) -> Iterator[tuple[Loc, str]]:
    """Every state code that stands alone and its place."""
    for i, state in enumerate(scenario.states):
        if state.like is not None:
            yield ("states", i, "like"), state.like
    for i, rival in enumerate(scenario.rivals):
        yield ("rivals", i, "code"), rival.code
    for i, feud in enumerate(scenario.feuds):
        yield ("feuds", i, "a"), feud.a
        yield ("feuds", i, "b"), feud.b


def _named(scenario: Scenario) -> Iterator[tuple[Loc, str]]:
    """Every state code, alone or in a list, and its place."""
    for loc, codes in _code_lists(scenario):
        yield from (((*loc, i), code) for i, code in enumerate(codes))
    yield from _codes(scenario)


def _unknown_codes(scenario: Scenario) -> Findings:
    known = (*fact_codes(), *(state.code for state in scenario.states))
    for loc, code in _named(scenario):
        if code not in known:
            words = "no state has this code; allowed: a code of scenarios/data/states.csv or of a [[states]] entry"
            yield Finding(loc, code, words + nearest(code, known))
    for i, state in enumerate(scenario.states):
        if state.like is not None and state.like not in fact_codes():
            yield Finding(("states", i, "like"), state.like, "allowed: a code of scenarios/data/states.csv")


def _absent(scenario: Scenario, raw: dict[str, Any]) -> Findings:
    """States that are named by this file but do not take part."""
    cast = scenario.cast_codes()
    words = "this state does not take part; see [cast]: outsiders, rivals, only, leave_out"
    for loc, code in _named(scenario):
        may_be_absent = loc[0] == "rivals" or loc[-1] == "like" or loc[:2] in (("cast", "leave_out"), ("cast", "only"))
        if code not in cast and not may_be_absent:
            yield Finding(loc, code, words, inherited=False)


def _twice(scenario: Scenario, raw: dict[str, Any]) -> Findings:
    lists = list(_code_lists(scenario))
    lists += [(("threats", i, "regions"), threat.regions) for i, threat in enumerate(scenario.threats)]
    for i, framework in enumerate(scenario.frameworks):
        lists += [(("frameworks", i, "menu"), framework.menu or ()), (("frameworks", i, "without"), framework.without)]
    for loc, names in lists:
        for i, name in enumerate(names):
            if name in names[:i]:
                yield Finding((*loc, i), name, "stands twice in this list; each is written once")


def _cast(scenario: Scenario, raw: dict[str, Any]) -> Findings:
    facts = load_facts_once(scenario.facts)
    for i, code in enumerate(scenario.cast.outsiders):
        if code in facts and facts[code].role in ("member", "partner"):
            names = [c for c, fact in facts.items() if fact.role == "outsider"]
            yield Finding(("cast", "outsiders", i), code, f"is a {facts[code].role} already; {allowed(names)}")
    for i, code in enumerate(scenario.cast.rivals or ()):
        if code in scenario.cast.leave_out:
            yield Finding(("cast", "rivals", i), code, "stands in leave_out too")
    for i, rival in enumerate(scenario.rivals):
        if rival.code not in scenario.rival_codes():
            names = list(scenario.rival_codes())
            words = f"is no rival of this cast; {allowed(names)}; add it to cast.rivals or remove the entry"
            yield Finding(("rivals", i, "code"), rival.code, words, inherited=False)
    roles = [scenario.role_of(code) for code in scenario.cast_codes()]
    if "member" not in roles or not {"partner", "outsider"} & set(roles):
        yield Finding(("cast",), raw.get("cast", {}), "at least one member and one partner must take part")


def _focus(scenario: Scenario, raw: dict[str, Any]) -> Findings:
    """Each name of the focus is known and means somebody who takes part."""
    names = ("member", "partner", *scenario.framework_names(), *REGIONS)
    codes = scenario.cast_codes()
    for i, name in enumerate(scenario.focus):
        if name not in (*names, *codes):
            words = f"is no state that takes part, no region, framework or role; {allowed(names)}{nearest(name, names)}"
            yield Finding(("focus", i), name, words)
        elif not scenario.model_copy(update={"focus": (name,)}).focus_codes():
            yield Finding(("focus", i), name, "means no state that takes part")


def _states(scenario: Scenario, raw: dict[str, Any]) -> Findings:
    facts = load_facts_once(scenario.facts)
    placed = {code for framework in scenario.frameworks for code in framework.partners}
    tiles = {fact.tile: code for code, fact in facts.items()}
    for i, state in enumerate(scenario.states):
        if state.tile is not None:
            taken = tiles.setdefault((state.tile[0], state.tile[1]), state.code)
            if taken != state.code:
                yield Finding(("states", i, "tile"), list(state.tile), f"{taken} is there; allowed: a free tile")
        new = state.code not in facts
        if new and state.name is None:
            yield Finding(("states", i, "name"), MISSING, f"is missing; the new state {state.code} needs a name")
        if new and state.like is None:
            words = f"is missing; the new state {state.code} needs a state whose facts it copies"
            yield Finding(("states", i, "like"), MISSING, words)
            continue
        dates = facts[state.code].dates.keys() if state.like is None else set()
        if state.role == "partner" and state.code not in placed and not FRAMEWORK_COLUMNS.keys() & dates:
            words = "a partner needs a framework; name it under `partners` of a [[frameworks]] entry"
            yield Finding(("states", i, "role"), state.role, words)


def _frameworks(scenario: Scenario, raw: dict[str, Any]) -> Findings:
    seen: dict[str, str] = {}
    for i, framework in enumerate(scenario.frameworks):
        new = framework.name not in FRAMEWORKS
        if new and framework.title is None:
            words = f"is missing; a new framework needs a title{nearest(framework.name, FRAMEWORKS)}"
            yield Finding(("frameworks", i, "title"), MISSING, words)
        if new and not framework.partners and not framework.waiting and not framework.joining:
            words = "is missing; a new framework needs partners or waiting states"
            yield Finding(("frameworks", i, "partners"), MISSING, words)
        for key in ("partners", "waiting"):
            for j, code in enumerate(getattr(framework, key)):
                if code in seen:
                    words = f"belongs to {seen[code]} already; a state is in one framework"
                    yield Finding(("frameworks", i, key, j), code, words)
                seen[code] = framework.name
        for j, joining in enumerate(framework.joining):
            for k, code in enumerate(joining.states):
                if scenario.role_of(code) != "outsider" or seen.get(code, framework.name) != framework.name:
                    words = f"is a {scenario.role_of(code)} on the first day; only outsiders join by script"
                    yield Finding(("frameworks", i, "joining", j, "states", k), code, words, inherited=False)
                seen[code] = framework.name
        for j, name in enumerate(framework.without):
            if framework.menu is not None and name not in framework.menu:
                yield Finding(("frameworks", i, "without", j), name, f"is not on the menu; {allowed(framework.menu)}")


def _threats(scenario: Scenario, raw: dict[str, Any]) -> Findings:
    for i, threat in enumerate(scenario.threats):
        loc: Loc = ("threats", i)
        touched = scenario.touches(threat)
        if not touched:
            words = "touches no state that takes part; give regions or states"
            yield Finding((*loc, "name"), threat.name, words, inherited=False)
        if threat.least >= threat.cap:
            yield Finding((*loc, "least"), threat.least, f"allowed: less than the cap, {threat.cap:g}")
        yield from _wrong_process(threat, raw["threats"][i], loc)
        for j, code in enumerate(threat.active):
            if code not in touched:
                words = f"is not among the states of this threat; {allowed(touched)}"
                yield Finding((*loc, "active", j), code, words, inherited=False)


def _wrong_process(threat: Threat, raw: dict[str, Any], loc: Loc) -> Findings:
    needs = {
        "mean_duration": "two_state", "active": "two_state", "ends": "two_state", "branching": "self_exciting",
    }  # fmt: skip
    for key, arrival in needs.items():
        if key in raw and threat.arrival != arrival:
            words = f"only arrival '{arrival}' has it; the arrival of this threat is '{threat.arrival}'"
            yield Finding((*loc, key), raw[key], words)


def _dates(scenario: Scenario, raw: dict[str, Any]) -> Findings:
    scripts: dict[str, Sequence[Shock | Upheaval]] = {"shocks": scenario.shocks, "upheavals": scenario.upheavals}
    for key, events in scripts.items():
        for i, event in enumerate(events):
            if not 0 <= quarter_index(event.when, scenario.start) < scenario.horizon:
                words = f"outside the scenario; allowed: {scenario.start} to {scenario.end()}"
                yield Finding((key, i, "when"), event.when, words, inherited=False)
    ends: list[tuple[Loc, str]] = []
    for i, threat in enumerate(scenario.threats):
        ends += [(("threats", i, "ends", j), when) for j, when in enumerate(threat.ends)]
    for i, framework in enumerate(scenario.frameworks):
        ends += [(("frameworks", i, "joining", j, "when"), one.when) for j, one in enumerate(framework.joining)]
    for loc, when in ends:
        if not (loc[0] == "frameworks") <= quarter_index(when, scenario.start) < scenario.horizon:
            first = "after " if loc[0] == "frameworks" else ""
            words = f"outside the scenario; allowed: {first}{scenario.start} to {scenario.end()}"
            yield Finding(loc, when, words, inherited=False)
    for i, framework in enumerate(scenario.frameworks):
        if framework.begin and quarter_index(framework.begin, scenario.start) >= scenario.horizon:
            words = f"after the end of the scenario, {scenario.end()}"
            yield Finding(("frameworks", i, "from"), framework.begin, words, inherited=False)
    yield from _windows(scenario)


def _windows(scenario: Scenario) -> Findings:
    spans: list[tuple[Loc, Any, bool]] = []
    spans += [(("missions", i), mission, True) for i, mission in enumerate(scenario.missions)]
    spans += [(("feuds", i), feud, False) for i, feud in enumerate(scenario.feuds)]
    spans += [(("budget", i), window, True) for i, window in enumerate(scenario.budget)]
    for i, threat in enumerate(scenario.threats):
        spans += [(("threats", i, "schedule", j), window, True) for j, window in enumerate(threat.schedule)]
    for loc, span, inside in spans:
        yield from _span(scenario, loc, span, inside)


def _span(scenario: Scenario, loc: Loc, span: Any, inside: bool) -> Findings:
    """`until` must not lie before `from`, and a window must meet the scenario's time."""
    begin, until = span.begin or scenario.start, span.until or scenario.end()
    if span.begin and span.until and quarter_index(until, begin) < 0:
        yield Finding((*loc, "until"), until, f"lies before from; allowed: {begin} or later")
    elif inside and quarter_index(until, scenario.start) < 0:
        words = f"ends before the scenario starts; allowed: {scenario.start} or later"
        yield Finding((*loc, "until"), until, words, inherited=False)
    elif inside and quarter_index(begin, scenario.end()) > 0:
        words = f"starts after the scenario ends; allowed: {scenario.end()} or earlier"
        yield Finding((*loc, "from"), begin, words, inherited=False)


def _feuds(scenario: Scenario, raw: dict[str, Any]) -> Findings:
    for i, feud in enumerate(scenario.feuds):
        if feud.a == feud.b:
            yield Finding(("feuds", i, "b"), feud.b, "allowed: another state than a")


def parameter_mistakes(values: Mapping[str, float], within: bool = True) -> Iterator[tuple[str, str]]:
    """Names of no parameter, and (with `within`) of parameters whose value leaves its range, with what is allowed."""
    declared = specs()
    for name, value in values.items():
        if name not in declared:
            yield name, f"there is no such parameter{nearest(name, declared) or '; ' + allowed(tuple(declared))}"
            continue
        spec = declared[name]
        slack = 1e-9 * (spec.high - spec.low)  # a sampling plan's ends are computed, and may miss these by rounding
        number = isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
        if not number or (within and not spec.low - slack <= value <= spec.high + slack):
            yield name, f"allowed: a number from {spec.low:g} to {spec.high:g} ({spec.unit}): {spec.meaning}"


def refuse_parameters(values: Mapping[str, float], within: bool = True) -> None:
    """InputError where a parameter is unknown or may not have this value."""
    wrong = [Problem("parameters", n, show_value(values[n]), words) for n, words in parameter_mistakes(values, within)]
    if wrong:
        raise InputError(wrong)


def _parameters(scenario: Scenario, raw: dict[str, Any]) -> Findings:
    values = {name: override.value for name, override in scenario.parameters.items()}
    for name, words in parameter_mistakes(values):
        loc: Loc = ("parameters", name, "value") if name in Parameters._fields else ("parameters", name)
        yield Finding(loc, values[name], words)


Check: TypeAlias = Callable[[Scenario, dict[str, Any]], Findings]
CHECKS: Final[tuple[Check, ...]] = (
    _twice, _cast, _focus, _states, _frameworks, _threats, _dates, _feuds, _parameters, _absent,
)  # fmt: skip
