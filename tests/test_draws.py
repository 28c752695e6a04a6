"""Draws are Philox4x32-10: published answers, uniform, and no two keys share a draw."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim.law.draws
from sim.inputs.load import load_scenario, scenario_names
from sim.inputs.states import load_facts
from sim.law.draws import draws_for, entity_of, label_of, philox, uniform

ONES = 0xFFFFFFFF
# Random123, kat_vectors, philox4x32 with 10 rounds: counter, key, answer.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES, ONES, ONES, ONES), (ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
STREAMS = {name: value for name, value in vars(sim.law.draws).items() if name.isupper() and isinstance(value, np.int64)}


def words(values: tuple[int, ...]) -> list[np.uint64]:
    return [np.uint64(value) for value in values]


@pytest.mark.parametrize("counter, key, answer", KNOWN)
def test_philox_gives_the_published_answers(
    counter: tuple[int, ...], key: tuple[int, ...], answer: tuple[int, ...]
) -> None:
    assert tuple(int(word) for word in philox(*words(counter), *words(key))) == answer


def test_uniform_is_made_of_the_first_two_words() -> None:
    draws = draws_for(0x299F31D0A4093822, 0x243F6A88, 0x85A3)
    # The third word of the counter is the entity and the fourth the slot, so this is the third published vector.
    expected = ((0xD16CFE09 >> 5) * 2**26 + (0x94FDCCEB >> 6)) / 2**53
    assert uniform(draws, 0x08D3, 0x13198A2E, 0x03707344) == expected


def test_the_largest_words_stay_below_one() -> None:
    assert ((ONES >> 5) * 2.0**26 + (ONES >> 6)) / 2.0**53 < 1.0


@settings(deadline=None, max_examples=300)
@given(
    st.integers(0, 2**64 - 1), st.integers(0, 2**32 - 1), st.integers(0, 2**16 - 1), st.integers(0, 2**30),
    st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_every_key_gives_a_number_from_zero_to_below_one(seed: int, rep: int, step: int, who: int, slot: int) -> None:
    value = uniform(draws_for(seed, rep, step), 1, who, slot)
    assert 0.0 <= value < 1.0
    assert value == uniform(draws_for(seed, rep, step), 1, who, slot)


def test_mean_variance_and_serial_correlation_are_those_of_a_uniform_number() -> None:
    size = 40_000
    for along in ("slot", "step", "replicate", "entity"):
        at = {"slot": 0, "step": 0, "replicate": 0, "entity": 0}
        values = np.zeros(size)
        for i in range(size):
            at[along] = i
            values[i] = uniform(draws_for(7, at["replicate"], at["step"]), 2, at["entity"], at["slot"])
        error = 1.0 / math.sqrt(size)
        assert abs(values.mean() - 0.5) < 4.0 * error * math.sqrt(1.0 / 12.0), along
        assert abs(values.var() - 1.0 / 12.0) < 4.0 * error * math.sqrt(1.0 / 180.0), along
        assert abs(np.corrcoef(values[:-1], values[1:])[0, 1]) < 4.0 * error, along
        tens = np.bincount((values * 10).astype(int), minlength=10)
        assert ((tens - size / 10) ** 2 / (size / 10)).sum() < 33.7, along  # chi-square, 9 degrees, one in 10,000


def test_no_draw_is_shared_between_seeds_replicates_steps_streams_entities_or_slots() -> None:
    keys = product((1, 2**40), (0, 1, 2), (0, 1, 255), (1, 2, 13), (0, 1, 17_575), (0, 1, 256))
    values = [uniform(draws_for(a, b, c), d, e, f) for a, b, c, d, e, f in keys]
    assert len(set(values)) == len(values) == 2 * 3**5


def test_step_and_stream_do_not_run_into_each_other() -> None:
    values = {uniform(draws_for(1, 0, step), stream, 5, 5) for step in range(40) for stream in range(1, 40)}
    assert len(values) == 40 * 39


def test_stream_numbers_are_unique_and_fit_their_half_word() -> None:
    assert len(STREAMS) >= 13
    assert len(set(STREAMS.values())) == len(STREAMS)
    assert all(0 < number < 2**16 for number in STREAMS.values())


def test_every_state_and_every_pair_of_states_has_its_own_number() -> None:
    numbers = [entity_of(code) for code in load_facts()]
    assert len(set(numbers)) == len(numbers)
    assert all(0 <= number < 2**15 for number in numbers)
    pairs = {(a << 15) | b for a in numbers for b in numbers}
    assert len(pairs) == len(numbers) ** 2
    assert max(pairs) < 2**32


def test_any_three_letters_have_their_own_number() -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert len({entity_of(a + b + c) for a in letters for b in letters for c in letters}) == 26**3


def test_names_of_shipped_threats_have_their_own_labels() -> None:
    names = {threat.name for scenario in scenario_names() for threat in load_scenario(scenario).threats}
    assert len(names) > 20
    labels = {label_of(name) for name in names}
    assert len(labels) == len(names)
    assert all(0 <= label < 2**24 for label in labels)


@pytest.mark.parametrize(
    "seed, replicate, step, named",
    [
        (-1, 0, 0, "seed"), (2**64, 0, 0, "seed"), (0, -1, 0, "replicate"), (0, 2**32, 0, "replicate"),
        (0, 0, 2**16, "step"), (0, 0, -1, "step"),
    ],
)  # fmt: skip
def test_keys_out_of_range_are_refused_by_name(seed: int, replicate: int, step: int, named: str) -> None:
    with pytest.raises(ValueError, match=f"{named} = .*must be between 0 and"):
        draws_for(seed, replicate, step)
