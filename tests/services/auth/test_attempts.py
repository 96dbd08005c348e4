"""How often one may try: guessing is slow, and nobody is locked out by a stranger."""

import asyncio

import pytest

from samovar.kit.rest.client import network_of
from samovar.kit.routes import RateLimit
from samovar.services.auth.contract.events import SessionStarted
from samovar.services.auth.passwords import attempts
from tests.services.auth.conftest import Auth, Installation, new_address, new_email

WRONG = "не тот пароль"


@pytest.fixture
def few_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow so few attempts that the test need not hash much."""
    monkeypatch.setattr(attempts, "STRANGERS_OF_LOGIN", RateLimit(4, per_s=3_600))
    monkeypatch.setattr(attempts, "LOGIN_FROM_ADDRESS", RateLimit(2, per_s=3_600))
    monkeypatch.setattr(attempts, "KNOWN_DEVICE", RateLimit(3, per_s=3_600))


@pytest.mark.usefixtures("few_attempts")
async def test_strangers_cannot_lock_the_owner_out_of_their_device(auth: Auth) -> None:
    email, strangers_address = new_email(), new_address()
    device = (await auth.register(email=email)).body["device_token"]
    guesses = [await auth.log_in(email, WRONG, address=strangers_address) for _ in range(3)]
    assert [answer.status for answer in guesses] == [401, 401, 429]
    assert guesses[-1].code == "auth.too_many_attempts"
    assert int(guesses[-1].headers["Retry-After"]) > 60
    others = [await auth.log_in(email, WRONG) for _ in range(3)]
    assert [answer.status for answer in others] == [401, 401, 429]
    assert (await auth.log_in(email)).status == 429
    owner = await auth.log_in(email, address=strangers_address, device_token=device)
    assert owner.status == 200
    (_, known) = await auth.events(SessionStarted, owner.body["account_id"])
    assert known.is_known_device
    assert owner.body["device_token"] == device


@pytest.mark.usefixtures("few_attempts")
async def test_a_login_that_nobody_has_is_limited_the_same_way(auth: Auth) -> None:
    email, address = new_email(), new_address()
    statuses = [(await auth.log_in(email, WRONG, address=address)).status for _ in range(3)]
    assert statuses == [401, 401, 429]
    statuses = [(await auth.log_in("no login at all", WRONG, address=address)).status for _ in range(3)]
    assert statuses == [401, 401, 429]


@pytest.mark.usefixtures("few_attempts")
async def test_a_known_device_has_a_limit_too(auth: Auth) -> None:
    email = new_email()
    device = (await auth.register(email=email)).body["device_token"]
    statuses = [(await auth.log_in(email, WRONG, device_token=device)).status for _ in range(4)]
    assert statuses == [401, 401, 401, 429]
    assert (await auth.log_in(email)).status == 200


@pytest.mark.usefixtures("few_attempts")
async def test_a_device_is_known_to_its_own_account_only(auth: Auth) -> None:
    email, address = new_email(), new_address()
    await auth.register(email=email)
    foreign = (await auth.register()).body["device_token"]
    for device in (foreign, foreign[:-2], "smvd_", "\x00"):
        await auth.log_in(email, WRONG, address=address, device_token=device)
    assert (await auth.log_in(email, address=address, device_token=foreign)).status == 429


async def test_an_address_has_a_limit_over_all_logins(installation: Installation) -> None:
    async with installation.process(sign_ins_per_address_max=2) as auth:
        address = new_address()
        statuses = [(await auth.log_in(new_email(), WRONG, address=address)).status for _ in range(3)]
        assert statuses == [401, 401, 429]
        neighbour = address.removesuffix("::1") + ":ffff::2"
        assert (await auth.log_in(new_email(), WRONG, address=neighbour)).status == 429
        assert (await auth.log_in(new_email(), WRONG)).status == 401


async def test_what_a_client_claims_to_be_its_address_does_not_count(installation: Installation) -> None:
    async with installation.process(sign_ins_per_address_max=1) as auth:
        address = new_address()
        assert (await auth.log_in(new_email(), address=f"192.0.2.1, {address}")).status == 401
        assert (await auth.log_in(new_email(), address=f"192.0.2.2, {address}")).status == 429


async def test_learning_that_a_login_is_taken_costs_five_registrations(installation: Installation) -> None:
    async with installation.process(registrations_per_address_max=10) as auth:
        email, address = new_email(), new_address()
        await auth.register(email=email)
        statuses = [(await auth.register(email=email, address=address)).status for _ in range(3)]
        assert statuses == [409, 409, 429]
        assert (await auth.register(address=address)).status == 429
        assert (await auth.register()).status == 201


async def test_unknown_logins_wait_for_the_hash_like_all_others(installation: Installation) -> None:
    async with installation.process(hashing_threads=1, hashing_queue_max=1) as auth:
        answers = await asyncio.gather(*(auth.log_in(new_email()) for _ in range(12)))
        busy = [answer for answer in answers if answer.status == 429]
        assert {answer.status for answer in answers} == {401, 429}
        assert {answer.code for answer in busy} == {"auth.busy"}
        assert all(int(answer.headers["Retry-After"]) >= 1 for answer in busy)
        assert (await auth.log_in(new_email())).status == 401


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_an_address_stands_for_a_person(address: str, network: str) -> None:
    assert network_of(address) == network
