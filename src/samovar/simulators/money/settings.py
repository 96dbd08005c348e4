"""How the platform is known to the simulated services, and what its settings must say."""

YOOKASSA_SHOP_ID = "500001"
YOOKASSA_SECRET_KEY = "test_simulated-yookassa-secret-key"  # noqa: S105  of the simulator
TBANK_TERMINAL_KEY = "1700000000001DEMO"
TBANK_PASSWORD = "simulated-tbank-password"  # noqa: S105  of the simulator
FISCAL_GROUP = "samovar_group_1"
FISCAL_INN = "7707083893"
FISCAL_EMAIL = "shop@samovar.example"
FISCAL_LOGIN = "samovar-simulated"
FISCAL_PASSWORD = "simulated-fiscal-password"  # noqa: S105  of the simulator
BANK_TOKEN = "simulated-bank-token"  # noqa: S105  of the simulator

DADATA_TOKEN = "simulated-dadata-token"  # noqa: S105  of the simulator


def settings_of(address: str) -> dict[str, str]:
    """Return the settings of section `payment` for simulators at `http://host:port`."""
    return {
        "yookassa_url": f"{address}/yookassa/v3",
        "yookassa_shop_id": YOOKASSA_SHOP_ID,
        "yookassa_secret_key": YOOKASSA_SECRET_KEY,
        "tbank_url": f"{address}/tbank/v2",
        "tbank_terminal_key": TBANK_TERMINAL_KEY,
        "tbank_password": TBANK_PASSWORD,
        "fiscal_url": f"{address}/possystem/v5",
        "fiscal_group": FISCAL_GROUP,
        "fiscal_inn": FISCAL_INN,
        "fiscal_email": FISCAL_EMAIL,
        "fiscal_login": FISCAL_LOGIN,
        "fiscal_password": FISCAL_PASSWORD,
        "bank_url": f"{address}/bank/v1",
        "bank_token": BANK_TOKEN,
        "npd_url": address,
    }


def developer_settings_of(address: str) -> dict[str, str]:
    """Return the settings of section `developer` for simulators at `http://host:port`."""
    return {"self_employed_url": address, "dadata_url": address, "dadata_token": DADATA_TOKEN}
