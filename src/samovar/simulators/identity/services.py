"""The dialects: addresses, names of parameters and shapes of answers, each as its document says."""

import json
import secrets
import time
from urllib.parse import urlencode

from aiohttp import web

from samovar.simulators.identity.clients import (
    CLIENT_IDS,
    MAX_BOT_TOKEN,
    TELEGRAM_BOT_TOKEN,
    secret_of,
)
from samovar.simulators.identity.desk import Desk, Granted
from samovar.simulators.identity.faults import Faults
from samovar.simulators.identity.people import Person, person_of
from samovar.simulators.identity.signing import MiniAppSigner, RsaSigner, gost_token

_REQUEST_ID_LENGTH = 32


def vk(faults: Faults) -> list[web.RouteDef]:
    """VK ID: a device id comes with the code and goes back with it; the state is repeated in the answer."""
    desk = Desk(
        "vk", "VK ID", faults, extra=lambda: {"device_id": secrets.token_urlsafe(16), "type": "code_v2"}
    )

    async def token(request: web.Request) -> web.StreamResponse:
        form = await request.post()
        redeemed = await desk.redeem(request, authenticated=form.get("client_id") == CLIENT_IDS["vk"])
        if isinstance(redeemed, web.Response):
            return redeemed
        access_token, granted = redeemed
        # What VK does not know it answers with 200 and an error.
        if not form.get("device_id") or not form.get("state"):
            return web.json_response(
                {"error": "invalid_request", "error_description": "device_id is missing"}
            )
        state = "another-state" if faults.of("vk") == "wrong_state" else str(form["state"])
        return web.json_response(
            {
                "refresh_token": secrets.token_urlsafe(16),
                "access_token": access_token,
                "id_token": "opaque-to-the-platform",
                "token_type": "Bearer",
                "expires_in": 3_600,
                "user_id": granted.person.number,
                "state": state,
                "scope": "vkid.personal_info email phone",
            }
        )

    async def user_info(request: web.Request) -> web.Response:
        form = await request.post()
        person = desk.bearer(str(form.get("access_token", "")))
        return web.json_response(
            {
                "user": {
                    "user_id": str(person.number),
                    "first_name": person.first_name,
                    "last_name": person.last_name,
                    "phone": (person.phone or "").lstrip("+"),
                    "avatar": person.picture,
                    "email": person.email or "",
                    "sex": 1,
                    "verified": False,
                    "birthday": "01.01.2000",
                }
            }
        )

    return [
        web.get("/vk/authorize", desk.ask),
        web.post("/vk/decide/{number}", desk.decide),
        web.post("/vk/oauth2/auth", faults.at_token_address("vk", token)),
        web.post("/vk/oauth2/user_info", user_info),
    ]


def yandex(faults: Faults) -> list[web.RouteDef]:
    """Yandex ID: `Authorization: OAuth …`, the person's data with the application's id in it."""
    desk = Desk("yandex", "Яндекс ID", faults, extra=lambda: {"cid": secrets.token_hex(8)})

    async def token(request: web.Request) -> web.StreamResponse:
        form = await request.post()
        is_client = (form.get("client_id"), form.get("client_secret")) == (
            CLIENT_IDS["yandex"],
            secret_of("yandex"),
        )
        redeemed = await desk.redeem(request, authenticated=is_client)
        if isinstance(redeemed, web.Response):
            return redeemed
        access_token, granted = redeemed
        if form.get("device_id") != granted.journey.device_id:
            return web.json_response({"error": "invalid_grant"}, status=400)
        return web.json_response(
            {
                "token_type": "bearer",
                "access_token": access_token,
                "expires_in": 31_536_000,
                "refresh_token": secrets.token_urlsafe(16),
                "scope": "login:info login:email",
            }
        )

    async def info(request: web.Request) -> web.Response:
        person = desk.bearer(request.headers.get("Authorization", "").removeprefix("OAuth "))
        client = "another-client" if faults.of("yandex") == "wrong_client" else CLIENT_IDS["yandex"]
        return web.json_response(
            {
                "id": str(person.number),
                "login": person.word,
                "client_id": client,
                "psuid": f"1.{person.word}",
                "display_name": person.first_name,
                "real_name": f"{person.first_name} {person.last_name}",
                "default_email": person.email or "",
                "emails": [person.email] if person.email else [],
                "default_phone": {"id": 1, "number": person.phone} if person.phone else None,
                "is_avatar_empty": False,
                "default_avatar_id": "131652443/abc",
            }
        )

    return [
        web.get("/yandex/authorize", desk.ask),
        web.post("/yandex/decide/{number}", desk.decide),
        web.post("/yandex/token", faults.at_token_address("yandex", token)),
        web.get("/yandex/info", info),
    ]


