"""The worklist as people read it and as shapes: what is left, what it asks, how it burns down."""

from collections.abc import Sequence
from datetime import date

from cli.output.shapes import Shape, unmet_shape
from cli.output.streams import style, width
from cli.output.table import Column, table
from cli.output.text import one_line, paragraphs
from cli.output.words import plural
from guards.policy import Policy
from lifecycle.reviewing.burning import BurnDown, Point
from lifecycle.reviewing.worklist import Item, Worklist
from states.calendar import PartialDate
from states.standing import Standing
from states.vocabulary import Severity

KEYS = (
    "ref",
    "title",
    "type",
    "state",
    "partner",
    "country",
    "signed",
    "age_years",
    "since",
    "days",
    "last_activity",
    "review",
    "suggested",
    "why",
    "asks",
    "command",
)
"""What a table of the worklist has of each agreement."""

BURN_KEYS = ("date", "taken_over", "reclassified", "sunset", "otherwise", "left")

_WIDEST_BAR = 24
_MOST_NAMED = 10


def worklist_shape(found: Worklist, today: date) -> Shape:
    """Return the worklist as JSON has it."""
    items = [
        {
            **shape,
            "choices": list(item.suggestion.choices),
            "asks": [unmet_shape(severity, unmet, str(item.ref)) for severity, unmet in item.asks],
        }
        for item, shape in zip(found.items, items_of(found, today), strict=True)
    ]
    return {
        "today": today,
        "types": list(found.types),
        "remaining": found.burn_down.remaining,
        "items": items,
        "burn_down": points_of(found),
        "pace": _pace_shape(found.burn_down),
        "unknown_types": [{"ref": str(ref), "type": type_} for ref, type_ in found.unknown],
    }


def items_of(found: Worklist, today: date) -> Sequence[Shape]:
    """Return the agreements of the worklist as rows; what one asks is named by its codes."""
    return [_item(item, today) for item in found.items]


def points_of(found: Worklist) -> Sequence[Shape]:
    """Return the burn-down as rows."""
    return [
        {
            "date": point.day,
            "taken_over": point.taken_over,
            "reclassified": point.reclassified,
            "sunset": point.sunset,
            "otherwise": point.otherwise,
            "left": point.left,
        }
        for point in found.burn_down.points
    ]


def worklist_text(found: Worklist, policy: Policy, today: date) -> str:
    """Return the worklist as people read it."""
    room = width()
    note = _unknown_text(found, room)
    if not found.types:
        none = "This policy has no type that is only taken over, so there is no worklist."
        return f"{none}\n{note}"
    titles = ", ".join(policy.types[code].title for code in found.types)
    head = paragraphs(one_line(f"{remaining_text(found.burn_down)} On it: {titles}."), room)
    cards = "".join(f"\n{_card(item, today, room)}" for item in found.items)
    return f"{head}\n{note}{cards}{_burn_text(found.burn_down, room)}"


def _unknown_text(found: Worklist, room: int) -> str:
    """Return which agreements are of types that the policy in force does not know."""
    if not found.unknown:
        return ""
    types = ", ".join(sorted({type_ for _ref, type_ in found.unknown}))
    refs = ", ".join(str(ref) for ref, _type in found.unknown[:_MOST_NAMED])
    more = f" and {len(found.unknown) - _MOST_NAMED} more" * (len(found.unknown) > _MOST_NAMED)
    text = (
        f"Of a type that this policy does not know ({types}), and to be reclassified as well:"
        f" {refs}{more}."
    )
    return paragraphs(one_line(text), room) + "\n"


def remaining_text(burn_down: BurnDown) -> str:
    """Return how much is left to do, and when it is done at the present pace."""
    pace = burn_down.pace
    left = burn_down.remaining
    count = f"{plural(left, 'agreement')} to be reclassified or sunset."
    if not burn_down.points:
        return "Nothing stands on the worklist, and nothing ever did."
    if not left:
        return "The worklist is empty."
    if pace is None:
        return f"{count} It is too early to tell the pace."
    went = f"Since {pace.since}, {pace.left} went and {pace.came} came"
    if pace.empty_on is None:
        return f"{count} {went}: the worklist is not getting empty."
    return f"{count} {went}: at this pace it is empty on {pace.empty_on}."


