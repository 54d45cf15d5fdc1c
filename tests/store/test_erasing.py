"""What people wrote is erased, and every check of the log stays valid; on both databases."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from lifecycle.entry import digest_of, salted
from lifecycle.erasing.erase import Erasing, Place, erase_part, erase_words
from lifecycle.errors import StoreError, UnknownRefError
from lifecycle.subjects import of_document, of_sheet
from states.agreement import Agreement
from states.attachment import Attachment
from states.codec import decode, encode
from states.notes import Assent, Erasure
from states.problem import InvalidInputError
from states.records import Record
from states.ref import Ref
from states.vocabulary import Event, Outcome, Role, State, Trigger
from store.opening import open_store
from tests.builders import (
    complete_agreement,
    evaluation,
    score_sheet,
)
from tests.erased import (
    ATTACHED,
    NAME,
    NOTE,
    PAPER,
    RECORDED,
    WHY,
    content_of,
    erase,
    erase_everywhere,
    erase_text,
    erase_texts,
    in_order,
    kept,
    named,
    told_of,
)
from tests.hands import ADMIN
from tests.stage import Stage, policy_file
from tests.store.backups import backed_up, restored
from tests.store.raw import query

pytestmark = pytest.mark.measured


@pytest.fixture
def ref(stage: Stage) -> Ref:
    """Return an agreement in force in whose texts the person stands, line for line."""
    return told_of(stage)


def test_name_is_erased_from_every_version_of_every_text(stage: Stage, ref: Ref) -> None:
    """Documents, reasons, contacts, records, names of files, rows; no line is touched."""
    lines, standing = stage.raw(ref), stage.standing(ref)
    assert "li wei" in kept(stage)
    assert "li-wei" in kept(stage)
    done = erase_text(stage, ref, NAME)
    assert done.receipt.outcome is Outcome.OK
    erase(stage, ref, ATTACHED, "attachment")
    assert all(word not in kept(stage) for word in ("li wei", "li-wei", "li.wei"))
    assert stage.raw(ref)[: len(lines)] == lines
    assert in_order(stage)
    after = stage.standing(ref)
    assert (after.title, after.partner) == ("Trade with [erased 1]", "[erased 1] Ltd")
    assert (after.state, after.version, after.due) == (
        standing.state,
        standing.version,
        standing.due,
    )
    document = stage.document(ref)
    assert document.projects[0].id == "visit-of-erased-1"
    assert document.projects[0].objectives[0].responsible == document.parties[1].name
    assert document.signatures[0].name == "[Erased 1]"
    assert document.contacts[0].email == "[eRased 1]@example.cn"


def test_line_says_what_stands_there_and_never_what_stood_there(stage: Stage, ref: Ref) -> None:
    """The salted digest of each new text, by line and part."""
    done = erase_text(stage, ref, NAME)
    line = stage.last(ref)
    assert (line.event, line.actor.id, line.n) == (Event.ERASED, ADMIN, done.receipt.n)
    note = decode(tuple[Erasure, ...], content_of(stage, ref, line.n))
    assert tuple((one.entry, one.part) for one in note) == done.pieces
    assert {part for _n, part in done.pieces} == {"reason", "content", "document"}
    with stage.store.reading() as reader:
        for one in note:
            if one.part != "document":
                parts = {part.part: part for part in reader.beside(ref.key, one.entry)}
                there = parts[one.part]
                assert one.digest == salted(there.salt, there.body)
                assert one.digest not in stage.raw(ref)[one.entry - 1].decode()


def test_salt_is_gone_with_its_text(stage: Stage, ref: Ref) -> None:
    """Whoever guesses a short text can't try it on what the line cites."""
    salt_of = "SELECT salt, body FROM beside WHERE part = 'reason' AND n = 3"
    ((before, _body),) = query(stage.url, salt_of)
    erase(stage, ref, 3, "reason")
    ((salt, body),) = query(stage.url, salt_of)
    assert bytes(salt) != bytes(before)
    assert body == f"[erased on line {stage.last(ref).n}]"
    assert salted(bytes(salt), f"{NAME} agrees.".encode()) != stage.entries(ref)[2].reason
    assert in_order(stage)


