"""The unit of work: one change is one transaction, written only where it was judged."""

from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest

from lifecycle.authority import authorise, operating
from lifecycle.census import MOST_UNITS
from lifecycle.compose import Draft, compose, stored, written_for_program
from lifecycle.entry import digest_of
from lifecycle.errors import StoreError, UnknownRefError
from lifecycle.matter import locked
from lifecycle.night import Notice
from lifecycle.order import Order
from lifecycle.ports import Change, Unit
from states.agreement import Agreement, Contact, Term
from states.deeds import EDIT
from states.records import Record
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import Event, Rule, State, Trigger
from store.opening import open_store
from store.policies import Policies, parse_policy
from tests.builders import (
    END,
    START,
    complete_agreement,
    complete_project,
    funding,
    staff,
    with_resources,
)
from tests.stage import FIRST_DAY, NEXT_TERM, TORONTO, Stage, policy_file
from tests.store.raw import everything, failing, fails, query, unchanged

ONE_DAY = timedelta(days=1)
CONTACT = Contact("partner", "Li Wei", "li@example.cn")
LONGER = complete_agreement(term=Term(START, END + ONE_DAY), contacts=(CONTACT,))
PARTS_OF_A_PROPOSAL = ("agreement", "entry", "document", "project", "commitment", "beside", "term")
PARTS_OF_AN_EDIT = (
    ("UPDATE", "agreement"),
    ("INSERT", "entry"),
    ("INSERT", "document"),
    ("DELETE", "project"),
    ("INSERT", "project"),
    ("DELETE", "commitment"),
    ("INSERT", "commitment"),
    ("INSERT", "beside"),
    ("UPDATE", "term"),
    ("UPDATE", "program"),
)


def edit_of(unit: Unit, order: Order, ref: Ref, agreement: Agreement) -> Change:
    """Return the change that an edit would write."""
    matter = locked(unit, order, ref)
    document = stored(unit, agreement)
    draft = Draft(
        event=Event.EDITED,
        effective_on=matter.today,
        authority=authorise(matter, EDIT),
        document=document,
        agreement=agreement,
    )
    return compose(matter, draft)


def write_and_fail(unit: Unit, order: Order, ref: Ref) -> None:
    """Write an edit, and fail afterwards."""
    unit.write([edit_of(unit, order, ref, complete_agreement())])
    raise UnknownRefError(str(ref))


@pytest.mark.parametrize("table", PARTS_OF_A_PROPOSAL)
def test_proposal_is_entered_with_all_its_rows_or_none(stage: Stage, table: str) -> None:
    """Whichever table fails; the same order goes through once it no longer does."""
    stage.day += ONE_DAY
    with (
        unchanged(stage),
        failing(stage.url, "INSERT", table),
        fails("database", stage.url),
    ):
        stage.propose(LONGER, reason="A good idea.")
    assert stage.propose(LONGER, reason="A good idea.") == Ref("TOR", 2026, 1)
    assert stage.verify() == []


@pytest.mark.parametrize(("verb", "table"), PARTS_OF_AN_EDIT)
def test_edit_is_written_with_all_its_rows_or_none(stage: Stage, verb: str, table: str) -> None:
    """Row, line, document, what is derived from it, texts, term and the sandbox's day."""
    ref = stage.propose()
    stage.day += ONE_DAY
    with unchanged(stage), failing(stage.url, verb, table), fails("database", stage.url):
        stage.apply(ref, LONGER, reason="A day more.")
    stage.apply(ref, LONGER, reason="A day more.")
    assert stage.fields(ref, "version", "term_end") == (2, LONGER.term and LONGER.term.end)
    assert stage.verify() == []


def test_unit_that_ends_badly_takes_everything_back(stage: Stage) -> None:
    """Whatever the reason: what was written in it before was never there."""
    ref = stage.propose()

    with unchanged(stage), pytest.raises(UnknownRefError):
        stage.do(lambda u, o: write_and_fail(u, o, ref))


def test_rehearsal_sees_its_own_writes_and_leaves_none(stage: Stage) -> None:
    """Units of one rehearsal follow one another; one that fails takes only itself back."""
    ref = stage.propose()
    with unchanged(stage), stage.store.rehearsal() as ledger:
        with ledger.unit() as unit:
            unit.write([edit_of(unit, stage.order(), ref, LONGER)])
        with pytest.raises(UnknownRefError), ledger.unit() as unit:
            write_and_fail(unit, stage.order(), ref)
        with ledger.unit() as unit:
            standing = unit.lock(ref.key)
            assert standing is not None
            assert standing.version == 2


