"""The export as a person gets it: a ZIP with a JSON file of each service, their picture, and a file that says what is in it."""

import asyncio
import gzip
import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.services.account.personal_data import repository

ABOUT = "about.json"
PICTURE = "avatar.webp"
# The sum of what services hold of one person; each alone is bounded by the kit.
UNPACKED_BYTES_MAX = 200_000_000


class TooMuch(Exception):
    """The data of one person unpacks to more than this process should hold."""


async def packed(
    account_id: UUID,
    documents: Mapping[str, bytes],
    receipts: Mapping[str, Mapping[str, int]],
    *,
    picture: bytes | None,
    requested_at: datetime,
    made_at: datetime,
) -> bytes:
    """Return the archive, made in a thread: it takes seconds where there is much, and other requests go on meanwhile; see `pack`."""
    return await asyncio.to_thread(
        pack,
        account_id,
        documents,
        receipts,
        picture=picture,
        requested_at=requested_at,
        made_at=made_at,
    )


def pack(
    account_id: UUID,
    documents: Mapping[str, bytes],
    receipts: Mapping[str, Mapping[str, int]],
    *,
    picture: bytes | None,
    requested_at: datetime,
    made_at: datetime,
) -> bytes:
    """Return the archive.

    Args:
        account_id: Whose data it is.
        documents: By service, JSON compressed by gzip.
        receipts: By service, how many rows of each table.
        picture: Their avatar, WebP; none where they have chosen none.
        requested_at: When the person asked.
        made_at: Now.

    Raises:
        TooMuch: It unpacks to too much.
    """
    about = {
        "account_id": account_id,
        "requested_at": requested_at,
        "made_at": made_at,
        "services": receipts,
        "files": [*(f"{name}.json" for name in sorted(documents)), *([PICTURE] if picture else [])],
    }
    buffer, left = io.BytesIO(), UNPACKED_BYTES_MAX
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(ABOUT, msgspec.json.format(msgspec.json.encode(about)))
        for name, document in sorted(documents.items()):
            unpacked = _unpacked(document, left)
            left -= len(unpacked)
            archive.writestr(f"{name}.json", msgspec.json.format(unpacked))
        if picture:
            archive.writestr(PICTURE, picture, zipfile.ZIP_STORED)
    return buffer.getvalue()


async def drop_exports(tx: Transaction, account_id: UUID) -> None:
    """Leave no export of somebody who is being erased: neither one that can be downloaded nor one that is being gathered."""
    await repository.drop_exports(tx, account_id)


def _unpacked(document: bytes, bytes_max: int) -> bytes:
    with gzip.open(io.BytesIO(document)) as file:
        unpacked = file.read(bytes_max + 1)
    if len(unpacked) > bytes_max:
        raise TooMuch(f"more than {UNPACKED_BYTES_MAX} bytes")
    return unpacked
