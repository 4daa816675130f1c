"""What PostgreSQL was told once, asked of it in its own protocol: in one journey however many are asked, each value beside the words.

Written out as SQL, a fifth of an intake's processor went into quoting values here and reading them there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from psycopg import Connection, DataError
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.generators import fetch_many
from psycopg.pq import ExecStatus, PGresult, TransactionStatus
from psycopg.pq.abc import PGconn
from psycopg.waiting import Ready, Wait

Rows = list[Any]
Asked = tuple[str, Collection[Any]]  # the name of what was told, and a value for each of its places
_told: WeakKeyDictionary[Connection[Any], set[str]] = WeakKeyDictionary()


class Numbers(str):
    """A list of whole numbers in a database's own words, which holds nothing else."""

    __slots__ = ()


def tell(line: Connection[Any], name: str, words: str, fixed: Collection[Any]) -> None:
    """Have the words planned under this name, once a connection; ``fixed`` are the values that are the same each time."""
    told = _told.get(line)
    if told is None:
        told = _told[line] = set()
    if name not in told:
        line.execute(f"PREPARE {name} AS {words}", list(fixed) or None)  # told, not asked: Django's log has none of it
        told.add(name)


class NotKept(Exception):  # noqa: N818 - says what is so
    """All was done, and then the database would not keep it: its reason is the cause."""


def carried(
    line: Connection[Any], asked: Sequence[Asked], *, ends: bool = False, meanwhile: Callable[[], None] | None = None
) -> Iterable[Rows]:
    """What each of them finds, in order, in one journey; the first that is refused is raised in its place, and none after it was done.

    With the last of a transaction goes the word that ends it: where that is refused ``NotKept`` comes after all the others. Once all
    that ends one is on its way, something else may be done ``meanwhile``.
    """
    values, server = Transformer(line), line.pgconn
    begins = not line.autocommit and server.transaction_status == TransactionStatus.IDLE
    if len(asked) == 1 and not (begins or ends):
        return [_rows(_one(line, asked[0], values), values)]
    sent = [(name.encode(), [_written(one, values) for one in given]) for name, given in asked]
    with line.lock:
        server.enter_pipeline_mode()
        try:
            if begins:  # as the driver does before the first question of a transaction, in a journey of its own
                server.send_query_params(b"BEGIN", None)
            for name, given in sent:
                server.send_query_prepared(name, given)
            if ends:
                server.send_query_params(b"COMMIT", None)
            server.pipeline_sync()
            if ends and meanwhile:
                server.flush()
                meanwhile()
            found = line.wait(_there_and_back(server, begins + len(sent) + ends + 1))
        except BaseException:
            line.close()  # nobody could tell any more which answer is to what
            raise
        server.exit_pipeline_mode()
    return _read([result for (result, *_) in found[begins:-1]], values, ends=ends)


def _read(found: Sequence[PGresult], values: Transformer, *, ends: bool) -> Iterator[Rows]:
    answers, end = (found[:-1], found[-1]) if ends else (found, None)
    yield from (_rows(one, values) for one in answers)
    if end is not None and end.status > ExecStatus.TUPLES_OK:
        raise NotKept from error_from_result(end, encoding=values.encoding)


def _one(line: Connection[Any], asked: Asked, values: Transformer) -> PGresult:
    """One that goes alone needs no pipeline, which takes as long as a short answer."""
    name, given = asked
    with line.lock:
        return line.pgconn.exec_prepared(name.encode(), [_written(one, values) for one in given])


def _there_and_back(server: PGconn, many: int) -> Generator[Any, Any, list[list[PGresult]]]:
    while server.flush():  # more than goes at once: what comes back is taken in between, or both would wait
        if (yield Wait.RW) & Ready.R:
            server.consume_input()
    found = []
    while len(found) < many:
        found.append((yield from fetch_many(server)))
    return found


def _rows(result: PGresult, values: Transformer) -> Rows:
    if result.status > ExecStatus.TUPLES_OK:
        raise error_from_result(result, encoding=values.encoding)
    values.set_pgresult(result)
    return values.load_rows(0, result.ntuples, tuple) if result.ntuples else []


def _written(value: Any, values: Transformer) -> Any:
    """A value as it goes beside the words; the driver writes what is rarer."""
    written = _WRITTEN.get(type(value))
    if written:
        return written(value)
    if type(value) is list:
        return _text(f"{{{','.join([_item(one, values) for one in value])}}}")
    return values.get_dumper(value, PyFormat.TEXT).dump(value)


def _item(value: Any, values: Transformer) -> str:
    """A value in a list's own words."""
    kind = type(value)
    if kind in _BARE:
        return _BARE[kind](value)
    said = value if kind is str else bytes(_written(value, values)).decode()
    return f'"{said.translate(_QUOTED)}"' if '"' in said or "\\" in said else f'"{said}"'


def _text(said: str) -> bytes:
    if "\0" in said:
        raise DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    return said.encode()


_QUOTED = str.maketrans({'"': '\\"', "\\": "\\\\"})
_BARE: Mapping[type, Callable[[Any], str]] = {
    int: str,
    bool: lambda yes: "t" if yes else "f",
    type(None): lambda _: "NULL",
    datetime: lambda at: f'"{at.isoformat()}"',
}
_WRITTEN: Mapping[type, Callable[[Any], bytes | None]] = {
    str: _text,
    int: lambda number: b"%d" % number,
    bool: lambda yes: b"t" if yes else b"f",
    type(None): lambda _: None,
    datetime: lambda at: at.isoformat().encode(),
    Numbers: lambda numbers: numbers.encode(),
}
