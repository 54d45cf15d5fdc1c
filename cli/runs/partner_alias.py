"""What `lifecycle partner alias` does: edits the aliases of a partner's agreements, all or none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cli.applying import apply_documents
from cli.asking import agreed, can_ask
from cli.inputs import Document
from cli.output.shapes import json_text
from cli.output.streams import out, out_data, talk
from cli.partners import all_partners, one_partner, partner_name
from cli.runs.apply import applied_shape, applied_text, exit_code
from cli.session import Session, opened
from cli.settings import Settings, Writing
from lifecycle.errors import UnknownRefError
from lifecycle.partners.aliasing import Alias, bearers, check_alias, joins, open_ties
from lifecycle.partners.registry import Partner
from states.names import plain


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, as it was typed."""

    name: str
    alias: str
    country: str | None
    same: bool
    remove: bool


def alias_partner(settings: Settings, writing: Writing, asked: Asked) -> int:
    """Give a partner an alias or take one away, and print a receipt each; returns the code."""
    with opened(settings) as session:
        alias, documents = _documents(session, writing, asked)
        applied = apply_documents(session, writing, documents)
    if settings.json:
        out_data(json_text([applied_shape(one, dry_run=writing.dry_run) for one in applied]))
    else:
        out("".join(applied_text(one, dry_run=writing.dry_run) for one in applied))
    _tell(alias)
    return exit_code(applied)


def _documents(
    session: Session, writing: Writing, asked: Asked
) -> tuple[Alias, Sequence[Document]]:
    with session.store.reading() as reader:
        partners = all_partners(reader)
        partner = one_partner(partners, asked.name, asked.country, whole=True)
        alias = _agreed(partners, Alias(partner, asked.alias, asked.remove, asked.same), writing)
        check_alias(partners, alias)
        documents = []
        for tie in open_ties(partner):
            standing = reader.standing(tie.ref.key)
            if standing is None:
                raise UnknownRefError(str(tie.ref))
            agreement = alias.on(reader.document(standing))
            file = f"the document of {tie.ref}"
            documents.append(Document(file, agreement, tie.ref, standing.version))
    return alias, documents


def _agreed(partners: Sequence[Partner], alias: Alias, writing: Writing) -> Alias:
    """Ask on a terminal whether the one who is listed under the name is the same partner."""
    others = [one for one in bearers(partners, alias) if joins(alias.partner, one, alias.name)]
    if alias.remove or alias.same or writing.yes or len(others) != 1 or not can_ask():
        return alias
    question = f"{partner_name(others[0])} is listed as another partner. Are the two one?"
    return replace(alias, same=agreed(question, usual=False))


def _tell(alias: Alias) -> None:
    """Say where nothing was there to be taken away."""
    stated = {plain(name): name for tie in open_ties(alias.partner) for name in tie.aliases}
    if alias.remove and plain(alias.name) not in stated:
        names = ", ".join(stated.values()) or "there is none"
        talk(f"{alias.name} is no alias of {alias.partner.name}: {names}.\n")
