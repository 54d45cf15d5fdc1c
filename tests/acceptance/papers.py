"""The papers of a city's year: what staff, deciders and the council put into the program."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

PORTFOLIO = """\
partner,country,type,title,signed,status,term_start,term_end,owner,source
Chongqing,China,partnership,Partnership with Chongqing,1986,active,,,anna,quick facts of the report
Frankfurt,Germany,partnership,Partnership with Frankfurt,1989,active,,,anna,toronto.ca
Chicago,USA,partnership,Partnership with Chicago,1991,active,2024-07-01,2027-06-30,anna,toronto.ca
Milan,Italy,partnership,Partnership with Milan,2003,active,,,anna,toronto.ca
Warsaw,Poland,friendship,Friendship with Warsaw,1990,active,,,carl,toronto.ca
Sagamihara,Japa,friendship,Friendship with Sagamihara,1991,active,,,carl,toronto.ca
Kyiv,Ukraine,friendship,Friendship with Kyiv,1991,active,,,carl,toronto.ca
Ho Chi Minh City,Vietnam,friendship,Friendship with Ho Chi Minh City,2006,active,,,carl,toronto.ca
Quito,Ecuador,friendship,Friendship with Quito,2006,active,,,carl,toronto.ca
Rio de Janeiro,Brazil,friendship,Friendship with Rio de Janeiro,2015,active,,,carl,toronto.ca
Panama City,Panama,mou,Memorandum with Panama City,2018,active,,,anna,quick facts of the report
"""
"""What the city has: as many agreements as places, and an MOU. One country is misspelt."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a proposal says; the rest is the same for all."""

    partner: str
    country: str
    type: str = "partnership"
    sector: str = "life sciences"

    def draft(self) -> str:
        """Return it as it comes in, half thought out."""
        return f"""\
type = "{self.type}"
title = "Schools and studios with {self.partner}"
origin = "global_city"
role = "catalyst"
owner = "anna"
received = 2027-01-04
sectors = ["{self.sector}"]
markets = ["{self.country}"]

[[parties]]
side = "home"
name = "City of Toronto"
kind = "city"
country = "CA"
responsibilities = "Finds schools and studios."

[[parties]]
side = "partner"
name = "{self.partner}"
kind = "city"
country = "{self.country}"
responsibilities = "Hosts them, and places the students."

[[parties]]
side = "partner"
name = "{self.partner} School of Art"
kind = "academic_institution"
country = "{self.country}"
why = "programming"
responsibilities = "Teaches."
"""

    def agreed(self, ref: str, version: int, *, endorsed: bool, target: int = 40) -> str:
        """Return what both sides agreed on before signing."""
        endorsement = '[endorsement]\ncouncillor = "M. Okafor"\ndate = 2027-02-20\n'
        body = self.draft().partition("\n[[parties]]")
        return f"""\
ref = "{ref}"
version = {version}
{body[0]}
renewal_guidelines = "Renewed once, if the targets were met."
termination_guidelines = "Either side may end it in writing, six months ahead."
[term]
start = 2027-04-01
end = 2030-03-31
{body[1]}{body[2]}
[[projects]]
name = "Student exchange"
kind = "talent_exchange"
division = "Culture"
start = 2027-04-01
end = 2029-06-30
examined = 2029-09-30
[[projects.objectives]]
kind = "support_local_artists"
objective = "Young artists of both cities work in the other one."
activity = "An exchange each summer, with an exhibition."
responsible = "{self.partner} School of Art"
[[projects.objectives.indicators]]
name = "students placed"
unit = "students"
baseline = 0
target = {target}
[[projects.resources]]
kind = "funding"
amount = 60000
currency = "CAD"
source = "International Alliance Program"
year = 2027
[[projects.resources]]
kind = "staff"
amount = 0.5
source = "Culture"
year = 2027
[[milestones]]
name = "First exchange"
project = "student-exchange"
due = 2027-06-15
[[obligations]]
id = "housing"
side = "partner"
what = "Rooms for the students"
due = 2027-05-31
[[obligations]]
id = "teachers"
side = "home"
what = "Two teachers a summer"
due = 2027-06-30
{endorsement if endorsed else ""}"""


def scores(value: int) -> str:
    """Return a full score sheet in which everything has the same value."""
    criteria = (
        *("priority_industries", "target_markets", "objectives", "economic_activity"),
        *("common_ground", "partner_delivers", "alternative_partners", "resources"),
    )
    factors = (
        *("criteria", "priority_markets", "priority_sectors"),
        *("available_resources", "partnership_cap"),
    )
    said = "\n".join(
        f'{code} = {{ value = {value}, evidence = "As stated." }}' for code in criteria
    )
    answers = "\n".join(f'{code} = "Looked into."' for code in factors)
    return f"[scores]\n{said}\n[factors]\n{answers}\n"


EVALUATION = """\
[agreement]
outcome = "met"
findings = "Both mayors came, and the trade mission with them."
[value]
of_renewing = "Chicago is the nearest market there is."
recommendation = "renew"
"""


def filled_in(sheet: str, decided: Mapping[str, Mapping[str, str]]) -> str:
    """Return a review's sheet with decisions in the rows of some agreements."""
    rows = list(csv.DictReader(sheet.splitlines()))
    written = io.StringIO()
    writer = csv.DictWriter(written, rows[0])
    writer.writeheader()
    writer.writerows({**row, **decided.get(row["ref"], {})} for row in rows)
    return written.getvalue()
