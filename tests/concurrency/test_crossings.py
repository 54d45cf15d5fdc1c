"""Different deeds at once: what judges is what is written under, and nobody waits in a circle."""

import re
from dataclasses import replace
from pathlib import Path

from lifecycle.amending import amend
from lifecycle.appointing import appoint
from lifecycle.approving import approve
from lifecycle.drafting import apply
from lifecycle.subjects import of_document
from states.ref import Ref
from states.roles import RoleChange
from states.vocabulary import Event, Outcome, Role, State, Trigger
from tests.cli.running import run
from tests.concurrency.conftest import HANDS
from tests.concurrency.crowd import Crowd, Deed, Result
from tests.concurrency.deeds import (
    Adopt,
    After,
    Give,
    Pull,
    Several,
    Typed,
    Until,
    Watched,
)
from tests.conftest import Staging
from tests.stage import Stage, policy_file, with_cap

FEW = 6
ACTED = {"ok", "refused", "unchanged"}


def outcomes(results: list[Result]) -> set[tuple[str, tuple[str, ...]]]:
    """Return the ways in which the parts of some deeds could not be done."""
    parts = [part for result in results for part in result.parts]
    return {(part.outcome, part.codes) for part in parts if part.outcome not in ACTED}


def deciding_in(days: int) -> bytes:
    """Return a policy under which a decision is due after so many days, those in flight too."""
    return policy_file({"in_flight": "new", "deadlines": {"decision_days": days}})


def back_and_forth(stage: Stage, ref: Ref, **who: str) -> tuple[Deed, ...]:
    """Return the deeds of submitting an agreement and returning it, each watched."""
    submits = Pull(stage.day, str(ref), Trigger.SUBMIT)
    returns = Pull(stage.day, str(ref), Trigger.RETURN, "needs_changed", **who)
    return Watched(submits), Watched(returns)


def test_adoptions_and_transitions_at_once_judge_and_write_under_one_policy(
    staged: Staging, crowd: Crowd
) -> None:
    """A line's policy was in force while its order was carried out, or nothing was written."""
    stage = staged(deciding_in(100))
    refs = [stage.propose() for _ in range(FEW)]
    adopts = [Adopt(stage.day, deciding_in(101 + turn)) for turn in range(FEW)]
    lines = stage.last(None).n + len(adopts)
    acts = [
        Until(lines, back_and_forth(stage, ref) + back_and_forth(stage, refs[place - 1]))
        for place, ref in enumerate(refs)
    ]
    adopting, *acted = crowd.at_once(stage.url, [Several(tuple(adopts)), *acts])
    assert [part.outcome for part in adopting.parts] == ["ok"] * len(adopts)

    in_force = {e.n: e.policy for e in stage.entries(None) if e.event is Event.POLICY_ADOPTED}
    first = min(in_force)
    written = {ref: stage.entries(ref) for ref in refs}
    for watched in (part for result in acted for part in result.parts):
        [act] = watched.parts
        if act.outcome == "could not":
            assert act.codes == ("changed_meanwhile",)
            continue
        before, after = (int(n) for n in watched.codes)
        line = written[Ref.parse(act.refs[0])][act.n - 1]
        assert line.policy in {in_force[n] for n in range(max(before, first), after + 1)}
    assert stage.verify() == []


def test_role_revoked_while_its_holder_acts_is_a_role_no_more(stage: Stage, crowd: Crowd) -> None:
    """Whatever is begun after the revocation is refused, and nothing goes through afterwards."""
    staff = [f"person-{number}" for number in range(FEW)]
    holders = [("dora", Role.DECIDER), *((name, Role.STAFF) for name in staff)]
    refs = [stage.propose() for _ in range(FEW)]
    for name, role in holders:
        stage.appoint(name, role, actor="root")
    revoked = stage.last(None).n + 1
    acts: list[Deed] = [Until(revoked, back_and_forth(stage, r, actor="dora")) for r in refs]
    ends = Give(stage.day, appoint, (RoleChange("dora", Role.DECIDER, granted=False),), "root")
    *acted, end = crowd.at_once(stage.url, [*acts, After(str(refs[0]), 4, ends)])
    assert (end.outcome, end.n) == ("ok", revoked)

    for result, ref in zip(acted, refs, strict=True):
        returns = result.parts[1::2]
        ended = False
        for watched in returns:
            [act] = watched.parts
            before, after = (int(n) for n in watched.codes)
            if act.outcome == "ok":
                assert before < revoked
                assert not ended
            elif act.outcome == "could not":
                assert act.codes == ("changed_meanwhile",)
            elif "role.missing" in act.codes:
                assert after >= revoked
                ended = True
        assert ended
        assert (stage.last(ref).actor.id, stage.last(ref).outcome) == ("dora", Outcome.REFUSED)
    assert stage.verify() == []


