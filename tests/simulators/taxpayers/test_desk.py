"""The registers of taxpayers answer in the dialects that their readers understand."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from samovar.kit.settings import Secret
from samovar.services.developer.organisations.legal.domain import Entry
from samovar.services.developer.organisations.legal.registers.dadata import StateRegister
from samovar.services.developer.organisations.legal.registers.npd import SelfEmployed
from samovar.services.developer.organisations.legal.registers.port import RegisterAway
from samovar.services.developer.organisations.legal.registers.web import Web
from samovar.simulators.money.settings import DADATA_TOKEN
from samovar.testing.money import SimulatedMoney

TODAY = date(2026, 11, 27)
COMPANY, PERSON = "7707083893", "500100732259"
NOBODY, LIQUIDATED = "9900000000", "9800000006"


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    opened = Web()
    yield opened
    await opened.close()


async def test_people_pay_the_tax_unless_their_number_says_otherwise(money: SimulatedMoney, web: Web) -> None:
    register = SelfEmployed(web, money.url)
    assert await register.find(PERSON, TODAY) == Entry(is_active=True)
    assert await register.find(COMPANY, TODAY) is None
    assert await register.find("500100732258", TODAY) is None


async def test_companies_are_well_unless_their_number_says_otherwise(money: SimulatedMoney, web: Web) -> None:
    companies = StateRegister(web, money.url, Secret(DADATA_TOKEN), "LEGAL")
    people = StateRegister(web, money.url, Secret(DADATA_TOKEN), "INDIVIDUAL")
    assert await companies.find(COMPANY, TODAY) == Entry(is_active=True, name=f"ООО «Пример {COMPANY}»")
    assert await people.find(PERSON, TODAY) == Entry(is_active=True, name=f"ИП Примеров {PERSON}")
    assert await people.find(COMPANY, TODAY) is None
    assert await companies.find(NOBODY, TODAY) is None
    liquidated = await companies.find(LIQUIDATED, TODAY)
    assert liquidated
    assert not liquidated.is_active


async def test_they_go_wrong_on_request(money: SimulatedMoney, web: Web) -> None:
    register = SelfEmployed(web, money.url)
    for fault in ("error_500", "not_json", "down", "too_many"):
        await money.fault("taxpayers", fault)
        with pytest.raises(RegisterAway):
            await register.find(PERSON, TODAY)
    assert await register.find(PERSON, TODAY)
    with pytest.raises(RegisterAway):
        await StateRegister(web, money.url, Secret("wrong"), "LEGAL").find(COMPANY, TODAY)
