"""Every page and every link of the demo's site, from a folder and from a web server."""

from pathlib import Path

import pytest

from tests.browser.chromium import Browser
from tests.browser.walking import walk

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("how", ["file", "http"])
def test_every_link_of_every_page_leads_somewhere_and_no_page_complains(
    browser: Browser, site: Path, served: str, how: str
) -> None:
    """In both languages: no dead link or anchor, no console error, no request to another host."""
    base = site.as_uri() if how == "file" else served
    met = walk(browser, f"{base}/index.html", site)
    assert met.faults == []
    pages = {f"{base}/{page.relative_to(site).as_posix()}" for page in site.rglob("*.html")}
    assert set(met.anchors) == pages
    assert any(f"{base}/fr/agreements/" in page for page in pages)
