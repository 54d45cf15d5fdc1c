"""Lines that the product never writes, tried by logins that may call the database's functions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from lifecycle.advance import advance
from lifecycle.entry import Actor
from lifecycle.errors import StoreError
from states.canonical import sha256_hex
from states.codec import encode
from states.roles import Holding
from states.vocabulary import Event, Outcome, Role, State, Trigger
from tests.builders import ANNA, BEN, DORA, ERIN
from tests.hands import ADMIN, SYSTEM
from tests.stage import policy_file
from tests.store.forging import (
    CALL,
    PROGRAM_TRIES,
    SIGNED,
    TRIES,
    next_line,
    write,
    write_program,
)
from tests.store.logins import City
from tests.store.raw import query, unchanged

pytestmark = pytest.mark.postgresql


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    """Return a real program whose people have logins."""
    made = City(tmp_path)
    yield made
    made.end()


@contextmanager
def refused(city: City, says: str, code: str = "LC002") -> Iterator[None]:
    """Expect that the database refuses what the block tries, and that nothing is changed."""
    with unchanged(city):
        with pytest.raises(psycopg.Error) as caught:
            yield
        assert caught.value.sqlstate == code, caught.value
        assert says in str(caught.value)


def test_line_that_is_in_order_is_written_by_its_own_login(city: City) -> None:
    """What the others are changed from: the row follows the line, whatever comes with it."""
    ref = city.reach(State.NEGOTIATION)
    with city.logins.as_login(ANNA) as own:
        line = next_line(city, ref, ANNA)
        assert write(own, city, ref, line, state="active", n=77, head="", moved_n=1) == (1,)
        row = own.execute(b"SELECT state, n, head, moved_n FROM agreement").fetchone()
        standing = city.standing(ref)
        assert row == ("negotiation", standing.n + 1, sha256_hex(line), standing.moved_n)
        waits = b"SELECT n FROM unsealed WHERE stream > 0 ORDER BY n DESC LIMIT 1"
        assert own.execute(waits).fetchone() == (standing.n + 1,)


def test_no_line_is_written_that_says_what_is_not_so(city: City) -> None:
    """Whose role it is, where it leads, what it follows, who speaks: the database knows."""
    ref = city.reach(State.NEGOTIATION)
    with unchanged(city):
        for name, one in TRIES.items():
            line = next_line(city, ref, one.who, **one.change)
            with city.logins.as_login(one.who) as own:
                for statement in one.before:
                    own.execute(statement.format(staff=city.logins.roles.staff).encode())
                with pytest.raises(psycopg.Error) as caught:
                    write(own, city, ref, line, **one.changed)
            said = (caught.value.sqlstate, one.says in str(caught.value))
            assert said == ("LC002", True), (name, caught.value)


def test_no_line_of_the_program_is_written_that_says_what_is_not_so(city: City) -> None:
    """Roles and the policy come into force with the line that says so, by whose they are."""
    with unchanged(city):
        for who, change, changed, says in PROGRAM_TRIES:
            line = next_line(city, None, who, **change)
            with (
                pytest.raises(psycopg.Error, match=says) as caught,
                city.logins.as_login(who) as own,
            ):
                write_program(own, line, **changed)
            assert caught.value.sqlstate == "LC002"


def test_nobody_grants_themselves_a_role(city: City) -> None:
    """Neither an admin, nor along with another change."""
    ((roles,),) = query(city.url, "SELECT roles FROM program")
    mine = encode(Holding(city.logins.name(ADMIN), Role.DECIDER, "2026")).decode()
    line = next_line(city, None, ADMIN, event=Event.ROLE_CHANGED, role=Role.ADMIN)
    with refused(city, "grants none to who writes it"), city.logins.as_login(ADMIN) as own:
        write_program(own, line, roles=f"{roles[:-1]},{mine}]")


def test_policy_that_somebody_else_approved_is_adopted_as_it_is(city: City) -> None:
    """Not one whose text is another than its digest says."""
    assert city.adopt(policy_file({"dormancy_months": 7})).event is Event.APPROVED
    line = next_line(
        city,
        None,
        ERIN,
        event=Event.POLICY_ADOPTED,
        role=Role.DECIDER,
        approver=city.logins.name(DORA),
        policy="0" * 64,
    )
    with refused(city, "no such policy"), city.logins.as_login(ERIN) as own:
        own.execute(b"INSERT INTO policy VALUES (1, %s, 'x')", ("0" * 64,))
        write_program(own, line, time_zone="UTC")


def test_what_a_policy_derives_is_not_moved_at_will(city: City) -> None:
    """Nobody puts off what is due."""
    ref = city.reach(State.EVALUATION)
    standing = city.standing(ref)
    one = {"key": ref.key, "version": standing.version, "n": standing.n, "due": "2099-01-01"}
    for who in (ANNA, DORA, SYSTEM):
        with refused(city, "derived anew by who adopts it"), city.logins.as_login(who) as own:
            own.execute(b"SELECT restate(1, %s)", (encode([one]).decode(),))


def test_role_that_ended_is_held_no_more(city: City) -> None:
    """By the server's own clock, whatever day the line says."""
    ref = city.propose()
    line = next_line(city, ref, ANNA)
    ((roles,),) = query(city.url, "SELECT roles FROM program")
    for until, held in (("2026-09-01", False), ("2999-01-01", True)):
        ended = roles.replace('"until":null', f'"until":"{until}"')
        assert ended != roles
        query(city.url, "UPDATE program SET roles = ?", (ended,))
        with city.logins.as_login(ANNA) as own:
            if held:
                assert write(own, city, ref, line) == (1,)
                continue
            with pytest.raises(psycopg.Error, match="does not hold the role staff today"):
                write(own, city, ref, line)


