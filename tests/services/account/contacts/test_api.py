"""Proving that a mail address or a phone is one's own."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.services.account.contract.events import ContactRemoved, ContactVerified
from samovar.testing.hosting import Answer, Running
from samovar.testing.messages import Messages
from tests.services.account.conftest import person

ME = "/v1/accounts/me"


def new_email() -> str:
    return f"{uuid4().hex}@example.org"


def new_phone() -> str:
    return f"+7916{uuid4().int % 10**7:07}"


async def ask(account: Running, who: UUID, what: str, body: dict[str, Any], **more: Any) -> Answer:
    return await account.request("POST", f"{ME}/{what}", account_id=who, json=body, **more)


async def let_a_minute_pass(account: Running, who: UUID) -> None:
    async with account.database.transaction() as tx:
        await tx.execute(
            "UPDATE contact_codes SET sent_at = sent_at - interval '1 minute' WHERE account_id = $1", who
        )


async def prove(account: Running, messages: Messages, who: UUID, kind: str, value: str) -> Answer:
    """Have a code sent to an address and send it back."""
    seen = len(await messages.all(to=value))
    assert (await ask(account, who, f"{kind}/verify", {kind: value})).status == 202
    code = (await messages.last(to=value, number=seen + 1)).code
    return await ask(account, who, f"{kind}/confirm", {"code": code})


def wrong(code: str | None) -> str:
    return f"{(int(code or 0) + 1) % 10**6:06}"


async def test_the_code_of_the_registration_proves_the_address(account: Running, messages: Messages) -> None:
    email = new_email()
    who = await person(account, email=email)
    mail = await messages.last(to=email)
    assert mail.subject == "Код подтверждения почты"
    before = (await account.request("GET", ME, account_id=who)).body
    assert (before["email"]["value"], before["email"]["verified"], before["identity_level"]) == (
        email,
        False,
        0,
    )
    confirmed = await ask(account, who, "email/confirm", {"code": mail.code})
    assert (confirmed.status, confirmed.body["verified"]) == (200, True)
    after = (await account.request("GET", ME, account_id=who)).body
    assert (after["email"]["verified"], after["phone"], after["identity_level"]) == (True, None, 1)
    (event,) = [one for one in await account.events(ContactVerified) if one.account_id == who]
    assert (event.kind, event.value) == ("email", email)


async def test_a_phone_is_proved_by_a_text_message(account: Running, messages: Messages) -> None:
    phone = new_phone()
    who = await person(account, phone=phone)
    sent = await ask(account, who, "phone/verify", {})
    assert (sent.status, sent.body["method"], sent.body["code_length"]) == (202, "sms", 6)
    assert sent.body["sent_to"] == f"+7…{phone[-4:]}"
    code = (await messages.last(to=phone)).code
    assert (await ask(account, who, "phone/confirm", {"code": code})).status == 200
    assert (await account.request("GET", ME, account_id=who)).body["identity_level"] == 2


async def test_a_number_is_understood_as_it_is_typed(account: Running, messages: Messages) -> None:
    phone = new_phone()
    who = await person(account)
    typed = f"8 ({phone[2:5]}) {phone[5:8]}-{phone[8:10]}-{phone[10:]}"
    assert (await ask(account, who, "phone/verify", {"phone": typed})).status == 202
    assert (await messages.last(to=phone)).kind == "sms"


async def test_a_code_that_did_not_come_is_followed_by_the_next_method(
    account: Running, messages: Messages
) -> None:
    phone, who = new_phone(), await person(account)
    methods = []
    for number in range(1, 5):
        sent = await ask(account, who, "phone/verify", {"phone": phone})
        methods.append(sent.body["method"])
        await messages.last(to=phone, number=number)
        await let_a_minute_pass(account, who)
    assert methods == ["sms", "flash_call", "reverse_call", "reverse_call"]


async def test_a_flash_call_proves_a_phone_by_its_last_four_digits(
    account: Running, messages: Messages
) -> None:
    phone, who = new_phone(), await person(account)
    sent = await ask(account, who, "phone/verify", {"phone": phone, "method": "flash_call"})
    call = await messages.last(to=phone)
    assert (call.kind, sent.body["code_length"], len(call.code or "")) == ("flash_call", 4, 4)
    assert (await ask(account, who, "phone/confirm", {"code": call.code})).status == 200


async def test_a_call_of_ones_own_proves_a_phone(account: Running, messages: Messages) -> None:
    phone, who = new_phone(), await person(account)
    sent = await ask(account, who, "phone/verify", {"phone": phone, "method": "reverse_call"})
    assert (sent.body["call_number"], sent.body["code_length"]) == ("+74950000000", 0)
    asked = await messages.last(to=phone)
    early = await ask(account, who, "phone/confirm", {})
    assert (early.status, early.body["code"]) == (409, "account.phone_has_not_called")
    await messages.call(asked.id)
    assert (await ask(account, who, "phone/confirm", {})).status == 200


async def test_a_wrong_code_counts_and_the_fifth_uses_the_code_up(
    account: Running, messages: Messages
) -> None:
    email = new_email()
    who = await person(account, email=email)
    code = (await messages.last(to=email)).code
    left = []
    for _ in range(5):
        refused = await ask(account, who, "email/confirm", {"code": wrong(code)})
        assert (refused.status, refused.body["code"]) == (422, "account.code_wrong")
        left.append(refused.body["detail"].rstrip(".")[-1])
    assert left == ["4", "3", "2", "1", "0"]
    late = await ask(account, who, "email/confirm", {"code": code})
    assert (late.status, late.body["code"]) == (409, "account.code_expired")


async def test_guesses_at_once_are_counted_one_by_one(account: Running, messages: Messages) -> None:
    email = new_email()
    who = await person(account, email=email)
    code = (await messages.last(to=email)).code
    answers = await asyncio.gather(
        *(ask(account, who, "email/confirm", {"code": wrong(code)}) for _ in range(12))
    )
    assert sorted(answer.status for answer in answers) == [409] * 7 + [422] * 5


async def test_a_code_works_once(account: Running, messages: Messages) -> None:
    email = new_email()
    who = await person(account, email=email)
    code = (await messages.last(to=email)).code
    answers = await asyncio.gather(*(ask(account, who, "email/confirm", {"code": code}) for _ in range(4)))
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]


async def test_a_code_runs_out(account: Running, messages: Messages) -> None:
    email = new_email()
    who = await person(account, email=email)
    code = (await messages.last(to=email)).code
    async with account.database.transaction() as tx:
        await tx.execute("UPDATE contact_codes SET expires_at = now() WHERE account_id = $1", who)
    assert (await ask(account, who, "email/confirm", {"code": code})).body["code"] == "account.code_expired"


async def test_a_code_is_of_no_use_to_another_account(account: Running, messages: Messages) -> None:
    email, others = new_email(), new_email()
    await person(account, email=email)
    thief = await person(account, email=others)
    code = (await messages.last(to=email)).code
    own = (await messages.last(to=others)).code
    assert code == own or (await ask(account, thief, "email/confirm", {"code": code})).status == 422


async def test_a_new_code_replaces_the_one_before(account: Running, messages: Messages) -> None:
    email = new_email()
    who = await person(account, email=email)
    first = (await messages.last(to=email)).code
    await let_a_minute_pass(account, who)
    assert (await ask(account, who, "email/verify", {})).status == 202
    second = (await messages.last(to=email, number=2)).code
    if first != second:
        assert (await ask(account, who, "email/confirm", {"code": first})).status == 422
    assert (await ask(account, who, "email/confirm", {"code": second})).status == 200


async def test_another_code_is_sent_after_a_pause_and_once(account: Running, messages: Messages) -> None:
    email = new_email()
    who = await person(account)
    answers = await asyncio.gather(*(ask(account, who, "email/verify", {"email": email}) for _ in range(5)))
    assert sorted(answer.status for answer in answers) == [202, 429, 429, 429, 429]
    refused = next(answer for answer in answers if answer.status == 429)
    assert (refused.body["code"], refused.headers["retry-after"]) == ("account.too_many_codes", "60")
    await messages.last(to=email)
    assert len(await messages.all(to=email)) == 1


async def test_an_impatient_person_uses_up_no_codes(account: Running, messages: Messages) -> None:
    email = new_email()
    who, owner = await person(account, email=new_email()), await person(account, email=email)
    await messages.last(to=email)
    await let_a_minute_pass(account, who)
    assert (await ask(account, who, "email/verify", {"email": email})).status == 202
    for _ in range(8):
        early = await ask(account, who, "email/verify", {"email": email})
        assert (early.status, early.body["code"]) == (429, "account.too_many_codes")
        assert 0 < int(early.headers["retry-after"]) <= 60
    await let_a_minute_pass(account, owner)
    assert (await ask(account, owner, "email/verify", {})).status == 202


async def test_one_address_gets_so_many_codes_whoever_asks(account: Running) -> None:
    email = new_email()
    statuses = [
        (await ask(account, await person(account), "email/verify", {"email": email})).status for _ in range(7)
    ]
    assert statuses == [202] * 6 + [429]


async def test_whether_somebody_else_has_an_address_shows_only_after_the_proof(
    account: Running, messages: Messages
) -> None:
    taken, free = new_email(), new_email()
    owner, other = await person(account), await person(account)
    assert (await prove(account, messages, owner, "email", taken)).status == 200
    of_taken = await ask(account, other, "email/verify", {"email": taken})
    await let_a_minute_pass(account, other)
    of_free = await ask(account, other, "email/verify", {"email": free})
    for shown in (of_taken, of_free):
        shown.body.pop("sent_to"), shown.body.pop("expires_at")
    assert (of_taken.status, of_taken.body) == (of_free.status, of_free.body)
    await let_a_minute_pass(account, other)
    await messages.last(to=taken, number=2)
    refused = await prove(account, messages, other, "email", taken)
    assert (refused.status, refused.body["code"]) == (409, "account.contact_taken")
    assert (await account.request("GET", ME, account_id=other)).body["email"] is None


async def test_of_two_who_prove_one_address_at_once_one_has_it(account: Running, messages: Messages) -> None:
    phone = new_phone()
    people = [await person(account) for _ in range(2)]
    codes = []
    for number, who in enumerate(people, 1):
        await ask(account, who, "phone/verify", {"phone": phone})
        codes.append((await messages.last(to=phone, number=number)).code)
    answers = await asyncio.gather(
        *(ask(account, who, "phone/confirm", {"code": code}) for who, code in zip(people, codes, strict=True))
    )
    assert sorted(answer.status for answer in answers) == [200, 409]


async def test_who_proves_an_address_takes_it_from_who_only_named_it(
    account: Running, messages: Messages
) -> None:
    """Somebody who registers with the address of another person keeps nothing of it."""
    email = new_email()
    squatter, owner = await person(account, email=email), await person(account)
    assert (await prove(account, messages, owner, "email", email)).status == 200
    assert (await account.request("GET", ME, account_id=squatter)).body["email"] is None
    (event,) = [one for one in await account.events(ContactRemoved) if one.account_id == squatter]
    assert (event.value, event.reason) == (email, "claimed")


async def test_a_change_is_told_to_the_old_address(account: Running, messages: Messages) -> None:
    old, new = new_email(), new_email()
    who = await person(account)
    await prove(account, messages, who, "email", old)
    await let_a_minute_pass(account, who)
    await prove(account, messages, who, "email", new)
    warning = await messages.last(to=old, number=2)
    assert warning.subject == "Адрес почты изменён"
    assert new not in warning.text
    (event,) = [one for one in await account.events(ContactRemoved) if one.account_id == who]
    assert (event.value, event.reason) == (old, "replaced")


async def test_a_change_of_phone_is_told_by_mail_too(account: Running, messages: Messages) -> None:
    email, old, new = new_email(), new_phone(), new_phone()
    who = await person(account)
    await prove(account, messages, who, "email", email)
    await prove(account, messages, who, "phone", old)
    await let_a_minute_pass(account, who)
    await prove(account, messages, who, "phone", new)
    assert (await messages.last(to=email, number=2)).subject == "Номер телефона изменён"
    assert (await messages.last(to=old, number=2)).text.startswith("Самовар: телефон вашей учётной записи")


async def test_a_proven_address_is_replaced_only_after_signing_in_anew(
    account: Running, messages: Messages
) -> None:
    who = await person(account)
    await prove(account, messages, who, "email", new_email())
    await let_a_minute_pass(account, who)
    refused = await ask(account, who, "email/verify", {"email": new_email()}, proved_ago_s=1_000)
    assert (refused.status, refused.body["code"]) == (401, "auth.step_up_required")
    assert 'max_age="900"' in refused.headers["www-authenticate"]


@pytest.mark.parametrize("kind", ["email", "phone"])
@pytest.mark.parametrize("has_other", [True, False], ids=["beside a proven one", "the first"])
async def test_another_contact_is_added_only_after_signing_in_anew(
    account: Running, messages: Messages, kind: str, *, has_other: bool
) -> None:
    """One signs in by what one has proved: otherwise a stolen token would become a way in of the thief's own."""
    who, new = await person(account), {"email": new_email, "phone": new_phone}
    if has_other:
        other = "phone" if kind == "email" else "email"
        await prove(account, messages, who, other, new[other]())
    wanted = {kind: new[kind]()}
    refused = await ask(account, who, f"{kind}/verify", wanted, proved_ago_s=1_000)
    assert (refused.status, refused.body["code"]) == (401, "auth.step_up_required")
    assert await messages.all(to=wanted[kind]) == []
    assert (await ask(account, who, f"{kind}/verify", wanted, proved_ago_s=800)).status == 202


