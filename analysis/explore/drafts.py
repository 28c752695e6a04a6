"""Policies and worlds of a link as files: the page computes from the very text that it lets save.

What was dropped onto the page is kept in a folder, by a hash of its text, for as long as the server runs. A link names
it `@HASH/name.toml`; a file that changes it says `extends = "name.toml"`, and is saved beside it.
"""

import hashlib
import json
import re
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from analysis.explore.address import Draft, World
from sim.inputs.describe import is_policy
from sim.inputs.errors import InputError, Source, fail
from sim.inputs.load import load_scenario, scenario_names
from sim.inputs.policy import Policy, load_policy, policy_names
from sim.inputs.reading.toml import read_toml
from sim.inputs.scenario import Scenario

LARGEST: Final = 256 * 1024  # bytes of a dropped file
MOST_KEPT: Final = 256  # dropped files, and files worked out
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}\.toml")
HEAD: Final = "# Saved from the page of `run.py explore`.\n\n"
T = TypeVar("T")


def value_text(value: object) -> str:
    """A value as TOML writes it; a basic string of TOML is one of JSON. Numbers keep every digit."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {value_text(one)}" for name, one in value.items()) + " }"
    return repr(value) if isinstance(value, float | int) else json.dumps(value, ensure_ascii=False)


def stem_of(title: str, taken: tuple[str, ...]) -> str:
    """A file's name for a title, unlike those that are taken."""
    stem = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:40] or "policy"
    while stem in taken:
        found = re.fullmatch(r"(.*)_(\d+)", stem)
        stem = f"{found[1]}_{int(found[2]) + 1}" if found else f"{stem}_2"
    return stem


def policy_text(draft: Draft, base: Policy) -> str:
    """A policy as a file that extends its base."""
    lines = [f"extends = {value_text(extended(draft.base))}", f"title = {value_text(draft.title or base.title)}"]
    return HEAD + "\n".join([*lines, *(f"{name} = {value_text(value)}" for name, value in draft.moved.items())]) + "\n"


def world_text(world: World, base: Scenario) -> str:
    """A scenario as a file that extends its base."""
    told = "assumed: set on the page of `run.py explore`"
    lines = [f"extends = {value_text(extended(world.base))}", f"title = {value_text(base.title + ', changed')}"]
    if world.horizon is not None:
        lines.append(f"horizon = {world.horizon}")
    for threat in base.threats:
        if threat.kind in world.rates:
            rate = threat.rate * world.rates[threat.kind]
            lines += ["", "[[threats]]", f"name = {value_text(threat.name)}", f"rate = {rate!r}"]
            lines.append(f"source = {value_text(f'{told}, {world.rates[threat.kind]:g} times')}")
    for title in world.off:
        lines += ["", "[[shocks]]", f"title = {value_text(title)}", "remove = true"]
    for code, budget in world.rivals.items():
        lines += ["", "[[rivals]]", f"code = {value_text(code)}", f"budget = {budget!r}"]
        lines.append(f"source = {value_text(told)}")
    for name, value in world.parameters.items():
        reason = "set on the page of `run.py explore`"
        lines += ["", f"[parameters.{name}]", f"value = {value!r}", f"reason = {value_text(reason)}"]
    return HEAD + "\n".join(lines) + "\n"


def extended(base: str) -> str:
    """How a saved file names what it extends: a shipped name, or a file beside it."""
    return base.rpartition("/")[2] if base.startswith("@") else base


