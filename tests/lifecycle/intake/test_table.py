"""Taking over a table: the run over all rows, and what becomes of each of them."""

from collections.abc import Iterable

import pytest

from lifecycle.intake.columns import Row, columns_of
from lifecycle.intake.intake import Intake, Table
from lifecycle.intake.legend import Legend
from lifecycle.intake.table import BATCH, Places, take_over_table
from states.problem import InvalidInputError
from states.ref import Ref
from states.vocabulary import DueRule, Event, State, Trigger
from tests.builders import evaluation
from tests.lifecycle.intake.known import AllCountries, Ukraine
from tests.stage import Stage

HEADER = ("partner", "country", "type", "signed", "status", "term_start", "term_end", "note")
PLACES = Places(AllCountries(), Ukraine())
KYIV = ("Kyiv", "UA", "friendship", "1991", "active")
KIEV = ("Kiev", "UA", "friendship", "1991", "active")


def table(*rows: Iterable[str], legend: Legend | None = None) -> Table:
    """Return a table of rows, the first of them row 2."""
    told = legend or Legend()
    numbered = [Row(number, list(cells)) for number, cells in enumerate(rows, 2)]
    return Table("a.csv", columns_of(HEADER, told), numbered, len(numbered), told)


def taken(stage: Stage, *rows: Iterable[str], legend: Legend | None = None) -> Intake:
    """Return what became of rows."""
    one = table(*rows, legend=legend)
    return stage.do(lambda unit, order: take_over_table(unit, order, one, PLACES))


def codes(intake: Intake) -> list[tuple[int, str]]:
    """Return the rows that were refused, and why."""
    return [(row.row, row.problems[0].code) for row in intake.refused]


def answered(**answers: str) -> Legend:
    """Return a legend that answers questions about partners."""
    return Legend(partners={name.casefold(): answer for name, answer in answers.items()})


def test_ended_agreement_is_evaluated_with_its_deadline_counted_from_the_take_over(
    stage: Stage,
) -> None:
    """Its decision is owed so many days after it was recorded, however long it has been over."""
    over = ("Milan", "IT", "partnership", "2003", "active", "2003-06-01", "2008-05-31")
    intake = taken(stage, over, ("Rome", "IT", "partnership", "1990", "ended"))
    for receipt in intake.taken:
        standing = stage.standing(Ref.parse(receipt.ref))
        assert (standing.state, standing.due_rule) == (State.EVALUATION, DueRule.DECISION_DUE)
        assert standing.entered_on == stage.day
        assert standing.due == intake.tally.decide_by
    running = ("Bari", "IT", "partnership", "2024", "active", "2025-01-01", "2029-12-31")
    assert intake.tally.ended == 2
    assert taken(stage, running).tally.without_term == 0


def test_unknown_date_of_signing_is_kept_as_unknown(stage: Stage) -> None:
    """No date stands on the record, and the log says so; nothing is counted from one."""
    intake = taken(stage, ("Milan", "IT", "partnership", "unknown", "active"))
    standing = stage.standing(Ref.parse(intake.taken[0].ref))
    assert (standing.signed_on, standing.signed_term, standing.taken_over) == (None, 1, True)
    assert intake.tally.date_unknown == 1
    assert stage.verify() == []


def test_partner_under_another_name_is_a_question_and_its_row_is_refused(stage: Stage) -> None:
    """Never a silent merge: on record and within the file alike."""
    intake = taken(stage, KYIV, KIEV, KIEV)
    assert codes(intake) == [(3, "perhaps_known"), (4, "perhaps_known")]
    ((question, rows),) = intake.asked()
    assert (question.name, question.known.name, rows) == ("Kiev", "Kyiv", 2)
    again = taken(stage, ("Kiev", "UA", "mou", "2001", "active"))
    assert [one.known.known_by for one, _rows in again.asked()] == [str(intake.taken[0].ref)]


def test_same_partner_by_another_name_keeps_it_as_an_alias(stage: Stage) -> None:
    """The agreement is with the partner on record, known under both names from then on."""
    taken(stage, KYIV)
    mou = ("Kiev", "UA", "mou", "2001", "active")
    intake = taken(stage, mou, legend=answered(Kiev="Kyiv"))
    document = stage.document(Ref.parse(intake.taken[0].ref))
    assert (document.parties[0].name, document.aliases) == ("Kyiv", ("Kiev",))
    assert codes(taken(stage, mou)) == []
    assert stage.verify() == []


