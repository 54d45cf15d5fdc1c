"""Delivery: a real server, moody or not; each digest comes, under one Message-ID, for good."""

import os
import subprocess
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from cli.mail.credentials import PASSWORD as PASSWORD_VARIABLE
from cli.mail.credentials import USER as USER_VARIABLE
from states.vocabulary import Role
from store.outbox import BEING_SENT, NO_ADDRESS
from tests import figures, postgres
from tests.builders import ANNA, BEN
from tests.cli.mail.conftest import Serving
from tests.cli.mail.posting import (
    all_due,
    configured,
    credentials,
    everything_stored,
    outbox,
    post,
    states,
)
from tests.cli.mail.rounds import WITHIN, await_taken, delivered_by_a_moody_server, nightly, retry
from tests.cli.running import PROGRAM, environment, process, run, started
from tests.conftest import seldom
from tests.hands import SYSTEM
from tests.mailserver import PASSWORD, USER
from tests.stage import Stage


def test_digests_go_out_after_the_nightly_check(city: Stage, serving: Serving) -> None:
    """The report and the exit code are of the check; what was sent is told beside it."""
    server = serving()
    post(city, ANNA, BEN)
    ran = nightly(city).well()
    told = ran.json["mail"]
    assert {key: told[key] for key in ("sent", "waiting", "failed", "unaddressed")} == {
        "sent": 2,
        "waiting": 0,
        "failed": 0,
        "unaddressed": 0,
    }
    assert states(city) == {ANNA: "sent", BEN: "sent"}
    assert [mail.to for mail in server.taken()] == [["anna@city.example"], ["ben@city.example"]]
    assert nightly(city).json["mail"]["sent"] == 0
    assert len(server.taken()) == 2


def test_a_mail_says_who_it_is_from_and_that_a_program_wrote_it(
    city: Stage, serving: Serving
) -> None:
    """From, To, Date, Message-ID and Auto-Submitted; plain text in UTF-8, in short lines."""
    server = serving()
    post(city, ANNA, body="Łódź is due.\n.\nFrom here on: " + "x" * 3_000 + "\n")
    nightly(city).well()
    [mail] = server.taken()
    message = mail.message
    assert mail.sender == "lifecycle@city.example"
    assert message["From"] == "Alliances <lifecycle@city.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["To"] == "anna@city.example"
    assert mail.id == f"<{outbox(city)[ANNA].id}@tor.city.example>"
    assert message["Date"].datetime.isoformat() == outbox(city)[ANNA].made_at[:19] + "+00:00"
    assert message.get_content_type() == "text/plain"
    assert message.get_content_charset() == "utf-8"
    text = message.get_content().replace("\r\n", "\n")
    assert text.startswith("Łódź is due.\n.\nFrom here on: xxx")
    assert max(map(len, mail.raw.splitlines())) < 998
    assert mail.raw.isascii()


def test_what_people_wrote_adds_no_header(city: Stage, serving: Serving) -> None:
    """Line breaks in a subject or a name stay text; a name that makes no address gets no mail."""
    server = serving()
    post(
        city,
        ANNA,
        "eve\r\nBcc: all",
        subject="1 late\r\nBcc: eve@evil.example\r\n\r\nHello",
        body="\x1b[2J\x00\u202eWell.\r\nBcc: eve@evil.example\n",
    )
    nightly(city).well()
    [mail] = server.taken()
    assert mail.to == ["anna@city.example"]
    assert mail.message["Bcc"] is None
    assert "Bcc: eve@evil.example" in mail.message["Subject"]
    assert mail.message.get_content().startswith("\\u001b[2J\\u0000\\u202eWell.")
    assert outbox(city)["eve\r\nBcc: all"].error == NO_ADDRESS


@pytest.mark.parametrize("seed", seldom(range(12), 2))
def test_each_digest_comes_from_a_server_that_fails_half_the_time(
    city: Stage, serving: Serving, seed: int
) -> None:
    """Refused, cut off, ignored: all come in the end, no digest ever under two Message-IDs."""
    delivered_by_a_moody_server(city, serving(often=0.5, seed=seed), seed, digests=12)


@pytest.mark.reliability
def test_each_of_many_digests_comes_from_a_server_that_fails_half_the_time(
    city: Stage, serving: Serving
) -> None:
    """As above, for longer: what waits is tried again until nothing waits."""
    seed, digests = figures.first_seed(), 500
    database = figures.version_of(city.url)
    with figures.measured(
        "a mail server that fails half the time",
        database=database,
        seed=seed,
        rounds=digests,
        of="digests",
    ) as counts:
        server = serving(often=0.5, seed=seed)
        rounds, again = delivered_by_a_moody_server(
            city, server, seed, digests=digests, rounds=5_000
        )
        counts["delivered"] = digests
        counts["under_more_than_one_message_id"] = 0
        counts["taken_twice_under_one_message_id"] = again
        counts["rounds_of_delivery"] = rounds


