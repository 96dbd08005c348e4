"""Roles: given from the command line, in the tokens, and gone from them when they are taken."""

import asyncio
import os
import subprocess
import sys
from argparse import ArgumentParser
from uuid import UUID

import pytest
from argon2 import PasswordHasher

from samovar.kit.errors import InvalidInput
from samovar.kit.settings import Secret
from samovar.services.auth import commands
from samovar.services.auth.commands import roles_in
from samovar.services.auth.contract.events import RolesChanged
from samovar.services.auth.errors import AccountNotFound
from samovar.services.auth.passwords.hashing import Passwords
from samovar.services.auth.roles.domain import Wanted
from samovar.services.auth.roles.use_cases import Roles
from tests.services.auth.conftest import PASSWORD, Auth, Installation, new_email

WAIT_S = 10.0


@pytest.fixture
def roles(auth: Auth) -> Roles:
    """Return the use case behind the commands."""
    return roles_in(auth.database, phone_region="RU")


async def samovar_auth(installation: Installation, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `samovar auth …`."""
    environ = {
        **os.environ,
        "SAMOVAR_AUTH__DATABASE_URL": installation.database_url,
        "SAMOVAR_AUTH__TOKEN_SECRET": installation.secret,
        "SAMOVAR_AUTH__PASSWORD_PEPPER": installation.secret,
    }
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "samovar.cli.main", "auth", *words],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


async def test_the_first_administrator_is_made_from_the_command_line(
    auth: Auth, installation: Installation
) -> None:
    email = new_email()
    tokens = (await auth.register(email=email)).body
    done = await samovar_auth(installation, "grant-role", email.upper(), "admin", "--reason", "the first")
    assert (done.returncode, done.stdout) == (0, f"{email.upper()}: admin, player\n")
    fresh = (await auth.refresh(tokens["refresh_token"])).body
    assert (await auth.me(fresh["access_token"])).body["roles"] == ["admin", "player"]
    (event,) = await auth.events(RolesChanged, tokens["account_id"])
    assert (event.roles, event.reason) == (("admin", "player"), "the first")


async def test_a_role_that_was_taken_is_gone_from_living_tokens(auth: Auth, roles: Roles) -> None:
    email = new_email()
    await auth.register(email=email)
    await roles.grant(email, Wanted(role="moderator"), reason="test")
    tokens = (await auth.log_in(email)).body
    assert (await auth.me(tokens["access_token"])).body["roles"] == ["moderator", "player"]
    await roles.revoke(email, Wanted(role="moderator"), reason="test")
    async with asyncio.timeout(WAIT_S):
        while (answer := await auth.me(tokens["access_token"])).status == 200:  # noqa: ASYNC110  news by events
            await asyncio.sleep(0.02)
    assert answer.code == "auth.token_expired"
    fresh = await auth.refresh(tokens["refresh_token"])
    assert (await auth.me(fresh.body["access_token"])).body["roles"] == ["player"]


async def test_the_same_role_twice_tells_nobody_twice(auth: Auth, roles: Roles) -> None:
    email = new_email()
    tokens = (await auth.register(email=email)).body
    for _ in range(2):
        assert await roles.grant(email, Wanted(role="support"), reason="test") == ("player", "support")
    assert len(await auth.events(RolesChanged, tokens["account_id"])) == 1


@pytest.mark.parametrize("login", ["nobody@example.com", "nonsense"])
async def test_an_account_that_is_not_there_is_an_error(roles: Roles, login: str) -> None:
    with pytest.raises(AccountNotFound, match=login):
        await roles.grant(login, Wanted(role="admin"), reason="test")


@pytest.mark.parametrize("role", ["player", "emperor"])
async def test_what_is_no_role_to_give_is_refused(roles: Roles, role: str) -> None:
    with pytest.raises(InvalidInput):
        await roles.grant("nobody@example.com", Wanted(role=role), reason="test")


async def test_the_command_says_what_went_wrong(installation: Installation) -> None:
    done = await samovar_auth(installation, "revoke-role", "nobody@example.com", "admin")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "samovar auth revoke-role: no account has the login nobody@example.com\n"


def test_a_role_that_does_not_exist_is_not_offered(capsys: pytest.CaptureFixture[str]) -> None:
    parser = ArgumentParser()
    commands.add_arguments(parser)
    for role in ("player", "emperor"):
        with pytest.raises(SystemExit):
            parser.parse_args(["grant-role", "a@b.c", role])
    assert "invalid choice" in capsys.readouterr().err


async def test_a_hash_of_old_parameters_is_renewed_at_sign_in(auth: Auth, installation: Installation) -> None:
    email = new_email()
    account_id = UUID((await auth.register(email=email)).body["account_id"])
    with Passwords(Secret(installation.secret), threads=1, queue_max=1) as passwords:
        old = PasswordHasher(time_cost=1, memory_cost=1_024, parallelism=1).hash(
            passwords._peppered(PASSWORD)
        )
        async with auth.database.transaction() as tx:
            await tx.execute("UPDATE accounts SET password_hash = $2 WHERE id = $1", account_id, old)
        assert (await auth.log_in(email, "не тот пароль")).status == 401
        parallel = await asyncio.gather(*(auth.log_in(email) for _ in range(4)))
        assert [answer.status for answer in parallel] == [200] * 4
        stored = await auth.database.fetch_value(
            "SELECT password_hash FROM accounts WHERE id = $1", account_id
        )
        assert not passwords.is_outdated(stored)
    assert (await auth.log_in(email)).status == 200
