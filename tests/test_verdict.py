"""The sentences of a verdict, on numbers made by hand."""

from dataclasses import replace

import numpy as np
import pytest
from handmade import asked, made

from analysis.stats.best import Best
from analysis.stats.intervals import Interval
from analysis.studies.compare.across import across, beaten_everywhere, chosen_by
from analysis.studies.compare.comparison import Comparison, Judged, over_scenarios
from analysis.studies.compare.nested import Hinge, Nested, Spread
from analysis.studies.compare.places import Group, Places, who
from analysis.studies.compare.reasons import Account, Lost, Reset, Why
from analysis.studies.compare.verdict import (
    apart,
    figure,
    headline,
    idle,
    matters,
    mechanisms,
    over_parameters,
    percent,
    ranking,
    said,
    verdict,
    ways,
)


def sure(mean: float, low: float, high: float) -> Interval:
    return Interval(mean, low, high, 0.95)


def with_gap(mean: float, low: float, high: float, measure: str = "harm", smallest: float = 1.0) -> Judged:
    """Policy "Good" with this difference from "Base"."""
    found = made()
    new = found.asked._replace(measure=measure, sign=-1 if measure == "harm" else 1, smallest=smallest)
    primary = (found.primary[0], sure(mean, low, high), found.primary[2])
    line = found.lines[1][found.at]._replace(relative=sure(mean * 2.0, low * 2.0, high * 2.0))
    row = tuple(line for _ in found.lines[1])
    return replace(found, asked=new, primary=primary, lines=(found.lines[0], row, found.lines[2]))


def test_harm_is_told_in_percent_and_in_points() -> None:
    assert headline(with_gap(-3.0, -3.6, -2.4), 1) == (
        "In this model good leaves 6.0 % less harm than base (95 % interval 4.8 to 7.2 over luck, 40 paired "
        "replicates): "
        "3.00 harm points a quarter."
    )


def test_more_harm_is_told_as_more() -> None:
    text = headline(with_gap(3.0, 2.4, 3.6), 1)
    assert "6.0 % more harm" in text and "4.8 to 7.2" in text


def test_a_score_is_told_in_its_unit() -> None:
    text = headline(with_gap(0.012, 0.008, 0.016, "mutual_trust", 0.01), 1)
    assert "In this model good raises mutual trust by 0.012 against base, 0.02 % (95 % interval 0.008 to 0.016" in text
    lower = headline(with_gap(-0.012, -0.016, -0.008, "mutual_trust", 0.01), 1)
    assert "lowers mutual trust by 0.012 against base" in lower


def test_a_difference_that_cannot_be_told_is_not_told() -> None:
    text = headline(with_gap(-0.5, -1.2, 0.2), 1)
    assert text.startswith("In this model no difference in harm between good and base can be told from luck: −0.50 (")
    assert "−1.20 to 0.20" in text


@pytest.mark.parametrize(
    "gap, words",
    [
        ((-3.0, -3.6, -2.4), "That is more than the smallest difference that matters here (1 harm point a quarter)."),
        ((-0.5, -0.8, -0.2), "is told, but it is smaller than the smallest"),
        ((-1.1, -1.6, -0.6), "whether it reaches what matters here (1 harm point a quarter) is not"),
        ((-0.1, -0.4, 0.2), "If there is one, it is smaller"),
        ((-0.5, -1.4, 0.4), "It may still be as large as matters here"),
    ],
)
def test_told_is_weighed_against_what_matters(gap: tuple[float, float, float], words: str) -> None:
    assert words in matters(with_gap(*gap), 1)


def test_the_best_is_named_with_its_least_lead() -> None:
    assert ranking(made()).startswith(
        "Good is best of 3: it leads each of the 2 others by 3.00 harm points a quarter or more"
    )