def test_change_judged_on_another_row_is_a_lost_update(stage: Stage) -> None:
    """A row that moved since it was judged is not written over."""
    ref = stage.propose()

    def write_twice(unit: Unit, order: Order) -> None:
        change = edit_of(unit, order, ref, LONGER)
        unit.write([change])
        unit.write([change])

    with unchanged(stage), pytest.raises(StoreError) as caught:
        stage.do(write_twice)
    assert (caught.value.code, bool(caught.value.hint)) == ("lost_update", True)


@pytest.mark.parametrize("moved", [{"version": 7}, {"n": 7}, {"key": 2026_000_009}])
def test_restating_another_row_is_a_lost_update(stage: Stage, moved: dict[str, int]) -> None:
    """Of two rows, the one that can't be found stops both."""
    first, second = stage.propose(), stage.propose()
    pairs = []
    for ref, changes in ((first, {}), (second, moved)):
        before = msgspec.structs.replace(stage.standing(ref), **changes)
        pairs.append((before, msgspec.structs.replace(before, due=FIRST_DAY)))
    with unchanged(stage), pytest.raises(StoreError) as caught:
        stage.do(lambda u, _o: u.restate(pairs))
    assert caught.value.code == "lost_update"


def test_writing_nothing_changes_nothing(stage: Stage) -> None:
    """A batch in which nothing was decided is no change, not even of the sandbox's day."""
    stage.day += ONE_DAY
    with unchanged(stage):
        stage.do(lambda u, _o: u.write([]))


def test_line_of_the_program_moves_its_head_and_keeps_its_policy(stage: Stage) -> None:
    """Also where the unit had not read which policy is in force."""
    with stage.store.reading() as reader:
        digest = reader.policy_in_force(FIRST_DAY)
    draft = Draft(event=Event.RESTORED, effective_on=FIRST_DAY, authority=operating())
    order = stage.order(reason="By hand.")
    with stage.store.unit() as unit:
        head = written_for_program(unit, order, digest, draft).entry
    assert query(stage.url, "SELECT n, head, policy FROM program") == [(2, head, digest)]
    assert digest_of(stage.raw(None)[-1]) == head
    with stage.store.reading() as reader:
        assert [part.body for part in reader.beside(None, 2)] == [b"By hand."]
    assert stage.verify() == []


def test_notice_is_given_once_for_each_threshold_of_a_due_date(stage: Stage) -> None:
    """The day of the first is kept; another threshold, rule or date is another notice."""
    standing = stage.standing(stage.reach(State.DECISION))
    later = msgspec.structs.replace(standing, due=END)

    def give(of: Standing, rule: Rule, threshold: int, day: date) -> None:
        notice = Notice(of.key, of.term, rule, "", threshold, of.due or day, day)
        stage.do(lambda u, _o: u.give([notice]))

    give(standing, Rule.DECISION_DUE, -14, START)
    with stage.store.reading() as reader:
        assert reader.notice_given(standing, Rule.DECISION_DUE) is None
    give(standing, Rule.DECISION_DUE, 0, FIRST_DAY)
    with unchanged(stage), fails("database", stage.url):
        give(standing, Rule.DECISION_DUE, 0, END)
    give(standing, Rule.DECISION_DUE, 7, END)
    give(later, Rule.DECISION_DUE, 0, END)
    with stage.store.reading() as reader:
        days = [reader.notice_given(one, Rule.DECISION_DUE) for one in (standing, later)]
        assert days == [FIRST_DAY, END]
        assert reader.notice_given(standing, Rule.REVIEW_DUE) is None


def test_numbers_begin_anew_each_year_and_never_again_within_one(stage: Stage) -> None:
    """A year that is done keeps its own last number; one without agreements begins at one."""
    stage.propose()
    stage.propose()
    stage.on(date(2028, 3, 1)).propose()
    with stage.store.reading() as reader:
        assert [reader.next_number(year) for year in (2025, 2026, 2027, 2028)] == [1, 3, 1, 2]


def test_number_after_the_last_of_three_digits_has_four(stage: Stage) -> None:
    """References sort as numbers, not as text."""
    ref = stage.propose()
    tables = ("agreement", "document", "term", "project", "commitment")
    keys = [f"UPDATE {table} SET key = :key WHERE key = {ref.key}" for table in tables]  # noqa: S608
    stage.tamper("PRAGMA foreign_keys=OFF", "DROP TRIGGER document_no_update")
    for statement in keys:
        stage.tamper(statement, key=2026_000_999)
    assert str(stage.propose()) == "TOR-2026-1000"


def test_order_is_known_again_by_its_key(stage: Stage) -> None:
    """The line under a key is the order's own; a key that nobody used has none."""
    ref = stage.propose(key="k1")
    with stage.store.reading() as reader:
        assert reader.line_by_key("k1") == stage.raw(ref)[0]
        assert reader.line_by_key("k2") is None


