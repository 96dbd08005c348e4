"""What account says of friends and of who shows what, as a small real server; and people who play."""

from typing import Any
from uuid import UUID, uuid4

from grpc import StatusCode
from grpc.aio import ServicerContext

from samovar.services.account.contract import v1_pb2
from samovar.services.account.contract.v1_pb2_grpc import FriendsServicer, PrivacyServicer
from samovar.testing.hosting import Answer, Running
from tests.services.library.achievements.studio import Studio

PHRASES = {
    "level": {"ru": "Уровень {level}: {name}", "en": "Level {level}: {name}"},
    "menu": {"ru": "Выбирает самовар"},
}


class FriendsPeer(FriendsServicer):
    """Friends of everybody who asks, in pages as account has them."""

    def __init__(self) -> None:
        self.friends: list[UUID] = []

    async def ListFriends(  # noqa: N802  the name in the .proto
        self,
        request: v1_pb2.ListFriendsRequest,
        context: ServicerContext[v1_pb2.ListFriendsRequest, v1_pb2.ListFriendsResponse],  # noqa: ARG002  part of the signature
    ) -> v1_pb2.ListFriendsResponse:
        later = sorted(str(one) for one in self.friends if str(one) > request.after_account_id)
        page = later[: request.limit]
        return v1_pb2.ListFriendsResponse(friends=[v1_pb2.Friendship(account_id=one) for one in page])


class PrivacyPeer(PrivacyServicer):
    """Everybody shows what they do, but for these; or account is away."""

    def __init__(self) -> None:
        self.private: set[UUID] = set()
        self.is_away = False

    async def BatchCheckVisibility(  # noqa: N802  the name in the .proto
        self,
        request: v1_pb2.BatchCheckVisibilityRequest,
        context: ServicerContext[v1_pb2.BatchCheckVisibilityRequest, v1_pb2.BatchCheckVisibilityResponse],
    ) -> v1_pb2.BatchCheckVisibilityResponse:
        if self.is_away:
            await context.abort(StatusCode.UNAVAILABLE, "away")
        assert request.section == "activity"
        shown = [owner for owner in request.owner_ids if UUID(owner) not in self.private]
        return v1_pb2.BatchCheckVisibilityResponse(visible_owner_ids=shown)


class Circle:
    """A game with phrases, and friends who play it."""

    def __init__(self, library: Running, friends: FriendsPeer, privacy: PrivacyPeer) -> None:
        self.library, self.friends, self.privacy = library, friends, privacy
        self.studio = Studio(library)
        self.viewer = uuid4()

    @property
    def game_id(self) -> UUID:
        return self.studio.app_id

    async def word(self, phrases: Any = PHRASES, **more: Any) -> Answer:
        return await self.studio.ask(
            "PUT", f"/v1/dev/apps/{self.game_id}/phrases", json={"phrases": phrases}, **more
        )

    async def playing(self) -> tuple[UUID, str]:
        """Have a friend play; return who it is and where the game speaks."""
        player = await self.studio.player()
        session = await self.studio.session(player)
        self.friends.friends.append(player)
        return player, f"/v1/library/{self.game_id}/play-sessions/{session}"

    async def say(self, player: UUID, session: str, **said: Any) -> Answer:
        return await self.library.request("PUT", f"{session}/presence", account_id=player, json=said)

    async def seen(
        self, *account_ids: UUID, viewer: UUID | None = None, language: str = "ru"
    ) -> list[dict[str, Any]]:
        """Return who plays what, as the viewer sees it."""
        asked = "&".join(f"account_ids={one}" for one in account_ids)
        answer = await self.library.request(
            "GET",
            f"/v1/library/now-playing?{asked}",
            account_id=viewer or self.viewer,
            headers={"Accept-Language": language},
        )
        assert answer.status == 200, answer.body
        return list(answer.body["items"])

    async def change(self, query: str, *values: object) -> None:
        """Change what library has, as time would."""
        async with self.library.database.transaction() as tx:
            await tx.execute(query, *values)
