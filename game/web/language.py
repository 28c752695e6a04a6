"""Languages of the interface: gettext catalogues, English in the source. The cookie decides, else the browser."""

import gettext
from functools import cache
from pathlib import Path
from typing import Final

from starlette.requests import Request

LOCALE: Final = Path(__file__).parent / "locale"
LANGUAGES: Final = {"en": "English", "de": "Deutsch"}
LANGUAGE_COOKIE: Final = "interlock_lang"


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The catalogue of a language; English needs none."""
    return gettext.translation("interlock", LOCALE, [language], fallback=True)


def language_of(request: Request) -> str:
    """Which language a reader wants."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    for part in request.headers.get("accept-language", "").split(","):
        name = part.split(";")[0].strip().lower()[:2]
        if name in LANGUAGES:
            return name
    return "en"
