"""docs/policy.md: every key of the policy model, with what holds if it is left out."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from guards.policy import DEFAULT_SEVERITY, NEVER_OFF, NEVER_WAIVED, Policy
from tests.builders import ROOT

PAGE = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]*) \| [^|]+ \|$", re.MULTILINE)
CODES = {"types": "CODE", "regions": "NAME"}


def keys(cls: Any, path: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any dataclass
    """Yield every key of a policy, by its path, with what holds if it is left out."""
    hints = get_type_hints(cls)
    for field in fields(cls):
        where = f"{path}.{field.name}" if path else field.name
        inner, mark = inside(hints[field.name], field.name)
        if is_dataclass(inner):
            yield from keys(inner, where + mark)
        else:
            yield where + mark, otherwise(field)


def inside(hint: Any, name: str) -> tuple[Any, str]:  # noqa: ANN401 - any annotation
    """Return what a field holds, and how the page marks that there may be several."""
    if get_origin(hint) in {Union, UnionType}:
        hint = next(arg for arg in get_args(hint) if arg is not type(None))
    if get_origin(hint) is tuple:
        inner = get_args(hint)[0]
        return inner, "[]" if is_dataclass(inner) else ""
    if name in CODES:
        return get_args(hint)[1], f".{CODES[name]}"
    return hint, ""


def otherwise(field: Field[Any]) -> str:
    """Return a field's default as the page writes it."""
    if field.default_factory is not MISSING:
        return said(field.default_factory())
    return "-" if field.default is MISSING else said(field.default)


def said(value: object) -> str:
    """Return a default in the page's words."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"`{value}`" if value else "none"
    if isinstance(value, Iterable):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)


def test_page_has_every_key_with_its_default_and_no_other() -> None:
    """A key that is added, or whose default changes, is found missing here."""
    told: Mapping[str, str] = dict(ROW.findall(PAGE))
    assert told == dict(keys(Policy))


def test_page_names_the_guards_that_are_never_waived() -> None:
    """Who looks for a way round one of them is told that there is none."""
    told = PAGE[PAGE.index("Never waived are") :]
    told = told[: told.index("## Words")]
    assert set(re.findall(r"`([a-z_]+)`", told)) == NEVER_WAIVED


def test_page_names_the_guards_that_are_special() -> None:
    """Which guards warn by themselves, and which are never off."""
    ending = PAGE[PAGE.index("## What guards do") :]
    for guard in (*DEFAULT_SEVERITY, *NEVER_OFF):
        assert f"`{guard}`" in ending
