"""The site by keyboard alone: past the frame, through the page in reading order, focus in sight."""

from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.chromium import Browser
from tests.browser.pages import KINDS, fullest
from tests.conftest import seldom

pytestmark = pytest.mark.browser

_NOTES = """
window.met = [];
addEventListener('focusin', ({target}) => {
  const style = getComputedStyle(target), box = target.getBoundingClientRect();
  met.push({
    order: [...document.querySelectorAll('*')].indexOf(target),
    name: target.outerHTML.slice(0, 120),
    ring: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    seen: box.width > 0 && box.left >= 0 && box.top < innerHeight && box.bottom > 0,
  });
});
return [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
  .filter(one => one.checkVisibility()).length;
"""


def test_first_key_leads_past_the_frame_to_the_content(browser: Browser, site: Path) -> None:
    """The skip link shows itself when it has the focus, and the next link is one of the content."""
    browser.open(f"{site.as_uri()}/index.html")
    browser.press(Keys.TAB)
    skip = browser.driver.switch_to.active_element
    assert skip.text == "Skip to the content"
    assert skip.location["x"] >= 0
    browser.press(Keys.ENTER, Keys.TAB)
    assert browser.ask("return document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("kind", seldom(KINDS, 3))
def test_focus_goes_through_the_page_in_reading_order_and_is_seen(
    browser: Browser, site: Path, kind: str
) -> None:
    """No trap, nothing that can only be reached by mouse, and a ring round what has the focus."""
    browser.open(f"{site.as_uri()}/{fullest(site, kind)}")
    reachable = browser.ask(_NOTES)
    browser.press(Keys.TAB * reachable)
    met = browser.ask("return met")
    orders = [one["order"] for one in met]
    assert len(met) == reachable
    assert orders == sorted(set(orders))
    assert [one["name"] for one in met if not one["seen"] or one["ring"] < 2] == []
