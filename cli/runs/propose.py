"""What `lifecycle propose` does: a proposal from a file, or a minimal one from a few words."""

from dataclasses import astuple, dataclass
from importlib.resources import files

import click

from cli.inputs import document_of
from cli.output.receipts import give
from cli.output.streams import out, out_data
from cli.session import opened
from cli.settings import Settings, Writing
from lifecycle.drafting import propose
from states.agreement import Agreement, Party
from states.problem import InvalidInputError, Problem


@dataclass(frozen=True, slots=True)
class Words:
    """The few words that a minimal proposal is made of."""

    type: str | None
    partner: str | None
    country: str | None
    title: str | None

    @property
    def any(self) -> bool:
        """Whether any of them was given."""
        return any(word is not None for word in astuple(self))


def print_template() -> int:
    """Print the sample document; returns the exit code."""
    out_data((files("store") / "samples" / "agreement.toml").read_text(encoding="utf-8"))
    return 0


def propose_file(settings: Settings, writing: Writing, file: str) -> int:
    """Propose what a file says; returns the exit code."""
    document = document_of(file)
    if document.ref is not None or document.version is not None:
        message = "a new agreement has neither ref nor version; the program gives them"
        hint = f"to change an agreement that there is: lifecycle apply {document.file}"
        key = "ref" if document.ref else "version"
        raise InvalidInputError([Problem("has_ref", message, document.file, None, key, (), hint)])
    return _propose(settings, writing, document.agreement, document.file)


def propose_words(settings: Settings, writing: Writing, words: Words) -> int:
    """Propose an agreement of which little is known yet; returns the exit code."""
    missing = [name for name in ("type", "title") if getattr(words, name) is None]
    if missing:
        options = " and ".join(f"--{name}" for name in missing)
        message = f"give a FILE, or {options}; --template prints a document to start from."
        raise click.UsageError(message)
    if words.country is not None and words.partner is None:
        message = "--country is the partner's: give --partner as well."
        raise click.UsageError(message)
    partner = Party(side="partner", name=words.partner or "", country=words.country)
    agreement = Agreement(
        type=words.type or "",
        title=words.title or "",
        parties=(partner,) if words.partner else (),
    )
    return _propose(settings, writing, agreement, None)


def _propose(settings: Settings, writing: Writing, agreement: Agreement, file: str | None) -> int:
    if writing.expect_version is not None:
        message = "a new agreement has no version to expect."
        raise click.UsageError(message)
    with opened(settings) as session:
        order = session.order(writing)
        receipt = session.carry_out(
            writing, lambda unit: propose(unit, order, agreement, file=file)
        )
    code = give(settings, receipt, dry_run=writing.dry_run)
    if not (settings.json or writing.dry_run or receipt.refused):
        out(f"Next: lifecycle check {receipt.ref}\n")
    return code
