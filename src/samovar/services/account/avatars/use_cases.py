"""What one can do with avatars."""

from datetime import timedelta

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.identity import Caller
from samovar.services.account.activity.journal import Journal
from samovar.services.account.avatars import pictures, repository
from samovar.services.account.avatars.pictures import SMALL_PX, Pictures
from samovar.services.account.avatars.schemas import Avatar
from samovar.services.account.errors import AvatarNotFound
from samovar.services.account.profiles import domain
from samovar.services.account.profiles.arrival import Arrival
from samovar.services.account.profiles.cards import show_picture

# Longer than a client with an older profile in hand takes to ask for the picture.
UNUSED_KEPT = timedelta(hours=1)
DELETED_AT_ONCE_MAX = 500
BATCHES_MAX = 100


class Avatars:
    """The pictures of people."""

    def __init__(
        self, database: Database, *, arrival: Arrival, pictures: Pictures, journal: Journal, clock: Clock
    ) -> None:
        self._database = database
        self._arrival = arrival
        self._pictures = pictures
        self._journal = journal
        self._clock = clock

    async def choose(self, caller: Caller, content: bytes) -> Avatar:
        """Show a picture.

        Raises:
            InvalidInput: It is none, or too small or too large.
            AvatarsBusy: Too many others wait for theirs to be read.
        """
        picture = await self._pictures.read(content)
        await self._arrival.wait(caller.account_id)
        async with self._database.transaction() as tx:
            now = self._clock.now()
            await repository.upsert_picture(
                tx, name=picture.hash, large=picture.large, small=picture.small, now=now
            )
            await self._show(tx, caller, picture.hash)
        return Avatar(avatar_url=domain.avatar_url(caller.account_id, picture.hash))

    async def remove(self, caller: Caller) -> None:
        """Show the drawn picture again."""
        await self._arrival.wait(caller.account_id)
        async with self._database.transaction() as tx:
            await self._show(tx, caller, None)

    async def find(self, name: str, size_px: int) -> bytes:
        """Return a picture as WebP.

        Raises:
            AvatarNotFound: Nobody has it any more.
        """
        if domain.is_default_avatar(name):
            return pictures.draw(name, size_px)
        content = await repository.find_picture(self._database, name, is_small=size_px == SMALL_PX)
        if content is None:
            raise AvatarNotFound(name)
        return content

    async def forget_unused(self) -> int:
        """Delete the pictures that nobody shows, and return how many those were."""
        before = self._clock.now() - UNUSED_KEPT
        forgotten = 0
        for _ in range(BATCHES_MAX):
            async with self._database.transaction() as tx:
                deleted = await repository.delete_unused(tx, before, DELETED_AT_ONCE_MAX)
            forgotten += deleted
            if deleted < DELETED_AT_ONCE_MAX:
                break
        return forgotten

    async def _show(self, tx: Transaction, caller: Caller, avatar: str | None) -> None:
        if not await show_picture(tx, caller.account_id, avatar, now=self._clock.now()):
            return
        await self._journal.note(
            tx,
            caller.account_id,
            "profile_changed",
            params={"fields": ["avatar"]},
            session_id=caller.session_id,
        )
