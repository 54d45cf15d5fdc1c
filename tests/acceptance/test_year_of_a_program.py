"""A year of a city's program, through the command line alone, from taking over to the audit."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.acceptance.papers import EVALUATION, PORTFOLIO, Proposal, filled_in, scores
from tests.cli.running import Ran, run
from tests.stage import policy_file

POLICY = policy_file(
    {
        "program": {"budget": {"2027": 200_000, "2028": 150_000}},
        "bodies": [{"name": "City Council", "resolution": True}],
    }
)
COUNCIL = ("--on-behalf-of", "City Council", "--item", "EX4.7")


class City:
    """A city's sandbox, and the day that it is there."""

    def __init__(self, folder: Path) -> None:
        """Keep the folder in which the city's files lie."""
        self.folder, self.day = folder, "2026-12-01"

    def __call__(self, who: str, *line: object, stdin: str | None = None) -> Ran:
        """Run a command line under a name on this day."""
        everywhere = ("--db", self.folder / "city.db", "--as", who, "--today", self.day)
        return run(*everywhere, *line, stdin=stdin)

    def file(self, name: str, body: str | bytes) -> Path:
        """Write a file and return where it is."""
        path = self.folder / name
        path.write_bytes(body if isinstance(body, bytes) else body.encode())
        return path

    def shown(self, ref: str) -> Any:  # noqa: ANN401 - whatever `show` answers
        """Return what `show` says of an agreement."""
        return self("anna", "--json", "show", ref).well().json

    def number(self, key: str, ref: str = "TOR-2027-001") -> int:
        """Return a number of an agreement's."""
        return int(self.shown(ref)[key])

    def state(self, ref: str) -> str:
        """Return the state that an agreement is in."""
        return str(self.shown(ref)["state"])


def begin(city: City) -> None:
    """Set the program up, and give people their roles."""
    policy = city.file("policy.toml", POLICY)
    city("sam", "init", "--sandbox", "--admin", "sam", "--policy", policy).well()
    for name, role in (
        *(("anna", "staff"), ("carl", "staff"), ("ben", "decider"), ("erin", "decider")),
        *(("cron", "scheduler"), ("vera", "auditor")),
    ):
        city("sam", "role", "grant", name, role).well()
    city("sam", "log", "key", "create").well()


def take_over(city: City) -> None:
    """Take over what there is; what is misspelt is refused, corrected, and taken once."""
    table = city.file("portfolio.csv", PORTFOLIO)
    planned = city("anna", "import", table, "--dry-run").badly(1).out
    assert "Japan" in planned
    rejects = city.folder / "rejects.csv"
    city("anna", "import", table, "--rejects", rejects).badly(1)
    assert "Sagamihara" in rejects.read_text()
    mended = city.file("mended.csv", PORTFOLIO.replace("Japa,", "Japan,"))
    done = city("anna", "--json", "import", mended).well().json
    assert (done["rows"], done["taken"], done["unchanged"]) == (11, 1, 10)
    facts = city("anna", "--json", "report").well().json
    assert facts["cap"] == {"held": 10, "at_most": 10}


AURELIA = Proposal("Santa Aurelia", "MX", "friendship", "digital media")
OTHERS = (Proposal("Lindenfurt", "DE"), Proposal("Port Vale", "GB"))


def choose(city: City) -> None:
    """Score three proposals side by side; two are declined, council accepts one."""
    city.day = "2027-01-11"
    for proposal in (AURELIA, *OTHERS):
        city("anna", "propose", "-", stdin=proposal.draft()).well()
    refs = [f"TOR-2027-00{number}" for number in (1, 2, 3)]
    for ref, value in zip(refs, (4, 2, 3), strict=True):
        city("anna", "advance", ref, "submit").well()
        city("anna", "score", ref, "--file", "-", stdin=scores(value)).well()
    ranked = city("anna", "--json", "score").well().json
    assert [one["ref"] for one in ranked["proposals"]] == [refs[0], refs[2], refs[1]]
    city.day = "2027-02-15"
    city("anna", "advance", refs[1], "decline", "--ground", "fails_criteria", "--yes").badly(1)
    for ref in refs[1:]:
        why = ("--ground", "fails_criteria", "-m", "Weaker than the others", "--yes")
        city("ben", "advance", ref, "decline", *why).well()
    accept = ("advance", refs[0], "accept", *COUNCIL)
    assert "resolution" in city("ben", *accept).badly(1).out
    resolution = city.file("EX4-7.pdf", b"%PDF-1.7 resolved")
    city("ben", *accept, "--attach", f"{resolution}").well()
    requests = city("anna", "report", "requests", "2027").well().out
    assert "Weaker than the others" in requests
    assert "decided differently: none" in city("anna", "report", "consistency").well().out


