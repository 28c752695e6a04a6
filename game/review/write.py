"""The written review of a game: figures, the page and the PDF."""

from pathlib import Path
from typing import Any

from game.review.figures.charts import draw_all, jobs_of, pictures
from game.review.page import write_page
from game.review.pdf import write_pdf
from game.review.review import Review


def write_review(found: Review, out: Path, tell: Any = None) -> list[Path]:
    """Figures, the page and the PDF of a review, into a folder."""

    jobs = jobs_of(found)
    drawn = draw_all(jobs, out / "figures", tell)
    if tell is not None:
        tell("PDF", 0, 1)
    written = [write_page(found, drawn, out / "review.html"), write_pdf(found, pictures(jobs), out / "review.pdf")]
    if tell is not None:
        tell("PDF", 1, 1)
    return written
