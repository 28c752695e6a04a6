"""How the site is made (`make site`): README.md as its front page, docs/, notebooks, docstrings and the gallery."""

import re
import shutil
import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "docs"))

project = html_title = "Interlock"
author = "The Interlock maintainers"
extensions = ["myst_nb", "sphinx.ext.autodoc"]
root_doc = "README"
include_patterns = ["README.md", "CONTRIBUTING.md", "docs/**.md", "docs/notebooks/*.ipynb"]
exclude_patterns = [path.name for path in ROOT.iterdir() if path.is_dir() and path.name != "docs"]
html_theme = "furo"
html_static_path = html_css_files = ["site.css"]
html_show_copyright = html_show_sourcelink = html_copy_source = False
html_show_search_summary = False  # it would fetch pages, which browsers forbid where they are files
pygments_style = "default"
myst_heading_anchors = 4
autodoc_typehints = "description"
autodoc_member_order = "bysource"
nb_execution_mode = "force"
nb_execution_in_temp = True
nb_execution_raise_on_error = True
nb_execution_timeout = 600

# What stands at the left; every page is in it, or the build stops.
CONTENTS = {
    "Answers": "comparing explore scenarios uncertainty levers first_table what_matters gallery",
    "From Python": "notebooks/first_comparison notebooks/own_scenario notebooks/many_runs api mesa cluster benchmarks",
    "In class": "facilitator first_lesson play reliability",
    "The model": "ODD model_sources mechanisms history seed_corrections what_changed",
}
EXTERNAL = re.compile(
    r"""<(?:script|link|img|iframe|source|video|audio)\b[^>]*?(?:src|href)=["']?(?:https?:)?//[^"'>\s]+"""
    r"""|url\(\s*["']?(?:https?:)?//[^)]+|@import\s[^;]*//[^;]+"""
)


def with_contents(app: Sphinx, page: str, source: list[str]) -> None:
    """The front page with its contents, which GitHub needs not; links to folders, which no page shows, as words."""
    here = (ROOT / page).parent

    def words(found: re.Match[str]) -> str:
        return found[1] if (here / found[2]).is_dir() else found[0]

    source[0] = re.sub(r"(?<!!)\[([^\]]+)\]\(([^)#:]+)\)", words, source[0])
    if page == root_doc:
        trees = {title: "\n".join(f"docs/{name}" for name in names.split()) for title, names in CONTENTS.items()}
        trees["The code"] = "CONTRIBUTING"
        source[0] += "".join(
            f"\n```{{toctree}}\n:hidden:\n:caption: {title}\n\n{names}\n```\n" for title, names in trees.items()
        )


class Gallery(SphinxDirective):
    """Every figure with the command that draws it."""

    def run(self) -> list[nodes.Node]:
        from gallery import drawn  # only here, because a run takes its time

        return self.parse_text_to_nodes("\n".join(drawn(ROOT / "out" / "gallery")), allow_section_headings=True)


def finish(app: Sphinx, error: Exception | None) -> None:
    """index.html is the front page; nothing that a page needs may lie elsewhere."""
    if error is not None:
        return
    shutil.copyfile(app.outdir / f"{root_doc}.html", app.outdir / "index.html")
    found = {
        f"{path.relative_to(app.outdir)}: {one[0]}"
        for path in app.outdir.rglob("*") if path.suffix in (".html", ".css")
        for one in EXTERNAL.finditer(path.read_text(encoding="utf-8"))
    }  # fmt: skip
    if found:
        raise ExtensionError("The site is to be read offline, but takes from elsewhere:\n" + "\n".join(sorted(found)))


def setup(app: Sphinx) -> dict[str, Any]:
    """What the pages need beside Sphinx."""
    app.add_lexer("mermaid", TextLexer)
    app.add_directive("gallery", Gallery)
    app.connect("source-read", with_contents)
    app.connect("build-finished", finish)
    return {"parallel_read_safe": True}
