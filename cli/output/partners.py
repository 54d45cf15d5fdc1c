"""The list of partners, as a table and as JSON."""

from collections.abc import Sequence

from cli.output.shapes import Shape
from cli.output.table import Column, table
from lifecycle.partners.registry import Partner, Tie
from states.vocabulary import State

KEYS = (
    "name",
    "country",
    "aliases",
    "sides",
    "kinds",
    "metros",
    "why",
    "alternative",
    "since",
    "active",
    "agreements",
    "engages",
)
"""The keys of a partner's JSON; in a file of rows, `agreements` are their references."""

_COLUMNS = (
    Column("PARTNER", flexible=True),
    Column("SIDE"),
    Column("KIND", flexible=True),
    Column("AGREEMENTS"),
    Column("SINCE"),
    Column("WHY", optional=True),
    Column("ALSO CALLED", optional=True),
)


def partner_shape(partner: Partner) -> Shape:
    """Return a partner as JSON, with the agreements that it is party to."""
    return {
        "name": partner.name,
        "country": partner.country,
        "aliases": list(partner.aliases),
        "sides": list(partner.sides),
        "kinds": list(partner.kinds),
        "metros": list(partner.metros),
        "why": list(partner.reasons),
        "alternative": partner.alternative,
        "since": partner.since,
        "active": active(partner),
        "agreements": [tie_shape(tie) for tie in partner.ties],
        "engages": list(partner.engages),
    }


def tie_shape(tie: Tie) -> Shape:
    """Return a partner's agreement as JSON; `role` is the City's."""
    return {
        "ref": str(tie.ref),
        "title": tie.title,
        "type": tie.type,
        "state": tie.state,
        "role": tie.role,
        "signed": tie.signed,
        "side": tie.party.side or None,
        "kind": tie.party.kind or None,
        "why": tie.party.why,
        "called": tie.party.name,
    }


def row_of(shape: Shape) -> Shape:
    """Return a partner's JSON as a row: its agreements by reference alone."""
    return {
        key: _joined(value) if isinstance(value, list) else value
        for key, value in {
            **shape,
            "agreements": [tie["ref"] for tie in shape["agreements"]],
        }.items()
    }


def partners_table(partners: Sequence[Partner]) -> str:
    """Return partners as a table, without the columns in which nobody has anything."""
    rows = [_row(one) for one in partners]
    kept = [
        place
        for place, column in enumerate(_COLUMNS)
        if not column.optional or any(row[place] for row in rows)
    ]
    return table([_COLUMNS[place] for place in kept], [[row[at] for at in kept] for row in rows])


def active(partner: Partner) -> int:
    """Return how many of a partner's agreements are active."""
    return sum(tie.state is State.ACTIVE for tie in partner.ties)


def _row(partner: Partner) -> list[object]:
    country = f" ({partner.country})" if partner.country else ""
    count, running = len(partner.ties), active(partner)
    return [
        f"{partner.name}{country}",
        _joined(partner.sides),
        _joined(partner.kinds),
        _counted(count, running),
        partner.since,
        _joined(partner.reasons),
        _joined(partner.aliases),
    ]


def _counted(count: int, running: int) -> str:
    if running in {0, count}:
        return f"{count} active" if running else str(count)
    return f"{count}, {running} active"


def _joined(words: Sequence[str]) -> str:
    return ", ".join(words)
