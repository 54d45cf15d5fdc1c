"""A TCP proxy between the product and its server that cuts the line at a moment of its own."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

_CHUNK = 65_536


class Proxy:
    """Passes on what is said, until somebody says a word; then the line is dead.

    `passed_on` tells whether the server still gets to hear the word; the answer is never heard.
    """

    def __init__(self, port: int, word: bytes = b"", *, passed_on: bool = False) -> None:
        """Listen on a port of its own for connections to another one on this machine."""
        self._target = port
        self._word, self._passed_on = word, passed_on
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.port: int = self._listener.getsockname()[1]
        self.cut = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        """Return the proxy."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening, and cut every line."""
        self._listener.close()
        for one in self._open:
            _close(one)

    def arm(self, word: bytes) -> None:
        """Wait for a word from now on."""
        self._word = word

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                ours, _address = self._listener.accept()
                if self.cut.is_set():
                    _close(ours)
                    continue
                theirs = socket.create_connection(("127.0.0.1", self._target))
                self._open += [ours, theirs]
                for source, target in ((ours, theirs), (theirs, ours)):
                    threading.Thread(
                        target=self._pass_on, args=(source, target, source is ours), daemon=True
                    ).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, asking: bool) -> None:  # noqa: FBT001
        with suppress(OSError):
            while said := source.recv(_CHUNK):
                if asking and self._word and self._word in said:
                    self._cut(source, target, said)
                    return
                if not self.cut.is_set():
                    target.sendall(said)
        _close(source)
        _close(target)

    def _cut(self, source: socket.socket, target: socket.socket, said: bytes) -> None:
        self.cut.set()
        if self._passed_on:
            target.sendall(said)
            # The server has carried it out once it says so; that is not passed on.
            target.settimeout(10)
            with suppress(OSError):
                target.recv(1)
        _close(source)
        _close(target)


def _close(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
