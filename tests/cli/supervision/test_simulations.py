"""Which simulators a development platform gets, and the settings that lead to them."""

from pathlib import Path

import msgspec

from samovar.cli.supervision.simulations import SIMULATIONS, Simulated, wanted
from samovar.simulators.identity.clients import settings_of

PROVIDERS = "SAMOVAR_AUTH__PROVIDERS"


async def test_the_identity_simulators_are_all_named_to_auth(tmp_path: Path) -> None:
    [identity] = [one for one in SIMULATIONS if one.name == "identity"]
    simulated = Simulated(identity, tmp_path, lambda _line: None)
    settings = msgspec.json.decode(simulated.settings[PROVIDERS])
    assert settings == settings_of(f"http://127.0.0.1:{simulated.server.ports['http']}")
    await simulated.server.stop()


def test_an_operators_own_providers_are_not_replaced() -> None:
    assert "identity" in [one.name for one in wanted(frozenset())]
    assert "identity" not in [one.name for one in wanted(frozenset({PROVIDERS}))]
