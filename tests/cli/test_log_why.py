"""`lifecycle log why`: one entry with everything that stood behind it."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest

from lifecycle.subjects import of_document
from states.ref import Ref
from states.vocabulary import Role, State, Trigger
from tests.builders import ANNA, BEN, DORA, ERIN, complete_agreement
from tests.cli.conftest import Cli
from tests.cli.running import run
from tests.conftest import Staging
from tests.stage import TORONTO, Stage, with_cap

TITLE = "Trade with Chongqing"


def why(stage: Stage, *line: object) -> str:
    """Return what is told of an entry, its lines joined."""
    return " ".join(run("--db", stage.path, "log", "why", *line).well().out.split())


@pytest.fixture
def signed(city: Stage) -> Ref:
    """Return an agreement signed by staff on an approval for a body and on a waiver."""
    ref = city.reach(State.NEGOTIATION, complete_agreement(renewal_guidelines=""))
    condition = "guidelines_stated:renewal.missing"
    city.waive(ref, condition, Trigger.SIGN, actor=ERIN, reason="The mayor asks for it.")
    body = {"on_behalf_of": "City Council", "item": "2026.EX1.1"}
    assert not city.approve(ref, Trigger.SIGN, reason="As voted.", **body).refused
    assert not city.advance(ref, Trigger.SIGN, actor=BEN, reason="Both sides signed.").refused
    return ref


def test_step_says_by_what_right_it_was_taken(city: Stage, signed: Ref) -> None:
    """The role and who had granted it, the approval with its line, the body, the reason."""
    said = why(city, signed)
    assert "sign: negotiation → signed" in said
    assert f"By right staff since {city.day}" in said
    assert "granted by admin (line 4 of TOR)" in said
    assert f"Approved by {DORA} on {city.day}" in said
    assert "(line 6)" in said
    assert "who said: As voted." in said
    assert "City Council, 2026.EX1.1" in said
    assert "Moved from negotiation to signed" in said
    assert "Reason Both sides signed." in said
    assert "Sealed not yet" in said


def test_role_that_was_taken_away_since_is_told_as_it_was(city: Stage, signed: Ref) -> None:
    """What is said of an entry doesn't change with who holds what today."""
    before = why(city, signed)
    city.on(city.day + timedelta(days=9)).appoint(BEN, Role.STAFF, granted=False)
    city.appoint(DORA, Role.DECIDER, granted=False)
    assert why(city, signed) == before


def test_each_guard_says_what_it_asks_and_where_the_report_asks_it(
    city: Stage, signed: Ref
) -> None:
    """Met or waived; the waiver with its giver, line and reason."""
    said = why(city, signed)
    assert "✓ endorsed met A councillor endorses it" in said
    assert "~ guidelines_stated waived: renewal.missing It is said how the agreement" in said
    assert "terminated. (REC7)" in said
    assert "guidelines_stated:renewal.missing, waived by erin, as decider," in said
    assert "(line 5): The mayor asks for it." in said


def test_policy_is_named_with_who_adopted_it(city: Stage, signed: Ref) -> None:
    """Its title, the name under which it ships, since when; and whether it was in force."""
    said = why(city, signed)
    assert "Toronto International Alliance Program (toronto-2018, " in said
    assert "adopted by admin (line 1 of TOR)" in said
    assert "in force since 2026-09-01" in said


def test_policy_of_the_last_decision_is_told_as_such(stage: Stage, cli: Cli) -> None:
    """One in decision is judged by it though another is in force."""
    ref = stage.reach(State.DECISION)
    stage.adopt(with_cap(50))
    stage.advance(ref, Trigger.ACCEPT)
    said = " ".join(cli("log", "why", ref).well().out.split())
    assert "kept from its last decision, in force before from the beginning" in said
    shown = cli("log", "why", ref, json=True).well().json
    assert (shown["judged_by"]["in_force"], shown["judged_by"]["name"]) == (False, "toronto-2018")
    own = cli("log", "why", "TOR", json=True).well().json
    assert (own["judged_by"]["in_force"], own["judged_by"]["name"]) == (True, None)


def test_entry_shows_what_it_changed_of_the_document(city: Stage, signed: Ref) -> None:
    """As diff does; the whole document with --document, as it was then."""
    amended = complete_agreement(title=TITLE)
    city.approve(signed, "amend", of_document(amended))
    assert not city.amend(signed, amended).refused
    n = city.last(signed).n
    city.apply(signed, complete_agreement(title=TITLE, owner=BEN))
    said = why(city, signed, n)
    assert f"- {complete_agreement().title} + {TITLE}" in said
    assert "[[parties]]" not in said
    whole = why(city, signed, n, "--document")
    assert "The document at version" in whole
    assert f'title = "{TITLE}"' in whole
    assert f'owner = "{ANNA}"' in whole
    assert "the first version" in why(city, signed, 1)
    assert "nothing but what stands beside it" not in said


