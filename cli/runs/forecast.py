"""What `lifecycle forecast` does: goes through the portfolio once, for both cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from cli.output.answers import give
from cli.output.forecast import KEYS, Told, forecast_shape, row_shapes
from cli.output.forecast_paper import forecast_chart, forecast_paper
from cli.output.paper import paper_answer
from cli.policies import Named, any_named
from cli.refs import Found, found
from cli.session import Session, opened
from cli.settings import Reading, Settings
from lifecycle.dossiers import dossiers
from lifecycle.forecasting.asking import wishes
from lifecycle.forecasting.lives import Rules
from lifecycle.forecasting.years import forecast
from lifecycle.money.accounts import PARTS
from states.ref import Ref
from states.standing import Standing
from store.reader import Reader


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: which agreements are counted otherwise, by which policy, how far ahead."""

    included: Sequence[str]
    left_out: Sequence[str]
    policy: str | None
    renewed: bool
    years: int

    @property
    def anything(self) -> bool:
        """Whether anything is asked otherwise than it stands."""
        return bool(self.included or self.left_out or self.policy or self.renewed)


def show_forecast(settings: Settings, reading: Reading, asked: Asked) -> None:
    """Print what becomes of the portfolio."""
    named = any_named(settings, asked.policy) if asked.policy else None
    with opened(settings) as session, session.store.reading() as reader:
        told = _told(session, reader, asked, named)
    rows = (KEYS, row_shapes(told))
    whole = forecast_shape(told)
    chart = partial(forecast_chart, told)
    give(settings, reading, paper_answer(forecast_paper(told), whole, rows, chart))


def _told(session: Session, reader: Reader, asked: Asked, named: Named | None) -> Told:
    digest = reader.policy_in_force(session.today)
    present = Rules(policy=reader.policy(digest), today=session.today)
    included = [found(reader, text) for text in asked.included]
    left_out = [found(reader, text) for text in asked.left_out]
    otherwise = Rules(
        policy=named.parsed() if named else present.policy,
        today=session.today,
        wishes=wishes(_pairs(included), _pairs(left_out)),
        renewed=asked.renewed,
    )
    cases = [present, otherwise] if asked.anything else [present]
    first, *second = forecast(dossiers(reader, *PARTS), cases, asked.years)
    return Told(
        code=session.code,
        present=first,
        what_if=second[0] if second else None,
        included=[one.ref for one in included],
        left_out=[one.ref for one in left_out],
        policy=named.name if named else None,
    )


def _pairs(some: Sequence[Found]) -> Sequence[tuple[Ref, Standing]]:
    return [(one.ref, one.standing) for one in some]
