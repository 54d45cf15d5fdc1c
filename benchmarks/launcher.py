"""Starts commands for who measures them: a process so small that it counts for nothing itself.

What a process is said to have taken at most includes what the one that started it had then (Linux
hands `ru_maxrss` on), and a benchmark has more than some commands. Reads a command's words a line,
as JSON; answers with its seconds, CPU seconds, kilobytes at the most, and exit code.
"""

import json
import os
import sys
import time

_NOWHERE = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]


def main() -> None:
    """Answer until nobody asks any more."""
    for line in sys.stdin:
        words = json.loads(line)
        began = time.perf_counter()
        child = os.posix_spawn(words[0], words, os.environ, file_actions=_NOWHERE)
        _pid, status, used = os.wait4(child, 0)
        seconds, code = time.perf_counter() - began, os.waitstatus_to_exitcode(status)
        told = (seconds, used.ru_utime + used.ru_stime, used.ru_maxrss, code)
        print(json.dumps(told), flush=True)


main()
