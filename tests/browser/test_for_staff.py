"""The pages for staff, which say more than the public ones: as sound, and told apart at once."""

from pathlib import Path

import pytest

from cli.demo.story import LAST_DAY
from tests.browser.axe import violations
from tests.browser.chromium import NARROWEST, PHONE, Browser
from tests.browser.pages import fullest
from tests.browser.walking import walk
from tests.cli.running import run

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def inside(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demo's site as staff have it."""
    folder = tmp_path_factory.mktemp("staff") / "site"
    place = ("--db", site.parent / "lifecycle-demo.db", "--today", LAST_DAY)
    run("publish", folder, "--audience", "internal", *place).well()
    return folder


@pytest.mark.parametrize("kind", ["agreement", "program"])
def test_page_for_staff_meets_wcag_and_says_whom_it_is_for(
    browser: Browser, inside: Path, kind: str
) -> None:
    """On a phone in the dark, down to the narrowest window."""
    browser.wear(PHONE, "dark")
    browser.open(f"{inside.as_uri()}/{fullest(inside, kind)}")
    assert browser.find(".internal")[0].text.startswith("For staff only.")
    assert violations(browser) == []
    browser.wear(NARROWEST, "dark")
    assert browser.ask("return document.documentElement.scrollWidth") <= NARROWEST


@pytest.mark.reliability
def test_every_link_of_every_page_for_staff_leads_somewhere(browser: Browser, inside: Path) -> None:
    """And no page complains, or asks for anything elsewhere."""
    assert walk(browser, f"{inside.as_uri()}/index.html", inside).faults == []
