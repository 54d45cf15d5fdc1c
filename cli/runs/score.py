"""What `lifecycle score` does: puts the scores of a proposal beside it."""

import click

from cli.asking import can_ask, chosen
from cli.forms import score_form
from cli.refs import Found, named
from cli.session import Session, opened
from cli.settings import Settings, Writing
from cli.sheets import Kind, put_sheet
from lifecycle.matter import judging
from lifecycle.sheets import score
from states.records import ScoreSheet
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import State
from store.reader import Reader

_WAITING = frozenset({State.PROPOSAL, State.DECISION})
_BATCH = 500


def score_one(settings: Settings, writing: Writing, text: str | None, file: str | None) -> int:
    """Score a proposal; returns the exit code."""
    kind = Kind("scores", ScoreSheet, score, score_form_of)
    with opened(settings) as session:
        agreement = named(session, text) if text else _waiting(session)
        return put_sheet(session, writing, agreement, file, kind)


def score_form_of(session: Session, reader: Reader, agreement: Found) -> str:
    """Return the form of an agreement's score sheet, filled in as far as known."""
    standing = agreement.standing
    known = None
    if standing.score_n is not None:
        known = reader.sheet(ScoreSheet, standing.key, standing.score_n)
    policy = judging(reader, standing, session.today).policy
    return score_form(agreement.ref, standing, policy, known)


def _waiting(session: Session) -> Found:
    """Let the user choose among the proposals that wait for a decision."""
    if not can_ask():
        message = "Missing argument 'REF'."
        raise click.UsageError(message, click.get_current_context())
    waiting: list[Standing] = []
    after = -1
    with session.store.reading() as reader:
        while batch := reader.portfolio(after, _BATCH):
            waiting += [each for each in batch if each.state in _WAITING and not each.voided]
            after = batch[-1].key
    if not waiting:
        message = "No proposal waits for a decision."
        raise click.UsageError(message)
    names = [_called(session, standing) for standing in waiting]
    return Found.of(session.code, waiting[chosen("Score which proposal?", names)])


def _called(session: Session, standing: Standing) -> str:
    scored = "scored" if standing.score_n else "not scored yet"
    return f"{Ref.of(session.code, standing.key)} {standing.title} ({standing.state}, {scored})"
