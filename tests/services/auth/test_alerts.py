"""The owner hears what happens to the account, and «это был не я» takes it back."""

import asyncio
import re

import pytest

from samovar.services.auth.contract.events import AccountHeld, CredentialChanged, SessionRevoked
from samovar.testing.messages import Messages, Received
from tests.services.auth.conftest import PASSWORD, Answer, Auth, Installation, new_address, new_email
from tests.services.auth.test_password_setting import letter_to

THIEVES = "чужой пароль на чужом месте"
TOKEN = re.compile(r"token=(smvn_[\w-]+)")
NEW_DEVICE, CHANGED = "Вход с нового устройства", "Изменения в защите учётной записи"


@pytest.fixture
def mailbox(installation: Installation) -> Messages:
    """Return what mails and text messages go to."""
    return installation.messages


def token_in(letter: Received) -> str:
    found = TOKEN.search(letter.text)
    assert found, letter.text
    return found[1]


async def deny(auth: Auth, token: str) -> Answer:
    return await auth.ask("POST", "/v1/auth/alerts/not-me", {"token": token}, x_forwarded_for=new_address())


async def test_a_new_device_is_told_of_and_a_known_one_is_not(auth: Auth, mailbox: Messages) -> None:
    email = new_email()
    device = (await auth.register(email=email)).body["device_token"]
    await auth.log_in(email, device_token=device)
    address = new_address()
    await auth.log_in(email, address=address, device_name="Чужой ноутбук")
    letter = await letter_to(mailbox, email, NEW_DEVICE)
    assert "Чужой ноутбук" in letter.text
    assert address in letter.text
    assert " по Москве" in letter.text
    # One may come twice when the server is slow, under one name; account writes to new addresses as well, where it runs.
    letters = [one for one in await mailbox.all(to=email) if one.subject == NEW_DEVICE]
    assert len({one.headers["Message-ID"] for one in letters}) == 1


async def test_a_number_is_told_by_text_message(auth: Auth, mailbox: Messages) -> None:
    phone = "+79161234503"
    await auth.register(email=None, phone=phone)
    await auth.log_in(phone)
    message = await mailbox.last(to=phone)
    assert message.kind == "sms"
    assert token_in(message)


async def test_not_me_ends_all_sessions_voids_the_password_and_holds_the_account(
    auth: Auth, mailbox: Messages
) -> None:
    email = new_email()
    owner = (await auth.register(email=email)).body
    thief = (await auth.log_in(email)).body
    done = await deny(auth, token_in(await letter_to(mailbox, email, NEW_DEVICE)))
    assert done.status == 200
    for tokens in (owner, thief):
        assert (await auth.me(tokens["access_token"])).code == "auth.session_revoked"
        assert (await auth.refresh(tokens["refresh_token"])).status == 401
    assert (await auth.log_in(email)).code == "auth.password_void"
    (held,) = await auth.events(AccountHeld, owner["account_id"])
    assert (held.held_until - held.held_at).days == 7
    assert {one.reason for one in await auth.events(SessionRevoked, owner["account_id"])} == {"not_me"}
    body = {"token": done.body["password_reset_token"], "new_password": "новый пароль хозяина дома"}
    assert (await auth.ask("POST", "/v1/auth/password/reset", body)).status == 200
    back = await auth.log_in(email, "новый пароль хозяина дома")
    hold = await auth.ask("GET", "/v1/auth/hold", token=back.body["access_token"])
    assert hold.body == {"held_until": done.body["held_until"], "reason": "not_me"}


async def test_not_me_rolls_a_changed_password_back(auth: Auth, mailbox: Messages) -> None:
    """Whoever changed it does not get in with theirs, and the owner's own is known again, though it must be set anew."""
    email = new_email()
    await auth.register(email=email)
    thief = (await auth.log_in(email)).body
    body = {"current_password": PASSWORD, "new_password": THIEVES}
    await auth.ask("POST", "/v1/auth/password/change", body, token=thief["access_token"])
    # The letter about the device is older than the change; what happened since then is undone.
    done = await deny(auth, token_in(await letter_to(mailbox, email, NEW_DEVICE)))
    assert done.status == 200
    assert (await auth.log_in(email, THIEVES)).code == "auth.bad_credentials"
    assert (await auth.log_in(email)).code == "auth.password_void"
    actions = [event.action for event in await auth.events(CredentialChanged, thief["account_id"])]
    assert actions == ["changed", "rolled_back"]


async def test_a_change_is_told_of_and_not_me_undoes_it(auth: Auth, mailbox: Messages) -> None:
    email = new_email()
    came = (await auth.register(email=email)).body
    body = {"current_password": PASSWORD, "new_password": THIEVES}
    await auth.ask("POST", "/v1/auth/password/change", body, token=came["access_token"])
    letter = await letter_to(mailbox, email, CHANGED)
    assert "изменён пароль" in letter.text
    assert (await deny(auth, token_in(letter))).status == 200
    assert (await auth.log_in(email, THIEVES)).code == "auth.bad_credentials"


async def test_a_letter_is_answered_once_also_in_parallel(auth: Auth, mailbox: Messages) -> None:
    email = new_email()
    await auth.register(email=email)
    await auth.log_in(email)
    token = token_in(await letter_to(mailbox, email, NEW_DEVICE))
    answers = await asyncio.gather(*(deny(auth, token) for _ in range(4)))
    assert sorted(answer.status for answer in answers) == [200, 404, 404, 404]
    for nonsense in ("", "smvn_", "smvn_" + "A" * 43, token + "A", token.replace("smvn_", "smvp_")):
        assert (await deny(auth, nonsense)).code == "auth.alert_invalid"


async def test_an_old_letter_does_nothing(auth: Auth, mailbox: Messages) -> None:
    email = new_email()
    came = (await auth.register(email=email)).body
    await auth.log_in(email)
    token = token_in(await letter_to(mailbox, email, NEW_DEVICE))
    async with auth.database.transaction() as tx:
        await tx.execute("UPDATE alerts SET expires_at = now()")
    assert (await deny(auth, token)).status == 404
    assert (await auth.me(came["access_token"])).status == 200
