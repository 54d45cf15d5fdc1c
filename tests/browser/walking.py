"""Walks through a whole site in the browser: every page, and every link of every page.

A page is opened once. Where its links lead is looked up when all pages were seen: a page or a file
of the site, and the anchor on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urlsplit

from tests.browser.chromium import Browser

_SEEN = """
const all = (selector, told) => [...document.querySelectorAll(selector)].map(told);
return {
  links: all('a[href], area[href], link[href]:not([href^="data:"])',
             one => [one.getAttribute('href'), String(one.href)]),
  anchors: all('[id]', one => one.id),
  language: document.documentElement.lang,
  title: document.title,
  headings: all('h1', one => one.textContent).length,
};
"""
_OUTSIDE = ("https", "http", "mailto")
"""What a link may lead to beside the site itself."""


@dataclass(slots=True)
class Walk:
    """What was met: each page by its address, with its anchors and links, and what is wrong."""

    base: str
    site: Path
    anchors: dict[str, set[str]] = field(default_factory=dict)
    links: list[tuple[str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def file(self, target: str) -> Path | None:
        """Return the file of the site that an address stands for, unless it isn't there."""
        file = self.site / unquote(target.removeprefix(self.base).partition("?")[0])
        return file if target.startswith(self.base) and file.is_file() else None

    def meet(self, page: str, seen: dict[str, Any]) -> None:
        """Take note of a page's anchors and links, and of what it should say and doesn't."""
        self.anchors[page] = set(seen["anchors"])
        self.links += [(page, leads) for _written, leads in seen["links"]]
        if not seen["language"] or not seen["title"]:
            self.faults.append(f"{page}: says no language or no title")
        if seen["headings"] != 1:
            self.faults.append(f"{page}: has {seen['headings']} main headings")
        for written, _leads in seen["links"]:
            if written.startswith("/"):
                self.faults.append(f"{page}: {written} does not work under a prefix")

    def next_pages(self, page: str) -> Iterator[str]:
        """Yield the pages of the site to which a page leads."""
        for target in (urldefrag(leads).url for said_on, leads in self.links if said_on == page):
            if target.endswith(".html") and self.file(target):
                yield target

    def dead_links(self) -> Iterator[str]:
        """Yield each link that leads nowhere."""
        for page, leads in self.links:
            target, anchor = urldefrag(leads)
            if not target.startswith(self.base):
                if urlsplit(leads).scheme not in _OUTSIDE:
                    yield f"{page}: {leads} leads out of the site"
            elif self.file(target) is None:
                yield f"{page}: {leads} leads nowhere"
            elif not self._places(anchor) <= self.anchors.get(target, self._places(anchor)):
                yield f"{page}: {leads} leads to no place on its page"

    @staticmethod
    def _places(anchor: str) -> set[str]:
        """Return which ids an anchor needs: its own, or for a view of the register its form's."""
        if "=" in anchor:
            return {"filters"}
        return {unquote(anchor)} if anchor else set()


def walk(browser: Browser, start: str, site: Path) -> Walk:
    """Open a site's first page and every other one that a link leads to.

    `site` is the folder that the address of the first page's folder stands for. A fault is a link
    to nowhere, a page's complaint, a request to elsewhere, a page that says no language or title or
    has not one main heading.
    """
    met, waiting = Walk(start.rpartition("/")[0] + "/", site), [start]
    while waiting:
        page = waiting.pop()
        if page in met.anchors:
            continue
        browser.open(page)
        met.meet(page, browser.ask(_SEEN))
        looked = browser.look()
        met.faults += [f"{page}: {complaint}" for complaint in looked.complaints]
        own = (met.base, "data:")
        met.faults += [
            f"{page}: asks for {url}" for url in looked.requests if not url.startswith(own)
        ]
        waiting += met.next_pages(page)
    met.faults += met.dead_links()
    return met
