"""What is planted in a sealed log behind the product's back, and what has to be found of it.

Each is the table, the statements, and the findings: their code, stream and line. The log is the one
of `tests/store/test_log_tampering.py`.
"""

from states.ref import Ref
from tests.stage import Stage

Found = set[tuple[str, str, int | None]]

TOR = "TOR"
REF = "TOR-2026-001"
OTHER = "TOR-2026-002"


def no_triggers(table: str) -> tuple[str, ...]:
    """Return what takes a table's triggers away."""
    names = [f"{table}_no_update", f"{table}_no_delete", f"{table}_extends"]
    names += ["entry_queued"] if table == "entry" else []
    return ("PRAGMA foreign_keys=OFF", *(f"DROP TRIGGER {name}" for name in names))


DEEP = "UPDATE entry SET line = '{{\"x\":' || replace(hex(zeroblob(50000)), '00', '[')"
EDITED = "UPDATE entry SET line = replace(line, '\"anna\"', '\"anya\"')"
_SWAP = (
    "UPDATE entry SET line = (SELECT line FROM two WHERE two.n = 5 - entry.n)"
    " WHERE stream = {one} AND n IN (2, 3)"
)
SWAPPED = (
    "CREATE TEMP TABLE two AS SELECT n, line FROM entry WHERE stream = {one} AND n IN (2, 3)",
    _SWAP,
)
FOREIGN = (
    "UPDATE entry SET line = replace(line, '\"TOR\"', '\"MTL\"') WHERE stream = {one} AND n = 3"
)
LEAVES_SWAPPED = (
    "CREATE TEMP TABLE two AS SELECT * FROM leaf WHERE leaf IN (30, 31)",
    "DELETE FROM leaf WHERE leaf IN (30, 31)",
    "INSERT INTO leaf SELECT 1, 61 - leaf, stream, n FROM two",
)
_TILE = "UPDATE tile SET hashes = CAST(HASHES AS BLOB)"

