"""What tokens say, to whom: userinfo, introspection, revocation."""

import asyncio
from typing import Any

import pytest

from tests.services.account.avatars.test_pictures import picture
from tests.services.auth.conftest import Auth
from tests.services.auth.openid.conftest import Issuer, Json, Person, Program

WAIT_S = 10.0


async def known(issuer: Issuer, access_token: str) -> dict[str, Any]:
    """Return the userinfo, once account has heard of the person."""
    async with asyncio.timeout(WAIT_S):
        while True:
            answer = await issuer.user_info(access_token)
            assert answer.status == 200, answer.body
            if "name" in answer.body:
                told: dict[str, Any] = answer.body
                return told
            await asyncio.sleep(0.05)


async def introspect(issuer: Issuer, program: Program, token: str | None) -> Json:
    return await issuer.post("/oauth2/introspect", {"token": token, **program.credentials})


async def test_a_client_learns_what_the_person_agreed_to_and_no_more(
    issuer: Issuer, program: Program
) -> None:
    person = await issuer.person(birth_date="2010-01-01")
    everything = await issuer.tokens(person, program, "openid profile email age")
    told = await known(issuer, everything["access_token"])
    sub = told.pop("sub")
    assert told == {
        "name": "Анна",
        "locale": "ru",
        "email": person.email,
        "email_verified": False,
        "age_over_12": True,
        "age_over_16": True,
        "age_over_18": False,
        "age_source": "self",
    }
    assert str(person.account_id) not in str(told) + sub
    little = await issuer.tokens(person, program, "openid")
    assert (await issuer.user_info(little["access_token"])).body == {"sub": sub}
    without = await issuer.tokens(person, program, "profile")
    refused = await issuer.user_info(without["access_token"])
    assert (refused.status, refused.body["error"]) == (403, "insufficient_scope")


async def test_a_client_learns_the_picture_that_the_person_chose(issuer: Issuer, program: Program) -> None:
    person = await issuer.person()
    tokens = await issuer.tokens(person, program, "openid profile")
    # The one that is drawn for them is drawn from their id, and would be the same for all developers.
    assert "picture" not in await known(issuer, tokens["access_token"])
    path = await issuer.show_picture(person, picture())
    assert (await known(issuer, tokens["access_token"]))["picture"] == f"{issuer.origin}{path}"
    little = await issuer.tokens(person, program, "openid email")
    assert "picture" not in (await issuer.user_info(little["access_token"])).body


async def test_who_never_said_their_age_is_over_nothing(issuer: Issuer, program: Program) -> None:
    person = await issuer.person(birth_date=None)
    tokens = await issuer.tokens(person, program, "openid profile age")
    told = await known(issuer, tokens["access_token"])
    assert [told[f"age_over_{years}"] for years in (12, 16, 18)] == [False, False, False]
    assert "age_source" not in told


async def test_a_person_has_one_sub_for_a_developer_and_another_for_each_other(
    issuer: Issuer, developer: Person, program: Program
) -> None:
    person = await issuer.person()
    elsewhere = await issuer.program(await issuer.person(developer=True))
    sibling = await issuer.program(developer)
    subs = []
    for one in (program, sibling, elsewhere):
        tokens = await issuer.tokens(person, one, "openid")
        subs.append((await issuer.user_info(tokens["access_token"])).body["sub"])
    assert subs[0] == subs[1] != subs[2]
    assert str(person.account_id) not in subs


async def test_a_claimed_organisation_does_not_join_two_developers(issuer: Issuer) -> None:
    organisation = "018f0000-0000-7000-8000-00000000000a"
    person, subs = await issuer.person(), []
    for _ in range(2):
        developer = await issuer.person(developer=True)
        program = await issuer.program(developer, organisation_id=organisation)
        tokens = await issuer.tokens(person, program, "openid")
        subs.append((await issuer.user_info(tokens["access_token"])).body["sub"])
    assert subs[0] != subs[1]


async def test_account_being_away_is_said_and_not_taken_for_a_no(
    issuer: Issuer, without_account: Auth, program: Program
) -> None:
    """The other process knows the same grants."""
    person = await issuer.person()
    tokens = await issuer.tokens(person, program, "openid age")
    refused = await without_account.ask("GET", "/oauth2/userinfo", token=tokens["access_token"])
    assert (refused.status, refused.body["error"]) == (503, "temporarily_unavailable")
    assert refused.headers["Retry-After"]
    little = await issuer.tokens(person, program, "openid email")
    told = await without_account.ask("GET", "/oauth2/userinfo", token=little["access_token"])
    assert (told.status, told.body["email"]) == (200, person.email)


