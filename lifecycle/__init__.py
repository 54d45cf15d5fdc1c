"""Decisions and use cases: what staff, deciders and the nightly check do to an agreement.

Owns the machine, the order of steps of each use case, the log line and replay. Knows nothing of
SQL, files, terminals or clocks: it works on the ports in `lifecycle.ports`, and time is a value
that it is given.
"""
