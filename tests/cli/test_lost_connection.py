"""The command line whose server is lost in the middle: what it knows, and what to do next."""

import pytest

from states.ref import Ref
from states.vocabulary import Outcome, State, Trigger
from tests import postgres
from tests.cli.running import Ran, process
from tests.postgres import over_tcp
from tests.proxy import Cut, Proxy
from tests.stage import Stage

pytestmark = pytest.mark.postgresql

KEY = ("--idempotency-key", "k1")
WRITE, COMMIT = b"lifecycle.append", b"COMMIT"


@pytest.fixture
def ref(stage: Stage) -> Ref:
    """Return an agreement under negotiation."""
    return stage.reach(State.NEGOTIATION)


def sign(stage: Stage, url: str, ref: Ref, *more: str) -> Ran:
    """Sign an agreement in a process of its own."""
    everywhere = ["--db", url, "--as", "dora", "--today", stage.day]
    return process(*everywhere, "advance", ref, "sign", *more)


def signatures(stage: Stage, ref: Ref) -> int:
    """Return how many times an agreement was signed."""
    lines = stage.entries(ref)
    return sum(line.trigger is Trigger.SIGN and line.outcome is Outcome.OK for line in lines)


def lost(stage: Stage, login: str, ref: Ref, line: Proxy, *more: str) -> Ran:
    """Sign over a line that is going to be cut; the server has ended it all when this returns."""
    with line:
        ran = sign(stage, over_tcp(stage.url, login, line.port), ref, *more)
        assert line.cut.is_set()
    postgres.await_end(login)
    assert postgres.PASSWORD not in ran.out + ran.err
    assert "psycopg" not in ran.out + ran.err
    return ran.badly(3)


def test_line_lost_before_the_commit_says_that_nothing_was_changed(
    stage: Stage, login: str, ref: Ref
) -> None:
    """So that the same command may simply be given again."""
    before = stage.raw(ref)
    line = Proxy(postgres.port_of(stage.url), WRITE, passed_on=True)
    [error] = lost(stage, login, ref, line, "--json").errors
    assert error["code"] == "connection_lost"
    assert "nothing was changed: repeat the command" in error["hint"]
    assert stage.raw(ref) == before
    sign(stage, stage.url, ref).well()
    assert stage.verify() == []


def test_line_that_can_not_be_made_says_that_the_server_is_away(
    stage: Stage, login: str, ref: Ref
) -> None:
    """In words, to people too."""
    line = Proxy(postgres.port_of(stage.url), cut_at=Cut("answered", 1))
    ran = lost(stage, login, ref, line)
    assert "the database server can't be reached" in ran.err
    assert "repeat the command" in ran.err
    assert ran.out == ""


@pytest.mark.parametrize("passed_on", [False, True], ids=["not heard", "heard"])
def test_line_lost_in_the_commit_says_that_it_does_not_know_and_a_key_makes_it_safe(
    stage: Stage, login: str, ref: Ref, *, passed_on: bool
) -> None:
    """Given again under the same key, the command tells what stands; it is done once."""
    line = Proxy(postgres.port_of(stage.url), WRITE, COMMIT, passed_on=passed_on)
    [error] = lost(stage, login, ref, line, "--json", *KEY).errors
    assert error["code"] == "unknown_outcome"
    assert "may or may not have been written" in error["message"]
    assert "--idempotency-key" in error["hint"]
    assert signatures(stage, ref) == int(passed_on)
    receipt = sign(stage, stage.url, ref, "--json", *KEY).well().json
    assert (receipt["outcome"], receipt["to"]) == ("ok", "signed")
    assert receipt["entry"] == stage.standing(ref).head
    assert signatures(stage, ref) == 1
    assert stage.verify() == []


def test_command_without_a_key_is_told_to_look_and_is_never_done_twice(
    stage: Stage, login: str, ref: Ref
) -> None:
    """What it says leads to what stands; given again unseen, it is refused."""
    line = Proxy(postgres.port_of(stage.url), WRITE, COMMIT, passed_on=True)
    told = " ".join(lost(stage, login, ref, line).err.split())
    assert "lifecycle show REF, lifecycle log REF" in told
    assert "repeat it only if it is not there" in told
    assert "signed" in process("--db", stage.url, "show", ref).well().out
    [unmet] = sign(stage, stage.url, ref, "--json").badly(1).json["unmet"]
    assert unmet["code"] == "version_conflict"
    assert "dora" in unmet["message"]
    assert signatures(stage, ref) == 1
    assert stage.verify() == []
