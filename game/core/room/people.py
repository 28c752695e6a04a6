"""Who comes in: pseudonyms that are fit to be shown and not in use, and who makes room where a room is full."""

import unicodedata
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from game.core.act import Refused
from sim.inputs.values import unseen

LONGEST: Final = 24  # signs of a pseudonym
UNSEEN: Final = "This holds a sign that nobody sees or that turns the direction of reading. Type it again without it."


@dataclass
class Member:
    """Somebody in the room, known by the hash of its token. No seat: waits in the lobby."""

    token: str
    name: str
    seat: str = ""
    address: str = ""  # of its device, never written down
    looks: int = 0  # pages that it loaded since it came
    streams: int = 0  # pages that it has open


def pseudonym(text: str, taken: Collection[str]) -> str:
    """A name as everybody sees it, numbered where it is in use, also where only case or width of letters differ."""
    if unseen(text):
        raise Refused(UNSEEN)
    clean = " ".join(unicodedata.normalize("NFC", text).split())[:LONGEST]
    if not clean:
        raise Refused("Give a name; a made-up one is best.")
    used, found, number = {_alike(name) for name in taken}, clean, 1
    while _alike(found) in used:
        number += 1
        found = f"{clean[: LONGEST - 4].rstrip()} {number}"
    return found


def _alike(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def makes_room(members: Collection[Member]) -> Member | None:
    """Who goes where a room is full: never anybody in a seat, nor anybody who waits for the flood of one device.

    The device that sent most of those who wait loses one: first who never looked at a page, then who has none open,
    and of these who came last.
    """
    waiting = [one for one in members if not one.seat]
    crowd = Counter(one.address for one in waiting)
    ranked = [(crowd[m.address], m.streams == 0, m.looks == 0, at) for at, m in enumerate(waiting)]
    return waiting[ranked.index(max(ranked))] if ranked else None