SIGNED = "TOR-2027-001"
CHICAGO, KYIV, QUITO, RIO, PANAMA = (f"TOR-2026-{n:03}" for n in (3, 6, 8, 9, 10))


def negotiate_and_sign(city: City) -> None:
    """Negotiate a friendship, which is not signed without a councillor's endorsement."""
    city.day = "2027-03-01"
    for endorsed in (False, True):
        version = city.number("version")
        paper = AURELIA.agreed(SIGNED, version, endorsed=endorsed)
        city("anna", "apply", "-", "-m", "Agreed with Santa Aurelia", stdin=paper).well()
        if not endorsed:
            assert "councillor" in city("erin", "check", SIGNED, "sign").badly(1).out
    signed = city.file("signed.pdf", b"%PDF-1.7 signed")
    resolution = city.file("EX6-1.pdf", b"%PDF-1.7 resolved too")
    papers = ("--attach", resolution, "--attach", signed)
    city("erin", "advance", SIGNED, "sign", *COUNCIL, *papers).well()


def meet_the_cap_and_make_room(city: City) -> None:
    """Find all places held, so that it becomes active only once a review has made room."""
    city.day = "2027-04-01"
    assert "cap.full" in city("cron", "nightly").well().out
    assert city.state(SIGNED) == "signed"
    city.day = "2027-04-12"
    sheet = city.folder / "review.csv"
    city("anna", "portfolio", "review", "--sheet", sheet).well()
    decided = {
        QUITO: {"decision": "sunset", "ground": "dormant", "reason": "No answer since 2012"},
        RIO: {"decision": "sunset", "ground": "needs_changed", "reason": "The film fund closed"},
        PANAMA: {"decision": "reclassify", "type": "partnership", "reason": "Ports trade"},
        KYIV: {"decision": "keep", "reason": "Schools write to each other"},
    }
    filled = city.file("decided.csv", filled_in(sheet.read_text(), decided))
    planned = city("ben", "portfolio", "review", "--file", filled, "--dry-run").well()
    assert city.state(QUITO) == "active"
    assert planned.out
    city("ben", "portfolio", "review", "--file", filled).well()
    assert [city.state(ref) for ref in (QUITO, RIO)] == ["sunset", "sunset"]
    assert city.shown(PANAMA)["type"] == "partnership"
    city.day = "2027-04-13"
    assert "activate" in city("cron", "nightly").well().out
    assert city.state(SIGNED) == "active"
    facts = city("anna", "--json", "report").well().json
    assert facts["cap"] == {"held": 10, "at_most": 10}
    assert city("anna", "--json", "portfolio").well().json["worklist"]["left"] == 0


def amend_and_correct(city: City) -> None:
    """Raise the target with the partner's word; put right a sum that was typed wrongly."""
    city.day = "2027-05-10"
    paper = AURELIA.agreed(SIGNED, city.number("version"), endorsed=True, target=60)
    amended = city.file("amended.toml", paper)
    city("anna", "amend", SIGNED, "--file", amended).badly(1)
    city("erin", "approve", SIGNED, "amend", "--file", amended).well()
    city("anna", "amend", SIGNED, "--file", amended, "-m", "Both sides agreed").well()
    spent = ("expenditure", "value=52000", "currency=CAD", "year=2027", "project=student-exchange")
    wrong = city("anna", "--json", "record", SIGNED, *spent).well().json["n"]
    city("anna", "correct", SIGNED, "--entry", wrong, "value=25000", "-m", "Mistyped").well()
    budget = city("anna", "--json", "portfolio", "budget", "2027").well().json
    assert "25000" in str(budget)
    assert "52000" not in str(budget)


