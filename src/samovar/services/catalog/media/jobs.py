"""What pictures do by the clock."""

from samovar.kit.workers import every
from samovar.services.catalog.media.store import MediaStore


@every(3_600)
async def remove_unused_images(media_store: MediaStore) -> None:
    """Delete the pictures that no page shows."""
    await media_store.remove_unused()
