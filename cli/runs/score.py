"""What `lifecycle score` does: puts the scores of a proposal beside it, or ranks the open ones."""

from dataclasses import replace

from cli.forms import score_form
from cli.output.answers import Answer, give
from cli.output.paper import paper_answer
from cli.output.ranking import flat_rows, ranking_paper, ranking_shape
from cli.output.scores import weighed_shape, weighed_text
from cli.refs import Found, named
from cli.session import Session, opened
from cli.settings import Reading, Settings, Writing
from cli.sheets import Kind, Told, put_sheet
from guards.priorities import serves
from lifecycle.choosing.ranking import Ranking, ranked, waits
from lifecycle.choosing.weighing import weigh
from lifecycle.dossiers import Part, dossiers
from lifecycle.matter import judging
from lifecycle.sheets import score
from states.records import ScoreSheet
from store.reader import Reader


def score_one(settings: Settings, writing: Writing, text: str, file: str | None) -> int:
    """Score a proposal; returns the exit code."""
    kind = Kind("scores", ScoreSheet, score, score_form_of, _total)
    with opened(settings) as session:
        return put_sheet(session, writing, named(session, text), file, kind)


def rank_all(settings: Settings, reading: Reading) -> int:
    """Print the open proposals side by side; returns the exit code."""
    with opened(settings) as session, session.store.reading() as reader:
        in_force = reader.policy(reader.policy_in_force(session.today))
        parts = (Part.DOCUMENT, Part.SCORES, Part.LINES)
        waiting = dossiers(reader, *parts, wanted=waits)
        ranking = ranked(waiting, in_force, reader.policy, session.today)
    give(settings, reading, _answer(ranking))
    return 0


def _answer(ranking: Ranking) -> Answer:
    rows = flat_rows(ranking)

    def xlsx() -> bytes:
        from cli.output.workbook import xlsx_of

        return xlsx_of("Ranking", *rows)()

    answer = paper_answer(ranking_paper(ranking), ranking_shape(ranking), rows)
    return replace(answer, xlsx=xlsx)


def score_form_of(session: Session, reader: Reader, agreement: Found) -> str:
    """Return the form of an agreement's score sheet, filled in as far as known."""
    standing = agreement.standing
    known = None
    if standing.score_n is not None:
        known = reader.sheet(ScoreSheet, standing.key, standing.score_n)
    policy = judging(reader, standing, session.today).policy
    served = serves(reader.document(standing), policy, session.today)
    return score_form(agreement, policy, known, served)


def _total(session: Session, agreement: Found, sheet: ScoreSheet) -> Told:
    """Return what a sheet that was just put adds up to."""
    with session.store.reading() as reader:
        criteria = judging(reader, agreement.standing, session.today).policy.criteria
    weighed = weigh(sheet, criteria)
    return Told(f"{weighed_text(weighed)}.", {"weighed": weighed_shape(weighed)})
