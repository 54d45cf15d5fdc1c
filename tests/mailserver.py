"""A real mail server for the tests, in a process of its own: strict, moody, or slow, as it is told.

What it has taken stands in its folder, a file a mail, in the order in which it came. A mood is
drawn with the server's own seed: refusing for now at each step, cutting the line before or after a
mail was taken, saying nothing.
"""

import asyncio
import json
import os
import random
import ssl
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, Self

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests import forked

MOODS = ("busy", "refuses", "rejects", "cuts", "cuts_after", "silent")
NAME = "localhost"
SILENT_SECONDS = 2.5
"""How long a silent server keeps silent: longer than the timeout that tests set."""

USER, PASSWORD = "lifecycle", "correct horse battery"
_WITHIN = 20
_WORD = 80


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail that the server has taken: from whom to whom, by whose login, and what it says."""

    sender: str
    to: Sequence[str]
    login: str | None
    tls: bool
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """The mail as a mail program reads it."""
        message = message_from_bytes(self.raw, policy=default)
        assert isinstance(message, EmailMessage)
        return message

    @property
    def id(self) -> str:
        """Its Message-ID."""
        return str(self.message["Message-ID"])


class MailServer:
    """A server that runs as long as the block does.

    `security` is `none`, `starttls` or `tls`; `login` wants one; `often` is how often it is in one
    of its `moods`; while the file `held` is there, it takes a mail and does not say so.
    """

    def __init__(self, folder: Path, **settings: Any) -> None:  # noqa: ANN401 - as JSON
        """Take the folder to keep mails in, and the settings."""
        self.folder = folder
        self.held = folder / "held"
        self.ca = folder / "ca.pem"
        self._settings = settings
        self._running = ExitStack()

    def __enter__(self) -> Self:
        """Start, and know the port."""
        self.folder.mkdir(exist_ok=True)
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(self.ca))
        name = self._settings.get("name", NAME)
        pem = authority.issue_cert(name).private_key_and_cert_chain_pem
        pem.write_to_path(str(self.folder / "server.pem"))
        (stdin, held_open), (answer, stdout) = os.pipe(), os.pipe()
        words, streams = (str(self.folder), json.dumps(self._settings)), (stdin, stdout, 2)
        process = forked.begun(_main, *words, streams=streams, start=forked.Start())
        os.close(stdin)
        os.close(stdout)
        self._running.callback(os.close, held_open)
        self._running.enter_context(closing(process))
        self._running.callback(process.join, _WITHIN)
        self._running.callback(process.kill)
        self.port = int(os.read(answer, _WORD))
        os.close(answer)
        return self

    def __exit__(self, *_how: object) -> None:
        """Stop; whoever still waits for an answer gets none."""
        self._running.close()

    def taken(self) -> list[Taken]:
        """Return the mails that were taken, the first one first."""
        return [_read(path) for path in sorted(self.folder.glob("*.mail"))]

    def settings(self, **more: object) -> str:
        """Return a lifecycle.toml's table [mail] for this server."""
        keys: Mapping[str, object] = {
            "host": NAME,
            "port": self.port,
            "security": self._settings.get("security", "none"),
            "from": "Alliances <lifecycle@city.example>",
            "ca_file": str(self.ca),
            "timeout": 1,
            "domain": "city.example",
            **more,
        }
        # JSON's numbers and texts are TOML's too.
        said = (f"{key} = {json.dumps(value)}\n" for key, value in keys.items() if value)
        return f"[mail]\n{''.join(said)}"


def _read(path: Path) -> Taken:
    envelope, _, raw = path.read_bytes().partition(b"\n")
    return Taken(**json.loads(envelope), raw=raw)


class _Moody:
    """What the server answers at each step of a mail."""

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        self._folder = folder
        self._moods = settings.get("moods", MOODS)
        self._often = settings.get("often", 0.0)
        self._chance = random.Random(settings.get("seed", 0))  # noqa: S311 - of a test
        self._count = 0
        self._mood: str | None = None

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        bad = self._chance.random() < self._often
        self._mood = self._chance.choice(self._moods) if bad else None
        if self._mood == "cuts":
            _line(server).abort()
        if self._mood == "silent":
            await asyncio.sleep(SILENT_SECONDS)
        if self._mood == "busy":
            return "451 4.3.2 Busy, come later"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if self._mood == "refuses":
            return "450 4.2.1 Mailbox busy"
        if "nobody" in address:
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self._mood == "rejects":
            return "452 4.3.1 No room for it"
        self._keep(server, session, envelope)
        while (self._folder / "held").exists():  # noqa: ASYNC110 - another process's file
            await asyncio.sleep(0.02)
        if self._mood == "cuts_after":
            _line(server).abort()
        return "250 Taken"

    def _keep(self, server: SMTP, session: Session, envelope: Envelope) -> None:
        self._count += 1
        login: object = session.auth_data
        said = {
            "sender": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "login": login.decode() if isinstance(login, bytes) else None,
            "tls": _line(server).get_extra_info("sslcontext") is not None,
        }
        raw = envelope.content
        assert isinstance(raw, bytes)
        unfinished = self._folder / f"{self._count:06}.new"
        unfinished.write_bytes(json.dumps(said).encode() + b"\n" + raw)
        unfinished.rename(unfinished.with_suffix(".mail"))


def _line(server: SMTP) -> asyncio.Transport:
    assert isinstance(server.transport, asyncio.Transport)
    return server.transport


def _authenticate(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
) -> AuthResult:
    known = LoginPassword(USER.encode(), PASSWORD.encode())
    if isinstance(data, LoginPassword) and data == known:
        return AuthResult(success=True, auth_data=USER.encode())
    # It answers with what it was given, as servers should not.
    given = data.password.decode() if isinstance(data, LoginPassword) else ""
    return AuthResult(success=False, handled=False, message=f"535 5.7.8 No, not {given}")


async def _serve(folder: Path, settings: Mapping[str, Any]) -> None:
    security, wants = settings.get("security", "none"), settings.get("login", False)
    context = None
    if security != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(folder / "server.pem")
    handler = _Moody(folder, settings)
    loop = asyncio.get_running_loop()

    def session() -> SMTP:
        return SMTP(
            handler,
            hostname=NAME,
            tls_context=context if security == "starttls" else None,
            require_starttls=security == "starttls",
            authenticator=_authenticate if wants else None,
            auth_required=wants,
            auth_require_tls=False,
            auth_exclude_mechanism=() if wants else ("LOGIN", "PLAIN"),
            loop=loop,
        )

    server = await loop.create_server(
        session, "127.0.0.1", 0, ssl=context if security == "tls" else None
    )
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    # Whoever started it holds its standard input: without them it ends, too.
    threading.Thread(
        target=lambda: (sys.stdin.read(), loop.call_soon_threadsafe(loop.stop))
    ).start()
    await server.serve_forever()


def _main() -> None:
    asyncio.run(_serve(Path(sys.argv[1]), json.loads(sys.argv[2])))
