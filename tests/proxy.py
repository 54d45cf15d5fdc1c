"""A TCP proxy between the product and its server, which cuts the line, keeps silent, or is away.

It passes on whole messages of PostgreSQL's protocol, so that a line can be cut before or within any
one of them, in either direction. What it passed on stands in `said`, and in `stopped` the message
at whose place it was cut. A client asks for a flush only while its answer isn't there yet, which
hangs on who was faster: that is passed on, and is no place.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, Self

Side = Literal["asked", "answered"]

_CHUNK = 65_536
_FLUSH = b"H\0\0\0\4"
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Cut:
    """The place at which the line is dead: before a message, or when half of it was passed on.

    Messages are counted from the beginning of the first connection, those of each side by
    themselves.
    """

    side: Side
    number: int
    within: bool = False


class Proxy:
    """Passes on what is said, until its place or its word comes up; then the line is dead.

    Of several words, each counts only once the one before was said. `passed_on` tells whether the
    server still gets to hear the last one; the answer is never heard.
    """

    def __init__(
        self, port: int, *words: bytes, passed_on: bool = False, cut_at: Cut | None = None
    ) -> None:
        """Listen on a port of its own for connections to another one on this machine."""
        self._target = port
        self._words, self._passed_on, self._cut_at = list(words), passed_on, cut_at
        self._heard = False
        self._open: list[socket.socket] = []
        self._flows = threading.Event()
        self._flows.set()
        self._alone = threading.Lock()
        self.said: list[tuple[Side, bytes]] = []
        self.stopped = b""
        self.cut = threading.Event()
        self.port = 0
        self.rise()

    def __enter__(self) -> Self:
        """Return the proxy."""
        return self

    def __exit__(self, *_how: object) -> None:
        """Stop listening, and cut every line."""
        self.fall()

    def arm(self, word: bytes) -> None:
        """Wait for a word from now on."""
        self._words = [word]

    def freeze(self) -> None:
        """Pass on nothing more; every line stays open, as that to a server that was stopped."""
        self._flows.clear()

    def thaw(self) -> None:
        """Pass on again what was held back, and what comes."""
        self._flows.set()

    def fall(self) -> None:
        """Be away, as a server that was shut down: no line stands, and none can be made."""
        _close(self._listener)
        self._flows.set()
        for one in self._open:
            _close(one)
        self._open.clear()

    def rise(self) -> None:
        """Be there (again) under the same port."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        self.cut.clear()
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                ours, _address = listener.accept()
                if self.cut.is_set():
                    _close(ours)
                    continue
                theirs = socket.create_connection(("127.0.0.1", self._target))
                self._open += [ours, theirs]
                for one in (ours, theirs):
                    # Else each message waits until the one before was acknowledged, a moment later.
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for line in ((ours, theirs, "asked"), (theirs, ours, "answered")):
                    threading.Thread(target=self._pass_on, args=line, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, side: Side) -> None:
        with suppress(OSError):
            for message in _messages(source, begins=side == "asked"):
                self._flows.wait(_SECONDS)
                if not self._passes(target, side, message):
                    break
        _close(source)
        _close(target)

    def _passes(self, target: socket.socket, side: Side, message: bytes) -> bool:
        """Pass a message on, and return whether the line still stands."""
        with self._alone:
            if self.cut.is_set():
                return False
            if (side, message) == ("asked", _FLUSH):
                target.sendall(message)
                return True
            number = sum(whose == side for whose, _message in self.said)
            here = self._cut_at
            if here is not None and (here.side, here.number) == (side, number):
                self.cut.set()
                self.stopped = message
                if here.within:
                    target.sendall(message[: len(message) // 2])
                return False
            if side == "answered" and self._heard:
                # The server has carried it out, since it says so; that is not passed on.
                self.cut.set()
                return False
            if side == "asked" and self._words and self._words[0] in message:
                self._words.pop(0)
                if not self._words and not self._passed_on:
                    self.cut.set()
                    return False
                self._heard = not self._words
            self.said.append((side, message))
            target.sendall(message)
            return True


def _messages(source: socket.socket, *, begins: bool) -> Iterator[bytes]:
    """Yield what is said, message by message; the first one of a client has no letter."""
    held = b""
    while said := source.recv(_CHUNK):
        held += said
        while (size := _size(held, begins=begins)) and size <= len(held):
            message, held, begins = held[:size], held[size:], False
            yield message


def _size(held: bytes, *, begins: bool) -> int:
    """Return how long the first message is; 0 as long as that is not known."""
    letters = 0 if begins else 1
    if len(held) < letters + 4:
        return 0
    return letters + int.from_bytes(held[letters : letters + 4], "big")


def _close(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
