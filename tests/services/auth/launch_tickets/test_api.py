"""Launch tickets: a game's server learns who plays, once."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from samovar.services.auth.commands import roles_in
from samovar.services.auth.contract.v1_pb2 import ExchangeApiKeyRequest
from samovar.services.auth.contract.v1_pb2_grpc import ApiKeysStub
from samovar.services.auth.roles.domain import Wanted
from samovar.services.auth.tokens.pairwise import subject_of
from tests.services.auth.conftest import Answer, Auth, new_address
from tests.services.auth.holders import Person, channel, somebody

TICKETS = "/v1/auth/launch-tickets"


class Studio(msgspec.Struct, frozen=True):
    """A developer with a game, and the API key of its server.

    Attributes:
        token: What the gateway has exchanged the key for.
    """

    auth: Auth
    owner: Person
    place: Wanted
    key: str
    token: str

    @property
    def game_id(self) -> str:
        """Its game."""
        return str(self.place.game_id)

    async def redeem(self, ticket: str, *, game_id: str | None = None) -> Answer:
        """Present a ticket as the game's server does."""
        body = {"ticket": ticket, "game_id": game_id or self.game_id}
        return await self.auth.ask("POST", f"{TICKETS}/redeem", body, token=self.token)


async def studio(auth: Auth, *, organisation_id: UUID | None = None, **changes: Any) -> Studio:
    """Return a developer who works on a new game."""
    place = Wanted(
        **{
            "role": "developer",
            "organisation_id": organisation_id or uuid4(),
            "level": "editor",
            "game_id": uuid4(),
            **changes,
        }
    )
    owner = await somebody(auth, place)
    order = {"name": "сервер", "scope": "auth.ticket.redeem", "organisation_id": str(place.organisation_id)}
    key = (await owner.ask("POST", "/v1/auth/api-keys", order)).body["key"]
    async with channel(auth) as opened:
        exchanged = await ApiKeysStub(opened).ExchangeApiKey(
            ExchangeApiKeyRequest(key=key, address=new_address())
        )
    return Studio(auth, owner, place, key, exchanged.access_token)


@pytest.fixture
async def game(auth: Auth) -> Studio:
    return await studio(auth)


async def start(player: Person, game: Studio) -> str:
    """Start a game and return the ticket."""
    given = await player.ask("POST", TICKETS, {"game_id": game.game_id})
    assert (given.status, given.body["expires_in"]) == (201, 60)
    ticket: str = given.body["ticket"]
    assert ticket.startswith("smvt_")
    return ticket


async def refusals(auth: Auth, player: Person) -> list[str]:
    """Return why tickets of a player were refused, oldest first."""
    found: list[str] | None = await auth.database.fetch_value(
        "SELECT array_agg(details->>'why' ORDER BY id) FROM audit "
        "WHERE account_id = $1 AND action = 'launch_ticket.redeemed' AND outcome = 'refused'",
        UUID(player.id),
    )
    return found or []


async def test_a_ticket_tells_a_games_server_who_plays(auth: Auth, game: Studio) -> None:
    player = await somebody(auth)
    launch = await game.redeem(await start(player, game))
    assert (launch.status, launch.body["game_id"], launch.body["acr"]) == (200, game.game_id, "aal1")
    assert player.id not in launch.body["subject"]
    again = await game.redeem(await start(player, game))
    assert again.body["subject"] == launch.body["subject"]


async def test_developers_cannot_compare_their_players(auth: Auth, game: Studio) -> None:
    player = await somebody(auth)
    sister = await studio(auth, organisation_id=game.place.organisation_id)
    stranger = await studio(auth)
    subjects = [
        (await one.redeem(await start(player, one))).body["subject"] for one in (game, sister, stranger)
    ]
    assert subjects[0] == subjects[1] != subjects[2]


async def test_the_subject_is_the_one_of_signing_in_for_clients_of_the_organisation(
    auth: Auth, game: Studio
) -> None:
    organisation = str(game.place.organisation_id)
    whole = Wanted(role="developer", organisation_id=game.place.organisation_id, level="editor")
    colleague, stranger = await somebody(auth, whole), await somebody(auth, "developer")
    sectors = []
    for developer in (colleague, stranger):
        body = {
            "name": "Чайник",
            "developer_name": "ООО Кипяток",
            "redirect_uris": ["https://game.example/back"],
            "organisation_id": organisation,
        }
        made = await developer.ask("POST", "/v1/auth/clients", body)
        assert made.status == 201, made.body
        client_id = made.body["client"]["client_id"]
        sectors.append(await auth.database.fetch_value("SELECT sector FROM clients WHERE id = $1", client_id))
    assert sectors == [f"organisation/{organisation}", f"{stranger.id}/{organisation}"]
    player = await somebody(auth)
    launch = await game.redeem(await start(player, game))
    salt = await auth.database.fetch_value("SELECT salt FROM subject_salt")
    assert launch.body["subject"] == subject_of(salt, sectors[0], UUID(player.id))