def test_content_loses_what_people_wrote(stage: Stage, ref: Ref) -> None:
    """What it counts for stays; contacts go altogether."""
    erase(stage, ref, RECORDED, "content")
    assert decode(Record, content_of(stage, ref, RECORDED)) == replace(
        NOTE, text=f"[erased on line {stage.last(ref).n}]"
    )
    erase(stage, ref, 2, "content")
    assert stage.document(ref).contacts == ()
    assert in_order(stage)


def test_file_is_erased_and_says_so(stage: Stage, ref: Ref) -> None:
    """Its bytes go; its name and SHA-256 stay on the record, and asking for it tells why."""
    paper = decode(Attachment, content_of(stage, ref, ATTACHED))
    assert erase(stage, ref, ATTACHED, "attachment").pieces == ((ATTACHED, "attachment"),)
    assert query(stage.url, "SELECT length(body) FROM attachment") == [(0,)]
    with (
        stage.store.reading() as reader,
        pytest.raises(StoreError, match="was erased on line") as caught,
    ):
        reader.attached(paper.sha256)
    assert caught.value.code == "erased"
    assert in_order(stage)


def test_file_of_several_agreements_is_erased_from_all_or_none(stage: Stage, ref: Ref) -> None:
    """Its bytes are kept once, so that each agreement that has them gets its line."""
    other = stage.propose()
    n = stage.attach(other, "copy.pdf", body=PAPER).n
    with pytest.raises(InvalidInputError, match=f"attached to {ref}, too"):
        erase(stage, other, n, "attachment")
    with pytest.raises(InvalidInputError, match="stands on one line"):
        erase_everywhere(stage, other, n, "attachment", key="k")
    done = erase_everywhere(stage, other, n, "attachment")
    assert [one.receipt.ref for one in done] == [str(ref), str(other)]
    assert [stage.last(one).event for one in (ref, other)] == [Event.ERASED] * 2
    assert in_order(stage)
    assert erase(stage, other, n, "attachment").receipt.outcome is Outcome.UNCHANGED


def test_same_order_again_finds_nothing_left(stage: Stage, ref: Ref) -> None:
    """It is `unchanged`, and no line is written; under its key it is the same receipt."""
    done = erase_text(stage, ref, NAME, key="k1")
    assert erase_text(stage, ref, NAME, key="k1").receipt.entry == done.receipt.entry
    again = erase_text(stage, ref, NAME)
    assert (again.receipt.outcome, again.pieces) == (Outcome.UNCHANGED, ())
    assert again.receipt.entry == digest_of(stage.raw(ref)[-1])
    erase(stage, ref, RECORDED, "content", key="k2")
    assert erase(stage, ref, RECORDED, "content", key="k2").receipt.repeated
    assert erase(stage, ref, RECORDED, "content").receipt.outcome is Outcome.UNCHANGED
    assert erase(stage, ref, 3, "reason").receipt.outcome is Outcome.OK
    assert erase(stage, ref, 3, "reason").receipt.outcome is Outcome.UNCHANGED


def test_words_are_erased_alike_in_the_whole_program(stage: Stage, ref: Ref) -> None:
    """With its own stream, under one number; a later name gets the next one."""
    other = stage.propose(complete_agreement(title=f"Art with {NAME} and Ann Lee"))
    stage.adopt(policy_file({"projects_per_year": 3}), reason=f"{NAME} asked for it.")
    done = erase_texts(stage, (other, None, ref), NAME)
    assert [one.receipt.ref for one in done] == ["TOR", str(ref), str(other)]
    assert stage.standing(other).title == "Art with [erased 1] and Ann Lee"
    assert stage.last(None).event is Event.ERASED
    assert in_order(stage)
    erase_text(stage, other, "Ann Lee")
    assert stage.standing(other).title == "Art with [erased 1] and [erased 2]"
    (program,) = erase_texts(stage, (None,), NAME)
    assert program.receipt.outcome is Outcome.UNCHANGED
    assert program.receipt.entry == digest_of(stage.raw(None)[-1])


def test_reason_of_the_programs_own_line_is_erased(stage: Stage) -> None:
    """A whole text, too."""
    n = stage.adopt(policy_file({"projects_per_year": 3}), reason=f"{NAME} asked.").n
    assert erase(stage, None, n, "reason").pieces == ((n, "reason"),)
    assert "li wei" not in kept(stage)
    assert in_order(stage)


