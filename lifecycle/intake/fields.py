"""What a table may say of an agreement: each field with its headings and its explanation."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a table may say: under which headings it is found, and what it means."""

    name: str
    says: str
    headings: tuple[str, ...]
    example: str = ""
    needed: bool = False


_FIELDS = (
    Field(
        "partner",
        "the other side: a city or another party",
        ("partner", "city"),
        "Milan",
        needed=True,
    ),
    Field(
        "country",
        "the partner's country: its English name or its ISO code",
        ("country", "partner_country"),
        "Italy",
        needed=True,
    ),
    Field("type", "the agreement's type, one of the policy's", ("type",), needed=True),
    Field(
        "signed",
        "the date of signing as far as it is known: 1986, 2002-04 or 2013-10-03; the word unknown"
        " where nobody knows it",
        ("signed", "date_signed", "year_signed"),
        "2003-06",
        needed=True,
    ),
    Field(
        "status",
        "how it stands: signed (not yet in force), active, or ended (then it is to be evaluated)",
        ("status", "status_2018"),
        "active",
        needed=True,
    ),
    Field("title", "what it is called; else its type and partner", ("title",)),
    Field("term_start", "the first day of its term, if it has one", ("term_start",), "2023-07-01"),
    Field("term_end", "the last day of its term, included", ("term_end",), "2028-06-30"),
    Field("review", "without a term: when it is reviewed next; else by the policy", ("review",)),
    Field("owner", "who looks after it, by the name of their login", ("owner",), "anna"),
    Field("division", "which division of the city runs it", ("division",)),
    Field("kind", "the partner's kind, one of the policy's, such as city", ("kind",), "city"),
    Field("aliases", "other names of the partner, with semicolons between", ("aliases",), "Milano"),
    Field("same_as", "the partner on record that this one is too, or new", ("same_as",)),
    Field("home", "your own side, where a table holds several cities", ("home", "home_city")),
    Field("home_country", "the country of your own side", ("home_country",)),
    Field("source", "where this is known from; else the file and the row", ("source",), "Archive"),
    Field("note", "anything else; kept as a record beside the agreement", ("note",)),
)

FIELDS: Mapping[str, Field] = MappingProxyType({field.name: field for field in _FIELDS})
"""Everything that a table may say, by name, in the order in which people are shown it."""

REFUSED_IN, REFUSED_ROW, REFUSED_BECAUSE = "refused_in", "refused_row", "refused_because"
"""The headings that a table of refused rows has beside those of the table they stood in."""

OF_REFUSED = (REFUSED_IN, REFUSED_ROW, REFUSED_BECAUSE)

NEW = "new"
"""What says of a partner that it is none of those that are called alike."""
