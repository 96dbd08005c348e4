"""For a game in Python: one file of the standard library alone, to be carried along in the game's own folder.

    from samovar.sdk.game import Game

    game = Game.from_environment()
    game.achieve("first-cup")
    game.set_stats(cups=12)

Started by its launcher, the game finds the bridge in its environment. Started without one it plays all the same: nothing is told, and its
saves lie in its own folder. A launcher that dies in the middle is no matter either: what it can no longer be told goes into a file that the
next launcher takes up. No call of this module ever raises because of the platform, and none waits for longer than `TIMEOUT_S`.
"""

import http.client
import json
import os
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self
from urllib.parse import quote, urlsplit

TIMEOUT_S = 5.0
SYNC_TIMEOUT_S = 60.0
ANSWER_BYTES_MAX = 4 * 1_048_576
_OK_MIN, _OK_MAX = 200, 300
_NOBODY = 503


class Answer(NamedTuple):
    """What the bridge said; `status` 503 and no words where nobody did."""

    status: int
    said: dict[str, Any]

    @property
    def is_good(self) -> bool:
        """Return whether it says yes."""
        return _OK_MIN <= self.status < _OK_MAX


class Presence:
    """What friends read of what the player does now. The last word counts, until the game ends; a game without a launcher says it to nobody.

    Args:
        call: Speaks to the bridge.
    """

    def __init__(self, call: Callable[..., Answer]) -> None:
        self._call = call

    def show(self, text: str) -> None:
        """Say it in words of the game's own."""
        self._call("PUT", "/v1/presence", {"text": text})

    def show_phrase(self, key: str, **parameters: object) -> None:
        """Say it by a phrase that the developer has worded, which each friend reads in their language: `show_phrase("level", number=3)`."""
        filled = {name: str(value) for name, value in parameters.items()}
        self._call("PUT", "/v1/presence", {"phrase": key, "parameters": filled})

    def show_nothing(self) -> None:
        """Say nothing any more; that they play is shown all the same."""
        self._call("DELETE", "/v1/presence")


class Game:
    """The platform, as a game sees it.

    Attributes:
        presence: What friends read of what the player does.
        is_connected: A launcher has started this game.
        saves: Where the game keeps its saves; the launcher brings them to the player's other devices.
        language: What the player reads: `ru` or `en`.
    """

    def __init__(
        self, *, bridge: str | None, token: str, saves: Path, left: Path | None, language: str
    ) -> None:
        self._address = urlsplit(bridge).netloc if bridge else None
        self.is_connected = self._address is not None
        self._token = token
        self._left = left
        self.saves = saves
        self.language = language
        self.presence = Presence(self._call)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Return the platform that this game was started by; without a launcher saves lie in `saves` in the current folder."""
        left = environ.get("SAMOVAR_LEFT")
        game = cls(
            bridge=environ.get("SAMOVAR_BRIDGE"),
            token=environ.get("SAMOVAR_BRIDGE_TOKEN", ""),
            saves=Path(environ.get("SAMOVAR_SAVES") or "saves"),
            left=Path(left) if left else None,
            language=environ.get("SAMOVAR_LANGUAGE", "ru"),
        )
        game.saves.mkdir(parents=True, exist_ok=True)
        return game

    def achieve(self, key: str, progress: int | None = None) -> None:
        """Tell that the player has an achievement, or is so far on the way to it. Told again, nothing changes."""
        body = {} if progress is None else {"progress": progress}
        if not self._call("PUT", f"/v1/achievements/{quote(key, safe='')}", body).is_good:
            self._leave({"achievement": key, **body})

    def set_stats(self, **values: float) -> None:
        """Tell new values of stats."""
        if not self._call("PATCH", "/v1/stats", {"values": values}).is_good:
            self._leave({"values": values})

    def add_rate(self, key: str, count: float, length_s: float) -> None:
        """Tell how much there was in how many seconds, for a stat that is an average rate."""
        body = {"rates": [{"key": key, "count": count, "length_s": length_s, "id": str(uuid.uuid4())}]}
        if not self._call("PATCH", "/v1/stats", body).is_good:
            self._leave(body)

    def stats(self) -> dict[str, float]:
        """Return the player's stats; none of them where the platform does not answer."""
        return dict(self._call("GET", "/v1/stats").said.get("values", {}))

    def achievements(self) -> list[dict[str, Any]]:
        """Return the game's achievements as the player has them; none where the platform does not answer."""
        return list(self._call("GET", "/v1/achievements").said.get("items", []))

    def owns(self, app_id: str | None = None) -> bool:
        """Return whether the player owns an app, a DLC for example; the game itself where none is named."""
        query = f"?app_id={quote(app_id, safe='')}" if app_id else ""
        return bool(self._call("GET", f"/v1/ownership{query}").said.get("is_owned"))

    def prove(self, nonce: str | None = None) -> str | None:
        """Return a licence proof for the game's server; none where there is none to be had."""
        body = {} if nonce is None else {"nonce": nonce}
        proof = self._call("POST", "/v1/licence-proof", body).said.get("proof")
        return str(proof) if proof else None

    def sync_saves(self) -> dict[str, Any] | None:
        """Bring the saves to the cloud now and return what came of it; none: later."""
        answer = self._call("POST", "/v1/saves/sync", {}, timeout_s=SYNC_TIMEOUT_S)
        return answer.said if answer.is_good else None

    def choose_save(self, path: str, version_id: str | None = None) -> bool:
        """Settle a conflict by a version of a save, or take what the cloud has; return whether it is done."""
        body = {"path": path} | ({"version_id": version_id} if version_id else {})
        return self._call("POST", "/v1/saves/choose", body, timeout_s=SYNC_TIMEOUT_S).is_good

    def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, timeout_s: float = TIMEOUT_S
    ) -> Answer:
        if self._address is None:
            return Answer(_NOBODY, {})
        connection = http.client.HTTPConnection(self._address, timeout=timeout_s)
        try:
            headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
            sent = None if body is None else json.dumps(body).encode()
            connection.request(method, path, sent, headers)
            answer = connection.getresponse()
            said = json.loads(answer.read(ANSWER_BYTES_MAX) or b"{}")
        except (OSError, ValueError, http.client.HTTPException):
            return Answer(_NOBODY, {})
        finally:
            connection.close()
        return Answer(answer.status, said if isinstance(said, dict) else {})

    def _leave(self, told: Mapping[str, Any]) -> None:
        """Leave for the next launcher what this one cannot be told."""
        if self._left:
            try:
                with self._left.open("ab") as opened:
                    opened.write(json.dumps(told).encode() + b"\n")
                    opened.flush()
                    os.fsync(opened.fileno())
            except OSError:
                pass
