"""Texts that remember how they were made, so that whoever shows them can say them in another language.

A `Said` is its English text, and beside it the form and what was put in. Code builds, keeps and compares it as any
other text; only the page, slide or sheet that shows it turns it into the reader's language.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from jinja2 import Environment
from markupsafe import Markup

LETTERS: Final = re.compile(r"[^\W\d_]")
BETWEEN_DIGITS: Final = re.compile(r"(?<=\d)[.,](?=\d)")
Say = Callable[[object], str]  # any text as a reader's language says it


class Said(str):
    """An English text for people. `form`: with holes as `%(name)s`; `values`: what fills them, texts like this too."""

    form: str
    values: dict[str, Any]

    def __new__(cls, form: str, **values: Any) -> "Said":
        made = super().__new__(cls, form % values if values else form)
        made.form, made.values = str(form), values
        return made

    def cut_to(self, text: str) -> "Said":
        """The same text, of which English shows only this much."""
        made = str.__new__(Said, text)
        made.form, made.values = self.form, self.values
        return made


def joined(texts: Iterable[object], between: str = " ") -> Said:
    """Texts one after another."""
    values = {f"t{at}": text for at, text in enumerate(texts)}
    return Said(between.join(f"%({name})s" for name in values), **values)


def listed(items: Iterable[object], most: int = 6) -> Said:
    """A list in words, cut after `most`: A, B and 3 more."""
    every = list(items)
    shown = [*every[:most], *([Said("%(n)s more", n=len(every) - most)] if len(every) > most else [])]
    if len(shown) < 2:
        return joined(shown)
    return Said("%(some)s and %(last)s", some=joined(shown[:-1], ", "), last=shown[-1])


def speaker(gettext: Callable[[str], str], mark: str = ".") -> Say:
    """What says a text by a catalogue. `mark`: between a number and its fractions."""

    def say(text: object) -> str:
        if not isinstance(text, Said):
            text = Said(str(text))
        found = gettext(text.form) if text.form else ""
        if text.values:
            return found % {name: say(one) if isinstance(one, Said) else one for name, one in text.values.items()}
        return found if LETTERS.search(found) else decimal(found)

    def decimal(number: str) -> str:
        return BETWEEN_DIGITS.sub(lambda found: mark if found[0] == "." else ".", number) if mark != "." else number

    return say


ENGLISH: Final = speaker(str)


def speaking(templates: Environment, say: Say) -> Environment:
    """Templates that say their own texts, `_("...")`, and every `Said` that is put into them."""

    def shown(value: Any) -> Any:
        return say(value) if isinstance(value, Said) else value

    def gettext(text: str, **values: Any) -> Markup:
        return Markup(say(text)) % {name: shown(value) for name, value in values.items()}

    templates.add_extension("jinja2.ext.i18n")
    templates.finalize = shown
    templates.newstyle_gettext = True  # type: ignore[attr-defined]
    templates.globals["gettext"] = gettext
    templates.filters |= {
        "t": lambda text: say(text) if text else "",
        "join": lambda texts, between: between.join(map(shown, texts)),
    }
    return templates