async def test_a_game_asks_about_its_own_tokens(issuer: Issuer, program: Program) -> None:
    tokens = await issuer.tokens(await issuer.person(), program, "openid offline_access")
    access = await introspect(issuer, program, tokens["access_token"])
    sub = (await issuer.user_info(tokens["access_token"])).body["sub"]
    assert access.body["active"] is True
    assert (access.body["scope"], access.body["client_id"]) == ("openid offline_access", program.id)
    assert (access.body["sub"], access.body["iss"]) == (sub, issuer.origin)
    again = await introspect(issuer, program, tokens["refresh_token"])
    assert (again.body["active"], again.body["token_type"]) == (True, "refresh_token")
    credentials = await issuer.post(
        "/oauth2/token", {"grant_type": "client_credentials", **program.credentials}
    )
    bearer = credentials.body["access_token"]
    asked = await issuer.post("/oauth2/introspect", {"token": tokens["access_token"]}, bearer=bearer)
    assert asked.body["active"] is True
    own = await introspect(issuer, program, bearer)
    assert (own.body["active"], own.body["scope"]) == (True, "introspect")
    assert (await issuer.user_info(bearer)).status == 401


async def test_tokens_of_others_are_not_active(issuer: Issuer, developer: Person, program: Program) -> None:
    other = await issuer.program(developer)
    person = await issuer.person()
    tokens = await issuer.tokens(person, program)
    credentials = await issuer.post(
        "/oauth2/token", {"grant_type": "client_credentials", **program.credentials}
    )
    theirs = [*tokens.values(), credentials.body["access_token"], person.access_token, "nonsense", "ы"]
    for token in theirs:
        answer = await introspect(issuer, other, str(token))
        assert (answer.status, answer.body) == (200, {"active": False})


async def test_nobody_asks_about_tokens_without_a_secret(
    issuer: Issuer, developer: Person, program: Program
) -> None:
    public = await issuer.program(developer, is_confidential=False, grant_types=["authorization_code"])
    tokens = await issuer.tokens(await issuer.person(), public, "openid")
    for refused in (
        await introspect(issuer, public, tokens["access_token"]),
        await issuer.post("/oauth2/introspect", {"token": tokens["access_token"]}),
        await issuer.post("/oauth2/introspect", {"token": "a"}, bearer=tokens["access_token"]),
        await issuer.post("/oauth2/introspect", {"token": "a", "client_id": program.id}),
    ):
        assert refused.status == 401
        assert refused.body["error"] in {"invalid_client", "invalid_token"}
    empty = await introspect(issuer, program, None)
    assert (empty.status, empty.body["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
async def test_a_revoked_token_takes_its_siblings_with_it(
    issuer: Issuer, program: Program, which: str
) -> None:
    tokens = await issuer.tokens(await issuer.person(), program)
    for _ in range(2):
        revoked = await issuer.post("/oauth2/revoke", {"token": tokens[which], **program.credentials})
        assert (revoked.status, revoked.body) == (200, None)
    assert (await issuer.user_info(tokens["access_token"])).status == 401
    assert (await introspect(issuer, program, tokens["refresh_token"])).body == {"active": False}


async def test_a_client_revokes_nothing_of_another(
    issuer: Issuer, developer: Person, program: Program
) -> None:
    other = await issuer.program(developer)
    tokens = await issuer.tokens(await issuer.person(), program)
    for which in ("access_token", "refresh_token"):
        refused = await issuer.post("/oauth2/revoke", {"token": tokens[which], **other.credentials})
        assert (refused.status, refused.body["error"]) == (400, "unauthorized_client")
    assert (await issuer.user_info(tokens["access_token"])).status == 200
    unknown = await issuer.post("/oauth2/revoke", {"token": "nothing", **other.credentials})
    assert unknown.status == 200
    nobody = await issuer.post("/oauth2/revoke", {"token": tokens["access_token"], "client_id": program.id})
    assert nobody.status == 401


async def test_a_withdrawn_consent_ends_everything_and_must_be_given_anew(
    issuer: Issuer, program: Program
) -> None:
    person = await issuer.person()
    tokens = await issuer.tokens(person, program)
    listed = await issuer.ask("GET", "/v1/auth/consented-clients", token=person.access_token)
    (one,) = listed.body["items"]
    assert (one["client_id"], one["name"], one["developer_name"]) == (program.id, "Чайник", "ООО Кипяток")
    assert one["scopes"] == ["openid", "profile", "offline_access"]
    path = f"/v1/auth/consented-clients/{program.id}"
    assert (await issuer.ask("DELETE", path, token=person.access_token)).status == 204
    assert (await issuer.ask("DELETE", path, token=person.access_token)).status == 404
    assert (await issuer.user_info(tokens["access_token"])).status == 401
    assert (await introspect(issuer, program, tokens["refresh_token"])).body == {"active": False}
    listed = await issuer.ask("GET", "/v1/auth/consented-clients", token=person.access_token)
    assert listed.body["items"] == []


async def test_nobody_sees_or_withdraws_the_consents_of_another(issuer: Issuer, program: Program) -> None:
    person, other = await issuer.person(), await issuer.person()
    tokens = await issuer.tokens(person, program)
    path = f"/v1/auth/consented-clients/{program.id}"
    assert (await issuer.ask("DELETE", path, token=other.access_token)).status == 404
    listed = await issuer.ask("GET", "/v1/auth/consented-clients", token=other.access_token)
    assert listed.body["items"] == []
    assert (await issuer.user_info(tokens["access_token"])).status == 200
