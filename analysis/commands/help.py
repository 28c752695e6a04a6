"""The help of the command line in groups, and names that the shell completes."""

from typing import Any, Final

from typer.core import TyperGroup

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


def drawn_for(form: str, figures: bool) -> str:
    """For what figures are drawn, nothing where none are; InputError where there is no such form."""
    from analysis.pictures.forms import form_named

    form_named(form)
    return form if figures else ""