def _item(item: Item, today: date) -> Shape:
    standing, suggestion = item.standing, item.suggestion
    return {
        "ref": str(item.ref),
        "title": standing.title,
        "type": standing.type,
        "state": standing.state,
        "partner": standing.partner,
        "country": standing.country,
        "signed": standing.signed_on,
        "age_years": _years(standing.signed_on, today),
        "since": item.since,
        "days": (today - item.since).days,
        "last_activity": item.last_activity,
        "review": standing.review,
        "suggested": suggestion.type,
        "why": suggestion.why,
        "asks": ", ".join(f"{unmet.guard}:{unmet.code}" for _severity, unmet in item.asks) or None,
        "command": _command(item),
    }


def _years(signed: str | None, today: date) -> int | None:
    """Return the whole years since an agreement was signed, as far as that day is known."""
    if signed is None:
        return None
    first = PartialDate.parse(signed).earliest()
    return today.year - first.year - ((today.month, today.day) < (first.month, first.day))


def _command(item: Item) -> str:
    if item.suggestion.type is None:
        return f"lifecycle portfolio review {item.ref}"
    return f"lifecycle reclassify {item.ref} {item.suggestion.type}"


def _card(item: Item, today: date, room: int) -> str:
    shape, suggestion = _item(item, today), item.suggestion
    head = f"{shape['ref']}  {shape['title']}{_with(item.standing)}"
    since = "today" if shape["days"] == 0 else f"for {shape['days']:,} days"
    last = f"last activity {shape['last_activity']}" if shape["last_activity"] else "no activity"
    facts = (
        f"{shape['type']}, {shape['state']}; signed {shape['signed'] or 'on no known day'}; on the"
        f" worklist since {shape['since']} ({since}); {last} on record;"
        f" review {shape['review'] or 'not set'}"
    )
    suggested = suggestion.type or "no type suggested"
    lines = [
        style(paragraphs(one_line(head), room, rest="  "), bold=True),
        paragraphs(one_line(facts), room, first="  "),
        paragraphs(one_line(f"{suggested}: {suggestion.why}"), room, first="  → ", rest="    "),
        *_asked(item, room),
        paragraphs(shape["command"], room, first="    "),
    ]
    return "\n".join(lines) + "\n"


def _with(standing: Standing) -> str:
    """Return the partner, where the title does not name it already."""
    named = standing.partner is None or standing.partner in standing.title
    country = f" ({standing.country})" if standing.country else ""
    return country if named else f", {standing.partner}{country}"


def _asked(item: Item, room: int) -> Sequence[str]:
    """Return what the suggested type would ask, what would refuse first."""
    if item.suggestion.type is None:
        return ()
    if not item.asks:
        return ("    Nothing more is asked of it.",)
    ordered = sorted(item.asks, key=lambda one: one[0] is not Severity.BLOCK)
    return [
        paragraphs(
            one_line(unmet.message), room, first=f"    {'✗' if severity == 'block' else '!'} "
        )
        for severity, unmet in ordered
    ]


_COLUMNS = (
    Column("BY THE END OF"),
    Column("TAKEN OVER", right=True),
    Column("RECLASSIFIED", right=True),
    Column("SUNSET", right=True),
    Column("LEFT", right=True),
    Column(""),
)


def _burn_text(burn_down: BurnDown, room: int) -> str:
    if not burn_down.points:
        return ""
    most = max(point.left for point in burn_down.points) or 1
    told = [point for point in burn_down.points if _changed(point)]
    if burn_down.points[-1] not in told:
        told.append(burn_down.points[-1])
    rows = [_row(point, most) for point in told]
    note = _otherwise(burn_down.points, room)
    if len(told) < len(burn_down.points):
        note = f"Dates without a change are left out.\n{note}"
    return f"\n{style('Burn-down', bold=True)}\n{table(_COLUMNS, rows)}{note}"


def _changed(point: Point) -> bool:
    return any((point.taken_over, point.reclassified, point.sunset, point.otherwise))


def _row(point: Point, most: int) -> list[object]:
    filled = -(-point.left * min(most, _WIDEST_BAR) // most)
    counts = (point.taken_over, point.reclassified, point.sunset)
    return [point.day, *(count or None for count in counts), str(point.left), "#" * filled or "."]


def _otherwise(points: Sequence[Point], room: int) -> str:
    other = sum(point.otherwise for point in points)
    if not any(point.otherwise for point in points):
        return ""
    text = f"{other:+d} otherwise: signed here while that type could be made, or on its way."
    return paragraphs(text, room) + "\n"


def _pace_shape(burn_down: BurnDown) -> Shape | None:
    pace = burn_down.pace
    if pace is None:
        return None
    return {
        "since": pace.since,
        "left": pace.left,
        "came": pace.came,
        "empty_on": pace.empty_on,
    }
