"""A real program on PostgreSQL in which everybody has a login of their own, as `db grants` says.

What people do goes through the use cases, each over their own login's connection; who reads is an
auditor. `as_login` opens a bare connection, for those who try what the product never would.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict

from lifecycle.appointing import found
from lifecycle.entry import Actor
from lifecycle.night import Report
from lifecycle.nightly import nightly
from lifecycle.order import Order, Receipt
from lifecycle.ports import Unit
from lifecycle.replay import Finding
from states.vocabulary import Role
from store.grants import Names, grants
from store.opening import open_store
from store.store import Store
from tests import postgres
from tests.builders import ANNA
from tests.hands import ADMIN, CITY, SYSTEM
from tests.stage import Stage

T = TypeVar("T")

AUDRA = "audra"
"""Who audits: a login that only reads."""


class Logins:
    """The roles that the SQL makes in a stage's database, and logins in them."""

    def __init__(self, url: str) -> None:
        """Run the SQL, twice; nobody has a login yet."""
        self.url = url
        self.database = str(conninfo_to_dict(url)["dbname"])
        words = ("owner", "staff", "auditor", "scheduler")
        self.roles = Names(*(f"{self.database}_{word}" for word in words))
        self._logins: list[str] = []
        self.run()
        self.run()

    def run(self) -> None:
        """Run what is printed."""
        postgres.execute(self.url, "\n".join(grants(self.roles)))

    def name(self, who: str) -> str:
        """Return somebody's login."""
        return f"{self.database}_{who}"

    def add(self, who: str, *roles: str) -> str:
        """Make a login in some of the roles; returns its name."""
        login = self.name(who)
        within = f"IN ROLE {', '.join(roles)}" if roles else ""
        postgres.execute(self.url, f"CREATE ROLE {login} LOGIN {within}")
        self._logins.append(login)
        return login

    def url_of(self, who: str) -> str:
        """Return the database's URL for somebody."""
        return postgres.as_login(self.url, self.name(who))

    @contextmanager
    def as_login(self, who: str) -> Iterator[psycopg.Connection[Any]]:
        """Connect as somebody, in our schema; nothing is kept."""
        options = "-c search_path=lifecycle"
        with psycopg.connect(self.url_of(who), options=options) as connection:
            try:
                yield connection
            finally:
                connection.rollback()

    def drop(self) -> None:
        """Take logins and roles away again."""
        roles = self.roles
        for role in (*self._logins, roles.staff, roles.auditor, roles.scheduler, roles.owner):
            postgres.execute(self.url, f"DROP OWNED BY {role} CASCADE")
            postgres.execute(self.url, f"DROP ROLE {role}")


_BY_HAND = (3, "authority.differs")
"""The program's line that makes a login admin, which no admin wrote."""


class City(Stage):
    """A real program whose people each act over their own login."""

    def __init__(self, folder: Path, **how: Any) -> None:  # noqa: ANN401 - as a stage
        """Found it as who owns the server, and let its admin grant the roles of `CITY`."""
        super().__init__(folder, **{"sandbox": False, **how}, backend="postgresql")
        self._stores: dict[str, Store] = {}
        self.logins = Logins(self.url)
        roles = self.logins.roles
        for who in (ADMIN, *(name for name, role in CITY if role is not Role.SCHEDULER)):
            self.logins.add(who, roles.staff)
        self.logins.add(SYSTEM, roles.scheduler)
        self.logins.add(AUDRA, roles.auditor)
        if how.get("sandbox"):
            return
        with self.store.unit() as unit:
            self._found(unit)
        self.store.close()
        self.store = open_store(self.logins.url_of(AUDRA))
        self.with_people()

    def order(self, actor: str = ANNA, **more: Any) -> Order:  # noqa: ANN401 - any field of Order
        """Return the order of somebody who is proved by the database."""
        order = super().order(actor, **more)
        return replace(order, actor=Actor(self.logins.name(actor), "database"))

    def do(self, act: Callable[[Unit, Order], T], **order: Any) -> T:  # noqa: ANN401
        """Carry out a use case over the connection of who orders it."""
        with self.store_of(order.get("actor", ANNA)).unit() as unit:
            return act(unit, self.order(**order))

    def appoint(self, name: str, role: Role, **change: Any) -> Receipt:  # noqa: ANN401
        """Grant a role to somebody's login."""
        return super().appoint(self.logins.name(name), role, **change)

    def nightly(self, **order: Any) -> Report:  # noqa: ANN401
        """Run the nightly check over its own login."""
        night = self.order(**{"actor": SYSTEM, **order})
        return nightly(self.store_of(SYSTEM), night, catch_up=True)

    def store_of(self, who: str) -> Store:
        """Return the store as somebody has it open."""
        if who not in self._stores:
            self._stores[who] = open_store(self.logins.url_of(who))
        return self._stores[who]

    def verify(self) -> list[Finding]:
        """Return what is wrong, but for the admin's grant that was made by hand."""
        return [one for one in super().verify() if (one.n, one.code) != _BY_HAND]

    def end(self) -> None:
        """Close every store, and take the logins away."""
        for store in (self.store, *self._stores.values()):
            store.close()
        self.logins.drop()
        super().end()

    def _found(self, unit: Unit) -> None:
        """Make the admin's login admin, as `init --admin` does."""
        order = Order(actor=Actor("postgres", "database"), now=super().order().now)
        found(unit, order, self.logins.name(ADMIN))