def test_a_server_that_is_away_leaves_the_check_completed(city: Stage, serving: Serving) -> None:
    """Exit 0; the report says that it is away, all waits, and what is not tried is not counted."""
    server = serving()
    server.__exit__()
    post(city, *(f"person-{number}" for number in range(9)))
    ran = nightly(city).well()
    told = ran.json["mail"]
    assert (ran.json["completed"], told["sent"], told["waiting"]) == (True, 0, 9)
    assert "connection refused" in told["error"]
    assert '"mail not sent"' in ran.err
    tried = [one for one in outbox(city).values() if one.attempts]
    assert len(tried) == told["failed"] == 3
    assert all("connection refused" in (one.error or "") for one in tried)
    text = run("--db", city.path, "--as", SYSTEM, "nightly").well().out
    assert "not sent" in text
    assert "To do" in text


def test_a_dry_run_sends_nothing(city: Stage, serving: Serving) -> None:
    """It tells what the check would do; mail is not part of that."""
    server = serving()
    post(city, ANNA)
    ran = run("--db", city.path, "--as", SYSTEM, "--json", "nightly", "--dry-run").well()
    assert ran.json["mail"] is None
    assert not server.taken()


def test_a_sandbox_sends_nothing(stage: Stage, serving: Serving) -> None:
    """Whatever is configured, and whoever asks for it."""
    server = serving()
    post(stage, ANNA)
    told = run("--db", stage.path, "--json", "nightly").well().json["mail"]
    assert (told["reason"], told["sent"], told["waiting"]) == ("sandbox", 0, 1)
    assert retry(stage, "--yes").badly(1).json["unmet"][0]["code"] == "sandbox"
    assert "sandbox" in run("--db", stage.path, "nightly").well().out
    assert not server.taken()


def test_without_settings_the_report_says_that_digests_wait(city: Stage) -> None:
    """In one line, with what to do; nothing else is changed."""
    assert "mail is not set up" not in run("--db", city.path, "--as", SYSTEM, "nightly").well().out
    post(city, ANNA, BEN)
    ran = run("--db", city.path, "--as", SYSTEM, "nightly").well()
    assert "2 digests waiting; mail is not set up" in ran.out
    assert states(city) == {ANNA: "waiting", BEN: "waiting"}


def test_wrong_settings_leave_the_check_completed(city: Stage, home: Path) -> None:
    """The report names file and key."""
    configured(home, '[mail]\nhost = "localhost"\nfrom = "nobody"\n')
    post(city, ANNA)
    told = nightly(city).well().json["mail"]
    assert (told["reason"], told["waiting"]) == ("not_tried", 1)
    assert "mail.from" in told["error"]


def test_who_has_no_address_is_told_of_until_there_is_one(
    city: Stage, serving: Serving, home: Path
) -> None:
    """The others get theirs; once the address is there, the digest goes out."""
    server = serving(more={"domain": None})
    settings = server.settings(domain=None)
    configured(home, f'{settings}[mail.addresses]\n"{BEN}" = "b.smith@city.example"\n')
    post(city, ANNA, BEN)
    ran = nightly(city).well()
    told = ran.json["mail"]
    assert (told["sent"], told["waiting"], told["unaddressed"]) == (1, 1, 1)
    assert told["without_address"] == [ANNA]
    assert outbox(city)[ANNA].error == NO_ADDRESS
    for command in (["nightly"], ["notices"]):
        said = run("--db", city.path, "--as", SYSTEM, *command).well().out
        assert f"NO ADDRESS, and so no mail: {ANNA}" in said
    configured(home, f'{settings}[mail.addresses]\n" {ANNA.upper()}" = "anna@city.example"\n')
    all_due(city)
    assert nightly(city).well().json["mail"]["unaddressed"] == 0
    assert [mail.to for mail in server.taken()] == [
        ["b.smith@city.example"],
        ["anna@city.example"],
    ]
    assert outbox(city)[ANNA].attempts == 1


def test_killed_between_sending_and_marking_it_is_sent_again_under_its_message_id(
    city: Stage, serving: Serving
) -> None:
    """At least once: not before the lease is over, then again, and known as the same."""
    server = serving(more={"timeout": 45})
    server.held.touch()
    post(city, ANNA)
    line = ["--db", city.path, "--as", ANNA, "--json", "notices", "retry"]
    child = started(*line)
    await_taken(server, 1)
    child.kill()
    child.join(WITHIN)
    server.held.unlink()
    assert (outbox(city)[ANNA].state, outbox(city)[ANNA].error) == ("waiting", BEING_SENT)
    assert retry(city).badly(1).json["sent"] == 0
    assert len(server.taken()) == 1
    all_due(city)
    assert retry(city).well().json["sent"] == 1
    first, second = server.taken()
    assert first.raw == second.raw
    assert states(city) == {ANNA: "sent"}


