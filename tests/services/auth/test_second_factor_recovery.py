"""What a forgotten password and «это был не я» do to second factors and passkeys."""

from samovar.testing.messages import Messages
from tests.services.auth.authenticator import Authenticator
from tests.services.auth.conftest import Auth, Installation, new_address
from tests.services.auth.people import Person, new_person, sign_in_by
from tests.services.auth.test_alerts import NEW_DEVICE, deny
from tests.services.auth.test_alerts import token_in as alert_token_in
from tests.services.auth.test_password_setting import NEW, letter_to, reset_by, token_in


async def reset(person: Person, mailbox: Messages) -> None:
    """Set a new password by mail."""
    await person.auth.ask(
        "POST", "/v1/auth/password/forgot", {"login": person.email}, x_forwarded_for=new_address()
    )
    token = token_in(await letter_to(mailbox, person.email, "Новый пароль"))
    assert await reset_by(person.auth, token=token) == (200, None)


async def test_a_reset_does_not_go_round_the_second_factor(auth: Auth, installation: Installation) -> None:
    person = await new_person(auth)
    await person.connect_app()
    await reset(person, installation.messages)
    asked = await auth.log_in(person.email, NEW)
    assert asked.body["mfa_required"] is True
    assert "access_token" not in asked.body
    done = await person.answer(auth, asked.body["mfa_token"], "totp", code=person.code())
    assert done.status == 200


async def test_a_strangers_passkey_ends_with_the_owners_first_proof(
    auth: Auth, installation: Installation
) -> None:
    stranger, passkey = await new_person(auth), Authenticator()
    assert (await stranger.add_passkey(passkey)).status == 201
    assert (await sign_in_by(auth, passkey)).status == 200
    await reset(stranger, installation.messages)
    assert (await sign_in_by(auth, passkey)).status == 401
    assert "access_token" in (await auth.log_in(stranger.email, NEW)).body


async def test_not_me_takes_a_thiefs_passkey_and_app_away(auth: Auth, installation: Installation) -> None:
    owner, passkey = await new_person(auth), Authenticator()
    thief = await auth.log_in(owner.email)
    letter = await letter_to(installation.messages, owner.email, NEW_DEVICE)
    owner.token = thief.body["access_token"]
    assert (await owner.add_passkey(passkey)).status == 201
    assert (await deny(auth, alert_token_in(letter))).status == 200
    assert (await sign_in_by(auth, passkey)).status == 401
    assert (await auth.log_in(owner.email)).code == "auth.password_void"
