"""Nothing but what the whitelist names reaches the public: every other text is looked for, in vain.

The dossiers are those of real agreements in each state; a word of its own is planted into each of
their texts, and the words that come out are held against the places that may be told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.dossiers import Dossier, Part, dossiers
from lifecycle.publishing.of_agreement import public_agreement
from lifecycle.publishing.of_program import ProgramTally
from lifecycle.publishing.of_year import YearsTally
from lifecycle.publishing.signed import wanted
from states.attachment import Attachment
from states.records import ANNUAL_PARTS, KINDS, PUBLISHED, Record
from states.standing import Approval, Waiver
from states.vocabulary import State, Trigger
from tests.builders import complete_agreement, policy
from tests.lifecycle.publishing.planting import Planter
from tests.lifecycle.publishing.published import showing
from tests.stage import NEXT_TERM, PATHS, Stage

NAMING = {"Agreement.title", "Agreement.goals", "Party.name", "Party.country"}
"""What names an agreement, signed or not."""

SIGNED = NAMING | {
    "Agreement.role",
    "Agreement.division",
    "Agreement.reporting",
    "Agreement.sectors",
    "Agreement.markets",
    "Agreement.renewal_guidelines",
    "Agreement.termination_guidelines",
    "Party.kind",
    "Party.metro",
    "Party.responsibilities",
    "Project.id",
    "Project.name",
    "Project.kind",
    "Project.division",
    "Objective.kind",
    "Objective.objective",
    "Objective.activity",
    "Indicator.name",
    "Indicator.unit",
    "Resource.currency",
    "Resource.source",
    "Milestone.name",
    "Milestone.project",
    "Obligation.side",
    "Obligation.what",
    "Signature.side",
    "Signature.office",
    "annual Record.text",
    "public Attachment.name",
    "public Attachment.kind",
    "transitioned Entry.ground",
    "transitioned Entry.on_behalf_of",
    "transitioned Entry.item",
}
"""What else is told of what was signed."""

DECIDED = {
    "AgreementOutcome.outcome",
    "AgreementOutcome.findings",
    "ProjectOutcome.outcome",
    "ProjectOutcome.findings",
}
"""What is told of an evaluation once it was decided on."""

OF_A_YEAR = {
    "Agreement.title",
    "Party.name",
    "annual Record.text",
    "yearly Milestone.name",
    "yearly Milestone.project",
    "yearly Indicator.name",
    "yearly Indicator.unit",
    "actual Record.currency",
    "annual Record.currency",
}
"""What is told in the reports on years: what was measured by, and in which currency or unit."""

OF_THE_PROGRAM = {"Agreement.title", "Resource.currency"}

UNSIGNED = (State.PROPOSAL, State.DECISION, State.NEGOTIATION, State.DECLINED)
RULES = showing(*UNSIGNED)
LATER = ("second term", "second term given up", "second term signed")
SCENES = (*map(str, PATHS), *LATER, "taken over", "reinstated")


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Dossier]]:
    """Return a dossier for each state, and for the ways in which a second term can go."""
    stage = Stage(Path(tmp_path_factory.mktemp("scenes")))
    refs = {str(state): stage.along(steps) for state, steps in PATHS.items()}
    stage.evaluate(refs["evaluation"])
    for name in LATER:
        refs[name] = stage.along(NEXT_TERM)
        stage.apply(refs[name], complete_agreement(title="Another"))
    stage.pull(refs["second term given up"], Trigger.SUNSET)
    stage.pull(refs["second term signed"], Trigger.SIGN)
    refs["taken over"] = stage.take_over()
    refs["reinstated"] = stage.along(PATHS[State.EVALUATION])
    stage.evaluate(refs["reinstated"])
    stage.pull(refs["reinstated"], Trigger.REINSTATE)
    assert set(refs) == set(SCENES)
    with stage.store.reading() as reader:
        found = {one.ref: one for one in dossiers(reader, *Part)}
    yield {name: with_papers(found[ref], stage) for name, ref in refs.items()}
    stage.end()


def with_papers(one: Dossier, stage: Stage) -> Dossier:
    """Return a dossier with records of every kind, and with a public file and one that is not."""
    own = {"actual": "businesses reached", "milestone": "first-mission"}
    fact = Record("note", stage.day, "Told.", "trade-mission", value=Decimal(2), year=2027)
    facts = [replace(fact, kind=kind, item=own.get(kind)) for kind in (*KINDS, PUBLISHED)]
    facts += [Record("annual", stage.day, "Told.", item=part, year=2027) for part in ANNUAL_PARTS]
    files = (
        Attachment("open.pdf", "signed", "a" * 64, 3, public=True),
        Attachment("letter.pdf", "letter", "b" * 64, 3),
    )
    given = Approval("amend", "Dora", "", 1, "", stage.day, body="Council", item="EX1")
    waived = Waiver(
        "published", "publication.missing", None, Trigger.ACTIVATE, 1, "Dora", "", 1, ""
    )
    standing = msgspec.structs.replace(one.standing, approvals=(given,), waivers=(waived,))
    one = replace(one, standing=standing)
    return replace(one, records=[(1, fact) for fact in facts], attachments=[(1, f) for f in files])


def told(scene: Dossier, noise: str) -> tuple[Planter, str, str, str]:
    """Return what is public of a scene's agreement, of the years and of the program, as JSON."""
    planter = Planter(noise)
    dossier, day = planter.dossier(scene), scene.standing.entered_on
    years, program = YearsTally(RULES, day), ProgramTally(RULES, day, lambda _key, _at: "mou")
    public = public_agreement(dossier, RULES, day)
    assert public is not None
    years.add(dossier, public)
    program.add(dossier, public)
    parts = (public, years.reports(), program.program())
    of_agreement, of_years, of_program = (msgspec.json.encode(one).decode() for one in parts)
    return planter, of_agreement, of_years, of_program


