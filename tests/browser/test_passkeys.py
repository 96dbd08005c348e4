"""Passkeys as a real browser makes and uses them, on the options that we send and with what its `toJSON` writes."""

from tests.browser.conftest import Window
from tests.services.auth.conftest import PASSWORD, new_email
from tests.services.auth.people import Person, new_person


async def with_passkey(window: Window) -> Person:
    """Register somebody, and a passkey of theirs in the browser."""
    person = await new_person(window.auth)
    added = await window.run("register", person.token)
    assert added["status"] == 201, added
    assert len(added["body"]["recovery_codes"]) == 10
    return person


async def test_a_browser_makes_a_passkey_and_signs_in_with_it(window: Window) -> None:
    person = await with_passkey(window)
    signed_in = await window.run("signIn")
    assert signed_in["status"] == 200
    assert signed_in["body"]["account_id"] == person.account_id
    me = (await window.auth.me(signed_in["body"]["access_token"])).body
    assert (me["acr"], me["amr"]) == ("aal2", ["hwk", "user", "mfa"])


async def test_a_browser_gives_the_second_factor_after_the_password(window: Window) -> None:
    person = await with_passkey(window)
    signed_in = await window.run("signInAfterPassword", person.email, PASSWORD)
    assert signed_in["status"] == 200
    assert (await window.auth.me(signed_in["body"]["access_token"])).body["acr"] == "aal2"


async def test_a_browser_steps_up(window: Window) -> None:
    person = await with_passkey(window)
    proved = await window.run("stepUp", person.token)
    assert proved["status"] == 200
    assert (await window.auth.me(proved["body"]["access_token"])).body["acr"] == "aal2"


async def test_a_browser_makes_no_second_passkey_on_one_authenticator(window: Window) -> None:
    person = await with_passkey(window)
    token = (await window.run("stepUp", person.token))["body"]["access_token"]
    refused = await window.run("async (token) => refusedAs(() => register(token))", token)
    assert refused == "InvalidStateError"


async def test_a_browser_does_not_sign_for_who_was_not_verified(window: Window) -> None:
    await with_passkey(window)
    await window.authenticator("setUserVerified", isUserVerified=False)
    assert await window.run("() => refusedAs(signIn)") == "NotAllowedError"


async def test_a_passkey_that_was_copied_is_noticed(window: Window) -> None:
    person = await with_passkey(window)
    (copy,) = (await window.authenticator("getCredentials"))["credentials"]
    for _ in range(3):
        assert (await window.run("signIn"))["status"] == 200
    await window.authenticator("removeCredential", credentialId=copy["credentialId"])
    await window.authenticator("addCredential", credential=copy)
    refused = await window.run("signIn")
    assert (refused["status"], refused["body"]["code"]) == (401, "auth.passkey_refused")
    assert [action for action, _ in await person.refusals()] == ["sign_in.passkey"]


async def test_nobody_signs_in_with_a_passkey_that_was_never_registered(window: Window) -> None:
    stranger = await new_person(window.auth)
    options = await stranger.ask("POST", "passkeys/registration-options")
    await window.run("make", options.body)
    refused = await window.run("signIn")
    assert (refused["status"], refused["body"]["code"]) == (401, "auth.passkey_refused")
    assert (await window.auth.log_in(new_email())).status == 401