async def test_a_replayed_launch_ticket_is_refused_and_audited(auth: Auth, game: Studio) -> None:
    player = await somebody(auth)
    ticket = await start(player, game)
    assert (await game.redeem(ticket)).status == 200
    replayed = await game.redeem(ticket)
    assert (replayed.status, replayed.code) == (409, "auth.launch_ticket_used")
    assert await refusals(auth, player) == ["replayed"]


async def test_of_parallel_redemptions_one_gets_through(auth: Auth, game: Studio) -> None:
    player = await somebody(auth)
    ticket = await start(player, game)
    answers = await asyncio.gather(*(game.redeem(ticket) for _ in range(8)))
    assert sorted(answer.status for answer in answers) == [200, *[409] * 7]
    assert await refusals(auth, player) == ["replayed"] * 7


async def test_a_ticket_is_for_one_game(auth: Auth, game: Studio) -> None:
    player, other = await somebody(auth), await studio(auth)
    ticket = await start(player, game)
    wrong = await other.redeem(ticket)
    assert (wrong.status, wrong.code) == (404, "auth.launch_ticket_invalid")
    assert (await other.redeem(ticket, game_id=game.game_id)).status == 403
    assert await refusals(auth, player) == ["other_game"]
    assert (await game.redeem(ticket)).status == 200


async def test_an_old_ticket_is_refused(auth: Auth, game: Studio) -> None:
    player = await somebody(auth)
    ticket = await start(player, game)
    async with auth.database.transaction() as tx:
        await tx.execute(
            "UPDATE launch_tickets SET expires_at = now() WHERE account_id = $1", UUID(player.id)
        )
    assert (await game.redeem(ticket)).code == "auth.launch_ticket_invalid"
    assert await refusals(auth, player) == ["too_old"]


async def test_a_ticket_ends_with_the_session_in_which_the_game_was_started(auth: Auth, game: Studio) -> None:
    player = await somebody(auth)
    ticket = await start(player, game)
    assert (await player.ask("POST", "/v1/auth/logout")).status == 204
    assert (await game.redeem(ticket)).code == "auth.launch_ticket_invalid"
    assert await refusals(auth, player) == ["session_over"]


@pytest.mark.parametrize(
    "ticket", ["x", "smvt_", "smvt_" + "A" * 43, "smvk_" + "A" * 43, "smvt_" + "я" * 43, "smvt_" + "A" * 500]
)
async def test_nonsense_is_no_ticket(game: Studio, ticket: str) -> None:
    refused = await game.redeem(ticket)
    assert (refused.status, refused.code) == (404, "auth.launch_ticket_invalid")


async def test_who_does_not_work_on_the_game_learns_nothing(auth: Auth, game: Studio) -> None:
    player = await somebody(auth)
    ticket = await start(player, game)
    whole = await studio(auth, game_id=None)
    looker = await studio(auth, level="viewer")
    assert (await whole.redeem(ticket, game_id=game.game_id)).status == 403
    assert (await looker.redeem(await start(player, looker))).status == 403
    body = {"ticket": ticket, "game_id": game.game_id}
    assert (await player.ask("POST", f"{TICKETS}/redeem", body)).status == 403
    # A person who works on the game may, as their key does.
    assert (await game.owner.ask("POST", f"{TICKETS}/redeem", body)).status == 200


async def test_a_key_of_another_organisation_of_the_same_account_does_not_do(
    auth: Auth, game: Studio
) -> None:
    elsewhere = Wanted(role="developer", organisation_id=uuid4(), level="owner")
    await roles_in(auth.database, phone_region="RU").grant(game.owner.email, elsewhere, reason="test")
    owner = await game.owner.renewed()
    order = {
        "name": "чужой",
        "scope": "auth.ticket.redeem",
        "organisation_id": str(elsewhere.organisation_id),
    }
    key = (await owner.ask("POST", "/v1/auth/api-keys", order)).body["key"]
    async with channel(auth) as opened:
        exchanged = await ApiKeysStub(opened).ExchangeApiKey(
            ExchangeApiKeyRequest(key=key, address=new_address())
        )
    other = msgspec.structs.replace(game, token=exchanged.access_token)
    ticket = await start(await somebody(auth), game)
    assert (await other.redeem(ticket)).status == 403
    # The game's own key has a new token since its owner's roles changed.
    assert (await game.redeem(ticket)).code == "auth.token_expired"


async def test_an_api_key_starts_no_game(auth: Auth, game: Studio) -> None:
    body = {"game_id": game.game_id}
    assert (await auth.ask("POST", TICKETS, body, token=game.token)).status == 403