def test_approving_amending_and_editing_at_once_end_without_waiting_in_a_circle(
    staged: Staging, crowd: Crowd
) -> None:
    """Each is done, refused or unchanged; what was amended had another person's approval."""
    stage = staged(with_cap(FEW))
    refs = [stage.reach(State.ACTIVE) for _ in range(4)]
    current = {ref: stage.document(ref) for ref in refs}

    def turn(hand: int, ref: Ref) -> tuple[Deed, ...]:
        text = f"Renewed as person-{hand} wrote it down."
        amended = replace(current[ref], renewal_guidelines=text)
        edited = replace(current[ref], owner=f"owner-{hand}")
        word = ("amend", of_document(amended))
        return (
            Give(stage.day, approve, (ref, *word), actor=f"decider-{hand}"),
            Give(stage.day, amend, (ref, amended)),
            Give(stage.day, apply, (ref, edited)),
        )

    deeds = [
        Several(
            tuple(deed for ref in (refs if hand % 2 else refs[::-1]) for deed in turn(hand, ref))
        )
        for hand in range(HANDS)
    ]
    results = crowd.at_once(stage.url, deeds)
    assert outcomes(results) == set()
    amendments = [
        line
        for ref in refs
        for line in stage.entries(ref)
        if line.event is Event.AMENDED and line.outcome is Outcome.OK
    ]
    assert amendments
    assert all(line.approver and line.approver != line.actor.id for line in amendments)
    assert stage.verify() == []


def test_several_documents_applied_in_opposite_orders_are_whole_and_end(
    stage: Stage, crowd: Crowd, tmp_path: Path
) -> None:
    """Each command's documents stand together in all three streams, one command after another."""
    refs = [stage.propose() for _ in range(3)]
    everywhere = ("--today", str(stage.day))
    texts = [run("--db", stage.url, "show", ref, "--document").well().out for ref in refs]

    def command(hand: int, turn: int) -> Deed:
        names = []
        for ref, text in zip(refs, texts, strict=True):
            titled = re.sub("(?m)^title = .*$", f'title = "{hand}, {turn}"', text)
            file = tmp_path / f"{ref}-{hand}-{turn}.toml"
            file.write_text(re.sub("(?m)^version = .*$", "", titled))
            names.append(str(file))
        return Typed((*everywhere, "apply", *(names if (hand + turn) % 2 else names[::-1])))

    hands = range(FEW)
    deeds = [Several(tuple(command(hand, turn) for turn in range(3))) for hand in hands]
    results = crowd.at_once(stage.url, deeds)
    assert outcomes(results) == {("exit 0", ())}
    streams = [[line.actor.id for line in stage.entries(ref)[1:]] for ref in refs]
    assert streams[0] == streams[1] == streams[2]
    assert len(streams[0]) == 3 * FEW
    assert len({stage.document(ref).title for ref in refs}) == 1
    assert stage.verify() == []


def test_imports_and_proposals_at_once_never_give_a_reference_twice(
    stage: Stage, crowd: Crowd, tmp_path: Path
) -> None:
    """Numbers go on without a gap, and a row that two files state is taken over once."""
    heading = "partner,country,type,signed,status,source\n"
    row = "{},Italy,partnership,2003,active,City Clerk\n"
    cities = [("Milan", "Turin", "Rome"), ("Rome", "Bari", "Milan")]
    everywhere = ("--today", str(stage.day))
    deeds: list[Deed] = []
    for number in range(FEW):
        file = tmp_path / f"{number}.csv"
        file.write_text(heading + "".join(row.format(name) for name in cities[number % 2]))
        deeds.append(Typed((*everywhere, "import", str(file))))
    template = tmp_path / "new.toml"
    template.write_text(run("propose", "--template").well().out)
    proposes = Several((Typed((*everywhere, "propose", str(template))),) * 2)
    deeds += [proposes] * (HANDS - FEW)
    results = crowd.at_once(stage.url, deeds)
    given = [ref for result in results for ref in result.refs]
    given += [ref for result in results for part in result.parts for ref in part.refs]
    assert outcomes(results) == {("exit 0", ())}
    count = 4 + 2 * (HANDS - FEW)
    assert sorted(given) == [str(Ref("TOR", stage.day.year, n)) for n in range(1, count + 1)]
    assert stage.verify() == []
