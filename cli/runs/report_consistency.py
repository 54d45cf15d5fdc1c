"""What `lifecycle report consistency` does: reads how every proposal was decided, and compares."""

from decimal import Decimal
from fractions import Fraction

from cli.output.answers import Answer, csv_of, give, shape
from cli.output.consistency import KEYS, consistency_paper, consistency_shape, judged_shape
from cli.output.paper import paper_html, paper_markdown, paper_text, paper_workbook
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
    paper = consistency_paper(found)
    answer = Answer(
        table=lambda: paper_text(paper),
        json=shape(consistency_shape(found)),
        csv=csv_of(KEYS, [judged_shape(one) for one in found.judged]),
        md=lambda: paper_markdown(paper),
        html=lambda: paper_html(paper),
        xlsx=lambda: paper_workbook(paper),
    )
    give(settings, reading, answer)
