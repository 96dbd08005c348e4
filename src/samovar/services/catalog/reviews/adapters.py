"""What reviews ask of others, over gRPC: library, who has a game; account, what people are called."""

from collections import OrderedDict
from collections.abc import Sequence
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.errors import DeadlineExceeded, SamovarError, Unavailable
from samovar.kit.rpc.client import Peers
from samovar.services.account.contract.v1_pb2 import BatchGetProfilesRequest
from samovar.services.account.contract.v1_pb2_grpc import ProfilesStub
from samovar.services.catalog.reviews.errors import LibraryAway
from samovar.services.catalog.reviews.schemas import Author
from samovar.services.library.contract.v1_pb2 import BatchCheckRequest
from samovar.services.library.contract.v1_pb2_grpc import LicencesStub

LIBRARY_TIMEOUT_S = 1.5
ACCOUNT_TIMEOUT_S = 1.0
AUTHORS_KEPT_MAX = 20_000
AUTHORS_TTL_S = 300.0


class Held(msgspec.Struct, frozen=True):
    """What library says of an account and an app.

    Attributes:
        play_minutes: None where play time is not counted.
    """

    owned: bool
    play_minutes: int | None


class Library:
    """Asks library."""

    def __init__(self, peers: Peers) -> None:
        self._licences = LicencesStub(peers.channel("library"))

    async def check(self, account_id: UUID, app_id: UUID) -> Held:
        """Return whether an account has an app, and how long it has played.

        Raises:
            LibraryAway: Library does not answer in time.
        """
        request = BatchCheckRequest(account_id=str(account_id), app_ids=[str(app_id)])
        try:
            answer = await self._licences.BatchCheck(request, timeout=LIBRARY_TIMEOUT_S)
        except (Unavailable, DeadlineExceeded) as error:
            raise LibraryAway(f"library: {error}", retry_after_s=error.retry_after_s or 1.0) from error
        found = answer.holdings.get(str(app_id))
        if found is None:
            return Held(owned=False, play_minutes=None)
        return Held(
            owned=found.owned, play_minutes=found.play_minutes if found.HasField("play_minutes") else None
        )


class _Kept(msgspec.Struct, frozen=True):
    author: Author
    until: float


class Authors:
    """Names of authors: asked for in one call a page, and kept for a while in this process.

    Account away: a page of reviews is shown all the same, without the names that are not kept.
    """

    def __init__(self, peers: Peers, clock: Clock) -> None:
        self._profiles = ProfilesStub(peers.channel("account"))
        self._clock = clock
        self._kept: OrderedDict[UUID, _Kept] = OrderedDict()

    async def of(self, account_ids: Sequence[UUID]) -> dict[UUID, Author]:
        """Return each of these people."""
        now = self._clock.monotonic()
        found = {
            account_id: kept.author
            for account_id in account_ids
            if (kept := self._kept.get(account_id)) and kept.until > now
        }
        wanted = [account_id for account_id in dict.fromkeys(account_ids) if account_id not in found]
        return found | (await self._ask(wanted) if wanted else {})

    def forget(self, account_id: UUID) -> None:
        """Ask anew for somebody who has changed."""
        self._kept.pop(account_id, None)

    async def _ask(self, account_ids: Sequence[UUID]) -> dict[UUID, Author]:
        request = BatchGetProfilesRequest(account_ids=[str(account_id) for account_id in account_ids])
        try:
            profiles = (await self._profiles.BatchGetProfiles(request, timeout=ACCOUNT_TIMEOUT_S)).profiles
        except SamovarError:
            return {account_id: Author(account_id=account_id, state="unknown") for account_id in account_ids}
        asked = {}
        for account_id in account_ids:
            profile = profiles.get(str(account_id))
            asked[account_id] = (
                Author(account_id=account_id, state="gone")
                if profile is None
                else Author(
                    account_id=account_id,
                    state="shown",
                    display_name=profile.display_name,
                    name=profile.name if profile.HasField("name") else None,
                    avatar_url=profile.avatar_url,
                )
            )
        self._keep(asked)
        return asked

    def _keep(self, authors: dict[UUID, Author]) -> None:
        until = self._clock.monotonic() + AUTHORS_TTL_S
        for account_id, author in authors.items():
            self._kept[account_id] = _Kept(author, until)
            self._kept.move_to_end(account_id)
        while len(self._kept) > AUTHORS_KEPT_MAX:
            self._kept.popitem(last=False)
