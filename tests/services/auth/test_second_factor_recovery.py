"""What a forgotten password and «это был не я» do to second factors and passkeys."""

import asyncio

from samovar.testing.messages import Messages
from tests.services.auth.authenticator import Authenticator
from tests.services.auth.conftest import PASSWORD, Auth, Installation, new_address
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


async def waiting(person: Person) -> str:
    """Sign in with the password alone; return the token of what waits for the second factor."""
    return str((await person.auth.log_in(person.email)).body["mfa_token"])


async def is_called_off(person: Person, mfa_token: str) -> bool:
    """Return whether the right second factor is of no use any more."""
    await person.wait_for_the_next_code()
    answer = await person.answer(person.auth, mfa_token, "totp", code=person.code())
    return (answer.status, answer.code) == (401, "auth.challenge_invalid")


async def test_a_new_password_calls_off_sign_ins_that_wait(auth: Auth, installation: Installation) -> None:
    """Whoever had the old one does not get in with it by waiting for the code."""
    person = await new_person(auth)
    await person.connect_app()
    for keep_sessions in (False, True):
        mfa_token = await waiting(person)
        change = {"current_password": PASSWORD, "new_password": NEW, "keep_sessions": keep_sessions}
        assert (await person.ask("POST", "password/change", change)).status == 204
        assert await is_called_off(person, mfa_token)
        change = {"current_password": NEW, "new_password": PASSWORD, "keep_sessions": True}
        assert (await person.ask("POST", "password/change", change)).status == 204
    mfa_token = await waiting(person)
    await reset(person, installation.messages)
    assert await is_called_off(person, mfa_token)


async def test_ending_all_others_calls_off_sign_ins_that_wait(auth: Auth) -> None:
    person = await new_person(auth)
    await person.connect_app()
    mfa_token = await waiting(person)
    assert (await person.ask("DELETE", "sessions")).status == 204
    assert await is_called_off(person, mfa_token)


async def test_not_me_calls_off_sign_ins_that_wait(auth: Auth, installation: Installation) -> None:
    owner = await new_person(auth)
    await owner.connect_app()
    signed_in = await owner.answer(auth, await waiting(owner), "totp", code=owner.code())
    assert signed_in.status == 200
    letter = await letter_to(installation.messages, owner.email, NEW_DEVICE)
    mfa_token = await waiting(owner)
    assert (await deny(auth, alert_token_in(letter))).status == 200
    assert await is_called_off(owner, mfa_token)


async def test_a_code_and_a_new_password_at_once_end_one_after_the_other(auth: Auth) -> None:
    person = await new_person(auth)
    await person.connect_app()
    tokens = [await waiting(person) for _ in range(4)]
    change = {"current_password": PASSWORD, "new_password": NEW}
    changed, *answers = await asyncio.gather(
        person.ask("POST", "password/change", change),
        *(person.answer(auth, token, "totp", code=person.code()) for token in tokens),
    )
    assert changed.status == 204
    assert {answer.status for answer in answers} <= {200, 401}
    # Whoever came first is out again.
    for answer in answers:
        if answer.status == 200:
            assert (await auth.me(answer.body["access_token"])).status == 401
