"""What a page lets save: files that `validate` and `compare` take, numbers as CSV, figures."""

import io
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from analysis.explore.picture import LEVEL, held, judged_of, quarters
from analysis.explore.setting import Setting
from analysis.explore.shop import Shop
from analysis.pictures.chart import Chart, same
from analysis.pictures.compare import forest, maps
from analysis.pictures.compare.shared import foot_of, unit
from analysis.pictures.reports.differences import write_differences
from analysis.pictures.style import GOOD, INK, Sheet, panels
from analysis.pictures.write import Job, save
from analysis.stats.intervals import bounds
from analysis.studies.compare.comparison import Comparison, Judged
from analysis.studies.compare.places import places_of
from analysis.studies.compare.reasons import Why
from analysis.studies.compare.runs import RECORD
from analysis.studies.compare.verdict import apart, noun, said
from analysis.words import Table
from sim.inputs.errors import allowed, fail
from sim.law.compiled import Floats
from sim.outputs.files import write_csv
from sim.runs.dataset import Gathered

FORMATS: Final = ("png", "svg", "pdf")


class Difference(NamedTuple):
    """A measure by quarter, policy less baseline, with its band."""

    measure: str
    own: str
    base: str
    sign: int
    quarters: tuple[str, ...]
    mean: Floats
    low: Floats
    high: Floats


def finding(data: Difference) -> str:
    """The difference in the last quarter."""
    end = data.sign * float(data.mean[-1])
    return f"{data.own} in {data.quarters[-1]}: {apart(end, data.measure, data.sign, said(data.base))}"


def draw(data: Difference, sheet: Sheet) -> None:
    """The mean with its band, and the line of no difference."""
    [[axes]] = panels(sheet, left=0.9, right=0.4, bottom=0.6, top=0.25)
    at = range(len(data.quarters))
    axes.fill_between(at, data.low, data.high, color=GOOD, alpha=0.25, lw=0)
    axes.plot(at, data.mean, color=GOOD)
    axes.axhline(0.0, color=INK, lw=1.0)
    years = [i for i, q in enumerate(data.quarters) if q.endswith("Q1")]
    axes.set_xticks(
        years[:: max(1, len(years) // 8)], [data.quarters[i][:4] for i in years[:: max(1, len(years) // 8)]]
    )
    axes.set_ylabel(f"{noun(data.measure)}, difference\n{unit(data.measure)}")


def table(data: Difference) -> Table:
    """One row a quarter."""
    rows = zip(data.quarters, *([f"{x:.4g}" for x in v] for v in (data.mean, data.low, data.high)), strict=True)
    return Table(("quarter", "difference", "low", "high"), tuple(rows))


CHART: Final = Chart(
    "difference", "Difference by quarter", "Mean paired difference; band: 95 % in each quarter.", (11, 5.5), same,
    finding, draw, table,
)  # fmt: skip


def shown(setting: Setting, shop: Shop, replicates: int) -> tuple[Judged, Difference]:
    """The comparison of everything on the page, as `compare` has it, and the course of the page's own policy."""
    judged = judged_of(setting, held(setting, shop, setting.all(), replicates), setting.all(), replicates)
    own = setting.mine or judged.leader
    pair = [shop.get(setting.arms[i], setting.asked.seed, RECORD, replicates) for i in (own, 0)]
    places = places_of(setting.built, (Gathered(states=[pair[0].states]), Gathered(states=[pair[1].states])))
    gaps = (pair[0].measures - pair[1].measures)[:, :, judged.at]
    low, high = bounds(gaps, LEVEL)
    titles, asked = judged.asked.titles, judged.asked
    course = Difference(asked.measure, titles[own], titles[0], asked.sign, tuple(quarters(setting)), gaps.mean(axis=0),
                        low, high)  # fmt: skip
    return replace(judged, places=places, why=Why(own, replicates, (), (), ())), course


def written(setting: Setting, shop: Shop, what: str, form: str, replicates: int) -> tuple[str, bytes]:
    """A file's name and content: one of the setting's files, all of them, the numbers, or the figures."""
    files = setting.files()
    if what in files:
        return what, files[what].encode()
    if what == "all":
        command = f"{setting.command(replicates)}\n"
        return f"{setting.name}.zip", packed({n: t.encode() for n, t in {**files, "command.txt": command}.items()})
    if what not in ("table", "figures") or (what == "figures" and form not in FORMATS):
        raise fail("link", allowed((*files, "all", "table", "figures")), "what", repr(f"{what} {form}"[:60]))
    judged, course = shown(setting, shop, replicates)
    with tempfile.TemporaryDirectory() as folder:
        if what == "table":
            write_tables(Path(folder), judged, course)
        else:
            jobs: list[Job] = [(CHART, course), *((one, one.data(judged)) for one in (*forest.FIGURES, *maps.FIGURES))]
            for chart, data in jobs:
                save(chart, data, foot_of(judged), Path(folder), (form,))
        found = {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}
    return f"{setting.name}_{what}.zip", packed(found)


def write_tables(folder: Path, judged: Judged, course: Difference) -> None:
    """All differences as `compare` writes them, the course by quarter, and the states."""
    write_differences(Comparison((judged,), None), folder / "differences.csv")
    rows = zip(course.quarters, course.mean, course.low, course.high, strict=True)
    write_csv(folder / "quarters.csv", ("quarter", f"difference_{course.measure}", "low", "high"), rows)
    places = judged.places
    assert places is not None
    heads = ("code", "name", "role", "trust_difference", "trust_told", "harm_averted", "harm_told")
    columns = (places.codes, places.names, places.roles, places.trust, places.trust_told, places.averted,
               places.averted_told)  # fmt: skip
    write_csv(folder / "states.csv", heads, zip(*columns, strict=True))


def packed(files: dict[str, bytes]) -> bytes:
    """Files in one archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()
