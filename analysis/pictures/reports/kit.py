"""What all report pages share: one base page, its style, tables and figures. Words and markup are in `templates/`."""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis.pictures.write import Drawn
from analysis.words import Table, counted

LARGEST_SVG: Final = 400_000  # bytes; a larger picture is embedded as PNG
NAMES_ONLY: Final = re.compile(r' id="[A-Za-z0-9.]+_\d+"')
NUMERIC: Final = re.compile(r"[−+-]?[\d,.]+( \(.*\))?|none|not run|one state")
METADATA: Final = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)
TEMPLATES: Final = Path(__file__).parent / "templates"
CSS: Final = (TEMPLATES / "style.css").read_text(encoding="utf-8")
PAGES: Final = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
    keep_trailing_newline=True, auto_reload=False,
)  # fmt: skip


def render(template: str, **values: Any) -> Markup:
    """A page, or a part of one, from its template."""
    return Markup(PAGES.get_template(template).render(values))  # the template escapes what it is given


def html_table(table: Table, caption: str, notes: Sequence[str] = ()) -> Markup:
    """A table; `notes`, if any, stand small under the first cell of each row."""
    columns = [[row[i] for row in table.rows if row[i]] for i in range(len(table.heads))]
    numeric = [bool(cells) and all(map(NUMERIC.fullmatch, cells)) for cells in columns]
    return render("table.html", table=table, caption=caption, notes=notes, numeric=numeric)


def picture(one: Drawn) -> str:
    """A figure as inline SVG, or as an embedded PNG where the SVG is large or missing."""
    alt = escape(f"{one.heading}. {one.title}. {one.shows} The numbers are in the table below.")
    svg, png = one.files.get("svg"), one.files.get("png")
    if svg is not None and (png is None or svg.stat().st_size <= LARGEST_SVG):
        text = svg.read_text(encoding="utf-8")
        text = METADATA.sub("", text[text.index("<svg") :])
        text = NAMES_ONLY.sub("", text)
        opening = text[: text.index(">")]
        box = re.search(r'viewBox="[^"]*"', opening)
        spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        head = f'<svg role="img" aria-label="{alt}" {spaces} {box.group(0) if box else ""}'
        return head + text[len(opening) :]
    if png is None:
        return f"<p>{alt}</p>\n"
    return f'<img alt="{alt}" src="data:image/png;base64,{base64.b64encode(png.read_bytes()).decode("ascii")}">\n'


def html_figure(one: Drawn) -> Markup:
    """A figure with its caption and its numbers."""
    files = ", ".join(path.name for path in one.files.values())
    return render("figure.html", one=one, picture=Markup(picture(one)), files=files)


def as_json(content: Mapping[str, Any]) -> str:
    """A manifest as people read it."""
    return json.dumps(content, indent=1, ensure_ascii=False)


PAGES.globals.update(css=Markup(CSS), table=html_table, figure=html_figure, counted=counted, json=as_json)
