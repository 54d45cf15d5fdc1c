"""What an approval is about: the content that it is bound to, and how a decider reads it first.

The digest is that of `lifecycle.subjects`, of exactly what the use case will write: so whoever
carries it out gives the same file, line or reference, and nothing else goes through.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click

from cli.inputs import document_of, sheet_of
from cli.output.changes import Difference, changes_text, differences
from cli.output.entries import what
from cli.output.streams import width
from cli.output.text import one_line, paragraphs
from cli.refs import Found, named
from cli.session import Session
from guards.words import check_agreement, check_evaluation, check_scores
from lifecycle import subjects
from lifecycle.correcting import sheet_kind
from lifecycle.drafting import with_ids
from lifecycle.entry import entry_of
from lifecycle.matter import judging
from lifecycle.sheets import stamped
from states.agreed import agreed_digest
from states.notes import TakenBack, Voiding
from states.problem import InvalidInputError, Problem
from states.records import Evaluation, ScoreSheet
from states.ref import Ref
from store.reader import Reader

_SHEETS = {"scores": ScoreSheet, "evaluation": Evaluation}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be approved, as it was typed."""

    word: str
    file: str | None = None
    entry: int | None = None
    same_as: str | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What an approval is about; without content it is about the deed alone.

    `told` is what a decider reads before saying yes, `carry_out` the command of whoever carries it
    out, `version` the one that the content was made for.
    """

    carry_out: str
    digest: str | None = None
    told: str = ""
    changes: Sequence[Difference] = ()
    version: int | None = None


def subject_of(session: Session, reader: Reader, agreement: Found, asked: Asked) -> Subject:
    """Return what an approval is about; raises for what would never be carried out."""
    _check_options(asked)
    if asked.word == "void":
        return _voiding(session, agreement, asked.same_as)
    if asked.word == "reclassify":
        return _reclassification(agreement, asked.type or "")
    if asked.word not in {"amend", "correct"}:
        return _plain(agreement.ref, asked.word)
    if asked.entry is None:
        return _document(session, reader, agreement, asked)
    if asked.file is None:
        return _taking_back(reader, agreement, asked.entry)
    return _sheet(session, reader, agreement, asked)


def _plain(ref: Ref, word: str) -> Subject:
    """Return what is approved without content: a step, or that it is kept in a review."""
    if word == "review":
        return Subject(f"lifecycle portfolio review {ref}")
    return Subject(f"lifecycle advance {ref} {word}")


def _reclassification(agreement: Found, type_: str) -> Subject:
    ref, old = agreement.ref, agreement.standing.type
    return Subject(
        carry_out=f"lifecycle reclassify {ref} {type_}",
        digest=subjects.of_type(type_),
        told=paragraphs(one_line(f"{ref} is reclassified: {old} → {type_}."), width()) + "\n",
    )


def _check_options(asked: Asked) -> None:
    word = asked.word
    given = {
        "--file": asked.file,
        "--entry": asked.entry,
        "--same-as": asked.same_as,
        "--type": asked.type,
    }
    taken = {
        "amend": {"--file"},
        "correct": {"--file", "--entry"},
        "void": {"--same-as"},
        "reclassify": {"--type"},
    }
    for option, value in given.items():
        if value is not None and option not in taken.get(word, set()):
            message = f"{option} says nothing about {word}; leave it out."
            raise click.UsageError(message)
    if word == "amend" and asked.file is None:
        message = "add --file FILE: the document exactly as it will be written."
        raise click.UsageError(message)
    if word == "reclassify" and asked.type is None:
        message = "add --type TYPE: what it is to be reclassified as."
        raise click.UsageError(message)
    if word == "correct" and asked.file is None and asked.entry is None:
        message = "add --file DOCUMENT, or --entry N for a sheet (with --file) or the last step."
        raise click.UsageError(message)


def _document(session: Session, reader: Reader, agreement: Found, asked: Asked) -> Subject:
    ref, standing = agreement.ref, agreement.standing
    document = document_of(asked.file or "")
    if document.ref not in {None, ref}:
        message = f"this is {ref}, and {document.ref} is another agreement"
        raise InvalidInputError([Problem("other_ref", message, document.file, None, "ref")])
    current = reader.document(standing)
    wanted = with_ids(document.agreement, current)
    check_agreement(wanted, judging(reader, standing, session.today).policy, document.file)
    if agreed_digest(wanted) == agreed_digest(current):
        message = "nothing that was agreed on differs in it, so there is nothing to approve"
        hint = f"owner, contacts and the like are edited: lifecycle edit {ref}"
        raise InvalidInputError([Problem("nothing_differs", message, document.file, hint=hint)])
    return _with_changes(
        f"{ref}, version {standing.version}: what {asked.word} would change",
        differences(current, wanted),
        Subject(
            carry_out=f"lifecycle {asked.word} {ref} --file {asked.file}",
            digest=subjects.of_document(wanted),
            version=document.version or standing.version,
        ),
    )


def _sheet(session: Session, reader: Reader, agreement: Found, asked: Asked) -> Subject:
    ref, standing, n = agreement.ref, agreement.standing, asked.entry or 0
    present = {standing.score_n: "scores", standing.evaluation_n: "evaluation"}
    if n not in present:
        counting = [f"line {line} brought {kind}" for line, kind in present.items() if line]
        message = f"line {n} of {ref} did not bring the scores or evaluation of today"
        hint = "; ".join(counting) or f"lifecycle log {ref} shows its lines"
        raise InvalidInputError([Problem("no_sheet", message, key="entry", hint=hint)])
    cls: type[Any] = _SHEETS[present[n]]
    name, sheet = sheet_of(cls, asked.file or "")
    policy = judging(reader, standing, session.today).policy
    if isinstance(sheet, ScoreSheet):
        check_scores(sheet, policy, name)
    else:
        check_evaluation(sheet, reader.document(standing), name)
    return _with_changes(
        f"{ref}: what would change in the {present[n]} of line {n}",
        differences(reader.sheet(cls, standing.key, n), stamped(sheet, policy)),
        Subject(
            carry_out=f"lifecycle correct {ref} --entry {n} --file {asked.file}",
            digest=subjects.of_sheet(n, sheet),
        ),
    )


def _taking_back(reader: Reader, agreement: Found, n: int) -> Subject:
    ref, standing = agreement.ref, agreement.standing
    if n != standing.moved_n:
        raise InvalidInputError([_not_taken_back(reader, agreement, n)])
    entry = entry_of(next(reader.lines(standing.key, n - 1)))
    told = (
        f"Line {n} of {ref} is taken back: {what(entry)}, by {entry.actor.id} on"
        f" {entry.effective_on}. It goes back to {entry.from_}."
    )
    return Subject(
        carry_out=f"lifecycle correct {ref} --entry {n}",
        digest=subjects.of_note(TakenBack(n)),
        told=paragraphs(one_line(told), width()) + "\n",
    )


def _not_taken_back(reader: Reader, agreement: Found, n: int) -> Problem:
    """Return what is wrong with a line that is no step which can be taken back."""
    ref, last = agreement.ref, agreement.standing.moved_n
    kind = sheet_kind(reader, ref, n) or ""
    message = f"line {n} of {ref} is not the last step, which alone can be taken back"
    hint = f"that is line {last}" if last else "there is no step that can be taken back"
    if kind in _SHEETS:
        message = f"line {n} of {ref} brought {kind}: what is to stand instead is not said"
        hint = "add --file FILE with the new sheet"
    elif kind.startswith("record."):
        message = f"line {n} of {ref} is a record, which staff correct without an approval"
        hint = f"lifecycle correct {ref} --entry {n}"
    return Problem("not_last", message, key="entry", hint=hint)


def _voiding(session: Session, agreement: Found, text: str | None) -> Subject:
    ref, title = agreement.ref, agreement.standing.title
    carry_out, same = f"lifecycle correct {ref} --void", None
    as_what = "as entered in error"
    if text is not None:
        other = named(session, text)
        if other.ref == ref or other.standing.voided:
            is_ = "itself" if other.ref == ref else "void"
            message = f"{other.ref} is {is_}, so it can't stand for it"
            raise InvalidInputError([Problem("same_as", message, key="same-as")])
        same = str(other.ref)
        carry_out += f" --same-as {same}"
        as_what = f"as a duplicate of {same} ({other.standing.title})"
    told = f"{ref} ({title}) is voided, {as_what}: it stays on the log and counts for nothing."
    return Subject(
        carry_out=carry_out,
        digest=subjects.of_note(Voiding(same)),
        told=paragraphs(one_line(told), width()) + "\n",
    )


def _with_changes(head: str, changes: Sequence[Difference], subject: Subject) -> Subject:
    told = f"{one_line(head)}\n{changes_text(changes)}"
    return Subject(subject.carry_out, subject.digest, told, changes, subject.version)
