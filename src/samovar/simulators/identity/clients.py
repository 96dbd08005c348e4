"""How the platform is known to the simulated services, and what to tell the platform about them."""

from typing import Any, Literal

Service = Literal["telegram", "vk", "yandex", "tid", "sber", "max"]

TELEGRAM_BOT_TOKEN = "7000000001:AAF-simulated-telegram-bot-token"  # noqa: S105  of the simulator
MAX_BOT_TOKEN = "simulated-max-bot-token"  # noqa: S105  of the simulator
CLIENT_IDS: dict[Service, str] = {
    "telegram": "7000000001",
    "vk": "51000001",
    "yandex": "23cabbbdc6cd418abb4b39c32c41195d",
    "tid": "samovar-tid",
    "sber": "5e7ee80a-6724-4078-8ee4-1dd630000001",
}


def secret_of(service: Service) -> str:
    """Return the secret of the platform's application at a service."""
    return f"simulated-{service}-secret"


def settings_of(address: str) -> dict[Service, dict[str, Any]]:
    """Return what `SAMOVAR_AUTH__PROVIDERS` must say, as JSON, for simulators at `http://host:port`."""
    telegram, vk, yandex, tid, sber = (
        f"{address}/{name}" for name in ("telegram", "vk", "yandex", "tid", "sber")
    )
    return {
        "vk": {
            "client_id": CLIENT_IDS["vk"],
            "authorize_url": f"{vk}/authorize",
            "token_url": f"{vk}/oauth2/auth",
            "userinfo_url": f"{vk}/oauth2/user_info",
        },
        "yandex": {
            "client_id": CLIENT_IDS["yandex"],
            "client_secret": secret_of("yandex"),
            "authorize_url": f"{yandex}/authorize",
            "token_url": f"{yandex}/token",
            "userinfo_url": f"{yandex}/info?format=json",
        },
        "tid": {
            "client_id": CLIENT_IDS["tid"],
            "client_secret": secret_of("tid"),
            "authorize_url": f"{tid}/auth/authorize",
            "token_url": f"{tid}/auth/token",
            "userinfo_url": f"{tid}/userinfo/userinfo",
        },
        "sber": {
            "client_id": CLIENT_IDS["sber"],
            "client_secret": secret_of("sber"),
            "issuer": sber,
            "authorize_url": f"{sber}/CSAFront/oidc/authorize.do",
            "token_url": f"{sber}/ru/prod/tokens/v2/oidc",
            "userinfo_url": f"{sber}/ru/prod/sberbankid/v2.1/userinfo",
        },
        "telegram": {
            "client_id": CLIENT_IDS["telegram"],
            "client_secret": secret_of("telegram"),
            "bot_token": TELEGRAM_BOT_TOKEN,
            "issuer": telegram,
            "authorize_url": f"{telegram}/auth",
            "token_url": f"{telegram}/token",
            "jwks_url": f"{telegram}/.well-known/jwks.json",
        },
        "max": {"bot_token": MAX_BOT_TOKEN},
    }
