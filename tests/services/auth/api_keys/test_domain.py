"""The rules of API keys."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.kit.errors import InvalidInput
from samovar.services.auth.api_keys import domain
from samovar.services.auth.tokens import keys
from samovar.services.auth.tokens.opaque import NotOurToken

HELD = ("catalog.game.edit", "catalog.game.show", "developer.build.upload")
NOW = datetime(2026, 11, 27, tzinfo=UTC)
HERE, THERE = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("scope", "normal"),
    [
        ("catalog.game.edit", "catalog.game.edit"),
        ("  developer.*   catalog.game.*  catalog.game.* ", "catalog.game.* developer.*"),
    ],
)
def test_a_scope_has_one_spelling(scope: str, normal: str) -> None:
    assert domain.checked_scope(scope, HELD) == normal


@pytest.mark.parametrize(
    "scope",
    [
        "*",
        ".*",
        "catalog*",
        "catalog.game",
        "catalog.gam.*",
        "payment.*",
        "catalog.* payment.payout.ask",
        "openid",
        " ",
        "Catalog.*",
        "catalog.*.edit",
    ],
)
def test_a_scope_names_what_its_owner_has(scope: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        domain.checked_scope(scope, HELD)
    assert refused.value.fields[0].code == "scope_not_held"


def test_a_key_is_idle_when_a_part_of_it_opens_nothing() -> None:
    assert not domain.is_idle("catalog.* developer.build.upload", HELD)
    assert domain.is_idle("catalog.* payment.*", HELD)
    assert domain.is_idle("catalog.*", ())


@pytest.mark.parametrize(
    ("networks", "address", "admitted"),
    [
        ((), "anything", True),
        (("192.0.2.0/24",), "192.0.2.7", True),
        (("192.0.2.0/24",), "::ffff:192.0.2.7", True),
        (("192.0.2.0/24",), "198.51.100.7", False),
        (("192.0.2.0/24", "2001:db8::/32"), "2001:db8:1::7", True),
        (("192.0.2.0/24",), "", False),
        (("192.0.2.0/24",), "2001:db8::1", False),
    ],
)
def test_a_key_counts_from_its_networks(networks: tuple[str, ...], address: str, *, admitted: bool) -> None:
    assert domain.admits(networks, address) is admitted


def test_networks_have_one_spelling_and_single_addresses_are_networks() -> None:
    assert domain.checked_networks(["192.0.2.1", "2001:DB8::/32", "192.0.2.1/32"]) == (
        "192.0.2.1/32",
        "2001:db8::/32",
    )
    for nonsense in ("192.0.2.1/24", "home", "1.2.3.4/33", ""):
        with pytest.raises(InvalidInput) as refused:
            domain.checked_networks(["192.0.2.1", nonsense])
        assert refused.value.fields[0].field == "networks[1]"


def test_a_key_for_one_organisation_has_what_its_owner_has_there() -> None:
    roles, grants = ("admin", "developer", "player"), (f"owner@{HERE}", f"viewer@{THERE}")
    assert domain.narrowed(roles, grants, None) == (roles, grants)
    assert domain.narrowed(roles, grants, HERE) == (("player", "developer"), (f"owner@{HERE}",))
    assert domain.narrowed(roles, grants, UUID(int=9)) == ((), ())


@pytest.mark.parametrize(
    ("left_s", "longest_s", "ttl_s"), [(10_000, 900, 600), (10_000, 60, 60), (30, 900, 30), (0.4, 900, 1)]
)
def test_a_token_never_outlives_its_key(left_s: float, longest_s: int, ttl_s: int) -> None:
    assert domain.ttl_s(NOW, NOW + timedelta(seconds=left_s), longest_s) == ttl_s


@given(secret=st.binary(min_size=32, max_size=32), place=st.integers(0, 52), letter=st.sampled_from("aZ0_"))
def test_a_typing_error_in_a_key_is_noticed(secret: bytes, place: int, letter: str) -> None:
    key = keys.key_of(secret)
    assert len(keys.digest_of(key)) == 32
    assert key.startswith(keys.hint_of(key))
    wrong = key[:place] + letter + key[place + 1 :]
    if wrong != key:
        with pytest.raises(NotOurToken):
            keys.digest_of(wrong)
