"""The table on the disk, so that a process that starts again need not read the whole catalogue."""

import os
from pathlib import Path
from zlib import crc32

import msgspec
from pyroaring import BitMap

from samovar.services.catalog.domain import Language
from samovar.services.catalog.search.columns.numbers import Ids, Numbers
from samovar.services.catalog.search.columns.prices import Flip
from samovar.services.catalog.search.columns.table import Table

FORMAT = 2
"""Grows when anything changes that an older index does not hold: fields, the normaliser, the text index's schema."""
_CHECKSUM_BYTES = 4
_NUMBERS = ("popularity", "released", "score", "rating", "reviews", "tie")


class IndexBroken(Exception):
    """What lies on the disk is not an index of this release."""


class _Saved(msgspec.Struct, frozen=True, array_like=True):
    format: int
    watermark: int
    ids: bytes
    living: bytes
    groups: dict[str, dict[str, bytes]]
    numbers: dict[str, list[bytes]]
    prices: dict[str, list[bytes]]
    discounts: dict[str, list[bytes]]
    titles: list[str]
    shown_as: dict[Language, dict[int, str]]
    creator_names: dict[str, str]
    price_groups: dict[str, str]
    flips: list[Flip]


def save(table: Table, watermark: int, path: Path) -> None:
    """Write a table; what lay there stays until all is written.

    Args:
        table: What to write.
        path: Where.
        watermark: Changes of transactions before this one are in it; see `freshness`.
    """
    saved = _Saved(
        format=FORMAT,
        watermark=watermark,
        ids=bytes(table.ids.data),
        living=table.living.serialize(),
        groups={
            group: {value: places.serialize() for value, places in values.items()}
            for group, values in table.groups.items()
        },
        numbers={name: getattr(table, name).pack() for name in _NUMBERS},
        prices={group: numbers.pack() for group, numbers in table.prices.finals.items()},
        discounts={group: numbers.pack() for group, numbers in table.prices.discounts.items()},
        titles=table.titles,
        shown_as=table.shown_as,
        creator_names=table.creator_names,
        price_groups=dict(table.prices.groups),
        flips=table.prices.flips(),
    )
    data = msgspec.msgpack.encode(saved)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(crc32(data).to_bytes(_CHECKSUM_BYTES))
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def load(path: Path) -> tuple[Table, int]:
    """Return a table and its watermark.

    Raises:
        IndexBroken: It is not there, is damaged, or is of another release.
    """
    try:
        data = path.read_bytes()
        checksum, body = data[:_CHECKSUM_BYTES], memoryview(data)[_CHECKSUM_BYTES:]
        if crc32(body).to_bytes(_CHECKSUM_BYTES) != checksum:
            raise IndexBroken(f"{path}: wrong checksum")
        if (found := msgspec.msgpack.decode(body, type=list)[0]) != FORMAT:
            raise IndexBroken(f"{path}: format {found}, this release reads {FORMAT}")
        saved = msgspec.msgpack.decode(body, type=_Saved)
    except (OSError, msgspec.DecodeError, IndexError) as error:
        raise IndexBroken(f"{path}: {error}") from error
    table = Table()
    table.ids = Ids(saved.ids)
    table.living = BitMap.deserialize(saved.living)
    for group, values in saved.groups.items():
        table.groups[group] = {value: BitMap.deserialize(places) for value, places in values.items()}
    for name in _NUMBERS:
        setattr(table, name, Numbers.unpack(saved.numbers[name]))
    table.prices.finals = {group: Numbers.unpack(packed) for group, packed in saved.prices.items()}
    table.prices.discounts = {group: Numbers.unpack(packed) for group, packed in saved.discounts.items()}
    for place, title in enumerate(saved.titles):
        shown_as = {language: shown[place] for language, shown in saved.shown_as.items() if place in shown}
        table.name(place, title, shown_as)
    table.creator_names = saved.creator_names
    table.prices.groups = saved.price_groups
    table.prices.restore(saved.flips)
    table.settle()
    return table, saved.watermark
