"""What tests of several files are given."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from game.core.live_game import Room


# Examples may take as long as a busy machine needs.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests first, each file together: what is left for the end is short, and no process idles."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture
def room(tmp_path: Path) -> Iterator["Room"]:
    """A room with somebody in the east, in its first turn."""
    from playing import small

    from game.core.keeping.keys import digest
    from game.core.live_game import new_room

    made, _ = new_room(tmp_path / "class.game", small())
    token = made.join("Ann")
    made.sit(digest(token), "east", made.pins["east"])
    made.steer("open", {})
    made.steer("close", {})
    yield made
    made.journal.close()