def test_approval_of_what_was_changed_ends(stage: Stage) -> None:
    """It was given for what stood there; a reason that is erased ends none."""
    ref = stage.reach(State.NEGOTIATION, named())
    stage.approve(ref, "sign", reason=f"{NAME} is right.")
    erase(stage, ref, stage.last(ref).n, "reason")
    assert len(stage.standing(ref).approvals) == 1
    erase_text(stage, ref, NAME)
    assert stage.standing(ref).approvals == ()
    assert in_order(stage)


def test_approval_on_record_stays_bound_to_the_content_that_it_was_given_for(stage: Stage) -> None:
    """And its digest gives no guess away any more."""
    ref = stage.reach(State.ACTIVE, named())
    new = named(termination_guidelines=f"Ended by a letter to {NAME}, a year before.")
    wanted = replace(new, projects=stage.document(ref).projects)
    approved = stage.approve(ref, "amend", of_document(wanted)).n
    assert not stage.amend(ref, wanted).refused
    sheet = replace(score_sheet(), factors=dict.fromkeys(score_sheet().factors, f"{NAME}: yes."))
    erase_text(stage, ref, NAME)
    bound = decode(Assent, content_of(stage, ref, approved)).subject
    assert bound == of_document(stage.document(ref))
    assert in_order(stage)
    drafted = stage.propose()
    scored = stage.score(drafted).n
    assent = stage.approve(drafted, "correct", of_sheet(scored, sheet)).n
    assert not stage.correct_sheet(drafted, scored, sheet).refused
    erase_text(stage, drafted, NAME)
    assert decode(Assent, content_of(stage, drafted, assent)).subject != of_sheet(scored, sheet)
    assert in_order(stage)


def test_evaluation_that_was_corrected_keeps_its_approval(stage: Stage) -> None:
    """As scores do."""
    ref = stage.reach(State.EVALUATION, named())
    outcome = replace(evaluation(projects=()).agreement, findings=f"{NAME} did much.")
    n = stage.evaluate(ref, replace(evaluation(projects=()), agreement=outcome)).n
    right = replace(evaluation(projects=()), agreement=replace(outcome, outcome="partly"))
    assent = stage.approve(ref, "correct", of_sheet(n, right)).n
    assert not stage.correct_sheet(ref, n, right).refused
    erase_text(stage, ref, NAME)
    left = decode(type(right), content_of(stage, ref, assent + 1))
    assert decode(Assent, content_of(stage, ref, assent)).subject == of_sheet(n, left)
    assert in_order(stage)


def test_transition_is_taken_back_over_erased_texts(stage: Stage, ref: Ref) -> None:
    """Replay goes on from what stands there."""
    erase_text(stage, ref, NAME)
    stage.taken_back(ref)
    assert stage.standing(ref).state is State.SIGNED
    assert in_order(stage)


def test_erased_contents_that_replay_reads_are_read(stage: Stage) -> None:
    """The correction of a sheet beside a line, long after it was erased."""
    ref = stage.propose()
    n = stage.score(ref).n
    stage.approve(ref, "correct", of_sheet(n, score_sheet()))
    corrected = stage.correct_sheet(ref, n, score_sheet()).n
    erase(stage, ref, corrected, "content")
    stage.advance(ref, Trigger.SUBMIT)
    assert in_order(stage)


def test_void_agreement_has_texts_too(stage: Stage, ref: Ref) -> None:
    """Nothing is done with it any more but this."""
    stage.voided(ref)
    assert not erase_text(stage, ref, NAME).receipt.refused
    assert in_order(stage)


def test_notices_that_were_given_are_not_given_again(stage: Stage) -> None:
    """An id that had the name is another one now, and the same project."""
    ref = stage.reach(State.ACTIVE, named())
    stage.on(date(2029, 7, 5)).nightly()
    assert query(stage.url, "SELECT count(*) FROM notice WHERE item = 'visit-of-li-wei'") > [(0,)]
    erase_text(stage, ref, NAME)
    assert query(stage.url, "SELECT count(*) FROM notice WHERE item = 'visit-of-li-wei'") == [(0,)]
    assert stage.nightly().count("notice") == stage.nightly().count("alert") == 0
    assert in_order(stage)


