"""What "no programme" means: the levers at nothing and the parameters that go with them. What happened anyway."""

from collections.abc import Mapping
from typing import Any, Final

# No money, no outreach, a shut door; and no ally that leads activities at its own cost.
NO_LEVERS: Final[Mapping[str, Any]] = dict.fromkeys(
    ("envelope", "outreach", "open_door", "communication", "sharing"), 0.0
)
NO_PARAMETERS: Final[Mapping[str, float]] = {"lead_rate": 0.0}
