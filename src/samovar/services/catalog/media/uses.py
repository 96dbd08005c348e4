"""Which pictures are shown, for every room that keeps pages or drafts of them.

known = await uses.hold(tx, hashes)
await uses.replace(tx, {app_id: hashes})
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.catalog.media import repository
from samovar.services.catalog.media.schemas import StoredImage


async def hold(tx: Transaction, images: Collection[str]) -> dict[str, StoredImage]:
    """Return those of these pictures that there are; none of them is deleted before the transaction ends."""
    return await repository.hold(tx, sorted(set(images))) if images else {}


async def replace(tx: Transaction, uses: Mapping[UUID, Collection[str]]) -> None:
    """Let each of these apps or drafts keep these pictures and no others; a picture that nobody keeps is deleted after a week."""
    if uses:
        await repository.replace_uses(tx, {holder: sorted(set(images)) for holder, images in uses.items()})


async def add(tx: Transaction, holder_id: UUID, images: Collection[str]) -> None:
    """Let somebody keep these pictures, as far as there are such, besides those that they keep."""
    known = await hold(tx, images)
    if known:
        await repository.add_uses(tx, holder_id, sorted(known))
