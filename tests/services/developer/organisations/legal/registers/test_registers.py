"""What registers say, in their own dialects, and what is made of it."""

from datetime import date

import pytest

from samovar.kit.settings import Secret
from samovar.services.developer.organisations.legal.domain import Entry
from samovar.services.developer.organisations.legal.registers.dadata import StateRegister
from samovar.services.developer.organisations.legal.registers.npd import SelfEmployed
from samovar.services.developer.organisations.legal.registers.port import RegisterAway
from samovar.services.developer.organisations.legal.registers.web import ANSWER_BYTES_MAX, Web
from tests.services.developer.organisations.legal.office import DADATA_TOKEN, Office, party

TODAY = date(2026, 11, 27)
COMPANY, PERSON = "7707083893", "500100732259"


async def test_the_tax_service_says_who_pays_on_a_day(office: Office, web: Web) -> None:
    register = SelfEmployed(web, office.url + "/")
    office.self_employed = {PERSON: True, "771234567890": False}
    assert await register.find(PERSON, TODAY) == Entry(is_active=True)
    assert await register.find("771234567890", TODAY) == Entry(is_active=False)
    assert await register.find("000000000000", TODAY) is None
    assert office.asked[0][1] == {"inn": PERSON, "requestDate": "2026-11-27"}


async def test_dadata_says_what_a_company_is(office: Office, web: Web) -> None:
    register = StateRegister(web, office.url, Secret(DADATA_TOKEN), "LEGAL")
    office.parties = {COMPANY: [party(COMPANY, branch_type="BRANCH", kpp="770102001"), party(COMPANY)]}
    assert await register.find(COMPANY, TODAY) == Entry(
        is_active=True, name="ООО «САМОВАР»", kpp="773601001", ogrn="1027700132195"
    )
    assert office.asked[0][1] == {"query": COMPANY, "type": "LEGAL", "branch_type": "MAIN"}
    assert await register.find("7700000000", TODAY) is None


async def test_who_is_liquidated_or_bankrupt_is_not_active(office: Office, web: Web) -> None:
    register = StateRegister(web, office.url, Secret(DADATA_TOKEN), "LEGAL")
    for status in ("ACTIVE", "REORGANIZING", "LIQUIDATING", "LIQUIDATED", "BANKRUPT", None):
        office.parties = {COMPANY: [party(COMPANY, state={"status": status}, name={})]}
        found = await register.find(COMPANY, TODAY)
        assert found is not None
        assert (found.is_active, found.name) == (status in {"ACTIVE", "REORGANIZING"}, None), status


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, None),
        (429, None),
        (302, None),
        (None, b"<html>"),
        (None, b"{}"),
        (None, b"\xff"),
        (422, b'{"code":"taxpayer.status.service.limited.error","message":"later"}'),
        (None, b" " * (ANSWER_BYTES_MAX + 1)),
    ],
)
async def test_an_answer_that_says_nothing_is_no_answer(
    office: Office, web: Web, status: int | None, body: bytes | None
) -> None:
    office.status, office.body = status, body
    for register in (
        SelfEmployed(web, office.url),
        StateRegister(web, office.url, Secret(DADATA_TOKEN), "LEGAL"),
    ):
        with pytest.raises(RegisterAway):
            await register.find(COMPANY, TODAY)


async def test_a_wrong_key_and_a_closed_door_are_no_answers(office: Office, web: Web) -> None:
    with pytest.raises(RegisterAway):
        await StateRegister(web, office.url, Secret("wrong"), "LEGAL").find(COMPANY, TODAY)
    with pytest.raises(RegisterAway):
        await SelfEmployed(web, "http://127.0.0.1:9").find(PERSON, TODAY)
