"""The review as one HTML page: opens without a network or scripts, prints well; every number can be made again."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Final

from analysis.pictures.reports.kit import CSS, html_figure, html_table
from analysis.pictures.write import Drawn
from analysis.studies.compare.verdict import verdict
from analysis.words import Table, counted
from game.core.scoring import points_of, value_of
from game.review.counterfactual import MANY, Answer
from game.review.figures.effects import answer_table, lucks_table
from game.review.league import league_table
from game.review.lucks import FRESH, LUCKS
from game.review.played import Played
from game.review.review import Review, practices
from game.review.story import Side, TurnStory
from sim.law.compiled import RULES_HASH
from sim.outputs.files import write_text

MOST_REFUSED: Final = 12
PRINT: Final = """
.cmd { font-family: "DejaVu Sans Mono", Consolas, monospace; font-size: .85rem; background: #f3f3f3; padding: 0 .3rem; }
.warn { border-left: 4px solid #D55E00; padding: .3rem .8rem; background: #fdf3ec; }
h4 { font-size: 1rem; margin: 1.1rem 0 .2rem; } h5 { font-size: .9rem; margin: .8rem 0 .1rem; color: #404040; }
ul.said { margin: .2rem 0; } ul.said li { margin: .15rem 0; }
.turn { border-top: 2px solid #595959; margin-top: 2rem; }
.four { table-layout: fixed; } td.room { height: 2.2rem; }
@media print { details::details-content { content-visibility: visible; block-size: auto; } }
"""
SECTIONS: Final[tuple[tuple[str, str], ...]] = (
    ("scores", "Objectives and scores"), ("story", "The story by turn"), ("lucks", "Luck and skill"),
    ("twins", "AI twins"), ("decisions", "Each decision left out"), ("league", "Duplicate league"),
    ("policies", "The class beside the shipped policies"), ("moved", "What moved trust and interoperability"),
    ("hotwash", "Hot wash"), ("source", "Where every number came from"),
)  # fmt: skip


def page(found: Review, drawn: Mapping[str, Sequence[Drawn]]) -> str:
    """The page as text."""
    played, game = found.played, found.played.setup.game
    title = f"{game.title}: review"
    there = [one for one in SECTIONS if one[0] != "league" or found.league is not None]
    links = "".join(f'<li><a href="#{a}">{escape(b)}</a></li>' for a, b in there)
    body = {
        "scores": _scores, "story": _story, "lucks": _lucks, "twins": _twins, "decisions": _decisions,
        "league": _league, "policies": _policies, "moved": _moved, "hotwash": _hot_wash, "source": _source,
    }  # fmt: skip
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{CSS}{PRINT}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#scores">Skip to the scores</a>\n<main>\n',
        _head(played, title), f'<nav aria-label="Contents"><ul>{links}</ul></nav>\n',
    ]  # fmt: skip
    for name, heading in there:
        parts += [f'<section id="{name}"><h2>{escape(heading)}</h2>\n', *body[name](found), "\n"]
        parts += [*(html_figure(one) for one in drawn.get(name, ())), "</section>\n"]
    return "".join([*parts, "</main>\n</body>\n</html>\n"])


def _head(played: Played, title: str) -> str:
    setup, game = played.setup, played.setup.game
    span = f"{played.quarter(0)} to {played.quarter(played.lived - 1)}" if played.lived else "none yet"
    state = "finished" if played.finished else f"running, reviewed up to turn {len(played.turns)} of {game.turns}"
    rows = {
        "Game": f"{game.title} ({state})", "Scenario": setup.scenario.title,
        "Empty seats played by": setup.policy.title,
        "Quarters": f"{span} ({counted(played.lived, 'quarter')}, {counted(len(played.turns), 'turn')})",
        "File, branch, seed": f"{played.name}, {played.branch}, {game.seed}",
        "Replay": played.verdict.words(),
    }  # fmt: skip
    told = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>\n" for k, v in rows.items())
    return (
        '<header><p class="note">Interlock: review of a game (after-action)</p>\n'
        f'<h1>{escape(title)}</h1>\n<p class="lead">{escape(setup.scenario.question)}</p>\n'
        f'<dl class="run">\n{told}</dl>\n<p class="note">Everything here is relative to this model: it teaches and '
        "compares, and never predicts. Adjudication was semi-rigid: rules decided, and the facilitator's overrides are "
        "logged.</p></header>\n"
    )


def made_by(*commands: str) -> str:
    """The commands that make the section's numbers again."""
    told = " or ".join(f'<span class="cmd">python run.py {escape(one)}</span>' for one in commands)
    return f'<p class="note">Made again by {told}.</p>\n'


def said(lines: Sequence[str], heading: str = "") -> str:
    """A list of sentences, if there are any."""
    if not lines:
        return ""
    head = f"<h5>{escape(heading)}</h5>\n" if heading else ""
    return f'{head}<ul class="said">{"".join(f"<li>{escape(s)}</li>" for s in lines)}</ul>\n'


def folded(summary: str, inside: str) -> str:
    """Something that opens on request, and is open in print."""
    return f"<details><summary>{escape(summary)}</summary>\n{inside}</details>\n"


def _refused(found: Review) -> Iterator[str]:
    yield f'<p class="warn">{escape(found.refused)}</p>\n'


def _scores(found: Review) -> Iterator[str]:
    """Every objective, open and secret."""
    played, rows = found.played, []
    if not played.lived:
        return
    outcome, built, totals = played.outcome(), played.table.course.built, played.scores()
    for seat in played.setup.game.seats:
        for one in seat.objectives:
            rows.append((
                seat.title, one.title + (" (secret)" if one.secret else ""), one.of.replace("_", " "),
                f"{one.low:g} to {one.high:g}", f"{float(value_of(one, outcome, built)[0]):.3g}",
                f"{float(points_of(one, outcome, built)[0]):.1f}", f"{one.weight:g}",
            ))  # fmt: skip
        rows.append((f"{seat.title}: score", "", "", "", "", f"{totals[seat.id]:.1f}", ""))
    if not played.verdict.verified:
        yield '<p class="warn">These scores replay the recorded orders under the present rules.</p>\n'
    heads = ("seat", "objective", "of", "0 to 100 points from", "this world", "points", "weight")
    yield html_table(Table(heads, tuple(rows)), "Objectives and points")
    yield made_by(f"review {played.name}")


def _story(found: Review) -> Iterator[str]:
    yield (
        '<p class="note">First each side as it saw the world when it decided, then what was so. Estimates are dated '
        "and give a range.</p>\n"
    )
    for one in found.story:
        yield from _turn(one)
    if not found.story:
        yield "<p>No turn has been resolved yet.</p>\n"


def _turn(one: TurnStory) -> Iterator[str]:
    yield f'<div class="turn"><h3>{escape(one.title)}</h3>\n<h4>As the seats saw it</h4>\n'
    rows = tuple((s.title, s.holder or "policy", s.decided) for s in one.sides)
    yield html_table(Table(("seat", "played by", "decided"), rows), f"Decisions of turn {one.number + 1}")
    yield from (_beliefs(side) for side in one.sides if side.believed.rows)
    yield "<h4>What happened</h4>\n"
    yield said(one.council, "Council") + said(one.bargains, "Bargains") + said(one.injects, "Injects")
    yield said(one.log, "Facilitator's log")
    yield said(one.crises, "Crises")
    if one.news:
        yield folded(f"Other news ({len(one.news)})", said(one.news))
    yield html_table(one.scores, f"Scores after turn {one.number + 1}") + "</div>\n"


def _beliefs(side: Side) -> str:
    return folded(f"What {side.title} believed, and the truth", html_table(side.believed, f"Estimates of {side.title}"))


def _lucks(found: Review) -> Iterator[str]:
    if found.deep is None:
        yield from _refused(found)
        return
    count, both = len(found.deep.lucks[0].lucks), len(found.deep.lucks[0].policy)
    yield (
        f"<p>The class's orders, kept as they were, under {count:,} other courses of luck; and every seat left to "
        f"policy under the first {both:,} of them. This world = policy play + skill + luck, exactly. Skill is the mean "
        "paired difference; its interval is over luck. The facilitator's injects and rulings are in all of them.</p>\n"
    )
    yield html_table(lucks_table(found.deep.lucks), "Luck and skill")
    yield made_by(_with(f"lucks {found.played.name}", count, LUCKS))


def _with(command: str, count: int, usual: int) -> str:
    return command if count == usual else f"{command} --replicates {count}"


def _twins(found: Review) -> Iterator[str]:
    if found.deep is None:
        yield from _refused(found)
        return
    yield (
        "<p>Each seat replaced by the policy and by every strategy of a fixed list, under the same luck. Two answers: "
        "the others' orders frozen as they were given, and the other seats handed to policies. Above 0: the twin does "
        "better than the class did.</p>\n"
    )
    for seat, answers in found.deep.twins.items():
        refused = [(a.title, a.refused) for a in answers if a.refused]
        inside = "".join(f"<h4>{escape(title)}</h4>{_no_longer(lines)}" for title, lines in refused)
        name = found.played.setup.game.seat(seat).title
        if refused:
            yield folded(f"{name}: orders of others that would no longer have been legal beside a twin", inside)
    seats = ", ".join(found.deep.twins)
    count = next(iter(found.deep.twins.values()))[0].lucks
    yield made_by(_with(f"twin {found.played.name} --seat SEAT", count, MANY))
    yield f'<p class="note">SEAT is one of {escape(seats)}.</p>\n'


def _no_longer(lines: Sequence[str]) -> str:
    more = [f"and {counted(len(lines) - MOST_REFUSED, 'more')}"] if len(lines) > MOST_REFUSED else []
    return said([*lines[:MOST_REFUSED], *more])


def _decisions(found: Review) -> Iterator[str]:
    if found.deep is None:
        yield from _refused(found)
        return
    yield (
        "<p>One seat's orders and stances of one turn are left to policy; the numbers say what the decision changed: "
        "with it less without it. Handed: from that turn on the other seats are played by policies, with the decision "
        "and without it.</p>\n"
    )
    for one in found.deep.deletions:
        seat, turn = found.played.setup.game.seat(one.seat).title, one.title.split(":")[0]
        yield folded(f"{seat}, {turn.lower()}: {one.words}", _one(found, one, int(turn.removeprefix("Turn "))))


def _one(found: Review, one: Answer, turn: int) -> str:
    legal = ""
    if one.refused:
        legal = f"<p>Without it these recorded orders would no longer have been legal:</p>{_no_longer(one.refused)}"
    command = _with(f"without {found.played.name} --seat {one.seat} --turn {turn}", one.lucks, FRESH)
    return html_table(answer_table(one), "What the decision changed") + legal + made_by(command)


def _league(found: Review) -> Iterator[str]:
    assert found.league is not None
    yield "<p>In brackets: difference from the mean of the same seat at the other tables, same seed and shocks.</p>\n"
    yield html_table(league_table(found.league), "Duplicate league")
    yield made_by("league " + " ".join(found.league.files))


def _policies(found: Review) -> Iterator[str]:
    if found.deep is None:
        yield from _refused(found)
        return
    yield (
        "<p>The class is the whole table, rivals and partners too; the shipped policies play the Alliance's levers, "
        "and every other seat decides as policies do. Same lucks and injects.</p>\n"
    )
    yield said(verdict(found.deep.judged))
    yield made_by(_with(f"review {found.played.name}", found.deep.judged.asked.replicates, FRESH))


def _moved(found: Review) -> Iterator[str]:
    if found.deep is None:
        yield from _refused(found)
        return
    yield (
        "<p>From the ledger of this world: every change of a score has a name. It is accounting in rule order, not "
        "causation. Amounts are parts of a score from 0 to 1.</p>\n"
    )
    for name, table in (("Trust", found.deep.moved.trust), ("Interoperability", found.deep.moved.interoperability)):
        yield f"<h3>{name} of the mean partner by turn</h3>\n"
        yield html_table(table, f"{name}: contributions by turn")
    yield "<h3>By event: booked for the state that was struck, in its quarter</h3>\n"
    yield html_table(found.deep.moved.by_event, "Contributions by event")
    yield made_by(f"review {found.played.name}")


def _hot_wash(found: Review) -> Iterator[str]:
    """Questions, and observations with room for the class's own discussion, conclusion and recommendation."""
    yield said(found.played.setup.game.debrief, "Questions")
    rows = "".join(
        "<tr>" + "".join(f'<td class="room">{escape(cell)}</td>' for cell in row) + "</tr>\n"
        for row in (*practices(found), ("", "", "", ""), ("", "", "", ""))
    )
    heads = "".join(f'<th scope="col">{h}</th>' for h in ("Observation", "Discussion", "Conclusion", "Recommendation"))
    yield (
        '<div class="wide"><table class="four" aria-label="Lessons">'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        "</div>\n"
    )


def _source(found: Review) -> Iterator[str]:
    name = found.played.name
    yield (
        f"<p>Rules <code>{RULES_HASH[:16]}</code>, seed {found.played.setup.game.seed}; replicate 0 is this world, "
        "fresh lucks are replicates 1, 2, ... of the same seed. The same file gives the same numbers on any machine "
        "with these rules.</p>\n"
    )
    rows = (
        (f"review {name}", "this report"), (f"lucks {name}", "luck and skill"),
        (f"twin {name} --seat SEAT", "AI twins of a seat"),
        (f"without {name} --seat SEAT --turn TURN", "one decision left out; --item: only its stance on this item"),
        ("league FILE FILE ...", "duplicate league"), (f"replay {name}", "that the file says what happened"),
    )  # fmt: skip
    told = tuple((f"python run.py {command}", what) for command, what in rows)
    yield html_table(Table(("command", "makes again"), told), "Commands")


def write_page(found: Review, drawn: Mapping[str, Sequence[Drawn]], path: Path) -> Path:
    """Write the page."""
    return write_text(path, page(found, drawn))
