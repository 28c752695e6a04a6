"""Printed seat briefs and order sheets: one page of HTML that needs nothing else, each brief and each sheet a page.

A class without working devices plays with these: seats fill in the sheets, the facilitator types the orders in.
"""

from html import escape
from pathlib import Path
from typing import Final

from game.core.game_file import Game, Objective, Seat, Setup
from game.core.names import names_of
from game.core.seating import CLASS_SIZES, plan_for
from game.seats.forms import FORMS, Form, Line, spent
from sim.declare.names import ITEMS
from sim.law.measures import DECLARED
from sim.runs.build import Built, build

STYLE: Final = """
@page { size: A4; margin: 15mm 16mm; }
* { box-sizing: border-box; }
body { font: 11.5pt/1.42 'Times New Roman', 'Liberation Serif', serif; color: #111; margin: 0 auto; max-width: 190mm; }
section { break-after: page; padding: 6mm 0; }
section:last-child { break-after: auto; }
h1 { font-size: 20pt; margin: 0 0 1mm; } h2 { font-size: 13pt; margin: 6mm 0 2mm; }
p { margin: 0 0 2.5mm; } .small { font-size: 9.5pt; color: #333; } .help { font-size: 8.5pt; color: #333; }
.head { border-bottom: 1.5pt solid #111; padding-bottom: 2mm; margin-bottom: 4mm; }
.card { border: 1pt solid #111; padding: 4mm; }
.secret { border: 1pt dashed #111; padding: 3mm; margin-top: 3mm; }
table { border-collapse: collapse; width: 100%; font-size: 9.5pt; line-height: 1.2; }
th, td { border: 0.6pt solid #555; padding: 0.9mm 1.4mm; text-align: left; vertical-align: middle; }
th { background: #eee; } td.n, th.n { text-align: right; white-space: nowrap; }
td.box, th.box { width: 13mm; text-align: center; }
tr.group td { background: #f5f5f5; font-weight: bold; } tr { break-inside: avoid; }
section.dense { font-size: 10.5pt; line-height: 1.3; } .dense h2 { margin: 4mm 0 1mm; }
.dense li { margin-bottom: 0.4mm; }
ol, ul { margin: 1mm 0 2mm; padding-left: 6mm; } li { margin-bottom: 1mm; }
@media screen { body { padding: 8mm; } section { border-bottom: 3px solid #ccc; } }
@media print { th, tr.group td { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""


VARIABLES: Final = {  # of states; measures of the whole bring their own units
    "trust": "mutual trust with allies or partners, 0 to 1", "interoperability": "interoperability, 0 to 1",
    "capability": "capability, 0 to 1", "legitimacy": "public legitimacy of the programme, 0 to 1",
    "will": "political will, 0 to 1", "readiness": "readiness at home, 0 to 1", "tilt": "leaning to the rival, 0 to 1",
    "warning": "early warning, 0 to 1", "harm": "harm points a quarter, an index", "spent": "EUR million a quarter",
    "track": "0 not aspiring, 1 aspirant, 2 action plan, 3 invited, 4 acceding, 5 ally",
}  # fmt: skip


def write_handouts(setup: Setup, out: Path) -> Path:
    """Write the page into a folder; its path."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / "handouts.html"
    path.write_text(handouts(setup), encoding="utf-8")
    return path


def handouts(setup: Setup) -> str:
    """The whole page: the facilitator's sheet, then for each seat its brief and its order sheet."""
    game, built = setup.game, build(setup.scenario)
    parts = [_facilitator(game)]
    for seat in game.seats:
        parts += [_brief(game, seat, built), _sheet(game, seat)]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>{escape(game.title)}: handouts</title><style>{STYLE}</style></head>'
        f"<body>{''.join(parts)}</body></html>\n"
    )


def _facilitator(game: Game) -> str:
    """Briefing, content notice, MEL/MIL and questions: for the White cell only."""
    plans = "".join(_plan_row(game, seat) for seat in game.seats)
    sizes = "".join(f'<th class="box">{size}</th>' for size in CLASS_SIZES)
    events = "".join(f"<li>{escape(inject.title)} (severity {inject.severity:g})</li>" for inject in game.injects)
    return (
        f'<section class="dense"><div class="head"><h1>{escape(game.title)}</h1>White cell only</div>'
        f"<p><b>Content notice, to be read out.</b> {escape(game.notice or 'None.')}</p>"
        f"<h2>Briefing, three minutes</h2>{_list('ol', game.briefing)}"
        f"<h2>Students in each seat, by size of class</h2><table><tr><th>Seat</th>{sizes}</tr>{plans}</table>"
        f'<h2>Injects (MEL/MIL)</h2><ul class="small">{events}</ul>'
        f"<h2>Hot wash</h2>{_list('ol', game.debrief)}</section>"
    )


def _plan_row(game: Game, seat: Seat) -> str:
    cells = ""
    for size in CLASS_SIZES:
        count = next(place.students for place in plan_for(game, size) if place.seat == seat.id)
        cells += f'<td class="box">{count or "policy"}</td>'
    return f"<tr><td>{escape(seat.title)}</td>{cells}</tr>"


