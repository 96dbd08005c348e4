"""The table of countries and methods, read once at start: ours beside this file, or the operator's own."""

from importlib import resources

import msgspec

from samovar.kit.settings import SettingsError, variable_of
from samovar.services.auth import providers
from samovar.services.auth.providers.domain import CountryPolicy, SignInPolicy
from samovar.services.auth.settings import AuthSettings


def country_policy(settings: AuthSettings) -> CountryPolicy:
    """Return the policy.

    Raises:
        SettingsError: The operator's table cannot be read.
    """
    where = settings.sign_in_policy_file
    try:
        text = where.read_bytes() if where else (resources.files(providers) / "policy.toml").read_bytes()
        table = msgspec.toml.decode(text, type=SignInPolicy)
    except (OSError, UnicodeDecodeError, ValueError, msgspec.MsgspecError) as error:
        raise SettingsError(f"{variable_of('auth', 'sign_in_policy_file')}: {error}") from None
    demoted = frozenset[str]() if settings.telegram_first_factor else frozenset({"telegram"})
    return CountryPolicy(table, home=settings.phone_region, demoted=demoted)
