"""What thieves do with codes and QR codes, one drill each (RFC 8628, section 5; RFC 10027)."""

import asyncio
from uuid import UUID

from samovar.services.auth.contract.events import SessionRevoked, SessionStarted, SignInRefused
from tests.services.auth.conftest import Auth, Installation, new_address
from tests.services.auth.device_code.conftest import Phones, audit_of
from tests.services.auth.test_password_setting import letter_to

STOPPED = "Мы остановили вход с другого устройства"


async def test_a_relayed_qr_code_that_a_second_account_opens_is_dead(
    auth: Auth, phones: Phones, installation: Installation
) -> None:
    first, second, device = await phones.person(), await phones.person(), await phones.device()
    await phones.look(first, device.user_code)
    assert (await phones.look(second, device.user_code)).code == "auth.device_request_taken"
    late = await phones.approve(first, device.user_code, device.began["match_number"])
    assert late.code == "auth.device_request_invalid"
    assert (await device.poll()).code == "auth.access_denied"
    (event,) = await auth.events(SignInRefused, first.account_id)
    assert (event.reason, event.address, event.refused_from) == (
        "second_scan",
        device.address,
        second.address,
    )
    letter = await letter_to(installation.messages, first.email, STOPPED)
    assert "открыл ещё кто-то" in letter.text
    told = await audit_of(auth, second.account_id)
    assert [(one.action, one.outcome, one.details["reason"]) for one in told] == [
        ("device_request.opened", "refused", "kill")
    ]


async def test_a_second_account_kills_a_request_between_the_yes_and_the_poll(phones: Phones) -> None:
    first, second, device = await phones.person(), await phones.person(), await phones.device()
    await phones.let_in(first, device)
    assert (await phones.look(second, device.user_code)).code == "auth.device_request_taken"
    assert (await device.poll()).code == "auth.access_denied"


async def test_two_accounts_that_open_a_code_at_once_do_not_both_get_it(phones: Phones) -> None:
    first, second, device = await phones.person(), await phones.person(), await phones.device()
    answers = await asyncio.gather(*(phones.look(person, device.user_code) for person in (first, second)))
    assert sorted(answer.status for answer in answers) == [200, 409]
    assert (await device.poll()).code == "auth.access_denied"


async def test_another_session_of_the_same_account_is_refused_and_nothing_dies(
    auth: Auth, phones: Phones
) -> None:
    person, device = await phones.person(), await phones.device()
    await phones.look(person, device.user_code)
    other = (await auth.log_in(person.email)).body["access_token"]
    refused = await auth.ask("GET", f"/v1/auth/device/{device.user_code}", token=other)
    assert refused.code == "auth.device_request_taken"
    path = f"/v1/auth/device/{device.user_code}/approve"
    taken = await auth.ask("POST", path, {"number": device.began["match_number"]}, token=other)
    assert taken.code == "auth.device_request_invalid"
    assert (await phones.approve(person, device.user_code, device.began["match_number"])).status == 204
    assert (await device.poll()).status == 200


async def test_one_wrong_number_is_the_end_and_the_owner_hears_of_it(
    auth: Auth, phones: Phones, installation: Installation
) -> None:
    person, device = await phones.person(), await phones.device()
    await phones.look(person, device.user_code)
    wrong = await phones.approve(person, device.user_code, device.wrong_number)
    assert wrong.code == "auth.device_number_wrong"
    right = await phones.approve(person, device.user_code, device.began["match_number"])
    assert right.code == "auth.device_request_invalid"
    assert (await device.poll()).code == "auth.access_denied"
    letter = await letter_to(installation.messages, person.email, STOPPED)
    assert device.address in letter.text
    assert "/not-me?token=" in letter.text
    told = await audit_of(auth, person.account_id)
    assert (told[0].outcome, told[0].details["reason"]) == ("refused", "wrong_number")


