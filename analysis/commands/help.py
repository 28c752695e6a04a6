"""The help of the command line in groups, and names that the shell completes."""

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from analysis.pictures.forms import Form

GROUPS: Final = {
    "Ask the model": "run compare explore sweep sensitivity discover search",
    "Play": "play replay review lucks twin without league tournament silences handouts bundle export rescue delete",
    "Files": "list validate schema",
    "Keep the project true": "backtest golden docs cache",
}


class Grouped(TyperGroup):
    """Commands in groups, in the order in which one meets them."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the groups of the help."""
        for title, names in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(name, self.commands[name].get_short_help_str(90)) for name in names.split()])


def scenarios_known(incomplete: str) -> list[str]:
    """Scenarios for the shell to complete."""
    from sim.inputs.load import scenario_names

    return [name for name in scenario_names() if name.startswith(incomplete)]


def policies_known(incomplete: str) -> list[str]:
    """Policies for the shell to complete."""
    from sim.inputs.policy import policy_names

    return [name for name in policy_names() if name.startswith(incomplete)]


For = Annotated[
    str,
    typer.Option("--for", help="where figures go: web, print (175 mm, PDF too), column (85 mm, bare) or slide (16:9)"),
]
Bare = Annotated[bool, typer.Option("--bare", help="figures without title and foot, which go into a text beside")]


Tables = Annotated[
    str | None,
    typer.Option("--tables", help="also write tables as excel (one workbook), parquet (tidy), or excel,parquet"),
]


def drawn_for(form: str, bare: bool = False) -> "Form":
    """How figures are drawn; InputError where there is no such form."""
    from analysis.pictures.forms import form_named

    found = form_named(form)
    return found._replace(bare=found.bare or bare)