async def test_a_proven_address_need_not_be_proved_again(account: Running, messages: Messages) -> None:
    email, who = new_email(), await person(account)
    await prove(account, messages, who, "email", email)
    again = await ask(account, who, "email/verify", {"email": email.upper()})
    assert (again.status, again.body["code"]) == (409, "account.contact_verified_before")


async def test_who_gave_no_address_must_name_one(account: Running) -> None:
    who = await person(account)
    assert (await ask(account, who, "email/verify", {})).body["code"] == "account.contact_missing"


@pytest.mark.parametrize(
    ("what", "body", "status"),
    [
        ("email/verify", {"email": "nobody"}, 422),
        ("email/verify", {"email": "a@b\u0000.example"}, 422),
        ("email/verify", {"email": "x" * 300 + "@example.org"}, 422),
        ("email/verify", {"mail": "a@example.org"}, 422),
        ("phone/verify", {"phone": "123"}, 422),
        ("phone/verify", {"phone": "+79161234567", "method": "pigeon"}, 422),
        ("phone/verify", {"phone": "+12025550123"}, 422),
        ("phone/verify", {"phone": "+881612345678"}, 422),
        ("email/confirm", {"code": "abcdef"}, 422),
        ("email/confirm", {"code": "1" * 100}, 422),
        ("email/confirm", {}, 422),
        ("email/confirm", {"code": "123456"}, 409),
        ("phone/confirm", {}, 409),
    ],
)
async def test_nonsense_is_refused(account: Running, what: str, body: dict[str, str], status: int) -> None:
    assert (await ask(account, await person(account), what, body)).status == status