async def test_numbers_tried_in_parallel_are_one_try(phones: Phones) -> None:
    """All three at once: whichever comes first decides; a wrong one kills also what a right one began."""
    person, device = await phones.person(), await phones.device()
    numbers = (await phones.look(person, device.user_code)).body["numbers"]
    answers = await asyncio.gather(*(phones.approve(person, device.user_code, number) for number in numbers))
    assert [answer.status for answer in answers].count(204) <= 1
    assert (await device.poll()).code == "auth.access_denied"


async def test_nothing_is_approved_that_was_not_looked_at(phones: Phones) -> None:
    person, device = await phones.person(), await phones.device()
    blind = await phones.approve(person, device.user_code, device.began["match_number"])
    assert blind.code == "auth.device_request_invalid"
    assert (await phones.deny(person, device.user_code)).code == "auth.device_request_invalid"
    assert (await device.poll()).code == "auth.authorization_pending"


async def test_a_yes_said_twice_and_in_parallel_makes_one_session(auth: Auth, phones: Phones) -> None:
    person, device = await phones.person(), await phones.device()
    await phones.look(person, device.user_code)
    number = device.began["match_number"]
    answers = await asyncio.gather(*(phones.approve(person, device.user_code, number) for _ in range(4)))
    assert {answer.status for answer in answers} == {204}
    assert (await device.poll()).status == 200
    late = await phones.approve(person, device.user_code, number)
    assert late.code == "auth.device_request_invalid"
    assert len(await auth.events(SessionStarted, person.account_id)) == 2


async def test_polls_in_parallel_get_one_session_and_it_lives(auth: Auth, phones: Phones) -> None:
    person, device = await phones.person(), await phones.device()
    await phones.let_in(person, device)
    answers = await asyncio.gather(*(device.poll() for _ in range(4)))
    (given,) = (answer for answer in answers if answer.status == 200)
    assert {answer.code for answer in answers if answer is not given} == {"auth.device_code_invalid"}
    assert (await auth.me(given.body["access_token"])).status == 200
    assert len(await auth.events(SessionStarted, person.account_id)) == 2


async def test_a_device_code_replayed_later_ends_what_it_gave_and_is_recorded(
    auth: Auth, phones: Phones
) -> None:
    person, device = await phones.person(), await phones.device()
    await phones.let_in(person, device)
    came = (await device.poll()).body
    assert (await device.poll()).code == "auth.device_code_invalid"
    assert (await auth.me(came["access_token"])).status == 200
    await device.pass_time("used_at = used_at - interval '1 minute'")
    assert (await device.poll()).code == "auth.device_code_invalid"
    assert (await auth.me(came["access_token"])).code == "auth.session_revoked"
    (revoked,) = await auth.events(SessionRevoked, person.account_id)
    assert revoked.reason == "code_reuse"
    refused = [one for one in await audit_of(auth, person.account_id) if one.outcome == "refused"]
    assert [len(one.details["ended"]) for one in refused] == [0, 1]


async def test_a_refusal_is_final(phones: Phones, auth: Auth) -> None:
    for is_not_me in (False, True):
        person, device = await phones.person(), await phones.device()
        await phones.look(person, device.user_code)
        assert (await phones.deny(person, device.user_code, is_not_me=is_not_me)).status == 204
        late = await phones.approve(person, device.user_code, device.began["match_number"])
        assert late.code == "auth.device_request_invalid"
        assert (await device.poll()).code == "auth.access_denied"
        told = await audit_of(auth, person.account_id)
        assert told[0].action == "device_request.denied"
        assert told[0].details["reason"] == ("not_me" if is_not_me else "denied")
        assert told[0].details["device_address"] == device.address


async def test_a_yes_can_be_taken_back_until_the_device_comes(phones: Phones) -> None:
    person, device = await phones.person(), await phones.device()
    await phones.let_in(person, device)
    assert (await phones.deny(person, device.user_code)).status == 204
    assert (await device.poll()).code == "auth.access_denied"


async def test_nothing_comes_of_a_request_that_has_run_out(phones: Phones) -> None:
    person, device = await phones.person(), await phones.device()
    await phones.look(person, device.user_code)
    await device.pass_time("expires_at = now()")
    late = await phones.approve(person, device.user_code, device.began["match_number"])
    assert late.code == "auth.device_request_invalid"
    assert (await phones.look(person, device.user_code)).code == "auth.device_request_invalid"
    assert (await device.poll()).code == "auth.expired_token"


