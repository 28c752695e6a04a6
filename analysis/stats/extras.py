"""Optional packages: loaded where they are used, and named with the line that installs them where they are missing."""

import re
import warnings
from functools import cache
from importlib import import_module
from importlib.metadata import requires
from typing import Any


@cache
def optional() -> dict[str, str]:
    """Optional packages and the extra of ours that brings each, as pyproject.toml declares them."""
    found: dict[str, str] = {}
    for line in requires("interlock-sim") or ():
        told = re.match(r"""([\w.-]+)[^;]*;.*extra == ["'](\w+)["']""", line)
        if told and told[2] != "test":
            found.setdefault(told[1].lower(), told[2])
    return found


def remedy(error: ModuleNotFoundError) -> str | None:
    """What installs the missing package, where it is an optional one; None where anything else is missing."""
    package = (error.name or "").split(".")[0]
    extra = optional().get(package.lower())
    return None if extra is None else f'this needs {package}: pip install "interlock-sim[{extra}]"'


def load(module: str) -> Any:
    """A module of an optional package; where that is missing, the error says how to install it."""
    try:
        with warnings.catch_warnings():  # ema_workbench warns of packages that it could also use
            warnings.simplefilter("ignore")
            return import_module(module)
    except ModuleNotFoundError as error:
        told = remedy(error)
        if told is None:
            raise
        raise ModuleNotFoundError(told, name=error.name) from None
