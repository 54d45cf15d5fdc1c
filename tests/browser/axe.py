"""Asks axe-core whether the open page meets WCAG 2.2 AA, as far as a machine can tell."""

from importlib.resources import files
from typing import Any

from tests.browser.chromium import Browser

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_OPTIONS = {"runOnly": {"type": "tag", "values": _TAGS}, "resultTypes": ["violations"]}
_RUN = "axe.run(document, arguments[0]).then(found => arguments[1](found.violations))"


def violations(browser: Browser) -> list[str]:
    """Return what axe-core finds on the open page: the rule, and the elements that break it."""
    browser.ask((files("selenium_axe_python") / "axe-core" / "axe.min.js").read_text("utf-8"))
    found: list[dict[str, Any]] = browser.driver.execute_async_script(_RUN, _OPTIONS)
    return [f"{each['id']}: {each['help']}: {_where(each['nodes'])}" for each in found]


def _where(nodes: list[dict[str, Any]]) -> str:
    return "; ".join(f"{node['target']} {node['failureSummary']}" for node in nodes[:3])