def test_last_move_and_last_change_are_found_behind_later_notes(stage: Stage) -> None:
    """Lines that only note something are passed over."""
    ref = stage.propose()
    with stage.store.reading() as reader:
        assert reader.last_move(ref.key) is None
        assert reader.last_change(ref.key).n == 1
    stage.pull(ref, Trigger.SUBMIT)
    stage.apply(ref, LONGER)
    stage.record(ref, Record("note", FIRST_DAY, "Met in May."))
    with stage.store.reading() as reader:
        move, change = reader.last_move(ref.key), reader.last_change(ref.key)
    assert move is not None
    assert (move.trigger, move.n, change.event, change.n) == (Trigger.SUBMIT, 2, Event.EDITED, 3)


def test_years_with_an_annual_report_are_told(stage: Stage) -> None:
    """Of this agreement only, each year once, whatever else is on record."""
    ref, other = stage.reach(State.ACTIVE), stage.reach(State.ACTIVE)
    stage.on(date(2029, 1, 5))
    for year in (2027, 2028, 2028):
        stage.record(ref, Record("annual", FIRST_DAY, "As planned.", year=year))
    stage.record(other, Record("annual", FIRST_DAY, "As planned.", year=2026))
    stage.record(ref, Record("note", FIRST_DAY, "A note."))
    with stage.store.reading() as reader:
        assert reader.annual_years(ref.key) == {2027, 2028}


def test_each_renewal_opens_a_row_of_its_own(stage: Stage) -> None:
    """The first term's row stays as it was concluded."""
    ref = stage.along(NEXT_TERM)
    first, second = stage.terms(ref)
    assert (first.term, first.concluded_by, second.term) == (1, Trigger.TERMINATE, 2)
    assert (second.activated_on, second.concluded_on) == (None, None)


def test_funding_beyond_all_bounds_is_kept_as_the_most(stage: Stage) -> None:
    """A slip of the pen in a draft is for the guards to refuse, not for the database."""
    vast = with_resources([funding(amount=Decimal(10) ** 30), staff()])
    stage.propose(vast)
    assert query(stage.url, "SELECT amount FROM commitment") == [(MOST_UNITS,)]
    assert stage.verify() == []


def test_project_without_any_start_has_no_year(stage: Stage) -> None:
    """It counts in no year until term or project say one."""
    stage.propose(complete_agreement(term=None, milestones=()))
    dated = complete_project(start=date(2028, 2, 1))
    stage.propose(complete_agreement(term=None, milestones=(), projects=(dated,)))
    stage.propose()
    assert query(stage.url, "SELECT year FROM project ORDER BY key") == [(None,), (2028,), (2027,)]


def test_policy_is_read_once_in_a_process(stage: Stage) -> None:
    """Its digest is its name: parsed once, it needs no second look; a new process looks again."""
    stage.propose()
    stage.tamper("DROP TRIGGER policy_no_update", "UPDATE policy SET body = body || ' '")
    stage.propose()
    fresh = open_store(stage.url)
    with fresh.reading() as reader, pytest.raises(StoreError) as caught:
        reader.policy(reader.policy_in_force(FIRST_DAY))
    fresh.close()
    assert caught.value.code == "damaged"


def test_each_digest_has_a_policy_of_its_own() -> None:
    """The text is asked for the first time only."""
    policies, asked = Policies(), []

    def text(of: bytes) -> bytes:
        asked.append(of)
        return of

    other = policy_file({"dormancy_months": 7})
    first = policies.parsed("a", lambda: text(TORONTO))
    assert policies.parsed("a", lambda: text(other)) is first
    assert policies.parsed("b", lambda: text(other)) == parse_policy(other)
    assert asked == [TORONTO, other]


def test_policy_adopted_again_is_kept_once(stage: Stage) -> None:
    """Back to the first one: three adoptions of two policies, and its bytes stand once."""
    stage.adopt(policy_file({"dormancy_months": 7, "program": {"time_zone": "Asia/Tokyo"}}))
    assert query(stage.url, "SELECT time_zone FROM program") == [("Asia/Tokyo",)]
    stage.adopt(TORONTO)
    rows = everything(stage.url)
    assert (len(rows["policy"]), len(rows["adoption"])) == (2, 3)
    assert query(stage.url, "SELECT time_zone FROM program") == [("America/Toronto",)]
    assert stage.verify() == []


def test_sandbox_stands_at_the_day_of_its_last_line_where_it_is(stage: Stage) -> None:
    """The program's day, not UTC's; another line of the same day changes nothing of it."""
    stage.hour = 2
    stage.on(date(2027, 5, 2)).propose()
    assert query(stage.url, "SELECT stands_at FROM program") == [("2027-05-01",)]


def test_salt_is_new_each_time(stage: Stage) -> None:
    """Sixteen bytes that nobody can guess."""
    with stage.store.reading() as reader:
        salts = {reader.salt() for _ in range(100)}
    assert len(salts) == 100
    assert {len(salt) for salt in salts} == {16}
