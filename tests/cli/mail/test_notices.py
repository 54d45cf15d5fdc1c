"""`lifecycle notices`: what became of each digest, sending again, and a test that says why not."""

import socket
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.builders import ANNA, BEN, DORA
from tests.cli.conftest import Cli
from tests.cli.mail.conftest import Serving
from tests.cli.mail.posting import configured, credentials, outbox, post, states
from tests.cli.running import Ran, on_terminal, run
from tests.hands import ADMIN, SYSTEM
from tests.mailserver import PASSWORD, USER
from tests.stage import Stage

KEYS = {
    "id",
    "recipient",
    "run_date",
    "subject",
    "state",
    "attempts",
    "made_at",
    "next_at",
    "sent_at",
    "error",
}


def notices(stage: Stage, *line: object, actor: str = ANNA) -> Ran:
    """Run `notices` by the clock."""
    return run("--db", stage.path, "--as", actor, "notices", *line)


def test_the_list_has_the_latest_with_what_became_of_them(city: Stage) -> None:
    """Alone it lists; as a table, JSON or CSV; `--all` has the older ones, too."""
    assert "No digest was written yet" in notices(city).well().out
    post(city, ANNA, age=timedelta(days=2))
    post(city, *(f"person-{number}" for number in range(20)))
    told = notices(city, "--json").well().json
    assert len(told) == 20
    assert set(told[0]) == KEYS
    assert {one["state"] for one in told} == {"waiting"}
    everything = notices(city, "list", "--all", "--json").well().json
    assert (len(everything), everything[-1]["recipient"]) == (21, ANNA)
    text = notices(city).well().out
    assert "In all: 21 waiting." in text
    assert "Mail is not set up" in text
    assert notices(city, "--format", "csv").well().out.splitlines()[0].startswith("id,recipient,")


def test_a_digest_is_shown_whole_by_the_beginning_of_its_id(city: Stage) -> None:
    """What would act on a terminal does not; none, or several, is wrong usage."""
    post(city, ANNA, BEN, body="\x1b[2JLook at TOR-2026-001.\n")
    one = outbox(city)[ANNA]
    text = notices(city, "show", one.id).well().out
    assert "\\u001b[2JLook at TOR-2026-001." in text
    assert f"To        {ANNA}" in text
    assert notices(city, "show", one.id, "--json").well().json["body"].startswith("\x1b[2J")
    assert one.id in notices(city, "show", one.id[:-1]).badly(2).err
    assert "there is none" in notices(city, "show", "nothing").badly(2).err


@pytest.mark.parametrize(
    ("actor", "code"), [(ANNA, 0), (ADMIN, 0), (SYSTEM, 0), (DORA, 1), ("mallory", 1)]
)
def test_who_runs_the_check_or_answers_for_it_may_send_again(
    city: Stage, serving: Serving, actor: str, code: int
) -> None:
    """Nobody else; and neither leaves a line on the log."""
    serving()
    post(city, BEN)
    lines = len(city.raw(None))
    ran = notices(city, "retry", "--json", actor=actor)
    assert ran.code == code
    assert [unmet["code"] for unmet in ran.json["unmet"]] == ["role.missing"] * code
    assert states(city)[BEN] == ("waiting" if code else "sent")
    assert len(city.raw(None)) == lines


def test_a_refusal_is_told_to_people(city: Stage) -> None:
    """With who may."""
    assert "staff, admin or the scheduler" in notices(city, "retry", actor="mallory").badly(1).out


def test_without_settings_nothing_can_be_sent(city: Stage) -> None:
    """Which is bad input, with how to begin."""
    assert "[mail]" in notices(city, "retry").badly(2).err


def test_what_is_held_since_a_restore_is_asked_for(
    city: Stage, serving: Serving, home: Path
) -> None:
    """How many, on a terminal or with --yes; where nobody can answer it is wrong usage."""
    server = serving()
    post(city, ANNA, BEN)
    city.tamper("UPDATE mail SET state = 'held'")
    assert home.exists()
    assert "2 digests held" in notices(city, "retry").badly(2).err
    line = ["--db", city.path, "--as", ANNA, "notices", "retry"]
    said = on_terminal(*line, typed=["n"]).well().out
    assert "2 digests held since the database was restored: send them, too?" in said
    assert "2 digests held" in notices(city).well().out
    assert not server.taken()
    assert notices(city, "retry", "--yes", "--json").well().json["sent"] == 2
    assert states(city) == {ANNA: "sent", BEN: "sent"}


def test_nothing_left_to_send_ends_well(city: Stage, serving: Serving) -> None:
    """And says so."""
    serving()
    assert "Nothing waits to be sent." in notices(city, "retry").well().out


