"""How the functions are set in the database, and how it is found that one is gone or altered."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files

from store.append.words import WORDS
from store.appendonly import SCHEMA

SQLSTATE = "LC002"
"""Under which PostgreSQL answers that a line, or what comes with it, may not be written."""

PATH = "search_path=pg_catalog, pg_temp"


@dataclass(frozen=True, slots=True)
class Function:
    """One function as PostgreSQL keeps it; a definer runs with the rights of who owns it."""

    name: str
    arguments: str
    result: str
    definer: bool = False

    @property
    def body(self) -> str:
        """What it does: the file of its name, with this release's words."""
        text = (files("store") / "append" / f"{self.name}.sql").read_text("utf-8")
        return re.sub("@([A-Z_]+)@", lambda found: WORDS[found[1]], text)

    def statements(self) -> Iterator[str]:
        """Yield what sets it, in place of whatever has its name and arguments."""
        rights = "DEFINER" if self.definer else "INVOKER"
        yield (
            f"CREATE OR REPLACE FUNCTION {SCHEMA}.{self.name}({self.arguments})"
            f" RETURNS {self.result} LANGUAGE plpgsql VOLATILE SECURITY {rights}"
            f" SET search_path = pg_catalog, pg_temp AS $body${self.body}$body$"
        )
        yield f"REVOKE ALL ON FUNCTION {SCHEMA}.{self.name} FROM PUBLIC"


_ONE = f"of_program {SCHEMA}.program"
_FUNCTIONS = (
    Function(
        "insist_form",
        f"{_ONE}, at_stream bigint, at_n bigint, at_head text, said jsonb",
        "void",
    ),
    Function(
        "insist_right",
        f"{_ONE}, at_stream bigint, standing_approvals text, said jsonb",
        "void",
    ),
    Function(
        "insist_brought",
        "one lifecycle.agreement, said jsonb, named jsonb",
        "void",
    ),
    Function("insist_others", f"{_ONE}, said jsonb, named jsonb", "void"),
    Function(
        "append",
        "at_program integer, at_stream bigint, at_version bigint, at_n bigint, at_policy text,"
        " at_roles text, new_line text, changed text, at_term integer, of_term text,"
        " OUT written integer, OUT policy_now text, OUT roles_now text",
        "record",
        definer=True,
    ),
    Function(
        "append_program",
        "at_program integer, new_line text, changed text, OUT written integer",
        "integer",
        definer=True,
    ),
    Function(
        "restate",
        "at_program integer, rows text, OUT written bigint",
        "bigint",
        definer=True,
    ),
)

ENTRANCES = tuple(function.name for function in _FUNCTIONS if function.definer)
"""The functions that working roles may call."""

# Whoever upgrades may be somebody else than the owner, who keeps what is new as well: a function
# runs with its owner's rights, and may do nothing to a table of somebody else's.
_OWNED = """
DO $own$
DECLARE
  mine oid := (SELECT relowner FROM pg_catalog.pg_class WHERE oid = 'lifecycle.entry'::regclass);
  one record;
BEGIN
  FOR one IN SELECT 'TABLE ' || oid::regclass AS what FROM pg_catalog.pg_class
      WHERE relnamespace = 'lifecycle'::regnamespace AND relkind = 'r' AND relowner <> mine
    UNION ALL SELECT 'FUNCTION ' || oid::regprocedure FROM pg_catalog.pg_proc
      WHERE pronamespace = 'lifecycle'::regnamespace AND proowner <> mine LOOP
    EXECUTE format('ALTER %s OWNER TO %I', one.what, pg_get_userbyid(mine));
  END LOOP;
END
$own$
"""

STANDING = """
SELECT proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), prosrc, prosecdef,
  proconfig, p.provolatile::text, proowner = (SELECT relowner FROM pg_catalog.pg_class
    WHERE oid = 'lifecycle.entry'::regclass),
  EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0)
FROM pg_catalog.pg_proc AS p WHERE pronamespace = 'lifecycle'::regnamespace
"""
"""The statement that says how the functions stand."""


def functions() -> tuple[Function, ...]:
    """Return every function."""
    return _FUNCTIONS


def function_statements() -> Iterator[str]:
    """Yield what sets every function anew."""
    for function in _FUNCTIONS:
        yield from function.statements()
    yield _OWNED


def missing_functions(standing: Iterable[tuple[object, ...]]) -> Iterator[str]:
    """Yield those that are gone, or do not stand as this release makes them."""
    known = list(standing)
    for function in _FUNCTIONS:
        found = [tuple(facts) for name, *facts in known if name == function.name]
        wanted = (
            # Our schema is the first on our path, and goes without its name.
            function.arguments.replace(f"{SCHEMA}.", ""),
            function.result,
            function.body,
            function.definer,
            [PATH],
            "v",
            True,
            False,
        )
        if found != [wanted]:
            yield function.name