@pytest.mark.sqlite
@pytest.mark.postgresql
def test_two_hosts_at_once_send_each_digest_once(city: Stage, serving: Serving) -> None:
    """Each takes what the other has not."""
    server = serving()
    people = [f"person-{number}" for number in range(40)]
    post(city, *people)
    who = ["--as", ANNA]
    if city.backend == "postgresql":
        city.appoint(postgres.ADMIN, Role.STAFF)
        who = []
    hosts = [started("--db", city.url, *who, "--json", "notices", "retry") for _ in range(2)]
    for host in hosts:
        host.join(WITHIN)
    assert {host.exitcode for host in hosts} <= {0, 1}
    assert states(city) == dict.fromkeys(people, "sent")
    assert sorted(mail.to[0] for mail in server.taken()) == sorted(
        f"{name}@city.example" for name in people
    )


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_login_goes_over_tls_and_is_told_nowhere(
    city: Stage,
    serving: Serving,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    security: str,
) -> None:
    """From a file that is one's own, or from the environment."""
    file = credentials(home, PASSWORD, USER)
    server = serving({"credentials": file.name}, security=security, login=True)
    post(city, ANNA)
    ran = nightly(city).well()
    file.unlink()
    monkeypatch.setenv(USER_VARIABLE, USER)
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    post(city, BEN)
    again = nightly(city).well()
    assert [(mail.login, mail.tls) for mail in server.taken()] == [(USER, True)] * 2
    for told in (ran.out, ran.err, again.out, again.err, everything_stored(city)):
        assert PASSWORD not in told


def test_a_wrong_password_is_told_and_not_shown(city: Stage, serving: Serving, home: Path) -> None:
    """Not even where the server answers with it; nothing of it is on the record."""
    wrong = "swordfish-of-anna"
    file = credentials(home, wrong, USER)
    serving({"credentials": file.name}, security="starttls", login=True)
    post(city, ANNA)
    ran = nightly(city).well()
    told = ran.json["mail"]
    assert "refused the name or the password" in told["error"]
    assert "535" in told["error"]
    stored = everything_stored(city)
    logs = "".join(path.read_text() for path in home.rglob("*.log"))
    for text in (ran.out, ran.err, stored, logs):
        assert wrong not in text


def test_the_password_is_on_no_command_line(city: Stage, serving: Serving, home: Path) -> None:
    """Whoever lists the processes while a digest is sent sees none."""
    file = credentials(home, PASSWORD, USER)
    server = serving({"credentials": file.name, "timeout": 45}, security="starttls", login=True)
    server.held.touch()
    post(city, ANNA)
    line = ["--db", city.path, "--as", ANNA, "--json", "notices", "retry"]
    child = subprocess.Popen(
        [*PROGRAM, *map(str, line)],
        cwd=os.environ["HOME"],
        env=environment(),
        stdout=subprocess.DEVNULL,
    )
    await_taken(server, 1)
    folder = Path(f"/proc/{child.pid}")
    seen = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
    server.held.unlink()
    assert child.wait(WITHIN) == 0
    assert PASSWORD.encode() not in seen


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"ca_file": None}, "not trusted"),
        ({"host": "127.0.0.1"}, "not trusted"),
        ({"security": "starttls"}, "TLS|answer|cut"),
    ],
    ids=["authority", "name", "way"],
)
def test_a_server_that_is_not_the_one_meant_gets_nothing(
    city: Stage, serving: Serving, settings: Mapping[str, object], said: str
) -> None:
    """Its certificate is of an unknown authority or of another name, or it speaks otherwise."""
    server = serving(settings, security="tls")
    post(city, ANNA)
    told = nightly(city).well().json["mail"]
    assert any(word in told["error"] for word in said.split("|")), told["error"]
    assert not server.taken()


def test_what_was_not_sent_for_a_week_is_given_up_and_can_be_sent_again(
    city: Stage, serving: Serving
) -> None:
    """It stays in the outbox as failed, which both the report and the list say."""
    server = serving()
    post(city, "nobody", age=timedelta(days=6, hours=23, minutes=59))
    told = nightly(city).well().json["mail"]
    assert (told["failed"], told["gone"], told["waiting"]) == (1, 1, 0)
    assert states(city) == {"nobody": "failed"}
    assert nightly(city).well().json["mail"]["failed"] == 0
    assert retry(city).badly(1).json["failed"] == 1
    assert states(city) == {"nobody": "failed"}
    assert not server.taken()


def test_what_is_older_than_two_weeks_expires(city: Stage, serving: Serving) -> None:
    """Mail that is set up late floods nobody; not even on request."""
    server = serving()
    post(city, ANNA, age=timedelta(days=15))
    post(city, BEN, age=timedelta(days=13))
    told = nightly(city).well().json["mail"]
    assert (told["sent"], told["gone"], told["waiting"]) == (1, 1, 0)
    assert states(city) == {ANNA: "expired", BEN: "sent"}
    retry(city).well()
    assert [mail.to for mail in server.taken()] == [["ben@city.example"]]


def test_the_program_by_itself_sends_too(city: Stage, serving: Serving) -> None:
    """As a process of its own, as a service runs it."""
    server = serving()
    post(city, ANNA)
    ran = process("--db", city.path, "--as", SYSTEM, "nightly").well()
    assert "Mail: 1 digest sent, 0 waiting." in ran.out
    assert len(server.taken()) == 1