def test_a_test_message_goes_the_way_of_digests(
    serving: Serving, home: Path, stage: Stage, cli: Cli
) -> None:
    """In a sandbox, too, and without any database."""
    file = credentials(home, PASSWORD, USER)
    server = serving({"credentials": file.name}, security="starttls", login=True)
    ran = run("--json", "notices", "test", "anna@city.example").well()
    assert (ran.json["sent"], ran.json["security"], ran.json["error"]) == (True, "starttls", None)
    said = cli("notices", "test", "ben@city.example").well().out
    assert "by starttls, logged in" in said
    assert stage.path.exists()
    first, second = server.taken()
    assert (first.to, first.tls, first.login) == (["anna@city.example"], True, USER)
    assert ran.json["message_id"] == first.id
    assert second.message["Auto-Submitted"] == "auto-generated"


def error(serving: Serving, more: Mapping[str, object], to: str = "anna", **settings: Any) -> str:  # noqa: ANN401
    """Return the code of what a test message meets, which is told with what to do."""
    serving(more, **settings)
    ran = run("--json", "notices", "test", f"{to}@city.example").badly(1)
    told = ran.json["error"]
    assert ran.json["sent"] is False
    assert told["message"]
    assert told["hint"]
    text = run("notices", "test", f"{to}@city.example").badly(1).out
    assert "Not sent" in text
    assert "to do" in text
    return str(told["code"])


def test_a_name_that_dns_does_not_know_is_told(serving: Serving) -> None:
    """The name is on nobody's list, for good."""
    assert error(serving, {"host": "nowhere.invalid", "security": "starttls"}) == "dns"


def test_a_server_that_is_not_there_is_told(serving: Serving) -> None:
    """The port is free, but nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert error(serving, {"port": port}) == "refused"


def test_a_server_that_says_nothing_is_told(serving: Serving) -> None:
    """After the timeout that the settings name."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert error(serving, {"port": listener.getsockname()[1]}) == "timeout"


def test_a_server_of_another_kind_is_told(serving: Serving) -> None:
    """What it says is no mail server's greeting."""
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as other:

        def greet() -> None:
            for _ in range(2):
                line, _address = listener.accept()
                with line:
                    line.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")

        done = other.submit(greet)
        assert error(serving, {"port": listener.getsockname()[1]}) == "protocol"
        done.result()


@pytest.mark.parametrize(
    ("more", "settings", "code"),
    [
        ({"ca_file": None}, {"security": "starttls"}, "certificate"),
        ({}, {"security": "tls", "name": "other.example"}, "certificate"),
        ({"security": "tls"}, {"security": "none"}, "tls"),
        ({"security": "starttls"}, {"security": "none"}, "not_offered"),
        ({"security": "none"}, {"security": "starttls"}, "sender"),
        ({}, {"often": 1, "moods": ["busy"]}, "sender"),
        ({}, {"often": 1, "moods": ["rejects"]}, "rejected"),
        ({}, {"often": 1, "moods": ["cuts"]}, "cut"),
        ({}, {"often": 1, "moods": ["silent"]}, "timeout"),
    ],
)
def test_what_a_server_does_instead_is_told_apart(
    serving: Serving, more: Mapping[str, object], settings: Mapping[str, Any], code: str
) -> None:
    """An unknown authority, another name, another way of talking, a refusal, a cut, silence."""
    assert error(serving, more, **settings) == code


def test_an_address_that_the_server_refuses_is_told(serving: Serving) -> None:
    """With what it says of it."""
    assert error(serving, {}, to="nobody") == "recipient"
    text = run("notices", "test", "nobody@city.example").badly(1).out
    assert "550 5.1.1 No such user here" in " ".join(text.split())


def test_a_wrong_password_is_told_apart_from_a_server_without_login(
    serving: Serving, home: Path
) -> None:
    """And from one that wants a login and gets none."""
    wrong = {"credentials": credentials(home, "wrong", USER).name}
    assert error(serving, wrong, security="tls", login=True) == "login"


def test_a_server_that_offers_no_login_is_told(serving: Serving, home: Path) -> None:
    """A password is not pressed on it."""
    known = {"credentials": credentials(home, PASSWORD, USER).name}
    assert error(serving, known, security="starttls", login=False) == "not_offered"


def test_what_is_no_address_is_bad_input(home: Path) -> None:
    """Before anything is tried, and without settings it says how to begin."""
    assert "no address" in run("notices", "test", "anna").badly(2).err
    assert "[mail]" in run("notices", "test", "anna@city.example").badly(2).err
    configured(home, "[mail]\n")
    assert "mail.host" in run("notices", "test", "anna@city.example").badly(2).err
