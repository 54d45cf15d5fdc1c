"""What the engine's words mean to people: due dates, and which policy judges."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from states.standing import Standing

SHORT_DUE: Mapping[str, str] = {
    "term_starts": "starts",
    "term_over": "term over",
    "review_due": "review",
    "decision_due": "decide",
}
"""What a due date is, in a list."""

LONG_DUE: Mapping[str, str] = {
    "term_starts": "its term starts; the nightly check activates it",
    "term_over": "its term is over; the nightly check sends it to evaluation",
    "review_due": "its review is due; the nightly check sends it to evaluation",
    "decision_due": "a decision is owed",
}
"""What happens, or is owed, on a due date."""

SHORT_DIGEST = 12


def void_words(standing: "Standing") -> str:
    """Return why an agreement counts for nothing."""
    if standing.voided == "error":
        return "it was voided, as entered in error"
    return f"it was voided, as a duplicate of {standing.voided}"


def plural(count: int, word: str, words: str | None = None) -> str:
    """Return a number of things in words; `words` are several that have no s alone."""
    return f"{count:,} {word if count == 1 else words or word + 's'}"


def partner_words(partner: str | None, country: str | None) -> str | None:
    """Return a partner with its country: `Kyiv (UA)`."""
    return f"{partner or ''} ({country})".lstrip() if country else partner


def percent_words(share: "Decimal | None") -> str | None:
    """Return a percentage as it is read: `83.3 %`, `100 %`."""
    return None if share is None else f"{share.normalize():f} %"


def policy_words(judging: str, in_force: str) -> str:
    """Return which policy judges, and whether it is the one in force."""
    digest = judging[:SHORT_DIGEST]
    if judging == in_force:
        return f"{digest}, the one in force"
    return f"{digest}, that of its last decision; in force is {in_force[:SHORT_DIGEST]}"
