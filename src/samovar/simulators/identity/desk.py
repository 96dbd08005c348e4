"""What the services have in common: a page that asks who one is, codes that count once, access tokens."""

import base64
import hashlib
import html
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from samovar.simulators.identity.clients import CLIENT_IDS, Service, secret_of
from samovar.simulators.identity.faults import Faults
from samovar.simulators.identity.people import WORDS, Person, person_of

CODE_LIFETIME_S = 60.0
TOKEN_LIFETIME_S = 600.0
REQUESTS_MAX = 10_000
_PAGE = """<!doctype html><html lang="ru"><meta charset="utf-8"><title>{title}</title>
<style>body{{font:16px/1.5 system-ui;max-width:28rem;margin:4rem auto;padding:0 1rem}}button{{display:block;width:100%;
margin:.5rem 0;padding:.75rem;font:inherit}}</style>
<h1>{title}</h1><p>Это имитатор для разработки. Кто входит в приложение {client}?</p>
<form method="post" action="{action}">{buttons}
<button name="person" value="">Отказать</button></form></html>"""


@dataclass(frozen=True)
class Journey:
    """What the platform asked for."""

    redirect_uri: str
    state: str
    code_challenge: str
    nonce: str | None
    device_id: str | None


@dataclass(frozen=True)
class Granted:
    """A code or a token, and whom it speaks of."""

    person: Person
    journey: Journey
    expires_at: float


class Desk:
    """The part of a service where people decide.

    Args:
        extra: Parameters that a service adds to its callback.
    """

    def __init__(
        self,
        service: Service,
        title: str,
        faults: Faults,
        *,
        extra: Callable[[], dict[str, str]] = dict,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.service = service
        self.faults = faults
        self._title = title
        self._extra = extra
        self._clock = clock
        self._journeys: dict[str, Journey] = {}
        self._codes: dict[str, Granted] = {}
        self._tokens: dict[str, Granted] = {}

    async def ask(self, request: web.Request) -> web.Response:
        """Show the page, or refuse a request that the service's document does not allow."""
        query = request.query
        if query.get("client_id") != CLIENT_IDS[self.service] or query.get("response_type") != "code":
            raise web.HTTPBadRequest(text="unknown client_id, or response_type is not code")
        if (
            query.get("code_challenge_method") != "S256"
            or not query.get("code_challenge")
            or not query.get("state")
        ):
            raise web.HTTPBadRequest(text="PKCE with S256 and a state are needed")
        if len(self._journeys) >= REQUESTS_MAX:
            self._journeys.clear()
        number = secrets.token_urlsafe(12)
        self._journeys[number] = Journey(
            query["redirect_uri"],
            query["state"],
            query["code_challenge"],
            query.get("nonce"),
            query.get("device_id"),
        )
        buttons = "".join(
            f'<button name="person" value="{word}">{label}</button>'
            for word, label in (
                *((word, _label(word)) for word in WORDS),
                (secrets.token_hex(6), "Кто-то новый"),
            )
        )
        page = _PAGE.format(
            title=html.escape(self._title),
            client=html.escape(query["client_id"]),
            action=f"/{self.service}/decide/{number}",
            buttons=buttons,
        )
        return web.Response(text=page, content_type="text/html")

    async def decide(self, request: web.Request) -> web.Response:
        """Send the person back with a code, or with a refusal."""
        journey = self._journeys.pop(request.match_info["number"], None)
        if journey is None:
            raise web.HTTPNotFound
        person = person_of(str((await request.post()).get("person", "")))
        answer = {"state": journey.state, **self._extra()}
        if person is None:
            answer["error"] = "access_denied"
        else:
            answer["code"] = secrets.token_urlsafe(24)
            self._codes[answer["code"]] = Granted(person, journey, self._clock() + CODE_LIFETIME_S)
        if self.faults.of(self.service) == "mix_up":
            answer["iss"] = "https://evil.example"
        mark = "&" if "?" in journey.redirect_uri else "?"
        raise web.HTTPSeeOther(f"{journey.redirect_uri}{mark}{urlencode(answer)}")

    async def redeem(
        self, request: web.Request, *, authenticated: bool
    ) -> tuple[str, Granted] | web.Response:
        """Exchange a code once, by the rules of RFC 6749 and RFC 7636; return an access token and whom it speaks of."""
        form = await request.post()
        granted = self._codes.pop(str(form.get("code", "")), None)
        verifier = hashlib.sha256(str(form.get("code_verifier", "")).encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if not authenticated:
            return web.json_response({"error": "invalid_client"}, status=401)
        if (
            form.get("grant_type") != "authorization_code"
            or granted is None
            or granted.expires_at < self._clock()
            or granted.journey.redirect_uri != form.get("redirect_uri")
            or granted.journey.code_challenge != challenge
        ):
            return web.json_response({"error": "invalid_grant"}, status=400)
        token = secrets.token_urlsafe(24)
        self._tokens[token] = Granted(granted.person, granted.journey, self._clock() + TOKEN_LIFETIME_S)
        return token, granted

    def bearer(self, token: str) -> Person:
        """Return whom an access token speaks of."""
        granted = self._tokens.get(token)
        if granted is None or granted.expires_at < self._clock():
            raise web.HTTPUnauthorized
        if self.faults.of(self.service) == "wrong_person":
            return person_of("somebody-else") or granted.person
        return granted.person

    def is_basic(self, request: web.Request) -> bool:
        """Return whether a request shows the platform's id and secret (RFC 7617)."""
        expected = base64.b64encode(f"{CLIENT_IDS[self.service]}:{secret_of(self.service)}".encode()).decode()
        return request.headers.get("Authorization") == f"Basic {expected}"

    def id_claims(self, granted: Granted, *, issuer: str, subject: str) -> dict[str, object]:
        """Return the claims that every ID token has; some faults are here."""
        now, fault, client = int(self._clock()), self.faults.of(self.service), CLIENT_IDS[self.service]
        claims: dict[str, object] = {
            "iss": "https://evil.example" if fault == "wrong_issuer" else issuer,
            "aud": "another-client" if fault == "wrong_audience" else client,
            "sub": subject,
            "iat": now + 3_600 if fault == "from_the_future" else now,
            "exp": now - 3_600 if fault == "expired" else now + 3_600,
        }
        if granted.journey.nonce:
            claims["nonce"] = "another-nonce" if fault == "wrong_nonce" else granted.journey.nonce
        if fault == "wrong_party":
            claims |= {"aud": [client, "another-client"], "azp": "another-client"}
        return claims


def _label(word: str) -> str:
    person = person_of(word)
    return f"{person.first_name} {person.last_name}" if person else word