def test_refusal_shows_the_document_that_was_judged(stage: Stage, cli: Cli) -> None:
    """Its version, though the attempt changed nothing."""
    ref = stage.reach(State.DECISION)
    stage.advance(ref, Trigger.ACCEPT)
    shown = cli("log", "why", ref, "--document", json=True).well().json
    assert (shown["version"], shown["document_version"], shown["changes"]) == (2, 1, [])
    assert shown["whole_document"]["title"] == complete_agreement().title
    said = " ".join(cli("log", "why", ref).well().out.split())
    assert "Version 2, the document as of version 1" in said
    assert "By right everybody had every role" in said


def test_json_has_the_lines_own_keys_and_more(city: Stage, signed: Ref) -> None:
    """What it had before stays as it was; the rest is added."""
    line = city.raw(signed)[-1]
    shown = run("--db", city.path, "--json", "log", "why", signed).well().json
    assert {key: shown[key] for key in json.loads(line)} == json.loads(line)
    assert shown["entry"] == sha256(line).hexdigest()
    assert shown["texts"] == {"reason": "Both sides signed."}
    assert shown["authority"]["name"] == BEN
    assert shown["approval"]["by"] == DORA
    assert shown["approval"]["authority"]["role"] == "decider"
    assert shown["judged_by"]["digest"] == sha256(TORONTO).hexdigest()
    assert [one["n"] for one in shown["waivers"]] == [5]
    assert {one["outcome"] for one in shown["asked"]} >= {"met", "waived"}
    assert (shown["leaf"], shown["sealed_at"], shown["whole_document"]) == (None, None, None)
    beside = run("--db", city.path, "--json", "log", "why", signed, 6).well().json["beside"]
    assert [part["kind"] for part in beside if part["part"] == "content"] == ["approval"]


def test_programs_own_lines_are_explained_too(city: Stage) -> None:
    """By its code: the last one, or line N; who granted the role of who grants."""
    said = why(city, "TOR")
    assert "TOR, entry" in said
    assert "made" in said
    assert "admin since" in said
    first = why(city, "tor", 1)
    assert "policy adopted" in first
    assert "the program was being made" in first
    run("--db", city.path, "log", "why", "TOR", 99).badly(2)


def test_night_is_explained_with_its_run(stage: Stage, cli: Cli) -> None:
    """Its counts stand beside it, and its run is named."""
    stage.nightly(run="night-1", host="box")
    said = " ".join(cli("log", "why", "TOR").well().out.split())
    assert "Run night-1, on box" in said
    assert '"fired": 0' in said


def test_adoption_names_both_deciders(city: Stage) -> None:
    """The first one's approval, with its line and day; it has no last day of its own."""
    city.adopt(with_cap(50), actor=DORA)
    city.adopt(with_cap(50), actor=ERIN)
    said = why(city, "TOR")
    assert f"Approved by {DORA}" in said
    assert f"adopted by {ERIN}, approved by {DORA}" in said


def test_sealed_line_says_since_when(stage: Stage, cli: Cli, ref: Ref) -> None:
    """Its leaf, and the first seal over it, in the program's time."""
    stage.tamper(
        f"INSERT INTO leaf (program_id, leaf, stream, n) VALUES (1, 0, {ref.key}, 1)",  # noqa: S608
        "INSERT INTO seal (program_id, size, root, peaks, sealed_at, note)"
        " VALUES (1, 1, '', '', '2026-09-02T01:00:00Z', '')",
    )
    said = " ".join(cli("log", "why", ref, 1).well().out.split())
    assert "Sealed 2026-09-01 21:00:00, as leaf 0" in said


def test_text_of_others_does_not_act_on_a_terminal(stage: Stage, cli: Cli, ref: Ref) -> None:
    """Control characters in reasons and documents are written out."""
    stage.apply(ref, complete_agreement(title="T\x1b[2J"), reason="R\x1b[2J")
    text = cli("log", "why", ref, 2, "--document").well().out
    assert "\x1b" not in text
    assert "R\\u001b[2J" in text


def test_denial_says_that_nobody_granted_a_role(staged: Staging) -> None:
    """No role stood behind it, and what the gate asks is said."""
    city = staged(sandbox=False)
    denied = run(
        "--db", city.path, "--as", "eve", "propose", "--title", "Trade", "--type", "partnership"
    )
    assert denied.code == 1
    said = why(city, "TOR")
    assert "Who eve (a name that was asserted) Recorded" in said
    assert "✗ authority unmet: role.missing Who does it has the role for it" in said