def fall_late_and_silent(city: City) -> None:
    """Meet a milestone late, and find a partner who neither answers nor delivers."""
    city.day = "2027-07-01"
    assert "milestone" in city("cron", "nightly", "--catch-up").well().out
    city.day = "2027-08-02"
    city("carl", "record", SIGNED, "milestone", "item=first-exchange").well()
    letter = ("correspondence", "direction=sent", "text=Where are the rooms?")
    city("carl", "record", SIGNED, *letter).well()
    city("carl", "record", SIGNED, "obligation", "item=housing", "outcome=not_delivered").well()
    city("carl", "record", SIGNED, "obligation", "item=teachers", "outcome=met").well()
    city(
        "carl", "record", SIGNED, "actual", "item=students placed", "value=18", "source=List"
    ).well()
    page = city("anna", "show", SIGNED).well().out
    assert "late" in page
    assert "not delivered" in page.replace("_", " ")


def renew_one(city: City) -> None:
    """Evaluate what is over; its reports are asked for before a decider renews it."""
    assert city.state(CHICAGO) == "evaluation"
    city("anna", "evaluate", CHICAGO, "--file", "-", stdin=EVALUATION).well()
    missing = city("erin", "advance", CHICAGO, "renew").badly(1).out
    assert "no annual report" in missing
    for year in (2024, 2025, 2026, 2027):
        report = ("annual", f"year={year}", "text=Trade missions both ways.")
        city("anna", "record", CHICAGO, *report).well()
    city("erin", "advance", CHICAGO, "renew").well()
    city("anna", "advance", CHICAGO, "renegotiate").well()
    assert city.shown(CHICAGO)["term"] == 2


def report_the_year(city: City) -> None:
    """Report what was achieved and what is missing, each figure with its entries."""
    city.day = "2028-01-14"
    goals = ("annual", "year=2027", "item=goals", "text=Place forty students.")
    city("anna", "record", SIGNED, *goals).well()
    city("anna", "record", SIGNED, "annual", "year=2027", "text=Eighteen students went.").well()
    city("cron", "nightly", "--catch-up").well()
    report = city("anna", "report", "annual", "2027", "--trace").well().out
    assert "Eighteen students went." in report
    assert "missing" in report
    assert f"Eighteen students went. [{SIGNED} " in report
    page = city.folder / "annual-2027.html"
    city("anna", "report", "annual", "2027", "-o", page).well()
    assert "Eighteen students went." in page.read_text()
    assert "2027" in city("anna", "report", "roles").well().out
    other = city("vera", "log", "replay", "--policy", "toronto-2005").well().out
    assert "mou" in other


def audit(city: City) -> None:
    """Verify the log, with this program and without it, and find nothing."""
    city("vera", "log", "key", "export", "-o", city.folder / "city.pub").well()
    city("sam", "log", "seal").well()
    checked = city("vera", "log", "verify", "--key", city.folder / "city.pub").well().out
    assert "Nothing was found" in checked
    city("vera", "log", "export", city.folder / "audit").well()
    script = city.folder / "audit" / "verify.py"
    words = (script, "--key", city.folder / "city.pub", city.folder / "audit")
    line = [sys.executable, *map(str, words)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [json.loads(line) for line in city("vera", "--json", "log", "--all").out.splitlines()]
    assert {line["actor"]["id"] for line in lines} == {"sam", "anna", "carl", "ben", "erin", "cron"}
    refused = [line for line in lines if line["outcome"] == "refused"]
    codes = {guard["code"] for line in refused for guard in line["guards"]}
    assert codes >= {"cap.full", "annual.missing", "resolution.missing"}


def test_a_year_of_a_city_program(tmp_path: Path) -> None:
    """Every step is taken by somebody named, every refusal is on the log, and it all verifies."""
    city = City(tmp_path)
    for step in (
        begin,
        take_over,
        choose,
        negotiate_and_sign,
        meet_the_cap_and_make_room,
        amend_and_correct,
        fall_late_and_silent,
        renew_one,
        report_the_year,
        audit,
    ):
        step(city)
