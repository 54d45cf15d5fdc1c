"""The register in a reader's hands: searched, filtered, sorted, shared, and without its script."""

from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.chromium import PHONE, Browser

pytestmark = pytest.mark.browser

_SHOWN = """
return [...document.querySelectorAll('#register tbody tr')]
  .filter(row => row.checkVisibility())
  .map(row => [...row.cells].map(cell => cell.innerText.trim()));
"""


@pytest.fixture
def register(browser: Browser, site: Path) -> Browser:
    """Return the browser with the register open."""
    browser.open(f"{site.as_uri()}/index.html")
    return browser


def shown(browser: Browser, column: int = 0) -> list[str]:
    """Return what stands in a column of the rows that the table shows, from above."""
    return [row[column].partition("\n")[0] for row in browser.ask(_SHOWN)]


def told(browser: Browser) -> str:
    """Return what is said of how many agreements are shown."""
    return browser.find("#count")[0].text


def fill(browser: Browser, name: str, typed: str) -> None:
    """Type into a field of the form, or choose from it; the table follows in a moment."""
    [field] = browser.find(f"#filters [name={name}]")
    if field.tag_name == "input":
        field.clear()
    field.send_keys(typed)


def test_search_finds_words_of_titles_partners_countries_and_references(register: Browser) -> None:
    """Whatever their order, case or accents; how many were found is said."""
    everything = shown(register)
    assert told(register) == f"Agreements: {len(everything)}"
    fill(register, "q", "VIÉTNAM friendship")
    register.await_(lambda: told(register) == f"Agreements shown: 1 of {len(everything)}")
    assert shown(register, 1) == ["Ho Chi Minh City"]
    fill(register, "q", "tor-2019-003 nowhere")
    register.await_(lambda: told(register).startswith("No agreement"))
    assert shown(register) == []
    register.find("#filters button[type=reset]")[0].click()
    register.await_(lambda: shown(register) == everything)


def test_filters_narrow_together_and_the_view_can_be_shared(register: Browser, site: Path) -> None:
    """The address carries the view, into another window and into the other language."""
    states = dict(zip(shown(register), shown(register, 3), strict=True))
    types = dict(zip(shown(register), shown(register, 2), strict=True))
    evaluated = [title for title, state in states.items() if state == "Evaluation"]
    wanted = [title for title in evaluated if types[title].startswith("Partnership")]
    assert 0 < len(wanted) < len(evaluated)
    fill(register, "state", "E")
    register.await_(lambda: shown(register) == evaluated)
    fill(register, "type", "P")
    register.await_(lambda: shown(register) == wanted)
    address = register.ask("return location.href")
    register.open("about:blank")
    register.open(address)
    assert shown(register) == wanted
    register.find(".languages a")[0].click()
    register.await_(lambda: told(register).startswith("Ententes"))
    register.await_(lambda: len(shown(register)) == len(wanted))
    assert register.ask("return location.href").startswith(f"{site.as_uri()}/fr/index.html#")


def test_column_head_sorts_up_and_down_by_mouse_and_by_key(register: Browser) -> None:
    """Days by the calendar and not by their letters; what has none stands last both ways."""
    [partner] = register.find("#register [data-sort=partner] button")
    partner.click()
    names = shown(register, 1)
    assert names == sorted(names)
    partner.send_keys(Keys.ENTER)
    assert shown(register, 1) == names[::-1]
    [head] = register.find("#register [aria-sort]")
    assert head.get_attribute("aria-sort") == "descending"
    [signed] = register.find("#register [data-sort=signed] button")
    signed.click()
    years = [int(day[-4:]) for day in shown(register, 4)]
    assert years == sorted(years)
    [decided] = register.find("#register [data-sort=next] button")
    for _ in range(2):
        decided.click()
        assert shown(register, 5)[-1] == ""


def test_phone_sorts_by_a_list_instead_of_column_heads(register: Browser) -> None:
    """Where rows are cards there are no column heads to press."""
    register.wear(PHONE)
    assert [head for head in register.find("#register thead button") if head.is_displayed()] == []
    register.find("#f-sort")[0].send_keys(Keys.ARROW_DOWN * 2)
    register.await_(lambda: shown(register) == sorted(shown(register), reverse=True))


def test_link_of_the_program_page_opens_the_register_filtered(browser: Browser, site: Path) -> None:
    """As many agreements as the program page counts."""
    browser.open(f"{site.as_uri()}/program.html")
    [link, *_] = browser.find("a[href*='#type=']")
    link.click()
    browser.await_(lambda: told(browser).startswith("Agreements shown"))
    assert shown(browser)


def test_without_scripts_the_register_is_complete(browser: Browser, site: Path) -> None:
    """Every agreement and every link is there, and nothing that would do nothing."""
    pages = {page.name for page in (site / "agreements").glob("*.html")}
    assert pages
    with browser.without_scripts():
        browser.open(f"{site.as_uri()}/index.html")
        assert len(browser.ask(_SHOWN)) == len(pages)
        links = [link.get_attribute("href") for link in browser.find("#register th a")]
        assert {str(link).rpartition("/")[2] for link in links} == pages
        dead = browser.find("form, input, select, button")
        assert [one for one in dead if one.is_displayed()] == []
    assert browser.look().complaints == ()
