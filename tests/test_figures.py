"""Every figure at its final size: text that can be read, labels that do not lie on each other, contrast."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest
from asking import call
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from analysis.pictures import compare as of_comparisons
from analysis.pictures import run as of_runs
from analysis.pictures.compare import shared as compared
from analysis.pictures.fit import fit
from analysis.pictures.forms import FORMS
from analysis.pictures.legible import legible
from analysis.pictures.run.shared import briefly
from analysis.pictures.style import RC, About, Sheet
from analysis.pictures.write import Job, about, charts_of, draw_charts, figure_of
from analysis.studies.compare.runs import compare
from sim.runs.results import simulate

LEAST = 7.0  # points
CONTRAST = 4.5  # WCAG AA
OVERLAP = 0.25  # share of the smaller label's box that may lie under another's: boxes are larger than letters
# One scenario in every form; the two others, which have other data, each in a small form and a large one.
SHOWN = (
    *(("eastern_flank", form) for form in FORMS),
    *(pytest.param("gulf_maritime", form, marks=pytest.mark.slow) for form in ("print", "column")),
    *(pytest.param("open_door_1994", form, marks=pytest.mark.slow) for form in ("web", "slide")),
)


@cache
def jobs(scenario: str) -> tuple[tuple[Job, About], ...]:
    """Every figure of a run and of a comparison, with its foot."""
    results = simulate(scenario, "status_quo")
    policies = ["threat_tailored", "open_door", "restraint", "exercises_first"]
    [judged] = compare([scenario], policies, replicates=12, points=20).scenarios
    return (
        *((job, about(results)) for job in charts_of(of_runs, briefly(results))),
        *((job, compared.foot_of(judged)) for job in charts_of(of_comparisons, compared.briefly(judged))),
    )


def seen(figure: Sheet) -> list[tuple[Text, Bbox]]:
    """What a reader sees, each with its place in pixels; ticks beyond the axes are not drawn."""
    canvas: Any = FigureCanvasAgg(figure)
    figure.draw_without_rendering()
    ticks = {
        tick for axes in figure.axes for axis in (axes.xaxis, axes.yaxis) for tick in axis.findobj(Text)
        if tick not in shown_ticks(axis)
    }  # fmt: skip
    found = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip() and t not in ticks]
    # An annotation's own extent would hold its line too.
    return [(t, Text.get_window_extent(t, canvas.get_renderer())) for t in found if isinstance(t, Text)]


def shown_ticks(axis: Axis) -> set[Text]:
    """Texts of an axis that are drawn: its label and the ticks within its limits."""
    if not axis.get_visible() or (axis.axes is not None and not axis.axes.axison):
        return set()
    low, high = sorted(axis.get_view_interval())
    air = 1e-9 * (high - low)
    inside = {t.label1 for t in axis.get_major_ticks() if low - air <= t.get_loc() <= high + air}
    return {*inside, axis.label, axis.offsetText}


def crossing(found: list[tuple[Text, Bbox]]) -> Iterator[str]:
    """Pairs of labels that lie on each other."""
    for i, (one, a) in enumerate(found):
        for other, b in found[i + 1 :]:
            wide, high = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
            if min(wide, high) > 0 and wide * high > OVERLAP * min(a.width * a.height, b.width * b.height):
                yield f"{one.get_text()!r} and {other.get_text()!r}"


def luminance(colour: Any) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def faint(figure: Sheet, found: list[tuple[Text, Bbox]]) -> Iterator[str]:
    """Labels whose contrast with what lies behind most of them is too small."""
    for text, _ in found:
        text.set_visible(False)
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    drawn = np.asarray(canvas.buffer_rgba())[:, :, :3] / 255.0
    for text, box in found:
        text.set_visible(True)
        rows = slice(max(0, len(drawn) - int(box.y1)), len(drawn) - int(box.y0))
        behind = drawn[rows, max(0, int(box.x0)) : int(box.x1)].reshape(-1, 3)
        both = sorted((luminance(text.get_color()), luminance(np.median(behind, axis=0)))) if len(behind) else (0, 1)
        if (ratio := (both[1] + 0.05) / (both[0] + 0.05)) < CONTRAST:
            yield f"{text.get_text()!r}: {ratio:.1f}"


@pytest.mark.whole
@pytest.mark.parametrize(("scenario", "form"), SHOWN)
def test_every_figure_can_be_read_at_its_final_size(scenario: str, form: str) -> None:
    wrong = []
    for (chart, data), foot in jobs(scenario):
        if FORMS[form].narrow and chart.narrow is None:
            continue  # drawn as for print
        with matplotlib.rc_context(RC):
            figure = figure_of(chart, data, foot, FORMS[form].narrow)
            fit(figure, FORMS[form])
            with legible(figure, "png"):
                found = seen(figure)
                small = [t.get_text() for t, _ in found if t.get_fontsize() < LEAST - 1e-9]
                wrong += [f"{chart.name}: {one}" for one in (*small, *crossing(found), *faint(figure, found))]
    assert not wrong, "\n".join(wrong)


def test_a_form_has_its_size_and_its_files(tmp_path: Path) -> None:
    from PIL import Image

    (tmp_path / "small.toml").write_text('extends = "gulf_maritime"\ntitle = "S"\nhorizon = 4\n', encoding="utf-8")
    for form, (wide, high) in {"print": (2067, None), "slide": (2000, 1125)}.items():
        found = call("run", tmp_path / "small.toml", "--for", form, "--out", tmp_path / form)
        assert found.exit_code == 0, found.output
        figures = tmp_path / form / "figures"
        assert {path.suffix for path in figures.iterdir()} == {".png", ".svg", ".pdf"}
        with Image.open(figures / "harm.png") as picture:
            assert abs(picture.width - wide) <= 1 and (high is None or abs(picture.height - high) <= 1)


def test_a_column_is_85_mm_wide_and_bare_and_what_cannot_be_read_there_goes_over_two(tmp_path: Path) -> None:
    from PIL import Image

    file = tmp_path / "small.toml"
    file.write_text('extends = "gulf_maritime"\ntitle = "S"\nhorizon = 4\n', encoding="utf-8")
    found = call("run", file, "--for", "column", "--state", "EGY", "--out", tmp_path / "o")
    assert found.exit_code == 0, found.output
    for name, wide in {"waterfall_partner": 1004, "map_trust": 2067}.items():  # 300 dots an inch
        with Image.open(tmp_path / f"o/figures/{name}.png") as picture:
            assert abs(picture.width - wide) <= 1
    words = (tmp_path / "o/figures/waterfall_partner.txt").read_text(encoding="utf-8").splitlines()
    assert words[0].startswith("Trust of Egypt ") and "not a forecast" in words[-1]
    drawn = (tmp_path / "o/figures/waterfall_partner.svg").read_text(encoding="utf-8")
    assert "Trust of Egypt" not in drawn and "forecast" not in drawn and "Before the start" in drawn


def test_a_bare_figure_keeps_its_width_and_loses_head_and_foot(tmp_path: Path) -> None:
    from PIL import Image

    [(chart, data)] = charts_of(of_runs, briefly(simulate("eastern_flank", "status_quo")), ["money"])
    sizes = {}
    for bare in (False, True):
        folder = tmp_path / str(bare)
        draw_charts([(chart, data)], About("s", "p", 1, 0, "f" * 64), folder, form=FORMS["print"]._replace(bare=bare))
        with Image.open(folder / "money.png") as picture:
            sizes[bare] = picture.size
        assert (folder / "money.txt").exists() == bare
    assert sizes[True][0] == sizes[False][0] and sizes[True][1] < 0.9 * sizes[False][1]


@pytest.mark.parametrize("command", ["sweep", "discover", "search", "sensitivity", "backtest", "tournament", "league"])
def test_whatever_draws_takes_the_same_option(command: str) -> None:
    more = {"sweep": ("size",), "discover": ("--policy", "restraint")}.get(command, ())
    subject = () if command in ("backtest", "tournament") else ("eastern_flank",)
    found = call(command, *subject, *more, "--for", "slides", "--bare")
    assert found.exit_code == 2 and "did you mean 'slide'?" in found.output


def test_an_unknown_form_is_refused_with_the_nearest() -> None:
    found = call("run", "eastern_flank", "--for", "slides")
    assert found.exit_code == 2 and "did you mean 'slide'?" in found.output


def test_the_foot_says_where_a_figure_comes_from() -> None:
    (today, foot), (past, old) = (About("s", "p", 1, 0, "f" * 64, past=when).lines() for when in (False, True))
    assert today == past and "not a forecast" in foot and "retrodiction" in old and "retrodiction" not in foot
    assert "Interlock 0.1.0, rules ffffffffffff" in foot and "facts: scenarios/data" in foot
