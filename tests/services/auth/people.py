"""People with second factors, as a test meets them."""

import time
from typing import Any
from uuid import UUID

import msgspec
import pyotp

from tests.services.auth.authenticator import Authenticator
from tests.services.auth.conftest import PASSWORD, Answer, Auth, new_address, new_email


class Person(msgspec.Struct, kw_only=True):
    """Somebody who has registered.

    Attributes:
        token: The access token of the first session.
        secret: Of the authenticator app, in base32.
    """

    auth: Auth
    email: str
    account_id: str
    token: str
    refresh_token: str
    device_token: str
    secret: str = ""
    recovery_codes: tuple[str, ...] = ()

    async def ask(
        self, method: str, path: str, body: object = None, *, token: str | None = None, **headers: str
    ) -> Answer:
        """Ask as this person."""
        return await self.auth.ask(method, f"/v1/auth/{path}", body, token=token or self.token, **headers)

    async def log_in(self, **more: Any) -> Answer:
        """Sign in with the password."""
        return await self.auth.log_in(self.email, **more)

    async def answer(self, process: Auth, mfa_token: str, method: str, **more: Any) -> Answer:
        """Give the second factor."""
        body = {"mfa_token": mfa_token, "method": method, **more}
        return await process.ask("POST", "/v1/auth/mfa", body, x_forwarded_for=new_address())

    async def step_up(self, method: str, *, token: str | None = None, **more: Any) -> Answer:
        """Prove once more who one is, and use the new token from then on."""
        answer = await self.ask("POST", "step-up", {"method": method, **more}, token=token)
        if answer.status == 200:
            self.token = answer.body["access_token"]
        return answer

    async def step_up_by(self, passkey: Authenticator) -> Answer:
        """Prove once more who one is, with a passkey."""
        options = await self.ask("POST", "step-up/passkey-options")
        assert options.status == 200
        return await self.step_up("passkey", credential=passkey.sign(options.body))

    def code(self) -> str:
        """Return what the app shows now."""
        return pyotp.TOTP(self.secret).now()

    async def connect_app(self) -> Answer:
        """Connect an authenticator app."""
        begun = await self.ask("POST", "totp", {"password": PASSWORD})
        assert begun.status == 201, begun.body
        self.secret = begun.body["secret"]
        confirmed = await self.ask("POST", "totp/confirm", {"code": self.code()})
        assert confirmed.status == 200, confirmed.body
        self.recovery_codes = tuple(confirmed.body["recovery_codes"] or self.recovery_codes)
        await self.wait_for_the_next_code()
        return confirmed

    async def connect_another_app(self) -> None:
        """Connect an app in place of the one there is, in a session that is sure enough."""
        begun = await self.ask("POST", "totp", {})
        assert begun.status == 201, begun.body
        self.secret = begun.body["secret"]
        assert (await self.ask("POST", "totp/confirm", {"code": self.code()})).status == 200
        await self.wait_for_the_next_code()

    async def wait_for_the_next_code(self) -> None:
        """Let the last code that was taken be of long ago, as if half a minute had gone by."""
        async with self.auth.database.transaction() as tx:
            await tx.execute(
                "UPDATE totp_credentials SET last_step = last_step - 10 WHERE account_id = $1",
                UUID(self.account_id),
            )

    async def add_passkey(self, passkey: Authenticator, name: str = "Телефон", **lies: Any) -> Answer:
        """Register a passkey."""
        options = await self.ask("POST", "passkeys/registration-options")
        assert options.status == 200, options.body
        credential = passkey.make(options.body, **lies)
        answer = await self.ask("POST", "passkeys", {"credential": credential, "name": name})
        if answer.status == 201:
            self.recovery_codes = tuple(answer.body["recovery_codes"] or self.recovery_codes)
        return answer

    async def second_factors(self) -> tuple[str, ...]:
        """Return what is asked for after the password."""
        return tuple((await self.ask("GET", "factors")).body["second_factors"])

    async def refusals(self) -> list[tuple[str, str | None]]:
        """Return the actions that were refused, with the fault that was recorded."""
        rows = await self.auth.database.fetch(
            """
            SELECT action, details->>'fault' AS fault FROM audit
            WHERE account_id = $1 AND outcome = 'refused' ORDER BY id
            """,
            UUID(self.account_id),
            into=_Refusal,
        )
        return [(row.action, row.fault) for row in rows]

    async def grow_stale(self, seconds: int = 1_000) -> None:
        """Let the last proof of who the person is be some time ago, and take a token that says so."""
        async with self.auth.database.transaction() as tx:
            await tx.execute(
                """
                UPDATE sessions SET authenticated_at = authenticated_at - make_interval(secs => $2)
                WHERE account_id = $1
                """,
                UUID(self.account_id),
                seconds,
            )
        tokens = (await self.auth.refresh(self.refresh_token)).body
        self.token, self.refresh_token = tokens["access_token"], tokens["refresh_token"]


class _Refusal(msgspec.Struct, frozen=True):
    action: str
    fault: str | None


async def new_person(auth: Auth) -> Person:
    """Register somebody."""
    email = new_email()
    answer = await auth.register(email=email)
    return Person(
        auth=auth,
        email=email,
        account_id=answer.body["account_id"],
        token=answer.body["access_token"],
        refresh_token=answer.body["refresh_token"],
        device_token=answer.body["device_token"],
    )


async def sign_in_by(auth: Auth, passkey: Authenticator, **lies: Any) -> Answer:
    """Sign in with a passkey alone."""
    options = await auth.ask("POST", "/v1/auth/passkeys/sign-in-options", x_forwarded_for=new_address())
    assert options.status == 200
    assert options.body["allowCredentials"] == []
    body = {"credential": passkey.sign(options.body, **lies)}
    return await auth.ask("POST", "/v1/auth/passkeys/sign-in", body, x_forwarded_for=new_address())


def code_at(secret: str, seconds_from_now: int) -> str:
    """Return what an app shows at another moment."""
    return pyotp.TOTP(secret).at(int(time.time()) + seconds_from_now)
