"""The browser tests' own eyes: each kind of fault is seen, and a sound page is left in peace."""

from pathlib import Path

import pytest

from tests.browser.axe import violations
from tests.browser.chromium import Browser
from tests.browser.walking import walk

pytestmark = pytest.mark.browser

SOUND = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sound</title>
<link rel="icon" href="data:,"></head><body><main><h1 id="top">Sound</h1>
<p><a href="other.html#here">There</a> <a href="#top">up</a></p></main></body></html>"""
OTHER = SOUND.replace("other.html#here", "index.html").replace("<main>", '<main id="here">')
FAULTY = """<!doctype html><html><head><meta charset="utf-8"><title>Faulty</title>
<link rel="icon" href="data:,"><meta http-equiv="Content-Security-Policy" content="img-src 'none'">
</head><body><script>throw new Error("out of order");</script>
<img src="https://tracker.example/pixel.png"><link rel="stylesheet" href="https://cdn.example/a.css">
<a href="gone.html">a</a> <a href="index.html#nowhere">b</a> <a href="/other.html">c</a>
<a href="javascript:alert(1)">d</a></body></html>"""


def test_sound_site_has_no_fault_and_every_page_was_seen(browser: Browser, tmp_path: Path) -> None:
    """Nothing is found where nothing is wrong."""
    (tmp_path / "index.html").write_text(SOUND)
    (tmp_path / "other.html").write_text(OTHER)
    met = walk(browser, f"{tmp_path.as_uri()}/index.html", tmp_path)
    assert met.faults == []
    assert len(met.anchors) == 2
    assert violations(browser) == []


def test_every_kind_of_fault_is_found(browser: Browser, tmp_path: Path) -> None:
    """A test that can't see a fault would pass on every site."""
    (tmp_path / "index.html").write_text(FAULTY)
    met = walk(browser, f"{tmp_path.as_uri()}/index.html", tmp_path)
    told = "\n".join(met.faults)
    for fault in (
        "out of order",
        "Content Security Policy",
        "asks for https://cdn.example/a.css",
        "no language or no title",
        "0 main headings",
        "gone.html leads nowhere",
        "index.html#nowhere leads to no place",
        "/other.html does not work under a prefix",
        "javascript:alert(1) leads out of the site",
    ):
        assert fault in told, told
    assert {"html-has-lang", "image-alt"} <= {
        each.partition(":")[0] for each in violations(browser)
    }
