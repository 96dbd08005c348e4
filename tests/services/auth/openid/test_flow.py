"""Signing in to a game: from its request over the pages to its tokens."""

from tests.services.auth.openid.conftest import CALLBACK, Issuer, Program, query_of


async def test_a_person_signs_in_to_a_game(issuer: Issuer, program: Program) -> None:
    person = await issuer.person()
    async with issuer.browser() as browser:
        shown = await browser.get("/oauth2/authorize", **query_of(program))
        assert "Чайник" in shown.text
        shown = await browser.sign_in(shown, person)
        assert "ООО Кипяток" in shown.text
        assert person.email in shown.text
        back = await browser.decide(shown)
    assert back.location.startswith(f"{CALLBACK}?")
    assert back.params["state"] == "s-1"
    assert back.params["iss"] == issuer.origin
    answer = await issuer.redeem(program, back.params["code"])
    assert answer.status == 200, answer.body
    assert answer.body["scope"] == "openid profile"
    assert "refresh_token" not in answer.body
