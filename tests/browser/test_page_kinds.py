"""Each kind of page, as it is seen: by anybody, on a phone, in the dark, on paper."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browser.axe import violations
from tests.browser.chromium import DESKTOP, NARROWEST, PHONE, Browser, Scheme
from tests.browser.pages import KINDS, fullest
from tests.conftest import seldom

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class Window:
    """How a page is looked at."""

    width: int
    scheme: Scheme
    language: str

    def __str__(self) -> str:
        """Return its name."""
        return f"{self.width}-{self.scheme}-{self.language}"


WINDOWS = [
    Window(DESKTOP, "light", "en"),
    Window(PHONE, "dark", "fr"),
    Window(DESKTOP, "dark", "fr"),
    Window(PHONE, "light", "en"),
    Window(DESKTOP, "light", "fr"),
    Window(PHONE, "dark", "en"),
    Window(DESKTOP, "dark", "en"),
    Window(PHONE, "light", "fr"),
]
"""The first two have each width, scheme and language."""

LOOKS = [(kind, window) for window in WINDOWS for kind in KINDS]
"""The first ten have each kind of page, and each of those that say the most in both windows."""

PICTURES = "LIFECYCLE_SCREENSHOTS"

Keep = Callable[[str, bytes], object]


@pytest.fixture
def keep(tmp_path: Path) -> Keep:
    """Return what keeps a picture under a name, in the folder that was asked for."""
    folder = Path(os.environ.get(PICTURES) or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return lambda name, picture: (folder / name).write_bytes(picture)


@pytest.mark.parametrize(("kind", "window"), seldom(LOOKS, 10), ids=str)
def test_kind_of_page_meets_wcag_and_shows_itself(
    browser: Browser, site: Path, keep: Keep, kind: str, window: Window
) -> None:
    """Nothing that axe-core finds of WCAG 2.2 AA, and nothing to be scrolled sideways.

    That holds down to 320 CSS pixels, which is a usual window enlarged four times (WCAG 1.4.10).
    """
    browser.wear(window.width, window.scheme)
    folder = "" if window.language == "en" else f"{window.language}/"
    browser.open(f"{site.as_uri()}/{folder}{fullest(site, kind)}")
    keep(f"{kind}-{window}.png", browser.picture())
    assert violations(browser) == []
    assert is_dark(browser) is (window.scheme == "dark")
    assert sideways(browser) == 0
    browser.wear(NARROWEST, window.scheme)
    assert sideways(browser) == 0


@pytest.mark.parametrize("kind", seldom(KINDS, 3))
def test_kind_of_page_prints_its_content_alone(
    browser: Browser, site: Path, kind: str, keep: Keep
) -> None:
    """What leads elsewhere is not on paper, and ink is not spent on a dark background."""
    browser.wear(DESKTOP, "dark", media="print")
    browser.open(f"{site.as_uri()}/{fullest(site, kind)}")
    assert not is_dark(browser)
    elsewhere = browser.find("nav, .skip, form, footer")
    assert [one for one in elsewhere if one.is_displayed()] == []
    paper = browser.paper()
    assert paper.startswith(b"%PDF-")
    keep(f"{kind}.pdf", paper)


def sideways(browser: Browser) -> int:
    """Return by how many pixels the page is wider than its window."""
    page = "document.documentElement"
    width: int = browser.ask(f"return {page}.scrollWidth - {page}.clientWidth")
    return width


def is_dark(browser: Browser) -> bool:
    """Return whether the page's background is nearer to black than to white."""
    script = "return getComputedStyle(document.body).backgroundColor.match(/[0-9.]+/g).map(Number)"
    red, green, blue, *opacity = browser.ask(script)
    assert opacity != [0], "the page has no background of its own"
    dark: bool = 0.3 * red + 0.6 * green + 0.1 * blue < 128
    return dark
