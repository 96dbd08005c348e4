"""The rules of risk, without any server."""

from datetime import UTC, datetime, timedelta
from typing import Any

from samovar.services.auth.risk.domain import Signals, risks_of

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
USUAL = Signals(
    failures=0,
    last_used_at=NOW - timedelta(days=1),
    networks={"203.0.113.7"},
    network="203.0.113.7",
    is_known_device=True,
)


def risks(**changes: Any) -> tuple[str, ...]:
    usual = {name: getattr(USUAL, name) for name in USUAL.__struct_fields__}
    return risks_of(Signals(**{**usual, **changes}), NOW)


def test_the_usual_is_no_risk() -> None:
    assert risks() == ()


def test_an_account_that_slept_for_a_month_is_looked_at() -> None:
    assert risks(last_used_at=NOW - timedelta(days=30)) == ()
    assert risks(last_used_at=NOW - timedelta(days=30, seconds=1)) == ("idle",)
    assert risks(last_used_at=None) == ()


def test_a_new_device_in_a_new_network_is_looked_at_and_either_alone_is_not() -> None:
    assert risks(network="198.51.100.1") == ()
    assert risks(is_known_device=False) == ()
    assert risks(network="198.51.100.1", is_known_device=False) == ("new_place",)


def test_an_account_without_a_past_has_no_new_place() -> None:
    assert risks(networks=(), network="198.51.100.1", is_known_device=False) == ()


def test_a_success_after_many_failures_is_looked_at() -> None:
    assert risks(failures=4) == ()
    assert risks(failures=5) == ("guessed",)


def test_all_that_is_true_is_said() -> None:
    found = risks(
        failures=9,
        last_used_at=NOW - timedelta(days=400),
        network="198.51.100.1",
        is_known_device=False,
    )
    assert found == ("idle", "new_place", "guessed")
