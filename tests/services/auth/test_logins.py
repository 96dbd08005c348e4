"""Logins follow what account has proof of."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

from samovar.services.account.contract.events import ContactRemoved, ContactVerified
from samovar.services.auth.contract.events import CredentialChanged
from tests.services.auth.conftest import Auth, Installation, new_email
from tests.services.auth.test_alerts import CHANGED, NEW_DEVICE, deny, token_in
from tests.services.auth.test_password_setting import letter_to


def proved(account_id: str, email: str) -> ContactVerified:
    return ContactVerified(
        account_id=UUID(account_id), kind="email", value=email, verified_at=datetime.now(UTC)
    )


def replaced(account_id: str, email: str) -> ContactRemoved:
    return ContactRemoved(
        account_id=UUID(account_id),
        kind="email",
        value=email,
        reason="replaced",
        removed_at=datetime.now(UTC),
    )


async def opens(auth: Auth, login: str, account_id: str) -> None:
    """Wait until a login leads to an account."""
    async with asyncio.timeout(10):
        while (answer := await auth.log_in(login)).status != 200:  # noqa: ASYNC110  an event decides
            await asyncio.sleep(0.02)
    assert answer.body["account_id"] == account_id


async def gone(auth: Auth, login: str) -> None:
    """Wait until a login leads nowhere."""
    async with asyncio.timeout(10):
        while await auth.database.fetch_value(  # noqa: ASYNC110  an event decides
            "SELECT count(*) FROM logins WHERE login = $1", login
        ):
            await asyncio.sleep(0.02)


async def test_a_proved_contact_is_a_login(auth: Auth) -> None:
    account_id = (await auth.register()).body["account_id"]
    another = new_email()
    await auth.announce(proved(account_id, another))
    await opens(auth, another, account_id)
    (event,) = await auth.events(CredentialChanged, account_id)
    assert (event.credential, event.action, event.name) == ("login", "added", "email")


async def test_the_login_of_the_registration_is_marked_as_proved(auth: Auth) -> None:
    email = new_email()
    account_id = (await auth.register(email=email)).body["account_id"]
    await auth.announce(proved(account_id, email))
    async with asyncio.timeout(10):
        while not await auth.database.fetch_value(  # noqa: ASYNC110  an event decides
            "SELECT verified_at FROM logins WHERE login = $1", email
        ):
            await asyncio.sleep(0.02)
    assert await auth.events(CredentialChanged, account_id) == []


async def test_a_login_that_was_only_said_gives_way_to_whoever_proves_it(auth: Auth) -> None:
    email = new_email()
    squatter = (await auth.register(email=email)).body["account_id"]
    owner = (await auth.register()).body["account_id"]
    await auth.announce(proved(owner, email))
    await opens(auth, email, owner)
    (event,) = await auth.events(CredentialChanged, squatter)
    assert (event.credential, event.action) == ("login", "removed")


async def test_a_login_that_was_proved_stays_where_it_is(auth: Auth) -> None:
    email, other = new_email(), new_email()
    first = (await auth.register(email=email)).body["account_id"]
    second = (await auth.register()).body["account_id"]
    await auth.announce(proved(first, email))
    await auth.announce(proved(second, email))
    await auth.announce(proved(second, other))
    await opens(auth, other, second)
    await opens(auth, email, first)


async def test_a_replaced_contact_opens_nothing_and_the_last_one_stays(auth: Auth) -> None:
    old, new = new_email(), new_email()
    account_id = (await auth.register(email=old)).body["account_id"]
    await auth.announce(proved(account_id, new))
    await opens(auth, new, account_id)
    await auth.announce(replaced(account_id, old))
    await gone(auth, old)
    await auth.announce(replaced(account_id, new))
    third = new_email()
    await auth.announce(proved(account_id, third))
    await opens(auth, third, account_id)
    await opens(auth, new, account_id)


async def test_not_me_gives_the_owner_the_login_back(auth: Auth, installation: Installation) -> None:
    mine, thieves = new_email(), new_email()
    account_id = (await auth.register(email=mine)).body["account_id"]
    await auth.log_in(mine)
    letter = await letter_to(installation.messages, mine, NEW_DEVICE)
    await auth.announce(proved(account_id, thieves))
    await opens(auth, thieves, account_id)
    await auth.announce(replaced(account_id, mine))
    await gone(auth, mine)
    assert (await deny(auth, token_in(letter))).status == 200
    assert (await auth.log_in(thieves)).code == "auth.bad_credentials"
    assert (await auth.log_in(mine)).code == "auth.password_void"


async def test_an_added_login_is_told_of_at_the_one_that_was_proved_first(
    auth: Auth, installation: Installation
) -> None:
    mine, thieves = new_email(), new_email()
    account_id = (await auth.register(email=mine)).body["account_id"]
    await auth.announce(proved(account_id, mine))
    await auth.announce(proved(account_id, thieves))
    letter = await letter_to(installation.messages, mine, CHANGED)
    assert "добавлен логин" in letter.text
