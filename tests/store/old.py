"""The databases of released schemas (tests/store/released), put where a test can use them."""

import gzip
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import postgres
from tests.builders import ROOT

FOLDER = ROOT / "tests" / "store" / "released"


def released(backend: str) -> list[str]:
    """Return the names of the databases that were released for one kind."""
    ending = ".sql.gz" if backend == "postgresql" else ".db.gz"
    return sorted(path.name for path in FOLDER.glob(f"*{ending}"))


@contextmanager
def put(name: str, folder: Path) -> Iterator[str]:
    """Make one of them; yields its URL or path."""
    body = gzip.decompress((FOLDER / name).read_bytes())
    if name.endswith(".db.gz"):
        path = folder / name.removesuffix(".gz")
        path.write_bytes(body)
        yield str(path)
        return
    url = postgres.new_database()
    try:
        psql = str(postgres.programs() / "psql")
        line = [psql, "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--output=/dev/null", url]
        subprocess.run(line, input=body, check=True, capture_output=True)
        yield url
    finally:
        postgres.drop(url)
