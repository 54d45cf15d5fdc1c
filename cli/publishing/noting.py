"""Which address each page has once the folder is on the web, for the log to keep (R28)."""

from collections.abc import Iterable, Iterator

from cli.publishing.making import Shown
from lifecycle.publishing.recording import Publication, address_problem
from states.problem import InvalidInputError, Problem


def base_of(url: str) -> str:
    """Return the address of a site's folder, without a slash at its end.

    Raises InvalidInputError for what is none.
    """
    base = url.rstrip("/")
    if "?" in base or "#" in base:
        message = "a site's address has no ? and no #: the pages' names come behind it"
        hint = "the address of the folder, such as https://example.org/agreements"
        raise InvalidInputError([Problem("bad_url", message, key="--record", hint=hint)])
    if problem := address_problem(base):
        raise InvalidInputError([problem])
    return base


def publications(base: str, shown: Iterable[Shown]) -> Iterator[Publication]:
    """Yield what is published of each agreement, at its page's address."""
    for one in shown:
        url = f"{base}/agreements/{one.ref}.html"
        yield Publication(ref=one.ref, url=url, term=one.term, sha256=one.sha256)