TRICKS = (
    """CREATE TEMP TABLE program AS SELECT * FROM lifecycle.program;
    UPDATE pg_temp.program SET roles = '[]', sandbox = true;
    SET search_path = pg_temp, lifecycle""",
    "CREATE TEMP TABLE entry (LIKE lifecycle.entry); SET search_path = pg_temp, lifecycle",
    """CREATE FUNCTION pg_temp.pg_has_role(name, name, text) RETURNS boolean LANGUAGE sql
    AS 'SELECT true'; SET search_path = pg_temp, pg_catalog, lifecycle""",
    """CREATE FUNCTION pg_temp.yes(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
    CREATE OPERATOR pg_temp.= (LEFTARG = text, RIGHTARG = text, FUNCTION = pg_temp.yes);
    SET search_path = pg_temp, pg_catalog, lifecycle""",
    "SET plpgsql.extra_errors = 'all'",
    "SET transform_null_equals = on; SET DateStyle = 'German'; SET TimeZone = 'Pacific/Apia'",
    "SET standard_conforming_strings = off; SET bytea_output = 'escape'",
)


def test_nothing_of_ones_own_is_reached_by_the_functions(city: City) -> None:
    """They look nothing up along a caller's path, and go by no setting of the caller's."""
    ref = city.reach(State.NEGOTIATION)
    line, mine = next_line(city, ref, ANNA, **SIGNED), next_line(city, ref, ANNA)
    with unchanged(city):
        for before in TRICKS:
            with city.logins.as_login(ANNA) as own:
                own.execute(before.encode())
                with own.transaction(force_rollback=True):
                    assert write(own, city, ref, mine) == (1,)
                with pytest.raises(psycopg.Error, match="does not hold the role decider"):
                    write(own, city, ref, line)


def test_row_that_moved_meanwhile_is_not_moved_again(city: City) -> None:
    """Who comes second is told that nothing was written; they judged what is no more."""
    ref = city.propose()
    standing, line = city.standing(ref), next_line(city, ref, ANNA)
    with unchanged(city), city.logins.as_login(ANNA) as own:
        values = {"key": ref.key, "version": standing.version, "n": 7, "line": line.decode()}
        assert own.execute(CALL, {**values, "changed": "{}"}).fetchone() == (0,)


def test_refusal_may_be_written_by_whoever_was_refused(city: City) -> None:
    """Also by somebody without any role; in another's name it may not."""
    ref = city.propose()
    city.logins.add("zoe", city.logins.roles.staff)
    refusal = {"event": Event.REFUSED, "outcome": Outcome.REFUSED, "role": None}
    with city.logins.as_login("zoe") as own:
        assert write(own, city, ref, next_line(city, ref, "zoe", **refusal)) == (1,)
    with refused(city, "speaks for"), city.logins.as_login("zoe") as own:
        write(own, city, ref, next_line(city, ref, ANNA, **refusal))


def test_what_a_line_puts_in_force_beside_it_is_only_who_wrote_it_to_write(city: City) -> None:
    """No key of the scheduler's own signs, and staff erase nothing more than the admin did."""
    ref = city.propose(reason="A good idea.")
    with refused(city, "append-only", "LC001"), city.logins.as_login(SYSTEM) as own:
        own.execute(b"INSERT INTO signing_key VALUES (1, 9, 'lifecycle/TOR/x+00000000+AA==')")
    line = next_line(city, ref, ADMIN, event=Event.ERASED, role=Role.ADMIN)
    with psycopg.connect(city.logins.url_of(ADMIN), autocommit=True) as own:
        assert write(own, city, ref, line) == (1,)
    row = (1, ref.key, 1, "reason", city.standing(ref).n, "0" * 64)
    insert = b"INSERT INTO erasure VALUES (%s, %s, %s, %s, %s, %s)"
    with pytest.raises(psycopg.Error, match="append-only"), city.logins.as_login(ANNA) as own:
        own.execute(insert, row)
    with city.logins.as_login(ADMIN) as own:
        assert own.execute(insert, row).rowcount == 1


def test_auditor_calls_nothing(city: City) -> None:
    """Reading needs no function."""
    ref = city.propose()
    with refused(city, "permission denied", "42501"), city.logins.as_login("audra") as own:
        write(own, city, ref, next_line(city, ref, "audra"))


def test_program_that_is_not_there_is_told(city: City) -> None:
    """As what it is."""
    with refused(city, "no such program"), city.logins.as_login(ANNA) as own:
        line = next_line(city, None, ANNA).decode()
        own.execute(b"SELECT append_program(7, %s, '{}')", (line,))


def test_who_owns_the_tables_is_held_to_the_form_of_lines(city: City) -> None:
    """A superuser may restore, but writes no line that follows nothing."""
    ref = city.propose()
    line = next_line(city, ref, ANNA, actor=Actor("anna", "asserted"), prev=None)
    with refused(city, "not the next one"), psycopg.connect(city.url) as own:
        write(own, city, ref, line)


def test_words_of_the_database_reach_the_person(city: City) -> None:
    """Should the product ever try, it says what the database did not take, and what to do."""
    ref = city.propose()
    with unchanged(city), pytest.raises(StoreError, match="speaks for") as caught:
        city.do(lambda unit, _order: advance(unit, city.order(BEN), ref, Trigger.SUBMIT))
    assert caught.value.code == "line_refused"
    assert "lifecycle role list" in str(caught.value.hint)


def test_stands_at_of_a_real_program_is_nobodys(city: City) -> None:
    """Only a sandbox has a day of its own."""
    with refused(city, "append-only", "LC001"), city.logins.as_login(ANNA) as own:
        own.execute(b"UPDATE program SET stands_at = '2020-01-01'")
