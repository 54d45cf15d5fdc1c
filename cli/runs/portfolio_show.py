"""What `lifecycle portfolio` does alone: the dashboard of today."""

from datetime import timedelta

from cli.output.answers import Answer, csv_of, give, shape
from cli.output.dashboard import (
    Seen,
    dashboard_markdown,
    dashboard_page,
    dashboard_rows,
    dashboard_shape,
    dashboard_text,
    due_rows,
)
from cli.output.status import age_of, night_line, sealed_line
from cli.session import Session, opened
from cli.settings import Reading, Settings
from lifecycle.overview.dashboard import dashboard
from store.reader import Reader

_DUE = ("ref", "title", "owner", "state", "due", "rule", "late")


def show_portfolio(settings: Settings, reading: Reading) -> None:
    """Print the dashboard."""
    with opened(settings) as session, session.store.reading() as reader:
        seen = _seen(session, reader)
    whole = dashboard_shape(seen)
    answer = Answer(
        table=lambda: dashboard_text(seen),
        json=shape(whole),
        csv=csv_of(_DUE, whole["due"]),
        md=lambda: dashboard_markdown(seen),
        html=lambda: dashboard_page(seen),
        xlsx=lambda: _workbook(seen),
    )
    give(settings, reading, answer)


def _seen(session: Session, reader: Reader) -> Seen:
    today = session.today
    policy = reader.policy(reader.policy_in_force(today))
    last = reader.last_completed()
    return Seen(
        code=session.code,
        policy=policy,
        found=dashboard(reader, policy, today),
        late=reader.count_alerts(today - timedelta(days=1)),
        night=night_line(last, age_of(last, session.now)),
        sealed=sealed_line(reader.sealing(), session.time_zone),
    )


def _workbook(seen: Seen) -> bytes:
    from cli.output.workbook import Sheet, workbook

    return workbook(
        [
            Sheet("Portfolio", ("What", "How it stands"), list(dashboard_rows(seen))),
            Sheet("Decisions due", ("Ref", "Due", "Rule", "Title", "Owner"), list(due_rows(seen))),
        ]
    )
