"""What `lifecycle report consistency` does: reads how every proposal was decided, and compares."""

from decimal import Decimal
from fractions import Fraction

from cli.output.answers import give
from cli.output.consistency import KEYS, consistency_paper, consistency_shape, judged_shape
from cli.output.paper import paper_answer
from cli.session import opened
from cli.settings import Reading, Settings
from lifecycle.choosing.consistency import Question, Rules, consistency
from lifecycle.choosing.judged import Adoptions
from lifecycle.choosing.requests import is_request
from lifecycle.dossiers import Part, dossiers


def report_consistency(
    settings: Settings, reading: Reading, year: int | None, margin: Decimal | None, most: int
) -> None:
    """Print decisions that somebody should look at, and pairs decided differently."""
    with opened(settings) as session, session.store.reading() as reader:
        rules = Rules(Adoptions.told_by(reader.lines(None)), reader.policy)
        parts = (Part.LINES, Part.SCORINGS, Part.REASONS)
        asked = Question(year, Fraction(margin) if margin is not None else None, most)
        found = consistency(dossiers(reader, *parts, wanted=is_request), rules, asked)
    rows = [judged_shape(one) for one in found.judged]
    whole = consistency_shape(found)
    give(settings, reading, paper_answer(consistency_paper(found), whole, (KEYS, rows)))
