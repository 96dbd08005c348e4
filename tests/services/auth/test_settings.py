"""The settings of auth."""

import pytest

from samovar.kit.settings import SettingsError, load
from samovar.services.auth.settings import AuthSettings

GOOD = {
    "SAMOVAR_AUTH__DATABASE_URL": "postgresql://auth@127.0.0.1/auth",
    "SAMOVAR_AUTH__PASSWORD_PEPPER": "p" * 32,
    "SAMOVAR_AUTH__TOKEN_SECRET": "s" * 32,
}


def test_defaults_are_those_of_the_design() -> None:
    settings = load(AuthSettings, "auth", environ=GOOD)
    assert (settings.access_ttl_s, settings.password_length_min) == (600, 8)


@pytest.mark.parametrize("name", ["PASSWORD_PEPPER", "TOKEN_SECRET"])
def test_a_secret_that_could_be_guessed_is_refused_by_name(name: str) -> None:
    variable = f"SAMOVAR_AUTH__{name}"
    with pytest.raises(SettingsError, match=variable):
        load(AuthSettings, "auth", environ=GOOD | {variable: "short"})
    with pytest.raises(SettingsError, match=variable):
        load(AuthSettings, "auth", environ={key: value for key, value in GOOD.items() if key != variable})


def test_an_access_token_cannot_outlive_the_memory_of_revocations() -> None:
    with pytest.raises(SettingsError, match="ACCESS_TTL_S"):
        load(AuthSettings, "auth", environ=GOOD | {"SAMOVAR_AUTH__ACCESS_TTL_S": "901"})
