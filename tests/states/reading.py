"""What the tests of reading share: small documents, and what is wrong with them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from states.problem import InvalidInputError, Problem
from states.schema import read
from states.vocabulary import Severity

BASE = {"type": "partnership", "title": "Trade"}


@dataclass(frozen=True)
class Sheet:
    """Every kind of key that a schema may have."""

    flag: bool = False
    number: int = 0
    amount: Decimal | None = None
    severity: Severity = Severity.BLOCK
    severities: Mapping[str, Severity] = field(default_factory=dict)
    days: tuple[date, ...] = ()


def problems_of(cls: type, data: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return what is wrong with the data."""
    with pytest.raises(InvalidInputError) as caught:
        read(cls, data, file="a.toml")
    return caught.value.problems


def only_problem(cls: type, data: Mapping[str, Any]) -> Problem:
    """Return the one thing that is wrong with the data."""
    (problem,) = problems_of(cls, data)
    return problem


def toml(text: str) -> dict[str, Any]:
    """Return TOML as the product reads it, amounts as Decimal."""
    return tomllib.loads(text, parse_float=Decimal)
