"""Who pushes from a pipeline that the app trusts: the token that its service makes for it, exchanged for a key of minutes.

Source of the request of GitHub's token: docs.github.com, "OpenID Connect reference", `ACTIONS_ID_TOKEN_REQUEST_URL`.
"""

from collections.abc import Mapping
from http import HTTPStatus
from uuid import UUID

import aiohttp
import msgspec
from yarl import URL

from samovar.cli.push.platform import Credentials, Platform, PushFailed

TIMEOUT_S = 30.0


class _Token(msgspec.Struct, frozen=True):
    value: str


class _Key(msgspec.Struct, frozen=True):
    key: str


async def token_of_pipeline(origin: str, environment: Mapping[str, str]) -> str | None:
    """Return the token that the pipeline's service makes for the platform; None where this is no pipeline, or it may have none.

    Raises:
        PushFailed: The service gives none.
    """
    if given := environment.get("SAMOVAR_ID_TOKEN"):
        return given
    url = environment.get("ACTIONS_ID_TOKEN_REQUEST_URL")
    secret = environment.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN")
    if not url or not secret:
        return None
    asked = URL(url).update_query(audience=origin)
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S)) as session,
            session.get(asked, headers={"Authorization": f"Bearer {secret}"}) as answer,
        ):
            body = await answer.read()
            if answer.status != HTTPStatus.OK:
                raise PushFailed(f"the pipeline gets no token: its service answers {answer.status}")
        return msgspec.json.decode(body, type=_Token).value
    except (aiohttp.ClientError, TimeoutError, msgspec.MsgspecError) as error:
        raise PushFailed(f"the pipeline gets no token: {error}") from error


async def exchanged(origin: str, token: str, app_id: UUID) -> Credentials:
    """Return the credentials that the platform gives for a token of a trusted pipeline.

    Raises:
        PushFailed: It trusts no such pipeline with the app, or does not answer.
    """
    order = {"token": token, "app_id": str(app_id)}
    async with Platform(origin, Credentials({})) as platform:
        made = await platform.ask("POST", "/v1/dev/pipeline-keys", _Key, json=order)
    return Credentials({"X-API-Key": made.key})
