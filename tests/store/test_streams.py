"""The whole log in one pass: every line once, in one order, in batches."""

import pytest

from states.vocabulary import State
from store.streams import EVERY_LINE
from tests.stage import Stage
from tests.store.test_plans import plan


@pytest.mark.parametrize("most", [1, 3, 1_000])
def test_every_line_comes_once_in_the_order_of_streams(stage: Stage, most: int) -> None:
    """The program's own first, then agreements by key, each in the order of n."""
    refs = [stage.reach(State.SIGNED), stage.propose(), stage.take_over()]
    with stage.store.reading() as reader:
        batches = list(reader.every_line(most))
    assert all(len(batch) == most for batch in batches[:-1])
    wanted = [
        (ref.key if ref else 0, n, line)
        for ref in (None, *refs)
        for n, line in enumerate(stage.raw(ref), start=1)
    ]
    assert [place for batch in batches for place in batch] == wanted


@pytest.mark.sqlite
def test_each_batch_goes_on_along_the_key(stage: Stage) -> None:
    """No scan from the beginning and no sort, however long the log is."""
    (step,) = plan(stage, EVERY_LINE)
    assert step.startswith("SEARCH entry USING INDEX sqlite_autoindex_entry_1")
    assert "stream,n)>" in step.replace(" ", "")
