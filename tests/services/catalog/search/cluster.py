"""A server that speaks as Elasticsearch's reference shows it."""

import json
from typing import Any

from aiohttp import web


class Cluster:
    """Answers what it was told to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []
        self.authorised: str | None = None
        self.answers: dict[tuple[str, str], tuple[int, Any]] = {}
        self._held: str | None = None

    async def answer(self, request: web.Request) -> web.Response:
        """Remember a request, and answer it."""
        text = await request.text()
        body: Any = (
            [json.loads(line) for line in text.splitlines()]
            if "_bulk" in request.path
            else json.loads(text or "null")
        )
        self.asked.append((request.method, request.path_qs, body))
        self.authorised = request.headers.get("Authorization")
        if self._held and request.path == "/_aliases":
            name = next(action["add"]["index"] for action in body["actions"] if "add" in action)
            self.answers["GET", f"/_alias/{self._held}"] = (200, {name: {"aliases": {self._held: {}}}})
        status, answer = self.answers.get((request.method, request.path), (200, {"acknowledged": True}))
        return web.Response(
            status=status,
            text=answer if isinstance(answer, str) else json.dumps(answer),
            content_type="application/json",
        )

    def hold(self, alias: str) -> None:
        """Have no index under an alias, and one as soon as the alias is moved to it; a copy of an answer of the reference."""
        self.answers["GET", f"/_alias/{alias}"] = (404, {"error": f"alias [{alias}] missing", "status": 404})
        self._held = alias

    def told(self, method: str, path: str) -> list[Any]:
        """Return the bodies of what was asked of a path."""
        return [body for asked, where, body in self.asked if (asked, where) == (method, path)]