def tid(faults: Faults) -> list[web.RouteDef]:
    """T-ID: Basic at the token address, and the id and secret once more with the question who it was."""
    desk = Desk("tid", "T-ID", faults)

    async def token(request: web.Request) -> web.StreamResponse:
        redeemed = await desk.redeem(request, authenticated=desk.is_basic(request))
        if isinstance(redeemed, web.Response):
            return redeemed
        return web.json_response({"access_token": redeemed[0], "token_type": "Bearer", "expires_in": 1_791})

    async def userinfo(request: web.Request) -> web.Response:
        form = await request.post()
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_IDS["tid"], secret_of("tid")):
            raise web.HTTPUnauthorized
        person = desk.bearer(request.headers.get("Authorization", "").removeprefix("Bearer "))
        answer: dict[str, object] = {
            "sub": person.uuid,
            "name": f"{person.last_name} {person.first_name}",
            "given_name": person.first_name,
            "family_name": person.last_name,
            "email": person.email,
            "email_verified": person.email_verified,
            "phone_number": person.phone,
            "phone_number_verified": person.phone is not None,
        }
        return web.json_response({name: value for name, value in answer.items() if value is not None})

    return [
        web.get("/tid/auth/authorize", desk.ask),
        web.post("/tid/decide/{number}", desk.decide),
        web.post("/tid/auth/token", faults.at_token_address("tid", token)),
        web.post("/tid/userinfo/userinfo", userinfo),
    ]


def sber(faults: Faults, address: str) -> list[web.RouteDef]:
    """Sber ID: request ids of 32 hexadecimal digits, an ID token signed by ГОСТ."""
    desk = Desk("sber", "Сбер ID", faults)

    async def token(request: web.Request) -> web.StreamResponse:
        form = await request.post()
        is_client = (form.get("client_id"), form.get("client_secret")) == (
            CLIENT_IDS["sber"],
            secret_of("sber"),
        )
        redeemed = await desk.redeem(request, authenticated=is_client and _has_request_id(request, "rquid"))
        if isinstance(redeemed, web.Response):
            return redeemed
        access_token, granted = redeemed
        claims = desk.id_claims(granted, issuer=f"{address}/sber", subject=granted.person.uuid)
        return web.json_response(
            {
                "access_token": access_token,
                "token_type": "Bearer",
                "expires_in": 60,
                "scope": "openid name email mobile",
                "id_token": gost_token(claims, fault=faults.of("sber")),
            }
        )

    async def userinfo(request: web.Request) -> web.Response:
        if not _has_request_id(request, "x-introspect-rquid"):
            raise web.HTTPBadRequest
        person = desk.bearer(request.headers.get("Authorization", "").removeprefix("Bearer "))
        answer = {
            "sub": person.uuid,
            "given_name": person.first_name,
            "family_name": person.last_name,
            "email": person.email,
            "phone_number": person.phone,
        }
        return web.json_response({name: value for name, value in answer.items() if value})

    return [
        web.get("/sber/CSAFront/oidc/authorize.do", desk.ask),
        web.post("/sber/decide/{number}", desk.decide),
        web.post("/sber/ru/prod/tokens/v2/oidc", faults.at_token_address("sber", token)),
        web.get("/sber/ru/prod/sberbankid/v2.1/userinfo", userinfo),
    ]