PLANTED: dict[str, tuple[str, tuple[str, ...], Found]] = {
    "a line edited in the middle": (
        "entry",
        (EDITED + " WHERE stream = {one} AND n = 2",),
        {("line.altered", REF, 2), ("prev.broken", REF, 3), ("root.differs", TOR, None)},
    ),
    "a line edited at the end of its stream": (
        "entry",
        (EDITED + " WHERE stream = {seven}",),
        {("line.altered", "TOR-2026-007", 1), ("root.differs", TOR, None)},
    ),
    "a line edited that no full tile covers": (
        "entry",
        (EDITED + " WHERE stream = {two} AND n = 3",),
        {("root.differs", TOR, None)},
    ),
    "a line edited that waits": (
        "entry",
        ("UPDATE entry SET line = replace(line, 'dora', 'doro') WHERE stream = {two} AND n = 4",),
        {("prev.broken", OTHER, 5)},
    ),
    "two lines swapped": (
        "entry",
        SWAPPED,
        {("n.gap", REF, 3), ("line.altered", REF, 3), ("line.altered", REF, 2)},
    ),
    "the lines of two leaves swapped": (
        "leaf",
        LEAVES_SWAPPED,
        {
            ("line.altered", "TOR-2026-020", 1),
            ("line.altered", "TOR-2026-021", 1),
            ("root.differs", TOR, None),
        },
    ),
    "a line removed in the middle": (
        "entry",
        ("DELETE FROM entry WHERE stream = {one} AND n = 2",),
        {("line.gone", TOR, None), ("n.gap", REF, 3), ("root.differs", TOR, None)},
    ),
    "a line that waits removed": (
        "entry",
        ("DELETE FROM entry WHERE stream = {one} AND n = 5",),
        {("line.gone", TOR, None)},
    ),
    "a line with its leaf removed": (
        "leaf",
        ("DELETE FROM leaf WHERE stream = {one} AND n = 2",),
        {("line.gone", TOR, None), ("line.astray", REF, 2), ("n.gap", REF, 3)},
    ),
    "a line that says nothing": (
        "entry",
        ("UPDATE entry SET line = '{{}}' WHERE stream = {one} AND n = 2",),
        {("line.unreadable", TOR, None), ("line.altered", TOR, None), ("n.gap", REF, 3)},
    ),
    "a line that is nested too deeply": (
        "entry",
        (DEEP + " WHERE stream = {one} AND n = 2",),
        {("line.unreadable", TOR, None), ("line.altered", TOR, None), ("n.gap", REF, 3)},
    ),
    "a line of another program": (
        "entry",
        (FOREIGN,),
        {("line.foreign", REF, 3), ("line.altered", REF, 3)},
    ),
    "the first line of all edited": (
        "entry",
        ("UPDATE entry SET line = replace(line, 'admin', 'nimda') WHERE stream = 0 AND n = 1",),
        {
            ("checkpoint.foreign", TOR, None),
            ("line.altered", TOR, 1),
            ("prev.broken", TOR, 2),
        },
    ),
    "a tile altered": (
        "tile",
        (_TILE.replace("HASHES", "substr(hashes, 33) || substr(hashes, 1, 32)"),),
        {("tile.differs", TOR, None)},
    ),
    "one hash of a tile altered": (
        "tile",
        (_TILE.replace("HASHES", "substr(hashes, 1, 8191) || x'00'"),),
        {("tile.differs", TOR, None)},
    ),
    "a tile cut": ("tile", (_TILE.replace("HASHES", "x'00'"),), {("tile.differs", TOR, None)}),
    "a tile removed": ("tile", ("DELETE FROM tile",), {("tile.differs", TOR, None)}),
    "a checkpoint's instant altered": (
        "seal",
        ("UPDATE seal SET sealed_at = '2001-01-01T00:00:00.000000Z'",),
        {("seal.differs", TOR, None)},
    ),
    "a checkpoint's peaks altered": (
        "seal",
        ("UPDATE seal SET peaks = 'zz'",),
        {("seal.differs", TOR, None)},
    ),
    "a checkpoint's root altered": (
        "seal",
        ("UPDATE seal SET root = replace(root, 'a', 'b')",),
        {("seal.differs", TOR, None)},
    ),
    "a checkpoint said to be of more lines": (
        "seal",
        ("UPDATE seal SET size = 999999999999999999 WHERE size = (SELECT max(size) FROM seal)",),
        {("seal.differs", TOR, None)},
    ),
    "a checkpoint's note redated": (
        "seal",
        ("UPDATE seal SET note = replace(note, 'sealed_at 2', 'sealed_at 1')",),
        {("seal.differs", TOR, None), ("signature.wrong", TOR, None)},
    ),
    "a checkpoint's note dated to no day": (
        "seal",
        ("UPDATE seal SET note = replace(note, 'sealed_at 2', 'sealed_at \x1b[2J')",),
        {("seal.differs", TOR, None), ("signature.wrong", TOR, None)},
    ),
    "a checkpoint's note cut": (
        "seal",
        ("UPDATE seal SET note = substr(note, 1, 80)",),
        {("checkpoint.unreadable", TOR, None)},
    ),
    "the newest checkpoint removed": (
        "seal",
        ("DELETE FROM seal WHERE size = (SELECT max(size) FROM seal)",),
        {("checkpoint.missing", TOR, None)},
    ),
    "every checkpoint removed": (
        "seal",
        ("DELETE FROM seal",),
        {("checkpoint.missing", TOR, None)},
    ),
    "a line that waits for nothing": (
        "unsealed",
        ("DELETE FROM unsealed WHERE stream = {one}",),
        {("line.astray", REF, 5)},
    ),
    "a line that waits for a second seal": (
        "unsealed",
        ("INSERT INTO unsealed VALUES (1, {one}, 2)",),
        {("n.gap", REF, 2)},
    ),
    "a line that waits and never was": (
        "unsealed",
        ("INSERT INTO unsealed VALUES (1, 900, 1)",),
        {("line.gone", TOR, None)},
    ),
    "a leaf before the first one": (
        "leaf",
        ("DELETE FROM unsealed WHERE stream = {one}", "INSERT INTO leaf VALUES (1, -1, {one}, 5)"),
        {("line.astray", REF, 5)},
    ),
    "a leaf far beyond the last one": (
        "leaf",
        (
            "DELETE FROM unsealed WHERE stream = {one}",
            "INSERT INTO leaf VALUES (1, 999999999999999999, {one}, 5)",
        ),
        {("line.gone", TOR, None), ("checkpoint.missing", TOR, None)},
    ),
    "a leaf beyond the newest checkpoint": (
        "leaf",
        (
            "DELETE FROM unsealed WHERE stream = {one}",
            "INSERT INTO leaf SELECT 1, max(leaf) + 1, {one}, 5 FROM leaf",
        ),
        {("checkpoint.missing", TOR, None)},
    ),
    "the public key made unreadable": (
        "signing_key",
        ("UPDATE signing_key SET key = 'nonsense'",),
        {("key.differs", TOR, None)},
    ),
    "the public key removed": (
        "signing_key",
        ("DELETE FROM signing_key",),
        {("key.differs", TOR, None)},
    ),
    "what the log says of its key altered": (
        "beside",
        ("UPDATE beside SET body = replace(body, '+', '-') WHERE kind = 'key'",),
        {("key.differs", TOR, None), ("key.missing", TOR, None)},
    ),
}

NUMBERS = {"one": 1, "two": 2, "seven": 7}


def plant(stage: Stage, name: str) -> None:
    """Change the database as it is said."""
    table, statements, _ = PLANTED[name]
    at = {name: Ref.parse(f"TOR-2026-{n:03}").key for name, n in NUMBERS.items()}
    gone = no_triggers(table) if table != "unsealed" else ()
    stage.tamper(*gone, *(one.format(**at) for one in statements))
