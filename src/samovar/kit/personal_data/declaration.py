"""What a service says of the personal data in its tables, and what is taken for said."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Self

import msgspec

from samovar.kit.database import Database

ACCOUNT = "account_id"
# Columns that tell a person from others by more than the id of the account.
TELLING = re.compile(
    r"^(?:(?:\w+_)?(?:account|person|owner|sender|recipient|actor|other|low|high|user)_id|(?:\w+_)?(?:email|phone|login)"
    r"|(?:\w+_)?address|birth_date|display_name)$"
)
# What is nobody's to read, its owner's included: it opens doors.
SECRET = re.compile(r"(?:_hash|_sealed|_secret|_key_id)$|^(?:seed|secret|hash)$")
_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]*")

_COLUMNS = """
    SELECT c.table_name AS "table", c.column_name AS "column", c.data_type AS kind, t.table_type = 'VIEW' AS is_view
    FROM information_schema.columns c
    JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND t.table_type IN ('BASE TABLE', 'VIEW')
    ORDER BY c.table_name, c.ordinal_position
"""


class Undeclared(Exception):
    """A table may hold personal data, and nothing says what becomes of it."""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """One table, where what is taken for said would be wrong.

    Attributes:
        name: In the schema `public`.
        person: The columns that name accounts: a row is a person's if any of them is theirs.
        address: The column that holds a mail address or a phone, where rows are found by that.
        becomes: What columns hold after the erasure, in place of deleting the row.
        kept_because: The law or the reason by which the rows stay; with `becomes`, the rest of them.
        hidden: Columns that are not exported: other people's.
        exported_by: The columns that name whose a row is in an export, where that is not all of `person`: what others noted of
            somebody is erased with them, and yet not theirs to read.
        exported_from: The view that an export reads instead, each row with the `account_id` whose it is: where half of a row is
            somebody else's.
    """

    name: str
    person: tuple[str, ...] = (ACCOUNT,)
    address: str | None = None
    becomes: Mapping[str, Any] = {}
    kept_because: str | None = None
    hidden: tuple[str, ...] = ()
    exported_by: tuple[str, ...] = ()
    exported_from: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is no name: these go into SQL."""
        names = (
            self.name,
            *self.person,
            *self.becomes,
            *self.hidden,
            *self.exported_by,
            *([self.address] if self.address else ()),
            *([self.exported_from] if self.exported_from else ()),
        )
        if not all(_IDENTIFIER.fullmatch(name) for name in names):
            raise ValueError(f"{self.name}: names of tables and columns alone")

    @property
    def is_deleted(self) -> bool:
        """Whether an erasure deletes the rows."""
        return not self.becomes and self.kept_because is None

    @property
    def condition(self) -> str:
        """Which rows are a person's: `$1` is the account, `$2` their addresses."""
        return self._condition(self.person)

    @property
    def source(self) -> str:
        """What an export reads."""
        return self.exported_from or self.name

    @property
    def export_condition(self) -> str:
        """Which rows of `source` a person may read; the parameters are those of `condition`."""
        return self._condition((ACCOUNT,) if self.exported_from else self.exported_by or self.person)

    def _condition(self, columns: tuple[str, ...]) -> str:
        parts = [f'"{column}" = $1' for column in columns]
        if self.address:
            parts.append(f'"{self.address}" = ANY($2::text[])')
        # Both parameters must stand in the text.
        return f"({' OR '.join(parts)}) AND $1::uuid IS NOT NULL AND $2::text[] IS NOT NULL"


class PersonalData(msgspec.Struct, frozen=True, kw_only=True):
    """What a service says of its tables.

    Attributes:
        tables: Those of which something other holds than is taken for said.
        impersonal: Tables with a column that looks like a person's and is none, or that hold nobody's data.
        before_erasing: Called in the transaction of the erasure, before any row is touched, with `tx`, `account_id` and, by name,
            what the service's `build` made: ends sessions, say.
    """

    tables: tuple[Table, ...] = ()
    impersonal: tuple[str, ...] = ()
    before_erasing: Callable[..., Any] | None = None


class Column(msgspec.Struct, frozen=True):
    """A column of the schema."""

    table: str
    column: str
    kind: str
    is_view: bool


class Holding(msgspec.Struct, frozen=True):
    """All personal tables of a service's database, and the columns of each that are exported."""

    tables: tuple[Table, ...]
    shown: Mapping[str, tuple[str, ...]]

    @classmethod
    async def read(cls, database: Database, declared: PersonalData) -> Self:
        """Read the schema, and put what is declared beside what is taken for said.

        Raises:
            Undeclared: A table looks personal, and nothing says what becomes of it; or a declared one is not there.
        """
        columns: dict[str, list[Column]] = {}
        views: dict[str, list[Column]] = {}
        for column in await database.fetch(_COLUMNS, into=Column):
            (views if column.is_view else columns).setdefault(column.table, []).append(column)
        said = {table.name: table for table in declared.tables}
        if absent := ({*said, *declared.impersonal} - set(columns)):
            raise Undeclared(f"there is no table {', '.join(sorted(absent))}")
        if absent := {table.exported_from for table in declared.tables if table.exported_from} - set(views):
            raise Undeclared(f"there is no view {', '.join(sorted(absent))}")
        tables = []
        for name, present in columns.items():
            if name in declared.impersonal:
                continue
            names = {column.column for column in present}
            if name in said:
                tables.append(said[name])
            elif ACCOUNT in names:
                tables.append(Table(name=name))
            elif telling := sorted(column for column in names if TELLING.match(column)):
                raise Undeclared(f"{name} has {', '.join(telling)}: declare it, or name it impersonal")
        sources = columns | views
        return cls(tuple(tables), {table.name: _shown(table, sources[table.source]) for table in tables})


def _shown(table: Table, columns: list[Column]) -> tuple[str, ...]:
    return tuple(
        column.column
        for column in columns
        if column.kind != "bytea" and not SECRET.search(column.column) and column.column not in table.hidden
    )