async def test_who_polls_too_often_must_wait_longer_each_time(phones: Phones) -> None:
    person, device = await phones.person(), await phones.device()
    assert (await device.poll()).code == "auth.authorization_pending"
    for interval_s in (10, 15):
        hasty = await device.poll()
        assert (hasty.status, hasty.code) == (429, "auth.slow_down")
        assert hasty.headers["retry-after"] == str(interval_s) == str(await device.interval_s())
    await phones.let_in(person, device)
    await device.pass_time("polled_at = now() - interval '9 seconds'")
    assert (await device.poll()).code == "auth.slow_down", "the longer interval holds"
    await device.pass_time("polled_at = now() - interval '20 seconds'")
    assert (await device.poll()).status == 200


async def test_guessing_codes_for_people_is_limited_and_recorded(auth: Auth, phones: Phones) -> None:
    person, device = await phones.person(), await phones.device()
    guesses = [f"BCDF-GH{a}{b}" for a in "BCDFGH" for b in "JKLMN"]
    answers = [await phones.look(person, guess) for guess in guesses]
    assert {answer.code for answer in answers} == {"auth.device_request_invalid"}
    limited = await phones.look(person, device.user_code)
    assert (limited.status, limited.code) == (429, "auth.too_many_attempts")
    assert int(limited.headers["retry-after"]) > 0
    told = await audit_of(auth, person.account_id)
    assert len(told) == len(guesses)
    assert {(one.outcome, one.details["reason"]) for one in told} == {("refused", "over")}


async def test_devices_that_want_in_are_limited_by_address(installation: Installation) -> None:
    async with installation.process(device_requests_per_address_max=3) as process:
        address = new_address()
        answers = [
            await process.ask("POST", "/v1/auth/device", {}, x_forwarded_for=address) for _ in range(4)
        ]
        elsewhere = await process.ask("POST", "/v1/auth/device", {}, x_forwarded_for=new_address())
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert elsewhere.status == 200


async def test_answers_are_limited_by_account(phones: Phones) -> None:
    """OWASP ASVS 6.6.4: nobody is sent anything that could be sent in a storm, and answers are counted all the same."""
    person = await phones.person()
    codes = [await phones.approve(person, "BCDF-GHJK", 11) for _ in range(21)]
    assert [answer.status for answer in codes] == [404] * 20 + [429]


async def test_a_programs_key_lets_nobody_in(auth: Auth, phones: Phones) -> None:
    person, device = await phones.person(), await phones.device()
    async with auth.database.transaction() as tx:
        await tx.execute(
            "UPDATE sessions SET kind = 'api_key' WHERE account_id = $1", UUID(person.account_id)
        )
    assert (await phones.look(person, device.user_code)).code == "request.forbidden"
    assert (await device.poll()).code == "auth.authorization_pending"


async def test_nonsense_is_refused_by_name(auth: Auth, phones: Phones) -> None:
    person, device = await phones.person(), await phones.device()
    for code in (
        "",
        "smvq_",
        "smvq_" + "A" * 64,
        device.began["device_code"] + "A",
        "smvm_" + "A" * 64,
        "я\u0000",
    ):
        answer = await auth.ask("POST", "/v1/auth/device/token", {"device_code": code})
        assert answer.code == "auth.device_code_invalid", code
    forged = device.began["device_code"][:-4] + "AAAA"
    assert (await auth.ask("POST", "/v1/auth/device/token", {"device_code": forged})).status == 400
    for typed in ("AAAA-AAAA", "BCDF-GHJK-LMNP", "я" * 8, "x" * 500):
        assert (await phones.look(person, typed)).code == "auth.device_request_invalid", typed
    for number in (9, 100, -1, "47", 47.5, None):
        answer = await auth.ask(
            "POST", "/v1/auth/device/BCDF-GHJK/approve", {"number": number}, token=person.token
        )
        assert answer.status == 422, number
    assert (await device.poll()).code == "auth.authorization_pending"