def test_those_that_cannot_be_told_from_the_best_are_named() -> None:
    one = sure(0.0, -1.0, 1.0)
    tied = replace(made(), best=Best((one, one, one), None, (0, 1), 0.95, 1.0))
    assert ranking(tied) == "Not to be told from the best of 3: good and base. The other 1 is beaten."
    open_ = replace(made(), best=Best((one, one, one), None, (0, 1, 2), 0.95, 1.0))
    assert ranking(open_) == "None of the 3 policies can be told from the best."
    small = replace(made(), best=Best((one, one, one), None, (1,), 0.95, 1.0))
    assert "its lead may be smaller than matters here" in ranking(small)


def test_the_two_ways_and_the_comparison_with_what_the_baseline_averts() -> None:
    text = ways(made(), 1)
    assert "good averts 9.00 harm points a quarter, 50 % more than base (50 to 50)" in text
    assert "by fewer and weaker attacks and" in text and "by better answers" in text


def test_parameters_give_a_range_and_name_what_it_hinges_on() -> None:
    one = Spread(3.0, -1.0, 8.0, (-2.0, 11.0), 9.0, 3.0, (Hinge("fading", -0.61), Hinge("learning", 0.44)), 0.7)
    nested = Nested(50, 4, ("fading", "learning"), (one, one, one), 0.3)
    assert over_parameters(made(), nested, 1) == (
        "Over the ranges of 2 assumed parameters (50 points) the gain over base runs from −2.0 to 11 % (5 to "
        "95 %; more is "
        "better); of its variance 25 % is parameters, the rest luck; it hinges on fading (ρ −0.61) and "
        "learning (ρ +0.44)."
    )
    narrow = nested._replace(
        spreads=(one, one._replace(low=0.5, high=1.5, relative=(0.5, 1.5)), one)
    )  # the interval over luck is above it
    assert over_parameters(made(), narrow, 1).endswith(
        "at the default values it lies above that range, which is the safer guide."
    )
    blind = nested._replace(spreads=(one, one._replace(hinges=(), by_luck=0.0, by_parameters=0.0), one))
    text = over_parameters(made(), blind, 1)
    assert "does not vary" in text and "no single parameter clearly more than by chance" in text


def taken_apart(lost: float = 2.0, same: bool = True) -> Why:
    nothing = sure(0.0, -1.0, 1.0)
    parts = Lost(
        "skill fade", ("fading",), sure(3.0, 2.5, 3.5), sure(3.0 - lost, 0.0, 1.0), sure(lost, lost - 0.1, lost + 0.1)
    )
    resets = (
        Reset("sharing", "0.5", "0.3", same, (), nothing),
        Reset("size", "1", "0", False, (("harm", nothing),), nothing),
    )
    accounts = (Account("trust", 0.5, 0.52, ("leaks", "3 smaller causes"), np.array([-0.01, 0.03])),)
    return Why(1, 30, accounts, (parts,), resets)


def test_the_first_number_is_no_surer_than_the_assumptions() -> None:
    one = Spread(3.0, -1.0, 8.0, (-2.0, 11.0), 9.0, 3.0, (), 0.7)
    judged = replace(with_gap(-3.0, -3.6, -2.4), nested=Nested(24, 4, ("learning",), (one, one, one), 0.3))
    assert "40 paired replicates; −2.0 to 11 % over assumed parameters): 3.00 harm points" in headline(judged, 1)
    worse = replace(with_gap(3.0, 2.4, 3.6), nested=judged.nested)
    assert "6.0 % more harm" in headline(worse, 1) and "; −11 to 2.0 % over assumed parameters" in headline(worse, 1)
    score = replace(with_gap(0.012, 0.008, 0.016, "mutual_trust", 0.01), nested=judged.nested)
    assert "; −1.000 to 8.000 over assumed parameters)." in headline(score, 1)


