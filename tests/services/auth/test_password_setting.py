"""Changing, forgetting and resetting a password."""

import asyncio
import re
from uuid import UUID

import pytest

from samovar.kit.routes import RateLimit
from samovar.services.auth.contract.events import CredentialChanged, SessionRevoked
from samovar.services.auth.passwords import attempts
from samovar.testing.messages import Messages, Received
from tests.services.auth.conftest import PASSWORD, Answer, Auth, Installation, new_address, new_email

NEW = "три весёлых гуся у реки"
TOKEN = re.compile(r"token=(smvp_[\w-]+)")


@pytest.fixture
def mailbox(installation: Installation) -> Messages:
    """Return what mails and text messages go to."""
    return installation.messages


async def change(auth: Auth, token: str, **body: object) -> Answer:
    return await auth.ask("POST", "/v1/auth/password/change", {"new_password": NEW, **body}, token=token)


async def forget(auth: Auth, login: str, address: str | None = None) -> tuple[int, object]:
    answer = await auth.ask(
        "POST", "/v1/auth/password/forgot", {"login": login}, x_forwarded_for=address or new_address()
    )
    return answer.status, answer.body


async def reset_by(auth: Auth, **body: object) -> tuple[int, str | None]:
    answer = await auth.ask(
        "POST", "/v1/auth/password/reset", {"new_password": NEW, **body}, x_forwarded_for=new_address()
    )
    return answer.status, None if answer.status == 200 else answer.code


def token_in(letter: Received) -> str:
    found = TOKEN.search(letter.text)
    assert found, letter.text
    return found[1]


async def letter_to(mailbox: Messages, email: str, subject: str) -> Received:
    """Wait for the letter of a subject."""
    async with asyncio.timeout(10):
        while not (  # noqa: ASYNC110  another process decides
            found := [one for one in await mailbox.all(to=email) if one.subject == subject]
        ):
            await asyncio.sleep(0.02)
    return found[0]


async def test_a_changed_password_opens_and_the_old_one_does_not(auth: Auth) -> None:
    email = new_email()
    came = (await auth.register(email=email)).body
    other = (await auth.log_in(email)).body
    assert (await change(auth, came["access_token"], current_password=PASSWORD)).status == 204
    assert (await auth.log_in(email)).status == 401
    assert (await auth.log_in(email, NEW)).status == 200
    assert (await auth.me(came["access_token"])).status == 200
    assert (await auth.me(other["access_token"])).code == "auth.session_revoked"
    (event,) = await auth.events(CredentialChanged, came["account_id"])
    assert (event.credential, event.action) == ("password", "changed")


async def test_other_sessions_may_be_kept_over_a_change(auth: Auth) -> None:
    email = new_email()
    came = (await auth.register(email=email)).body
    other = (await auth.log_in(email)).body
    await change(auth, came["access_token"], current_password=PASSWORD, keep_sessions=True)
    assert (await auth.me(other["access_token"])).status == 200


async def test_a_change_needs_the_present_password(auth: Auth) -> None:
    email = new_email()
    came = (await auth.register(email=email)).body
    for wrong in ({"current_password": "не тот пароль"}, {}):
        refused = await change(auth, came["access_token"], **wrong)
        assert refused.code == "auth.bad_credentials"
    assert (await auth.log_in(email)).status == 200


@pytest.mark.parametrize("weak", ["коротко", "qwerty123456", "ghbdtnghbdtn", "ktyf1234", "Самовар2026"])
async def test_a_new_password_must_withstand_guessing(auth: Auth, weak: str) -> None:
    came = (await auth.register()).body
    body = {"current_password": PASSWORD, "new_password": weak}
    refused = await auth.ask("POST", "/v1/auth/password/change", body, token=came["access_token"])
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, "new_password")


async def test_a_forgotten_password_is_set_anew_by_mail(auth: Auth, mailbox: Messages) -> None:
    email = new_email()
    came = (await auth.register(email=email)).body
    assert await forget(auth, f" {email.upper()}") == (202, None)
    token = token_in(await letter_to(mailbox, email, "Новый пароль"))
    assert await reset_by(auth, token=token) == (200, None)
    assert (await auth.log_in(email, NEW)).status == 200
    assert (await auth.log_in(email)).status == 401
    assert (await auth.me(came["access_token"])).code == "auth.session_revoked"
    assert await reset_by(auth, token=token) == (401, "auth.reset_invalid")
    reasons = {event.reason for event in await auth.events(SessionRevoked, came["account_id"])}
    assert reasons == {"password_changed"}
    verified = await auth.database.fetch_value("SELECT verified_at FROM logins WHERE login = $1", email)
    assert verified


async def test_a_forgotten_password_is_set_anew_by_text_message(auth: Auth, mailbox: Messages) -> None:
    phone = "+79161234501"
    await auth.register(email=None, phone=phone)
    await forget(auth, "8 916 123-45-01")
    message = await mailbox.last(to=phone)
    code = re.search(r"\d{8}", message.text)
    assert code
    assert await reset_by(auth, login=phone, code="00000000") == (401, "auth.reset_invalid")
    assert await reset_by(auth, login="89161234501", code=code[0]) == (200, None)
    assert (await auth.log_in(phone, NEW)).status == 200


