"""Everything random, as numbered draws: a key, evaluated where it is needed.

A draw is a pure function of (seed, replicate, step, stream, entity, slot) by Philox4x32-10 (Salmon, Moraes, Dror &
Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"). Nothing is consumed, so adding, removing or reordering
states, threats or policies shifts no other draw.

key     = the 64-bit seed
counter = replicate | step (upper 16 bits) and stream (lower 16 bits) | entity | slot
"""

import zlib
from typing import Final, NamedTuple

import numpy as np

from sim.law.compiled import Floats, Integer, Ints, rule

# Stream numbers name what a draw is for. They are never reused: a retired stream keeps its number (4).
# NumPy integers, because Numba compiles a function anew for each plain constant that it is called with.
ARRIVAL: Final = np.int64(1)
SEVERITY: Final = np.int64(2)
ATTRIBUTION: Final = np.int64(3)
ESTIMATE: Final = np.int64(5)
LEAK: Final = np.int64(6)
LOSSES: Final = np.int64(7)
ELECTION: Final = np.int64(8)
BUDGET: Final = np.int64(9)
RATIFICATION: Final = np.int64(10)
UPTAKE: Final = np.int64(11)
RIVAL_CHOICE: Final = np.int64(12)
GOVERNMENT: Final = np.int64(13)
SIGNATURE: Final = np.int64(14)

MASK = np.uint64(0xFFFFFFFF)
MULTIPLY_0 = np.uint64(0xD2511F53)
MULTIPLY_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint64(0x9E3779B9)
WEYL_1 = np.uint64(0xBB67AE85)
HALF_WORD = np.uint64(32)
STEP_SHIFT = np.uint64(16)
HIGH_27 = np.uint64(5)
HIGH_26 = np.uint64(6)
TWO_26 = 67108864.0
TWO_53 = 9007199254740992.0


class Draws(NamedTuple):
    """The key of one quarter of one replicate."""

    seed: np.uint64
    replicate: np.uint64
    step: np.uint64


def draws_for(seed: int, replicate: int, step: int) -> Draws:
    """The key for one step. seed: 0 to 2**64 - 1; replicate: 0 to 2**32 - 1; step: 0 to 65535."""
    for name, value, limit in (("seed", seed, 2**64), ("replicate", replicate, 2**32), ("step", step, 2**16)):
        if not 0 <= value < limit:
            raise ValueError(f"{name} = {value}: must be between 0 and {limit - 1}")
    return Draws(np.uint64(seed), np.uint64(replicate), np.uint64(step))


def entity_of(code: str) -> int:
    """Stable number of a three-letter state code: base 26, so it fits 15 bits."""
    number = 0
    for letter in code:
        number = number * 26 + (ord(letter) - ord("A"))
    return number


def label_of(name: str) -> int:
    """Stable 24-bit number of a threat's name; it fills the upper bits of the slot word."""
    return zlib.crc32(name.encode()) >> 8


@rule
def philox(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Philox4x32-10: four 32-bit words (held in 64-bit integers) out of a counter and a key."""
    for _ in range(10):
        product_0 = MULTIPLY_0 * c0
        product_1 = MULTIPLY_1 * c2
        c0 = (product_1 >> HALF_WORD) ^ c1 ^ k0
        c1 = product_1 & MASK
        c2 = (product_0 >> HALF_WORD) ^ c3 ^ k1
        c3 = product_0 & MASK
        k0 = (k0 + WEYL_0) & MASK
        k1 = (k1 + WEYL_1) & MASK
    return c0, c1, c2, c3


@rule
def uniform(draws: Draws, stream: Integer, entity: int, slot: int) -> float:
    """One uniform number in [0, 1) with 53 random bits."""
    word_0, word_1, _, _ = philox(
        draws.replicate & MASK,
        ((draws.step << STEP_SHIFT) | np.uint64(stream)) & MASK,
        np.uint64(entity),
        np.uint64(slot),
        draws.seed & MASK,
        draws.seed >> HALF_WORD,
    )
    return (float(word_0 >> HIGH_27) * TWO_26 + float(word_1 >> HIGH_26)) / TWO_53


@rule
def uniforms(draws: Draws, stream: Integer, entity: Ints, slot: int, out: Floats) -> None:
    """One `uniform` for each entity (N,), same stream and slot, into `out` (N,): seven times quicker in a row."""
    for n in range(entity.shape[0]):
        out[n] = uniform(draws, stream, entity[n], slot)