def allowed_of(name: str) -> set[str]:
    """Return what may be told of the agreement of a scene."""
    if name in UNSIGNED:
        return NAMING
    return SIGNED | DECIDED if name in {"renewal", *LATER} else SIGNED


@given(name=st.sampled_from(SCENES), noise=st.text(max_size=8))
def test_no_text_is_public_but_those_that_the_whitelist_names(
    scenes: Mapping[str, Dossier], name: str, noise: str
) -> None:
    """Whatever stands in it; of a draft, a source, a reason, a score or a person, nothing."""
    planter, of_agreement, of_years, of_program = told(scenes[name], noise)
    for text, allowed in (
        (of_agreement, allowed_of(name)),
        (of_years, set() if name in UNSIGNED else OF_A_YEAR),
        (of_program, set() if name in UNSIGNED else OF_THE_PROGRAM),
    ):
        shown = {word: planter.places[word] for word in planter.found(text)}
        assert not {word: at for word, at in shown.items() if not at & allowed}


def test_all_that_the_whitelist_names_is_public(scenes: Mapping[str, Dossier]) -> None:
    """So that the one above looks for the words where they are."""
    for name, allowed in (
        ("proposal", NAMING - {"Party.kind"}),
        ("active", SIGNED),
        ("renewal", SIGNED | DECIDED),
        ("second term", SIGNED | DECIDED),
    ):
        planter, of_agreement, _years, _program = told(scenes[name], "")
        shown = set().union(*(planter.places[word] for word in planter.found(of_agreement)))
        assert allowed <= shown, (name, allowed - shown)
    planter, _agreement, of_years, of_program = told(scenes["active"], "")
    shown = set().union(*(planter.places[word] for word in planter.found(of_years + of_program)))
    assert {"annual Record.text", "yearly Indicator.name", "Resource.currency"} <= shown


def test_words_are_planted_into_what_is_nobodys_business(scenes: Mapping[str, Dossier]) -> None:
    """Persons, reasons, scores, sources and drafts have words as well, which don't come out."""
    planter, *_told = told(scenes["second term"], "")
    assert set().union(*planter.places.values()) >= {
        "Contact.name",
        "Contact.email",
        "Signature.name",
        "Endorsement.councillor",
        "Endorsement.evidence",
        "TakenOver.source",
        "Party.why",
        "Agreement.owner",
        "Agreement.origin",
        "Agreement.aliases",
        "Agreement.conditions",
        "draft Agreement.title",
        "draft Objective.objective",
        "Value.recommendation",
        "Score.evidence",
        "ScoreSheet.factors",
        "Standing.drafters",
        "Approval.by",
        "Waiver.by",
        "Actor.id",
        "transitioned Entry.approver",
        "transitioned Entry.host",
        "recorded Entry.reason",
        "scored Entry.key",
        "reason",
        "private Attachment.name",
        "note Record.text",
        "correspondence Record.text",
        "actual Record.source",
        "expenditure Record.division",
        "published Record.url",
    }


def test_no_scene_is_public_without_the_policys_word_but_the_signed_ones(
    scenes: Mapping[str, Dossier],
) -> None:
    """Those that were never signed are not even walked to."""
    shown = {name for name, one in scenes.items() if wanted(policy())(one.standing)}
    assert shown == set(scenes) - {str(state) for state in UNSIGNED}
