"""Signing in on a machine with the help of another one, beside the real auth: who says yes, who says no, and what is kept."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.embedded.simulator import SimulatorServer
from samovar.sdk.errors import Offline, SignInNeeded
from samovar.sdk.launcher.signing_in import Session, Shown, StoredSession, account_in
from tests.services.auth.conftest import Auth, new_installation


class Helper:
    """Another device of the player, on which they are signed in already."""

    def __init__(self, auth: Auth, token: str) -> None:
        self._auth = auth
        self._token = token
        self.shown: Shown | None = None
        self.says = "approve"

    def show(self, shown: Shown) -> None:
        self.shown = shown

    async def answer(self, pause_s: float) -> None:
        """Answer in the pause before the next question, and let it be over."""
        assert pause_s >= 5
        async with self._auth.database.transaction() as tx:
            await tx.execute("UPDATE device_requests SET polled_at = polled_at - interval '1 minute'")
        if self.shown:
            path = f"/v1/auth/device/{self.shown.user_code}"
            assert (await self._auth.ask("GET", path, token=self._token)).status == 200
            body = {"number": self.shown.match_number} if self.says == "approve" else {}
            await self._auth.ask("POST", f"{path}/{self.says}", body, token=self._token)
            self.shown = None


@pytest.fixture(scope="module")
async def auth(
    postgres: PostgresServer,
    redis_url: str,
    messages_simulator: SimulatorServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Auth]:
    """Run auth on a database and a NATS of its own: auth's own tests have another secret, and would lose events to it."""
    async with NatsServer(tmp_path_factory.mktemp("nats_of_sign_in")) as nats:
        installation = await new_installation(
            postgres, redis_url, nats.url, messages_simulator, database=f"auth_{uuid4().hex[:12]}"
        )
        async with installation.process() as running:
            yield running


@pytest.fixture
async def helper(auth: Auth) -> Helper:
    registered = await auth.register()
    return Helper(auth, registered.body["access_token"])


def _stored(auth: Auth, file: Path, helper: Helper) -> StoredSession:
    return StoredSession(f"http://{auth.host.rest_address}", file, pause=helper.answer)


async def test_a_machine_is_signed_in_by_another_and_stays_so(
    auth: Auth, helper: Helper, tmp_path: Path
) -> None:
    file = tmp_path / "data" / "session.json"
    stored = _stored(auth, file, helper)
    session = await stored.sign_in("Игровой ПК", helper.show)
    assert session.account_id == account_in(session.access_token)
    assert file.stat().st_mode & 0o777 == 0o600
    renewed = await stored.renew(session.access_token)
    assert renewed != session.access_token
    assert (await auth.me(renewed)).body["account_id"] == str(session.account_id)
    # Whoever comes second with the stale one gets what the first one has renewed.
    assert await stored.renew(session.access_token) == renewed == await stored.token()


async def test_a_no_is_final_and_keeps_nothing(auth: Auth, helper: Helper, tmp_path: Path) -> None:
    helper.says = "deny"
    stored = _stored(auth, tmp_path / "session.json", helper)
    with pytest.raises(SignInNeeded, match=r"auth\.access_denied"):
        await stored.sign_in("Игровой ПК", helper.show)
    with pytest.raises(SignInNeeded):
        stored.read()


async def test_a_session_that_is_over_asks_to_sign_in(auth: Auth, helper: Helper, tmp_path: Path) -> None:
    stored = _stored(auth, tmp_path / "session.json", helper)
    session = await stored.sign_in("Игровой ПК", helper.show)
    assert (await auth.ask("POST", "/v1/auth/logout", token=session.access_token)).status < 300
    with pytest.raises(SignInNeeded):
        await stored.renew(session.access_token)
    stored.sign_out()
    with pytest.raises(SignInNeeded):
        stored.read()


async def test_without_a_platform_the_session_stays(auth: Auth, helper: Helper, tmp_path: Path) -> None:
    stored = _stored(auth, tmp_path / "session.json", helper)
    session = await stored.sign_in("Игровой ПК", helper.show)
    away = StoredSession("http://127.0.0.1:1", tmp_path / "session.json")
    with pytest.raises(Offline):
        await away.renew(session.access_token)
    assert isinstance(away.read(), Session)
