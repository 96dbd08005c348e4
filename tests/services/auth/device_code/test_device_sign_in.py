"""A device is let in by another one: what both see, and what comes of it."""

import asyncio
import base64
import re
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import msgspec

from samovar.services.auth.contract.events import SessionRevoked, SessionStarted
from samovar.services.auth.pages.qr import svg_of
from tests.services.auth.conftest import ORIGIN, PASSWORD, Auth, Installation, new_address
from tests.services.auth.device_code.conftest import Phones, audit_of
from tests.services.auth.test_password_setting import letter_to


def claims_of(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    claims: dict[str, Any] = msgspec.json.decode(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return claims


async def test_a_device_begins_with_a_code_a_picture_and_a_number(phones: Phones) -> None:
    began = (await phones.device()).began
    assert re.fullmatch(r"[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}", began["user_code"])
    assert began["verification_uri"] == f"{ORIGIN}/device"
    assert began["verification_uri_complete"] == f"{ORIGIN}/device?user_code={began['user_code']}"
    assert (began["expires_in"], began["interval"]) == (120, 5)
    assert 10 <= began["match_number"] <= 99
    secret = base64.urlsafe_b64decode(began["device_code"].removeprefix("smvq_") + "==")
    assert len(secret) - 16 >= 16
    assert began["qr_svg"] == svg_of(began["verification_uri_complete"])
    assert ET.fromstring(began["qr_svg"]).tag.endswith("svg")


async def test_a_copy_of_the_database_has_neither_code(auth: Auth, phones: Phones) -> None:
    device = await phones.device()
    row = await auth.database.fetch_value(
        "SELECT to_jsonb(r)::text FROM device_requests r WHERE id = $1", device.request_id
    )
    raw = base64.urlsafe_b64decode(device.began["device_code"].removeprefix("smvq_") + "==")
    for secret in (device.user_code, device.user_code.replace("-", ""), raw[16:].hex()):
        assert secret not in row


async def test_the_phone_sees_what_wants_in_and_the_device_gets_a_session(auth: Auth, phones: Phones) -> None:
    person, device = await phones.person(), await phones.device()
    assert (await device.poll()).code == "auth.authorization_pending"
    seen = (await phones.look(person, device.user_code.lower().replace("-", ""))).body
    assert seen["device_name"] == "Телевизор в гостиной"
    assert seen["address"] == device.address
    assert (seen["is_same_network"], seen["user_code"]) == (False, device.user_code)
    assert seen["client"]["is_first_party"] is True
    assert len(set(seen["numbers"])) == 3
    assert device.began["match_number"] in seen["numbers"]
    assert "match_number" not in seen
    again = (await phones.look(person, device.user_code)).body
    assert again["numbers"] == seen["numbers"], "a second look must not tell which number stays"
    assert (await phones.approve(person, device.user_code, device.began["match_number"])).status == 204
    came = await device.poll_in_time()
    assert came.status == 200
    assert came.body["account_id"] == person.account_id
    me = (await auth.me(came.body["access_token"])).body
    assert (me["amr"], me["acr"]) == (["pwd", "mca"], "aal1")
    assert (await auth.refresh(came.body["refresh_token"])).status == 200
    told = [(entry.action, entry.outcome) for entry in await audit_of(auth, person.account_id)]
    assert told == [("device_request.approved", "done"), ("device_request.collected", "done")]


async def test_the_same_network_is_a_hint(phones: Phones) -> None:
    person = await phones.person()
    device = await phones.device(address=person.address.replace("::1", "::77"))
    assert (await phones.look(person, device.user_code)).body["is_same_network"] is True


async def test_the_session_is_on_a_device_of_its_own_and_the_owner_gets_a_letter(
    auth: Auth, phones: Phones, installation: Installation
) -> None:
    person, device = await phones.person(), await phones.device()
    await phones.let_in(person, device)
    came = (await device.poll()).body
    first, second = await auth.events(SessionStarted, person.account_id)
    assert (second.is_known_device, second.device_name) == (False, "Телевизор в гостиной")
    assert first.device_id != second.device_id
    assert second.address == device.address
    letter = await letter_to(installation.messages, person.email, "Вход с нового устройства")
    assert "Телевизор в гостиной" in letter.text
    known = await phones.device()
    await phones.let_in(person, known)
    assert (await known.poll(device_token=came["device_token"])).status == 200
    assert (await auth.events(SessionStarted, person.account_id))[-1].is_known_device is True


async def test_the_session_is_never_fresher_than_its_approver(auth: Auth, phones: Phones) -> None:
    """Somebody proved who they are ten minutes ago: what needs a proof of the last quarter of an hour soon asks again."""
    person, device = await phones.person(), await phones.device()
    async with auth.database.transaction() as tx:
        await tx.execute(
            "UPDATE sessions SET authenticated_at = now() - interval '10 minutes', acr = 'aal2' WHERE account_id = $1",
            UUID(person.account_id),
        )
    await phones.let_in(person, device)
    came = (await device.poll()).body
    claims = claims_of(came["access_token"])
    assert claims["iat"] - claims["auth_time"] >= 600
    assert claims["acr"] == "aal2"


async def test_an_old_proof_does_not_let_a_device_in(auth: Auth, phones: Phones) -> None:
    """OWASP ASVS 7.5.3: what makes a session asks for a proof of the last quarter of an hour."""
    person, device = await phones.person(), await phones.device()
    await phones.look(person, device.user_code)
    async with auth.database.transaction() as tx:
        await tx.execute(
            "UPDATE sessions SET authenticated_at = now() - interval '1 hour' WHERE account_id = $1",
            UUID(person.account_id),
        )
    stale = (await auth.refresh(person.refresh_token)).body["access_token"]
    path = f"/v1/auth/device/{device.user_code}/approve"
    refused = await auth.ask("POST", path, {"number": device.began["match_number"]}, token=stale)
    assert refused.code == "auth.step_up_required"
    proved = (await auth.step_up(stale, PASSWORD)).body["access_token"]
    done = await auth.ask("POST", path, {"number": device.began["match_number"]}, token=proved)
    assert done.status == 204


async def test_who_signs_out_takes_the_yes_back(auth: Auth, phones: Phones) -> None:
    person, device = await phones.person(), await phones.device()
    await phones.let_in(person, device)
    await auth.ask("POST", "/v1/auth/logout", token=person.token)
    assert (await device.poll()).code == "auth.access_denied"


async def test_what_a_stolen_session_let_in_ends_with_it(auth: Auth, phones: Phones) -> None:
    """Also what that let in in turn: a thief must not live on in the second device."""
    person, device, third = await phones.person(), await phones.device(), await phones.device()
    await phones.let_in(person, device)
    came = (await device.poll()).body
    television = type(person)(
        person.email, person.account_id, came["access_token"], came["refresh_token"], device.address
    )
    await phones.let_in(television, third)
    last = (await third.poll()).body
    await auth.refresh(person.refresh_token)
    async with auth.database.transaction() as tx:
        await tx.execute(
            "UPDATE sessions SET rotated_at = rotated_at - interval '1 minute' WHERE account_id = $1",
            UUID(person.account_id),
        )
    assert (await auth.refresh(person.refresh_token)).code == "auth.refresh_token_reused"
    for tokens in (came, last):
        assert (await auth.refresh(tokens["refresh_token"])).status == 401
    assert len(await auth.events(SessionRevoked, person.account_id)) == 3


async def test_an_approval_in_the_last_second_can_still_be_collected(phones: Phones) -> None:
    person, device = await phones.person(), await phones.device()
    await phones.look(person, device.user_code)
    await device.pass_time("expires_at = now() + interval '2 seconds'")
    await phones.approve(person, device.user_code, device.began["match_number"])
    await device.pass_time("expires_at = expires_at - interval '2 seconds'")
    assert (await device.poll()).status == 200


async def test_old_requests_are_forgotten(installation: Installation, auth: Auth, phones: Phones) -> None:
    device = await phones.device()
    await device.pass_time("expires_at = now() - interval '2 hours'")
    async with auth.database.transaction() as tx:
        await tx.execute("UPDATE kit.jobs SET next_run_at = now() WHERE name = 'forget_old_device_requests'")
    async with installation.process(), asyncio.timeout(20):
        while (await device.poll()).code != "auth.device_code_invalid":  # noqa: ASYNC110  a job of another process
            await asyncio.sleep(0.1)


async def test_how_long_a_request_lives_is_a_setting(installation: Installation) -> None:
    async with installation.process(device_request_ttl_s=600) as other:
        began = await other.ask("POST", "/v1/auth/device", {}, x_forwarded_for=new_address())
    assert began.body["expires_in"] == 600
