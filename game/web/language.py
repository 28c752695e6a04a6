"""Languages of the interface: gettext catalogues, English in the source. The cookie decides, else the browser."""

import gettext
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis.said import Say, speaker

if TYPE_CHECKING:
    from starlette.requests import Request

LOCALE: Final = Path(__file__).parent / "locale"
LANGUAGE_COOKIE: Final = "interlock_lang"


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The catalogue of a language; English needs none."""
    return gettext.translation("interlock", LOCALE, [language], fallback=True)


@cache
def say_in(language: str) -> Say:
    """What says texts in a language, numbers as it writes them; what its catalogue lacks stays English."""
    catalogue = translations(language)
    return speaker(catalogue.gettext, catalogue.info().get("x-decimal", "."))


def named(language: str) -> str:
    """What a language calls itself, as the head of its catalogue says."""
    return str(translations(language).info().get("x-name", language))


# A language is there when its catalogue is.
LANGUAGES: Final = {"en": "English"} | {
    path.parent.parent.name: named(path.parent.parent.name)
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/interlock.mo"))
}
# What is not yet said in it, in its own words, as the head of its catalogue says: shown where it is chosen.
NOTES: Final = {name: str(translations(name).info().get("x-note", "")) for name in LANGUAGES}


def language_of(request: "Request") -> str:
    """Which language a reader wants."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    for part in request.headers.get("accept-language", "").split(","):
        name = part.split(";")[0].strip().lower()[:2]
        if name in LANGUAGES:
            return name
    return "en"
