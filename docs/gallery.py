"""The gallery as text and pictures, from where figures are registered: each with the command that draws it."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import interlock
from analysis.pictures import compare, history, run, scenarios, uncertain
from analysis.pictures.chart import Chart, figures

DOCS = Path(__file__).parent
PACKAGES = (run, compare, scenarios, uncertain, history)


def parts() -> Iterator[tuple[str, str, list[Chart]]]:
    """Figures by the command that draws them, under what their package, or the only one of them, is called."""
    for package in PACKAGES:
        commands = {chart: chart.command or package.COMMAND for chart in figures(package)}
        for command, some in groupby(commands, key=lambda chart, of=commands: of[chart]):
            charts = list(some)
            yield (package.__doc__ or "").strip(".") if len(charts) > 1 else charts[0].heading, command, charts


def found_by(command: str) -> Any:
    """What a `run` or `compare` of the command line finds, by the public names."""
    name, *words = command.split()
    at = next((i for i, word in enumerate(words) if word.startswith("--")), len(words))
    asked, options = words[:at], dict(zip(words[at::2], words[at + 1 :: 2], strict=True))
    if name == "run":
        return interlock.run(*asked, options["--policy"])
    policies = options["--policies"].split(",") if "--policies" in options else None
    return interlock.compare(asked, policies, replicates=int(options["--replicates"]))


def drawn(pictures: Path) -> Iterator[str]:
    """The gallery as Markdown. Pictures that docs/figures does not hold are drawn into a folder below the project's."""
    for heading, command, charts in parts():
        yield f"## {heading}\n\n```sh\npython run.py {command}\n```\n"
        kept = [DOCS / "figures" / f"{chart.name}.png" for chart in charts]
        found = None if all(path.exists() for path in kept) else found_by(command)
        for chart, path in zip(charts, kept, strict=True):
            if found is not None:
                path = pictures / command.split()[0] / f"{chart.name}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                interlock.draw(found, chart.name).savefig(path, dpi=80)
            title = f"### {chart.heading}\n" if len(charts) > 1 else ""
            shows = chart.shows if isinstance(chart.shows, str) else ""
            place = path.relative_to(DOCS.parent).as_posix()
            yield f"{title}\n![{chart.heading}](/{place})\n\n`{chart.name}`: {shows or chart.heading}\n"
