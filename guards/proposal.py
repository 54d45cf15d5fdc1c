"""Guards on a proposal before it goes to decision (BOX1, REC1, REC3, REC5)."""

from collections.abc import Iterable, Iterator
from functools import partial

from guards.case import Case
from guards.conditions import Unmet
from guards.texts import listed, said
from states.agreement import Party
from states.vocabulary import Guard

CIVIL_AUTHORITIES = frozenset({"city", "region"})
"""Kinds of party that are not alternative partners."""


def proposal_complete(case: Case) -> Iterator[Unmet]:
    """Require origin, both parties with kind and country, and why an alternative one (R1-R4)."""
    unmet = partial(Unmet, Guard.PROPOSAL_COMPLETE)
    agreement = case.agreement
    if not agreement.origin:
        yield unmet(
            "origin.missing",
            "Nobody has said where the proposal comes from.",
            f"set origin to one of {listed(case.policy.vocabulary.origins)}",
            "every proposal names its origin",
            "BOX1",
            "origin",
        )
    for side, whose in (("home", "the home side"), ("partner", "the partner's side")):
        if not agreement.side(side):
            yield unmet(
                f"{side}_party.missing",
                f"No party on {whose} is named.",
                f'add [[parties]] with side = "{side}" and its name',
                "an agreement has a home party and a partner (R4)",
                "BOX1",
                "parties",
            )
    for index, party in enumerate(agreement.parties):
        yield from _party(party, f"parties[{index}]", case.policy.vocabulary.partner_reasons)


def _party(party: Party, path: str, reasons: Iterable[str]) -> Iterator[Unmet]:
    unmet = partial(Unmet, Guard.PROPOSAL_COMPLETE)
    called = party.name or f"the party at {path}"
    if not said(party.name):
        yield unmet(
            "party.unnamed",
            f"A party has no name ({path}).",
            "give the party's name",
            "every party is named (R4)",
            "BOX1",
            f"{path}.name",
        )
    if not party.kind:
        yield unmet(
            "party.kind_missing",
            f"It is not said what kind of party {called} is.",
            "set the party's kind",
            "every party has a kind (R2)",
            "BP2",
            f"{path}.kind",
        )
    if party.side == "partner" and not party.country:
        yield unmet(
            "party.country_missing",
            f"The country of {called} is missing.",
            'set country to its two-letter code, for example "CN"',
            "an agreement is domestic or international (R4)",
            "BOX1",
            f"{path}.country",
        )
    if (
        party.side == "partner"
        and party.kind
        and party.kind not in CIVIL_AUTHORITIES
        and not party.why
    ):
        yield unmet(
            "party.why_missing",
            f"It is not said why {called} is an alternative partner.",
            f"set why to one of {listed(reasons)}",
            "an alternative partner is chosen for a stated reason (R3)",
            "BP2",
            f"{path}.why",
        )


def type_allowed(case: Case) -> Iterator[Unmet]:
    """Require a type of which the policy lets new agreements be made; no MOU is (R30)."""
    if case.standing.type not in case.policy.creatable:
        known = listed(case.policy.creatable)
        signed = case.standing.signed_term is not None
        yield Unmet(
            Guard.TYPE_ALLOWED,
            "type.not_created",
            f"No new agreement of type {case.standing.type} is made under this policy.",
            f"reclassify it as {known}: lifecycle reclassify REF TYPE"
            if signed
            else f"set type to one of {known}",
            "only types that the policy allows are created (R30)",
            "REC3",
            "type",
        )