def test_same_agreement_by_another_name_is_unchanged_and_learns_it(stage: Stage) -> None:
    """The second time nobody is asked, and nothing changes."""
    (known,) = taken(stage, KYIV).taken
    first = taken(stage, KIEV, legend=answered(Kiev="Kyiv"))
    assert [(receipt.ref, alias) for receipt, alias in first.named] == [(known.ref, "Kiev")]
    assert stage.document(Ref.parse(known.ref)).aliases == ("Kiev",)
    again = taken(stage, KIEV)
    assert (len(again.unchanged), again.named, again.refused) == (1, [], [])
    assert stage.verify() == []


def test_agreement_that_is_over_for_good_learns_no_name(stage: Stage) -> None:
    """Its document no longer changes, and the row is unchanged all the same."""
    ended = (*KYIV[:4], "ended")
    (known,) = taken(stage, ended).taken
    ref = Ref.parse(known.ref)
    stage.evaluate(ref, evaluation(projects=()))
    stage.pull(ref, Trigger.SUNSET)
    first = taken(stage, KIEV, legend=answered(Kiev="Kyiv"))
    assert (len(first.unchanged), first.named) == (1, [])


def test_another_partner_is_taken_for_itself(stage: Stage) -> None:
    """Both are on record then, and nobody is asked again."""
    intake = taken(stage, KYIV, KIEV, legend=answered(Kiev="new"))
    assert (len(intake.taken), intake.refused) == (2, [])
    assert len(taken(stage, KYIV, KIEV).unchanged) == 2


def test_answer_that_names_nobody_refuses_its_row(stage: Stage) -> None:
    """The others are taken."""
    intake = taken(stage, KYIV, KIEV, legend=answered(Kiev="Kyyiv"))
    assert codes(intake) == [(3, "unknown_partner")]


def test_agreement_that_may_be_on_record_already_is_refused(stage: Stage) -> None:
    """A date that is known better than before makes no second agreement."""
    (known,) = taken(stage, KYIV).taken
    again = taken(stage, (*KYIV[:3], "1991-05-02", "active"))
    assert codes(again) == [(2, "perhaps_repeated")]
    assert str(known.ref) in again.refused[0].problems[0].message


def test_rows_that_are_not_meant_are_counted_and_left_out(stage: Stage) -> None:
    """Remarks are not even counted."""
    legend = Legend(only={"country": frozenset({"ua"})})
    rows = [("# the other side",), KYIV, ("Rome", "IT", "mou", "1990", "active")]
    intake = taken(stage, *rows, legend=legend)
    assert (intake.rows, intake.left_out) == (1, 1)


def test_table_in_which_no_row_is_meant_is_bad_input(stage: Stage) -> None:
    """It says what the rows say instead."""
    legend = Legend(only={"country": frozenset({"ukraine"})})
    rows = [(f"Town {n}", f"C{n:02}", "mou", "1990", "active") for n in range(20)]
    with pytest.raises(InvalidInputError) as caught:
        taken(stage, *rows, legend=legend)
    (problem,) = caught.value.problems
    assert (problem.code, problem.key) == ("none_meant", "--only")
    assert "C00; C01" in (problem.hint or "")


def test_table_of_several_batches_is_one_run(stage: Stage) -> None:
    """Numbers go on, repetitions are found across batches, and progress is told by the batch."""
    rows = [(f"Town {n}", "IT", "partnership", "1990", "active") for n in range(BATCH + 2)]
    rows.append(rows[0])
    seen: list[int] = []
    one = table(*rows)
    intake = stage.do(
        lambda unit, order: take_over_table(unit, order, one, PLACES, observe=seen.append)
    )
    assert seen == [BATCH, 3]
    assert intake.taken[-1].ref == f"TOR-2026-{BATCH + 2:03}"
    assert codes(intake) == [(BATCH + 4, "repeated")]


def test_words_are_told_once_with_their_rows(stage: Stage) -> None:
    """However many rows have them, the most frequent first."""
    rows = [(*KYIV[:2], kind, "1991", "listed") for kind in ("twin", "sister", "sister")]
    words = [(one.field, one.words, rows) for one, rows in taken(stage, *rows).unexplained()]
    assert words == [("status", "listed", 3), ("type", "sister", 2), ("type", "twin", 1)]


def test_note_of_a_row_is_a_line_that_replay_and_the_night_agree_with(stage: Stage) -> None:
    """What is watched is the same with it as without."""
    noted = (*KYIV, "", "", "Letter of intent 1990")
    (receipt,) = taken(stage, noted).taken
    events = [entry.event for entry in stage.entries(Ref.parse(receipt.ref))]
    assert events == [Event.TAKEN_OVER, Event.RECORDED]
    assert stage.verify() == []


def test_key_of_somebody_elses_order_is_no_row(stage: Stage) -> None:
    """A proposal that was made under a row's key refuses the row."""
    key = "taken_over:UA:friendship:1991:kyiv"
    stage.propose(key=key)
    assert codes(taken(stage, KYIV)) == [(2, "key_reused")]