def test_who_gains_and_who_loses_is_told_over_all_at_once() -> None:
    group = Group("Baltic", 3, sure(0.0, -1.0, 1.0), sure(-2.0, -3.0, -1.0))
    places = Places(
        ("AAA", "BBB", "CCC"), ("Aland", "Beland", "Celand"), ("partner", "member", "rival"), ((0, 0),) * 3,
        np.array([0.0, 0.0, 0.0]), (False, False, False), np.array([0.2, -0.3, 0.5]), (True, True, False), (group,),
    )  # fmt: skip
    assert who(places) == [
        "Less harm in 1 state (Aland); more harm in 1 state (Beland), as groups Baltic (told from luck over 3 states "
        "and 1 group at once).",
        "No state or group is told to see more trust or less trust.",
    ]
    assert who(places)[0] in verdict(replace(made(), places=places))
    asked = places._replace(asked=(True, True, False), averted_told=(True, True, True))
    assert who(asked)[0].startswith(
        "Less harm in 1 of the 2 states asked about (Aland) and 1 other (Celand); more harm in 1 of the 2 states asked "
        "about (Beland), as groups Baltic"
    )


def test_a_policy_beaten_everywhere_is_not_first_without_a_word() -> None:
    ones = tuple(made((0.0, -30.0 * (way > 0), -10.0, -30.0 * (way < 0))) for way in (1, -1))
    whole = Comparison(ones, over_scenarios(ones))
    assert beaten_everywhere(whole) == {0, 2} and 2 in chosen_by(over_scenarios(ones)).values()
    assert across(whole)[-1].startswith("First by a criterion, yet beaten in every scenario: bad.")


def test_a_mechanism_is_named_with_what_disappears() -> None:
    found = made()
    assert "without skill fade 67 % of the gain disappears" in mechanisms(found, taken_apart())
    assert "turns into its opposite" in mechanisms(found, taken_apart(4.0))
    assert "the gain grows by 67 %" in mechanisms(found, taken_apart(-2.0))
    assert "most of the gain remains: skill fade" in mechanisms(found, taken_apart(0.3))


def test_levers_that_moved_nothing_are_warned_of() -> None:
    assert idle(made(), taken_apart()) == [
        "Warning: good changes sharing (0.3 → 0.5), and that moves nothing: every measure stays the same to the bit."
    ]
    assert "moves no measure that 30 replicates can tell from luck" in idle(made(), taken_apart(same=False))[0]


def test_the_verdict_comes_first_and_says_in_this_model() -> None:
    found = replace(made(), why=taken_apart())
    texts = verdict(found)
    assert texts[0].startswith("In this model good leaves") and all(texts)
    assert any("accounting, not causation" in text for text in texts)
    assert not any("Warning" in text for text in verdict(found, 2))  # taken apart was another policy


def test_over_scenarios_wins_and_losses_are_named() -> None:
    first, second = made(), made((0.0, 8.0, -2.0))
    second = replace(second, asked=second.asked._replace(name="there"))
    whole = Comparison((first, second), over_scenarios((first, second)))
    texts = across(whole)
    assert texts[0] == "In this model bad does better than base in 1 of 2 scenarios (there); it loses in here."
    assert texts[1].startswith("2 policies are ahead of every other") and "good in here; bad in there" in texts[1]
    assert texts[2] == "Beaten by more than matters in every scenario: base."
    assert "least largest regret" in texts[3] and texts[4].startswith("The criteria disagree")
    assert across(Comparison((first,), None)) == []


def test_words_of_numbers() -> None:
    assert [said(t) for t in ("Threat-tailored", "NATO first", "Open door")] == [
        "threat-tailored",
        "NATO first",
        "open door",
    ]
    assert [percent(v) for v in (12.4, 4.06, 0.384, -3.2, -0.001)] == ["12", "4.1", "0.38", "−3.2", "0.00"]
    assert [figure(v, "mutual_trust") for v in (0.01234, -0.5, -0.0001)] == ["0.012", "−0.500", "0.000"]
    assert apart(2.0, "harm", -1, "base") == "2.00 harm points a quarter less than base"
    assert apart(1.5, "accessions", 1, "base") == "accessions 1.50 above base"
    assert apart(2.0, "leaks", -1, "base") == "leaks 2.00 a quarter below base"
    assert asked().sign == -1