def test_digests_in_the_outbox_lose_the_words(stage: Stage) -> None:
    """Sent or not; what was sent is beyond us."""
    ref = stage.reach(State.ACTIVE, named())
    stage.on(date(2029, 7, 5)).nightly()
    assert (
        "li wei" in " ".join(row[0] for row in query(stage.url, "SELECT body FROM mail")).casefold()
    )
    assert erase_text(stage, ref, NAME).digests > 0
    assert "li wei" not in kept(stage)


def test_unknown_agreement_is_told(stage: Stage) -> None:
    """Like everywhere."""
    with pytest.raises(UnknownRefError):
        erase_text(stage, Ref.parse("TOR-2026-009"), NAME)


def test_real_program_wants_to_know_why(city: Stage) -> None:
    """At whose request, by which rule."""
    ref = city.propose(named())
    for act in (
        lambda u, o: erase_words(u, o, [ref], [NAME]),
        lambda u, o: erase_part(u, o, Place(ref, 1, "content")),
    ):
        with pytest.raises(InvalidInputError, match="has to say why"):
            city.do(act, actor=ADMIN)
    assert not erase_text(city, ref, NAME).receipt.refused
    assert in_order(city)


def test_who_is_no_admin_is_refused_on_the_log(city: Stage) -> None:
    """On an agreement's stream, or on the program's own; with another version than expected too."""
    ref = city.propose(named())
    for who in ("anna", "dora", "eve"):
        refused: Erasing = erase_text(city, ref, NAME, actor=who)
        assert refused.receipt.refused
        assert city.last(ref).event is Event.REFUSED
    (first,) = erase_texts(city, (None, ref), NAME, actor="anna")
    assert (first.receipt.refused, first.receipt.ref) == (True, "TOR")
    conflict = erase_text(city, ref, NAME, expect_version=7)
    assert [unmet.code for _s, unmet in conflict.receipt.unmet] == ["version_conflict"]
    assert "li wei" in kept(city)
    assert in_order(city)
    assert city.appoint("zoe", Role.ADMIN).outcome is Outcome.OK


@pytest.mark.sqlite
def test_nothing_of_a_name_is_left_in_the_file(stage: Stage, ref: Ref) -> None:
    """Once it is scrubbed, neither in the database's pages nor in its write-ahead log."""
    for number in range(0, 200, 4):
        stage.record(ref, replace(NOTE, text=f"{NAME} called {number}. " + "x" * (37 * number)))
    erase_text(stage, ref, NAME)
    erase(stage, ref, ATTACHED, "attachment")
    assert stage.store.database.scrub()
    files = [Path(f"{stage.path}{suffix}") for suffix in ("", "-wal")]
    for file in files:
        held = file.read_bytes().lower() if file.exists() else b""
        assert not [word for word in (b"li wei", b"li-wei", b"li.wei") if word in held]
    assert in_order(stage)


@pytest.mark.postgresql
def test_server_takes_its_own_time(stage: Stage, ref: Ref) -> None:
    """What is left there is its owner's to clean up."""
    erase_text(stage, ref, NAME)
    assert not stage.store.database.scrub()


def test_document_of_an_erased_digest_is_encoded_as_it_was(stage: Stage, ref: Ref) -> None:
    """What stays reads back as what it says."""
    erase_text(stage, ref, NAME)
    with stage.store.reading() as reader:
        document = reader.document_of(ref.key, stage.entries(ref)[0].document or "")
    assert decode(Agreement, encode(document)) == document
    assert WHY not in document.title


@pytest.mark.usefixtures("client_programs")
def test_backup_of_what_was_erased_is_whole_and_does_not_bring_it_back(
    stage: Stage, ref: Ref, tmp_path: Path, empty: str
) -> None:
    """What is restored replays to the same rows, and has nothing of the name."""
    erase_text(stage, ref, NAME)
    erase(stage, ref, ATTACHED, "attachment")
    file, made = backed_up(stage, tmp_path)
    assert made.contents.findings == ()
    done = restored(empty, file)
    assert done.source.findings == []
    stage.store.close()
    stage.store = open_store(empty)
    assert stage.verify() == []
    assert stage.document(ref).projects[0].id == "visit-of-erased-1"
