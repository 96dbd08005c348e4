"""Handing over what a service holds of a person."""

import asyncio
import gzip
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from samovar.kit.database import Database
from samovar.kit.errors import TooLarge
from samovar.kit.personal_data.declaration import Holding, PersonalData, Table

ROWS_MAX = 20_000
# gRPC carries four MiB.
DOCUMENT_BYTES_MAX = 3_900_000


class Rows(msgspec.Struct, frozen=True):
    """The rows of one table as a JSON list."""

    count: int
    document: str


async def export(
    database: Database, declared: PersonalData, account_id: UUID, addresses: Sequence[str]
) -> tuple[bytes, Mapping[str, int]]:
    """Return what is held of a person as a compressed JSON object, and the number of rows by table.

    Raises:
        TooLarge: It does not fit an answer.
    """
    holding = await Holding.read(database, declared)
    found = {
        table.name: await _rows(database, table, holding.shown[table.name], account_id, addresses)
        for table in holding.tables
    }
    body = b",".join(
        msgspec.json.encode(name) + b":" + rows.document.encode() for name, rows in found.items()
    )
    # In a thread: megabytes take a while, and others are served meanwhile.
    document = await asyncio.to_thread(gzip.compress, b"{" + body + b"}", mtime=0)
    if len(document) > DOCUMENT_BYTES_MAX:
        raise TooLarge(f"{database.service}: {len(document)} bytes of personal data")
    return document, {name: rows.count for name, rows in found.items()}


async def _rows(
    database: Database, table: Table, shown: Sequence[str], account_id: UUID, addresses: Sequence[str]
) -> Rows:
    columns = ", ".join(f'"{column}"' for column in shown)
    # Names come from the schema and from declarations, never from a request.
    sql = f"""
        SELECT count(*) AS count, coalesce(json_agg(row_to_json(found)), '[]')::text AS document
        FROM (SELECT {columns} FROM public."{table.source}" WHERE {table.export_condition} LIMIT {ROWS_MAX + 1}) AS found
    """  # noqa: S608
    rows = await database.fetch_one(sql, account_id, list(addresses), into=Rows)
    if rows is None or rows.count > ROWS_MAX:
        raise TooLarge(f"{database.service}: {table.name} has more than {ROWS_MAX} rows of one person")
    return rows
