"""One agreement's whole life through the command line alone, as a city would live it."""

from pathlib import Path

from tests.builders import SAMPLES
from tests.cli.running import Ran, run

SCORES = """
[scores]
priority_industries = { value = 4, evidence = "Health technology" }
target_markets = { value = 3, evidence = "China" }
[factors]
criteria = "They speak for it"
priority_markets = "China"
priority_sectors = "Health technology"
available_resources = "The program's budget"
partnership_cap = "Two places are free"
"""
EVALUATION = """
[agreement]
outcome = "met"
findings = "Forty companies were reached."
[[projects]]
id = "health-technology-trade-mission"
outcome = "met"
findings = "Both missions took place."
[value]
of_renewing = "The contacts would last."
recommendation = "renew"
"""


class City:
    """A city's sandbox, used from the command line."""

    def __init__(self, database: Path) -> None:
        """Make the sandbox."""
        self.database = database
        self.line("anna", "2026-09-01", "init", "--sandbox").well()

    def line(self, actor: str, day: str, *words: object, stdin: str | None = None) -> Ran:
        """Run a command line under a name on a day."""
        return run("--db", self.database, "--as", actor, "--today", day, *words, stdin=stdin)


def test_an_agreement_from_proposal_to_its_second_term_and_sunset(tmp_path: Path) -> None:
    """Refused, scored, accepted, signed, activated, expired, evaluated, renewed, ended."""
    city = City(tmp_path / "city.db")
    ref = "TOR-2026-001"
    city.line("anna", "2026-09-02", "propose", SAMPLES / "agreement.toml").well()
    city.line("anna", "2026-09-03", "advance", ref, "submit").well()
    city.line("bo", "2026-09-10", "advance", ref, "accept").badly(1)
    city.line("anna", "2026-09-11", "score", ref, "--file", "-", stdin=SCORES).well()
    city.line("anna", "2026-09-12", "advance", ref, "accept").badly(1)
    city.line("bo", "2026-09-12", "advance", ref, "accept").well()
    city.line("bo", "2026-12-01", "advance", ref, "sign").well()
    assert "1 fired" in city.line("cron", "2027-01-01", "nightly").well().out
    city.line("anna", "2027-10-04", "record", ref, "activity", "text=First mission").well()
    eve = city.line("cron", "2029-12-31", "nightly", "--catch-up").well().out
    assert "Nothing was due" in eve
    assert "expire → evaluation" in city.line("cron", "2030-01-01", "nightly").well().out
    assert "Nothing was due" in city.line("cron", "2030-01-02", "nightly").well().out
    city.line("bo", "2030-02-01", "advance", ref, "renew").badly(1)
    city.line("anna", "2030-02-02", "evaluate", ref, "--file", "-", stdin=EVALUATION).well()
    missing = city.line("bo", "2030-02-03", "advance", ref, "renew").badly(1).out
    assert "no annual report for 2027" in missing
    for year in (2027, 2028, 2029):
        report = ("annual", f"year={year}", "text=A year.")
        city.line("anna", "2030-02-03", "record", ref, *report).well()
    city.line("bo", "2030-02-03", "advance", ref, "renew").well()
    city.line("anna", "2030-02-04", "advance", ref, "renegotiate").well()
    page = city.line("anna", "2030-02-05", "show", ref).well().out
    assert "The agreement has no project." in page
    assert "2027-01-01  2029-12-31" in page
    city.line("bo", "2030-03-01", "advance", ref, "withdraw", "-m", "No", "--yes").badly(1)
    sunset = ["advance", ref, "sunset", "--ground", "needs_changed", "--yes"]
    city.line("bo", "2030-03-02", *sunset).well()
    city.line("bo", "2030-03-03", *sunset).badly(1)
    city.line("anna", "2030-03-04", "log", "replay").well()
    city.line("anna", "2030-03-04", "db", "check").well()
