"""PostgreSQL as the database: the same SQL through `server.dialect`, one writer at a time for each account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from peewee import OperationalError
from playhouse.pool import PooledPostgresqlDatabase
from psycopg import adapt, pq
from psycopg.types.string import StrDumperUnknown

from server import dialect
from server.config import ConfigError

# Two locks of whoever writes: all of it (shared by those who write for one account alone), and that account.
WHOLE, TURN = 0x6479, 0x647A
ALL = f"SELECT pg_advisory_xact_lock({WHOLE}, 0)"
ONE = f"SELECT pg_advisory_xact_lock_shared({WHOLE}, 0), pg_advisory_xact_lock({TURN}, ?)"

# What is committed survives a power cut, whatever the box says. A writer waits for its turn as long as with SQLite; a
# line to a server that is gone is noticed.
OPTIONS = (
    "-c synchronous_commit=on -c lock_timeout=5s -c timezone=UTC -c standard_conforming_strings=on -c jit=off"
)
LINE = {"connect_timeout": 5, "keepalives_idle": 30, "keepalives_interval": 5, "keepalives_count": 3}
MOST = 32  # connections at once, of one process; whoever wants another waits
WAIT = 10.0


class _Number(adapt.Loader):
    """Sums of whole numbers are whole numbers, as in SQLite."""

    format = pq.Format.TEXT

    def load(self, data: Any) -> int | float:
        text = bytes(data)
        return int(text) if b"." not in text and text != b"NaN" else float(text)


class _Flag(adapt.Dumper):
    """Flags are numbers."""

    format = pq.Format.TEXT

    def dump(self, obj: Any) -> bytes:
        return b"1" if obj else b"0"

    quote = dump


class _Text(StrDumperUnknown):
    """PostgreSQL keeps no character 0; nobody's name has one."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", "\ufffd") if "\0" in obj else obj)


psycopg.adapters.register_loader("numeric", _Number)
psycopg.adapters.register_dumper(bool, _Flag)
psycopg.adapters.register_dumper(str, _Text)


class Cursor(psycopg.ClientCursor[Any]):
    """Values are written into the statement here, so the server never has to guess what kind they are."""

    def execute(self, query: Any, params: Any = None, **more: Any) -> Cursor:
        text, order = dialect.translated(query)
        super().execute(text, _ordered(params or (), order), **more)
        return self

    def executemany(self, query: Any, params_seq: Iterable[Any], **more: Any) -> None:
        text, order = dialect.translated(query)
        super().executemany(text, [_ordered(params, order) for params in params_seq], **more)


def _ordered(values: Any, order: tuple[int, ...] | None) -> Any:
    return values if order is None else [values[at] for at in order]


class Postgres(PooledPostgresqlDatabase):  # type: ignore[misc]
    param = "?"  # Peewee's own statements go the same way as ours

    url = ""

    def point(self, url: str) -> None:
        self.url = url
        self.close_idle()
        self.init(url, prefer_psycopg3=True, cursor_factory=Cursor, options=OPTIONS, max_connections=MOST,
                  timeout=WAIT, stale_timeout=300, **LINE)  # fmt: skip
        try:
            self.connect()
        except OperationalError as wrong:
            sentence = str(wrong).splitlines()[0]  # no password is in it
            raise ConfigError(f"The database that DATABASE_URL names does not answer: {sentence}") from None
        self.close()

    def _is_closed(self, connection: Any) -> bool:
        """Asks the line, not the server: each ring would wait for that."""
        try:
            connection.pgconn.consume_input()
        except psycopg.OperationalError:
            return True
        return bool(connection.closed or connection.pgconn.transaction_status != pq.TransactionStatus.IDLE)

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Answers come whole: outside a transaction the connection is free again, who waits for Poster holds none."""
        try:
            return super().execute_sql(sql, params)
        finally:
            if not self.in_transaction():
                self.close()

    @contextmanager
    def writing(self, account: int | None = None) -> Iterator[None]:
        """A transaction in its turn. Inside another one it goes by that one's turn."""
        outermost = not self.in_transaction()
        try:
            with self.atomic():
                if outermost:
                    self.execute_sql(*((ALL,) if account is None else (ONE, (account,))))
                yield
        finally:
            if outermost:
                self.close()

    @contextmanager
    def unhurried(self, account: int | None = None) -> Iterator[None]:
        with self.writing(account):
            self.execute_sql("SET LOCAL synchronous_commit = off")
            yield

    def close_idle(self) -> None:
        super().close_idle()
        while _readers:
            _readers.pop()[1].close()


# Connections that only read and are free now, with where they lead. Threads take them too.
_readers: list[tuple[str, psycopg.Connection[Any]]] = []
MOST_READERS = 4


@contextmanager
def beside(url: str) -> Iterator[psycopg.Connection[Any]]:
    """For reading alone, as everything stood in one moment; a broken one is not used again."""
    connection = _reader(url)
    try:
        yield connection
        connection.rollback()
        if len(_readers) < MOST_READERS:
            _readers.append((url, connection))
            return
    except BaseException:
        connection.close()
        raise
    connection.close()


def _reader(url: str) -> psycopg.Connection[Any]:
    while _readers:
        where, connection = _readers.pop()
        if where == url and not main._is_closed(connection):
            return connection
        connection.close()
    made = psycopg.connect(url, cursor_factory=Cursor, options=OPTIONS, **LINE)  # type: ignore[arg-type]
    made.isolation_level, made.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
    return made


main = Postgres(None)
