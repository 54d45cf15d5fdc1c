"""The list of agreements, read to its end."""

from typing import Any

from store.listing import Filters, Narrowing, listing
from store.programs import ProgramFacts


def listed(
    url: str, code: str | None = None, narrowed: Narrowing = lambda _facts: Filters()
) -> tuple[ProgramFacts, list[dict[str, Any]]]:
    """Return the program's facts and its agreements' rows."""
    with listing(url, code, narrowed) as (facts, rows):
        return facts, list(rows)