async def test_a_code_can_be_guessed_five_times_and_no_more(auth: Auth, mailbox: Messages) -> None:
    phone = "+79161234502"
    await auth.register(email=None, phone=phone)
    await forget(auth, phone)
    code = re.search(r"\d{8}", (await mailbox.last(to=phone)).text)
    assert code
    for guess in range(5):
        assert await reset_by(auth, login=phone, code=f"{guess:08}") == (401, "auth.reset_invalid")
    assert await reset_by(auth, login=phone, code=code[0]) == (401, "auth.reset_invalid")


async def test_a_reset_used_in_parallel_works_once(auth: Auth, mailbox: Messages) -> None:
    email = new_email()
    await auth.register(email=email)
    await forget(auth, email)
    token = token_in(await letter_to(mailbox, email, "Новый пароль"))
    answers = await asyncio.gather(*(reset_by(auth, token=token) for _ in range(5)))
    assert sorted(status for status, _ in answers) == [200, 401, 401, 401, 401]


async def test_a_link_that_was_asked_for_before_a_change_does_not_undo_it(
    auth: Auth, mailbox: Messages
) -> None:
    email = new_email()
    came = (await auth.register(email=email)).body
    await forget(auth, email)
    token = token_in(await letter_to(mailbox, email, "Новый пароль"))
    assert (await change(auth, came["access_token"], current_password=PASSWORD)).status == 204
    assert await reset_by(auth, token=token) == (401, "auth.reset_invalid")
    assert (await auth.log_in(email, NEW)).status == 200


async def test_forgetting_an_unknown_login_answers_alike_and_writes_to_nobody(
    auth: Auth, mailbox: Messages
) -> None:
    known, unknown = new_email(), new_email()
    await auth.register(email=known)
    answers = [await forget(auth, login) for login in (known, unknown, "no login", "+79990000002")]
    assert answers == [(202, None)] * 4
    await letter_to(mailbox, known, "Новый пароль")
    async with asyncio.timeout(10):
        while await auth.database.fetch_value("SELECT count(*) FROM reset_requests"):  # noqa: ASYNC110  a job decides
            await asyncio.sleep(0.02)
    assert await mailbox.all(to=unknown) == []


async def test_whoever_keeps_asking_does_not_keep_the_owner_from_the_letter(
    auth: Auth, mailbox: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "LETTERS_PER_LOGIN", RateLimit(2, per_s=3_600))
    email = new_email()
    await auth.register(email=email)
    for _ in range(5):
        assert await forget(auth, email) == (202, None)
    token = token_in(await letter_to(mailbox, email, "Новый пароль"))
    assert await reset_by(auth, token=token) == (200, None)
    letters = [one for one in await mailbox.all(to=email) if one.subject == "Новый пароль"]
    assert len(letters) == 2


async def test_an_address_may_ask_only_so_often(auth: Auth, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "FORGOTTEN_PER_ADDRESS", RateLimit(2, per_s=3_600))
    address = new_address()
    statuses = [(await forget(auth, new_email(), address))[0] for _ in range(3)]
    assert statuses == [202, 202, 429]


@pytest.mark.parametrize("nonsense", ["", "smvp_", "smvp_AAAA", "smvp_" + "A" * 43, "x" * 500])
async def test_a_made_up_permission_sets_nothing(auth: Auth, nonsense: str) -> None:
    assert await reset_by(auth, token=nonsense) == (401, "auth.reset_invalid")
    assert await reset_by(auth) == (401, "auth.reset_invalid")
    assert await reset_by(auth, login="+79990000003", code=nonsense[:64]) == (401, "auth.reset_invalid")


async def test_a_reset_runs_out(auth: Auth, mailbox: Messages) -> None:
    email = new_email()
    came = (await auth.register(email=email)).body
    await forget(auth, email)
    token = token_in(await letter_to(mailbox, email, "Новый пароль"))
    async with auth.database.transaction() as tx:
        await tx.execute(
            "UPDATE password_resets SET expires_at = now() WHERE account_id = $1", UUID(came["account_id"])
        )
    assert await reset_by(auth, token=token) == (401, "auth.reset_invalid")


async def test_the_letter_is_in_the_language_of_the_account(auth: Auth, mailbox: Messages) -> None:
    email = new_email()
    body = {"email": email, "password": PASSWORD, "display_name": "Ann"}
    await auth.ask("POST", "/v1/auth/register", body, accept_language="en", x_forwarded_for=new_address())
    await forget(auth, email)
    assert token_in(await letter_to(mailbox, email, "A new password"))


async def test_strangers_who_guess_cannot_keep_the_owner_out_of_a_new_device(
    auth: Auth, mailbox: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "STRANGERS_OF_LOGIN", RateLimit(2, per_s=3_600))
    email = new_email()
    await auth.register(email=email)
    statuses = [(await auth.log_in(email, "не тот пароль")).status for _ in range(3)]
    assert statuses == [401, 401, 429]
    assert (await auth.log_in(email)).status == 429
    await forget(auth, email)
    body = {"token": token_in(await letter_to(mailbox, email, "Новый пароль")), "new_password": NEW}
    done = await auth.ask("POST", "/v1/auth/password/reset", body, x_forwarded_for=new_address())
    assert (await auth.log_in(email, NEW)).status == 429
    assert (await auth.log_in(email, NEW, device_token=done.body["device_token"])).status == 200