async def test_a_code_that_was_sent_must_come_back(account: Running, messages: Messages) -> None:
    phone, who = new_phone(), await person(account)
    await ask(account, who, "phone/verify", {"phone": phone})
    await messages.last(to=phone)
    assert (await ask(account, who, "phone/confirm", {})).status == 422


async def test_the_database_holds_no_code(account: Running, messages: Messages) -> None:
    email = new_email()
    await person(account, email=email)
    code = (await messages.last(to=email)).code
    await account.until(
        "SELECT count(*) = 0 FROM kit.outgoing_messages WHERE message::text LIKE $1", f"%{email}%"
    )
    kept = await account.database.fetch_value(
        "SELECT string_agg(c::text, '') FROM contact_codes c WHERE value = $1", email
    )
    assert code not in kept.replace(str(email), "")


@pytest.mark.parametrize(("what", "method"), [("email/verify", "POST"), ("phone/confirm", "POST")])
async def test_a_stranger_is_refused(account: Running, what: str, method: str) -> None:
    assert (await account.request(method, f"{ME}/{what}", json={})).status == 401


@pytest.mark.parametrize(
    ("what", "body", "said"),
    [
        ("email/verify", {"email": "anna"}, "Это не похоже на адрес почты."),
        ("phone/verify", {"phone": "+7123"}, "Такого номера телефона не бывает."),
        ("phone/verify", {"phone": "+12025550123"}, "На номера этой страны коды не отправляются."),
        ("email/confirm", {"code": "----"}, "Отправлен был другой код."),
    ],
)
async def test_a_field_that_is_wrong_is_explained_in_the_readers_language(
    account: Running, messages: Messages, what: str, body: dict[str, Any], said: str
) -> None:
    email = new_email()
    who = await person(account, email=email)
    await messages.last(to=email)
    answer = await ask(account, who, what, body)
    assert (answer.status, [fault["detail"] for fault in answer.body["errors"]]) == (422, [said])
