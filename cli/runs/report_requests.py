"""What `lifecycle report requests` does: reads every request once, and counts."""

from cli.output.answers import give
from cli.output.paper import paper_answer
from cli.output.requests import Told, flat_rows, requests_paper, requests_shape
from cli.session import Session, opened
from cli.settings import Reading, Settings
from lifecycle.choosing.partnerships import priority_partnerships
from lifecycle.choosing.requests import Tallies, is_request, requests
from lifecycle.dossiers import Part, dossiers


def report_requests(settings: Settings, reading: Reading, year: int | None) -> None:
    """Print what became of requests, of one year one by one."""
    with opened(settings) as session:
        told = _told(session, year)
    answer = paper_answer(requests_paper(told), requests_shape(told), flat_rows(told))
    give(settings, reading, answer)


def _told(session: Session, year: int | None) -> Told:
    day = session.today
    parts = (Part.DOCUMENT, Part.LINES, Part.SCORINGS, Part.REASONS)
    with session.store.reading() as reader:
        in_force = reader.policy(reader.policy_in_force(day))
        every = dossiers(reader, *parts, wanted=is_request)
        tallies, kept = Tallies(), []
        for one in requests(every, in_force, reader.policy, day):
            if year in {None, one.received.year}:
                tallies.add(one)
            if year == one.received.year:
                kept.append(one)
        marked = dossiers(reader, Part.RECORDS) if year else ()
        return Told(
            code=session.code,
            day=day,
            year=year,
            tallies=tallies,
            requests=kept,
            prioritised=tuple(priority_partnerships(marked, year or 0)),
            places=in_force.priority_partnerships_per_year,
        )
