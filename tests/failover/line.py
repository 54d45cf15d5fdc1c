"""The network between a primary and its standby: it takes its time, and can be cut.

What is on its way when it is cut never arrives, as when the machine that sent it is gone.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from queue import Queue
from threading import Event, Thread
from time import monotonic, sleep

_CHUNK = 65_536
_Parts = Queue[tuple[float, bytes]]


class Line:
    """Passes on what a server says to those who connect here, `delay` seconds later."""

    def __init__(self, port: int, delay: float) -> None:
        """Listen on a port of its own for connections to another one on this machine."""
        self._target, self._delay = port, delay
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._dead = Event()
        self.port: int = self._listening.getsockname()[1]
        Thread(target=self._listen, daemon=True).start()

    def cut(self) -> None:
        """Let nothing more through, what is on its way included."""
        self._dead.set()
        for one in (self._listening, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                near, _who = self._listening.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                self._open += [near, far]
                on_its_way: _Parts = Queue()
                for work in (
                    partial(_pass, near, far),
                    partial(self._send, far, on_its_way),
                    partial(self._arrive, on_its_way, near),
                ):
                    Thread(target=work, daemon=True).start()

    def _send(self, far: socket.socket, on_its_way: _Parts) -> None:
        for part in _said(far):
            on_its_way.put((monotonic() + self._delay, part))
        on_its_way.put((0, b""))

    def _arrive(self, on_its_way: _Parts, near: socket.socket) -> None:
        with suppress(OSError):
            while True:
                due, part = on_its_way.get()
                sleep(max(0, due - monotonic()))
                if self._dead.is_set() or not part:
                    near.close()
                    return
                near.sendall(part)


def _pass(near: socket.socket, far: socket.socket) -> None:
    with suppress(OSError):
        for part in _said(near):
            far.sendall(part)


def _said(by: socket.socket) -> Iterator[bytes]:
    with suppress(OSError):
        while part := by.recv(_CHUNK):
            yield part


@contextmanager
def line_to(port: int, delay: float) -> Iterator[Line]:
    """Return a line that is cut when the block ends."""
    line = Line(port, delay)
    try:
        yield line
    finally:
        line.cut()