def telegram(faults: Faults, address: str, rsa: RsaSigner, signer: MiniAppSigner) -> list[web.RouteDef]:
    """Telegram: OpenID Connect, and what it signs for mini apps and the old widget."""
    issuer = f"{address}/telegram"
    desk = Desk("telegram", "Telegram", faults, extra=lambda: {"iss": issuer})

    async def token(request: web.Request) -> web.StreamResponse:
        redeemed = await desk.redeem(request, authenticated=desk.is_basic(request))
        if isinstance(redeemed, web.Response):
            return redeemed
        access_token, granted = redeemed
        return web.json_response(
            {
                "access_token": access_token,
                "token_type": "Bearer",
                "expires_in": 3_600,
                "id_token": rsa.token(_telegram_claims(desk, granted, issuer), fault=faults.of("telegram")),
            }
        )

    async def keys(request: web.Request) -> web.Response:
        del request
        return web.json_response({"keys": [rsa.jwk()]})

    async def rotate(request: web.Request) -> web.Response:
        del request
        rsa.rotate()
        return web.json_response({"kid": rsa.jwk()["kid"]})

    async def signed(request: web.Request) -> web.Response:
        person = person_of(request.query.get("person", "anna")) or _nobody()
        return web.json_response(
            {
                "init_data": urlencode(_mini_app(signer, person, bot_id=CLIENT_IDS["telegram"])),
                "widget": signer.sign_widget(
                    {
                        "id": str(person.number),
                        "first_name": person.first_name,
                        "username": person.word,
                        "auth_date": str(int(time.time())),
                    }
                ),
                "public_key": signer.public_key,
            }
        )

    return [
        web.get("/telegram/auth", desk.ask),
        web.post("/telegram/decide/{number}", desk.decide),
        web.post("/telegram/token", faults.at_token_address("telegram", token)),
        web.get("/telegram/.well-known/jwks.json", keys),
        web.post("/telegram/rotate", rotate),
        web.get("/telegram/signed", signed),
    ]


def max_messenger() -> list[web.RouteDef]:
    """MAX: what it signs for mini apps; its times are in milliseconds."""
    signer = MiniAppSigner(MAX_BOT_TOKEN)

    async def signed(request: web.Request) -> web.Response:
        person = person_of(request.query.get("person", "anna")) or _nobody()
        return web.json_response({"init_data": urlencode(_mini_app(signer, person, per_s=1_000))})

    return [web.get("/max/signed", signed)]


def telegram_signer() -> MiniAppSigner:
    """Return who signs for the simulated bot."""
    return MiniAppSigner(TELEGRAM_BOT_TOKEN)


def _telegram_claims(desk: Desk, granted: Granted, issuer: str) -> dict[str, object]:
    person = granted.person
    claims = desk.id_claims(granted, issuer=issuer, subject=f"8{person.number}")
    claims |= {
        "id": person.number,
        "name": f"{person.first_name} {person.last_name}",
        "preferred_username": person.word,
        "picture": person.picture,
    }
    return claims | ({"phone_number": person.phone} if person.phone else {})


def _mini_app(
    signer: MiniAppSigner, person: Person, *, bot_id: str | None = None, per_s: int = 1
) -> dict[str, str]:
    user = {
        "id": person.number,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "username": person.word,
        "language_code": "ru",
        "photo_url": person.picture,
    }
    fields = {
        "query_id": secrets.token_urlsafe(16),
        "user": json.dumps(user, ensure_ascii=False, separators=(",", ":")),
        "auth_date": str(int(time.time() * per_s)),
    }
    return signer.sign_mini_app(fields, bot_id=bot_id)


def _has_request_id(request: web.Request, header: str) -> bool:
    value = request.headers.get(header, "")
    return len(value) == _REQUEST_ID_LENGTH and all(sign in "0123456789abcdefABCDEF" for sign in value)


def _nobody() -> Person:
    raise web.HTTPUnprocessableEntity(text="person is a word of small letters, digits and hyphens")
