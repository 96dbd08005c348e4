"""Brings a folder to the newest build, whatever state it is in: the one way in which clients install, update, resume and repair."""

from typing import Protocol

from samovar.content.engine.feed import Source
from samovar.content.engine.installing import Folder, Result, Tell
from samovar.content.install.errors import Damaged, SourceFailed
from samovar.content.install.trust import Offer


class Platform(Protocol):
    """Who says what the newest build is, and how to get there."""

    async def ask(self, base: str | None) -> str:
        """Ask for a ticket from the build `base`, or from the empty tree; returns the newest build."""

    async def offer(self) -> Offer:
        """Fetch and check what the last ticket promises."""


async def bring(
    folder: Folder,
    platform: Platform,
    source: Source,
    *,
    tell: Tell = lambda _: None,
    whole: bool = False,
) -> Result:
    """Bring a folder to the newest build.

    An operation that is under way goes on when its build is still the newest. What does not fit is answered by a plan from the empty
    tree, of which everything that verifies on the disk is kept.

    Args:
        folder: The folder.
        platform: Says what to do.
        source: Gives the bytes.
        tell: Is told how far it is.
        whole: Look at every byte and mend what is wrong, also when the newest build is installed.

    Raises:
        ContentError: It stopped; the folder is the old build, the new one or resumable.
    """
    newest = await platform.ask(None if whole else folder.base)
    anew = whole
    if folder.under_way is not None and folder.under_way.build == newest and not whole:
        try:
            return await folder.resume(source, tell=tell)
        except Damaged:
            anew = True
        except SourceFailed as failed:
            # The objects of an old plan may be gone from the store; a new plan names those that are there.
            if not failed.gone:
                raise
    try:
        offer = await platform.offer()
        return await folder.install(offer, source, tell=tell, anew=anew)
    except Damaged:
        await folder.look()
        await platform.ask(None)
        return await folder.install(await platform.offer(), source, tell=tell, anew=True)
