"""The program as a command of a shell, each of whose runs is forked off a clean process.

The command that stands on the shell's path only passes on its words, environment, folder and
standard streams, and ends with the code that it is told (`tests.forked` does the rest).
"""

import json
import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from tests import forked
from tests.cli.running import program

_MOST = 1 << 16
_KNOCK = """
import json, os, socket, sys
door = socket.socket(socket.AF_UNIX)
door.connect(sys.argv[1])
said = json.dumps([sys.argv[2:], dict(os.environ), os.getcwd()])
socket.send_fds(door, [said.encode()], [0, 1, 2])
sys.exit(int(door.recv(9)))
"""


@contextmanager
def command(file: Path) -> Iterator[None]:
    """Let a file be the program, until the block ends."""
    place = file.with_suffix(".door")
    knock = file.with_suffix(".py")
    knock.write_text(_KNOCK)
    file.write_text(f'#!/bin/sh\nexec "{sys.executable}" -IS "{knock}" "{place}" "$@"\n')
    file.chmod(0o755)
    forked.context()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(place))
        listener.listen()
        keeper = threading.Thread(target=_keep, args=(listener,))
        keeper.start()
        try:
            yield
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            keeper.join()


def _keep(listener: socket.socket) -> None:
    with suppress(OSError):
        while True:
            caller, _address = listener.accept()
            threading.Thread(target=_let_in, args=(caller,)).start()


def _let_in(caller: socket.socket) -> None:
    with caller:
        said, streams, _flags, _address = socket.recv_fds(caller, _MOST, 3)
        words, env, cwd = json.loads(said)
        into, out, err = streams
        start = forked.Start(env, cwd)
        process = forked.begun(program, *words, streams=(into, out, err), start=start)
        for number in streams:
            os.close(number)
        process.join()
        with closing(process):
            caller.sendall(b"%d" % (process.exitcode or 0))
