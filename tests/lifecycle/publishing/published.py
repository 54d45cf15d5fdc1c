"""What the tests of this folder share: an agreement as the public may see it, read from a stage."""

from collections.abc import Iterator

from guards.policy import Policy, Publishing
from lifecycle.dossiers import Dossier, dossiers
from lifecycle.publishing.of_agreement import PARTS, public_agreement
from lifecycle.publishing.public_agreement import PublicAgreement
from lifecycle.publishing.signed import wanted
from states.ref import Ref
from states.vocabulary import State
from tests.builders import policy
from tests.stage import Stage


def showing(*states: State) -> Policy:
    """Return Toronto's policy, by which what was never signed is shown in some states."""
    return policy(publishing=Publishing(states))


def dossier_of(stage: Stage, ref: Ref) -> Dossier:
    """Return an agreement's dossier with all that the register reads."""
    with stage.store.reading() as reader:
        (found,) = dossiers(reader, *PARTS, wanted=lambda one: one.key == ref.key)
    return found


def register(stage: Stage, under: Policy | None = None) -> Iterator[PublicAgreement]:
    """Yield what is public of all agreements on a stage, as the register goes through them."""
    rules = under or policy()
    with stage.store.reading() as reader:
        for dossier in dossiers(reader, *PARTS, wanted=wanted(rules)):
            public = public_agreement(dossier, rules, stage.day)
            assert public is not None
            yield public


def seen(stage: Stage, ref: Ref, under: Policy | None = None) -> PublicAgreement:
    """Return what is public of one agreement, of which something is."""
    public = public_agreement(dossier_of(stage, ref), under or policy(), stage.day)
    assert public is not None
    return public
