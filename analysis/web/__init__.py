"""What all pages share, the classroom's and the analyst's: what is refused at the door, headers, base style sheet."""

from pathlib import Path
from typing import Final

BASE: Final = Path(__file__).parent / "static"
TEMPLATES: Final = Path(__file__).parent / "templates"
