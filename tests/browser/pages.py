"""The kinds of pages that a site has, each with the fullest page of its kind."""

from pathlib import Path

KINDS = {
    "register": "index.html",
    "agreement": "agreements/*.html",
    "program": "program.html",
    "reports": "reports/index.html",
    "report": "reports/[0-9]*.html",
    "policy": "policy.html",
    "checkpoint": "checkpoint.html",
}
"""Where the pages of each kind stand within a language's folder."""


def fullest(site: Path, kind: str) -> str:
    """Return the path of the page of a kind that says the most."""
    found = max(site.glob(KINDS[kind]), key=lambda page: page.stat().st_size)
    return found.relative_to(site).as_posix()
