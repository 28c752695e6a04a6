"""Codes, PINs and secrets of a room: how they are made, and what of them a game file keeps."""

import hashlib
import secrets
from typing import Final

LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is taken for another
CODE_LENGTH: Final = 5
PIN_PARTS: Final = (4, 4)  # 8.5e11 PINs: 1,000 guesses a second for 90 minutes find one with a chance of 6e-6


def digest(text: str) -> str:
    """SHA-256 of a secret: only this is kept."""
    return hashlib.sha256(text.encode()).hexdigest()


def bare(pin: str) -> bytes:
    """A PIN without what may stand between its parts."""
    return "".join(sign for sign in pin.upper() if sign.isalnum()).encode()


def short_code(length: int) -> str:
    """Letters and digits that cannot be mistaken for one another."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def secret_from(key: str) -> str:
    """A secret that nobody can read in the file by chance, and whoever has the file can make again."""
    return digest(f"facilitator:{key}")[:32]


def fresh_link() -> tuple[dict[str, str], str]:
    """What the file keeps of a new secret of the facilitator, and the secret."""
    key = secrets.token_hex(16)
    return {"link_key": key, "facilitator": digest(secret_from(key))}, secret_from(key)


def fresh_key() -> str:
    """What signs the sessions of a room."""
    return secrets.token_hex(32)