class Drafts:
    """Files of links, checked and kept."""

    def __init__(self, own: Mapping[str, Path] | None = None) -> None:
        self.own = dict(own or {})  # files named on the command line, by the name that links use
        self.folder = tempfile.TemporaryDirectory(prefix="interlock-explore-")
        self.lock = threading.Lock()
        self.known: dict[tuple[str, ...], Any] = {}

    def end(self) -> None:
        """Remove what was kept."""
        self.folder.cleanup()

    def once(self, key: tuple[str, ...], make: Callable[[], T]) -> T:
        """Something worked out once."""
        with self.lock:
            if key not in self.known:
                if len(self.known) >= MOST_KEPT:
                    self.known.pop(next(iter(self.known)))
                self.known[key] = make()
            found: T = self.known[key]
            return found

    def place(self, base: str, names: tuple[str, ...], what: str) -> str | Path:
        """Where the file of a name lies. Names are shipped ones or dropped files, never paths."""
        if base in names:
            return base
        if base in self.own:
            return self.own[base]
        key, _, name = base.removeprefix("@").partition("/")
        path = Path(self.folder.name) / key / name
        if base.startswith("@") and key.isalnum() and NAME.fullmatch(name):
            if not path.is_file():
                raise fail(name, "this link uses a file that is not here any more; drop it onto the page again")
            return path
        raise fail("link", f"there is no {what} of this name", what, repr(base[:80]))

    def drop(self, name: str, text: str) -> tuple[str, str]:
        """Take in a dropped file: "policy" or "scenario", and the name that links use; InputError where it is wrong."""
        name = re.sub(r"[^A-Za-z0-9_-]+", "_", Path(name).stem)[:60].strip("_-") + ".toml"
        if not NAME.fullmatch(name) or len(text.encode()) > LARGEST:
            raise fail(name, f"allowed: a TOML file of up to {LARGEST // 1024} KiB, named with letters and digits")
        key = hashlib.sha256(text.encode()).hexdigest()[:16]
        folder = Path(self.folder.name) / key
        folder.mkdir(exist_ok=True)
        path = folder / name
        path.write_text(text, encoding="utf-8")
        try:
            self._alone(path)
            policy = is_policy(path)
            load_policy(path) if policy else load_scenario(path)
        except InputError as error:
            path.unlink()
            raise InputError([p._replace(file=renamed(p.file, name, name)) for p in error.problems]) from None
        return ("policy" if policy else "scenario"), f"@{key}/{name}"

    def _alone(self, path: Path) -> None:
        """A dropped file extends what is shipped; it reads no other file of this machine."""
        tree, names = read_toml(path).value, (*scenario_names(), *policy_names())
        for key, node in tree.items():
            if key == "facts" or (key == "extends" and node.value not in names):
                may = "reads no table of facts" if key == "facts" else "may extend a shipped scenario or policy only"
                words = f"a dropped file {may}; start `run.py explore` with its path"
                raise fail(node.file, words, key, repr(node.value)[:80])

    def base_policy(self, draft: Draft) -> tuple[Policy, str | Path]:
        """What a draft changes, and where it lies."""
        place = self.place(draft.base, policy_names(), "policy")
        base = self.once(("policy", str(place)), lambda: load_policy(place))
        if not isinstance(base, Policy):
            raise fail(draft.base, "this policy is written in Python and has no levers; `run.py compare` takes it")
        return base, place

    def policy(self, draft: Draft) -> tuple[Policy, str | None]:
        """A policy, and its text where it is no shipped one as it is."""
        base, place = self.base_policy(draft)
        if not draft.moved and draft.title in ("", base.title):
            return base, None
        text = policy_text(draft, base)
        found = self.once(("policy", str(place), text), lambda: self._loaded(text, place, "policy", load_policy))
        assert isinstance(found, Policy)
        return found, text

    def base_scenario(self, world: World) -> tuple[Scenario, str | Path]:
        """What a world changes, and where it lies."""
        place = self.place(world.base, scenario_names(), "scenario")
        return self.once(("world", str(place)), lambda: load_scenario(place)), place

    def scenario(self, world: World) -> tuple[Scenario, str | None]:
        """A scenario, and its text where it is no shipped one as it is."""
        base, place = self.base_scenario(world)
        if world == World(world.base):
            return base, None
        text = world_text(world, base)
        return self.once(("world", str(place), text), lambda: self._loaded(text, place, "world", load_scenario)), text

    def _loaded(self, text: str, place: str | Path, what: str, load: Callable[[Path], T]) -> T:
        """A text read like any file. It lies in a folder of ours, so a file that it extends is named by its path."""
        name = f"{what}_{hashlib.sha256(text.encode()).hexdigest()[:16]}.toml"
        if isinstance(place, Path):
            first, _, rest = text.removeprefix(HEAD).partition("\n")
            assert first.startswith("extends")
            text = f"{HEAD}extends = {value_text(str(place.resolve()))}\n{rest}"
        path = Path(self.folder.name) / name
        path.write_text(text, encoding="utf-8")
        try:
            return load(path)
        except InputError as error:
            raise InputError([p._replace(file=renamed(p.file, name, what)) for p in error.problems]) from None


def renamed(file: str, name: str, shown: str) -> str:
    """A file as its owner knows it, with its text, so that messages can say the line."""
    if not file.endswith(name):
        return file
    return Source(shown, file.text) if isinstance(file, Source) else shown