def _list(tag: str, lines: tuple[str, ...]) -> str:
    return f'<{tag} class="small">' + "".join(f"<li>{escape(line)}</li>" for line in lines) + f"</{tag}>"


def _brief(game: Game, seat: Seat, built: Built) -> str:
    """The page that a seat keeps to itself: role card and aims."""
    called = names_of(game, built)
    states = ", ".join(called[code] for code in seat.states)
    position = f'<p class="small">{escape(seat.position)}</p>' if seat.position else ""
    aims = [_aim(objective) for objective in seat.objectives if not objective.secret]
    secret = [_aim(objective) for objective in seat.objectives if objective.secret]
    hidden = (
        f'<div class="secret"><b>Secret: only you and the White cell know</b><ul>{"".join(secret)}</ul></div>'
        if secret else ""
    )  # fmt: skip
    years = game.turns * game.quarters / 4
    return (
        f'<section><div class="head"><h1>{escape(seat.title)}</h1>{escape(game.title)}: role card, for your eyes only'
        f"{'<br>' + escape(states) if states else ''}</div>"
        f'<div class="card"><p>{escape(seat.brief)}</p>{position}</div>'
        f"<h2>What you play for</h2><ul>{''.join(aims)}</ul>{hidden}"
        f"<h2>How a turn goes</h2><ol><li>Brief: read, talk to other seats.</li>"
        f"<li>Orders: {game.minutes_orders:g} minutes, private, at the same time; you can change them until time is "
        "up.</li>"
        f"<li>Council: {game.minutes_council:g} minutes of silence. A proposal stands unless an ally breaks silence, "
        f"which costs goodwill. Trades across items are welcome.</li><li>News: what happened, and why.</li></ol>"
        f'<p class="small">{game.turns} turns, {years:g} years. Your score also counts the year after the last turn. '
        f"Seats may be swapped at any time, no reason asked.</p></section>"
    )


def _aim(objective: Objective) -> str:
    """An objective with what it is measured by and where its points run."""
    if objective.states is None:
        what = f"{objective.of.replace('_', ' ')} of the whole, {DECLARED[objective.of].unit}"
    else:
        what = f"{VARIABLES.get(objective.of, objective.of.replace('_', ' '))}, mean over states"
    return (
        f'<li><b>{escape(objective.title)}</b> <span class="small">({what}): 0 points at {objective.low:g}, '
        f"100 points at {objective.high:g}; weight {objective.weight:g}</span></li>"
    )


def _sheet(game: Game, seat: Seat) -> str:
    """The order sheet: a line of boxes for each turn, and for allies a sheet for the Council."""
    form = FORMS[seat.kind]
    turns = "".join(f'<th class="box">Turn {turn + 1}</th>' for turn in range(game.turns))
    boxes = '<td class="box"></td>' * game.turns
    rows, group = "", ""
    for line in form.lines:
        if line.group != group:
            group = line.group
            rows += f'<tr class="group"><td colspan="{4 + game.turns}">{escape(group)}</td></tr>'
        rows += f"<tr>{_line(line)}{boxes}</tr>"
    if form.targets:
        rows += f'<tr><td colspan="4">Name {escape(form.targets)}</td>{boxes}</tr>'
    used = f"{escape(form.purse.capitalize())} used; the purse holds {form.holds:g}"
    rows += f'<tr><td colspan="4"><b>{used}</b></td>{boxes}</tr>'
    return (
        f'<section><div class="head"><h1>{escape(seat.title)}: order sheet</h1>Write a number in a box. An empty box '
        f"means: {_usual(form)}</div>"
        f'<table><tr><th>Line</th><th class="n">From, to</th><th class="n">Usual</th><th class="n">Price a unit</th>'
        f"{turns}</tr>{rows}</table>{_council(game) if seat.kind == 'members' else ''}</section>"
    )


def _usual(form: Form) -> str:
    """What an empty box means, and what a sheet left empty costs."""
    total = f"{spent(form, {}):.0f} of {form.holds:g} {escape(form.purse)}"
    return f"the usual value. All usual values together take {total}."


def _line(line: Line) -> str:
    price = f"{line.price:g}" if line.price else "free"
    return (
        f'<td><b>{escape(line.label)}.</b> <span class="help">{escape(line.help)}</span></td>'
        f'<td class="n">{line.low:g} to {line.high:g}</td><td class="n">{line.default:.3g}</td>'
        f'<td class="n">{price}</td>'
    )


def _council(game: Game) -> str:
    """Stances by item and turn: P let pass, A amend, B break silence."""
    turns = "".join(f'<th class="box">Turn {turn + 1}</th>' for turn in range(game.turns))
    boxes = '<td class="box"></td>' * game.turns
    rows = "".join(f"<tr><td>{item.capitalize()}</td>{boxes}</tr>" for item in ITEMS)
    return (
        f'<h2>Council</h2><p class="small">P: let it pass (an empty box). A: amend. B: break silence.</p>'
        f"<table><tr><th>Item</th>{turns}</tr>{rows}</table>"
    )
