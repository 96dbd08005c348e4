"""Our own games in the store, by the road that every developer takes: page, price, achievements, build, moderator, release.

What is there already stays as it is, so that whoever is stopped in the middle goes on there.
"""

import time
from pathlib import Path
from typing import Any, Protocol

import msgspec

from samovar.demo import gallery, pricing
from samovar.demo.covers.studio import FRAMES
from samovar.demo.games.building import Page, build, page_of
from samovar.demo.records import Painted
from samovar.demo.store import StoreFailed, command

NEEDED = frozenset({"developer", "download", "payment"})
"""The services without which no game can be published."""
_PATIENCE_S = 120.0
_PAUSE_S = 1.0
_GONE_ON = {"released", "releasing"}


class Ask(Protocol):
    """Calls a route as somebody; a conflict is an answer, too: an earlier run has done it."""

    def __call__(self, login: str, method: str, path: str, body: object = None) -> Any:
        """Return the decoded answer."""


class Releases:
    """Publishes games of one organisation.

    Args:
        ask: Calls the platform.
        folder: Of the showcase; builds, pictures and the build key lie in it.
        owner: The login of the organisation's owner.
        moderator: The login of who approves.
        organisation_id: Whose games they are.
    """

    def __init__(self, ask: Ask, folder: Path, *, owner: str, moderator: str, organisation_id: str) -> None:
        self._ask = ask
        self._folder = folder
        self._owner = owner
        self._moderator = moderator
        self._organisation_id = organisation_id

    def publish(self, slug: str, token: str) -> str:
        """Bring a game into the store and return its id.

        Args:
            slug: One of `building.SLUGS`.
            token: The owner's, for `samovar push`.

        Raises:
            StoreFailed: The platform refused something, or does not confirm the organisation.
        """
        page = page_of(slug)
        app_id, state = self._app(page)
        if state == "draft":
            self._ask(self._owner, "PATCH", f"/v1/dev/apps/{app_id}", self._document(page))
            self._sell(page, app_id)
        award = {"achievements": page.achievements, "stats": page.stats}
        self._ask(self._owner, "PUT", f"/v1/dev/apps/{app_id}/achievements", award)
        if page.phrases:
            phrases = {"phrases": msgspec.to_builtins(page.phrases)}
            self._ask(self._owner, "PUT", f"/v1/dev/apps/{app_id}/phrases", phrases)
        self._push(page, app_id, token)
        if state == "draft":
            self._release(app_id)
        return app_id

    def _app(self, page: Page) -> tuple[str, str]:
        """Return the id and the state of the app, which is made when it is not there."""
        new = {
            "organisation_id": self._organisation_id,
            "slug": page.slug,
            "title": page.title.ru,
            "short_description": page.short.ru,
            "age": {"rating": 0},
        }
        made = self._ask(self._owner, "POST", "/v1/dev/apps", new)
        if "app_id" in made:
            return str(made["app_id"]), "draft"
        cursor = ""
        while True:
            path = f"/v1/dev/apps?organisation_id={self._organisation_id}&limit=100{cursor}"
            found = self._ask(self._owner, "GET", path)
            for app in found["items"]:
                if app["slug"] == page.slug:
                    return str(app["app_id"]), str(app["state"])
            if not found.get("next_cursor"):
                raise StoreFailed(f"{page.slug}: the address belongs to somebody else")
            cursor = f"&cursor={found['next_cursor']}"

    def _document(self, page: Page) -> dict[str, Any]:
        """Return the page as `PATCH /v1/dev/apps/{id}` takes it, with its pictures brought to the platform."""
        painted = [Painted(page.slug, page.title.ru, page.art, frame) for frame in FRAMES]
        files = gallery.hang(painted, self._folder, is_all=False)
        media = []
        for one in painted:
            picture = (self._folder / files[page.slug, one.frame.name]).read_bytes()
            told = self._ask(self._owner, "POST", "/v1/dev/media", picture)
            media.append({"kind": one.frame.kind, **told})
        return {
            "texts": {
                language: {
                    "title": getattr(page.title, language),
                    "short_description": getattr(page.short, language),
                    "description": getattr(page.text, language),
                }
                for language in ("ru", "en")
            },
            "release": {"stage": "released"},
            "platforms": ["linux", "macos", "windows"],
            "languages": [{"code": "ru"}, {"code": "en"}],
            "genres": page.genres,
            "tags": page.tags,
            "media": media,
        }

    def _sell(self, page: Page, app_id: str) -> None:
        packages = f"/v1/dev/apps/{app_id}/packages"
        if not self._ask(self._owner, "GET", packages)["items"]:
            names = {"ru": page.title.ru, "en": page.title.en}
            new = {"slug": page.slug, "names": names, "app_ids": [app_id], "place": 0, "state": "on_sale"}
            self._ask(self._owner, "POST", packages, new)
        # Whoever was stopped here has a package without a price.
        self._ask(self._owner, "PUT", f"/v1/dev/apps/{app_id}/prices", {"prices": pricing.prices(page.price)})

    def _push(self, page: Page, app_id: str, token: str) -> None:
        if self._ask(self._owner, "GET", f"/v1/dev/apps/{app_id}/branches"):
            return
        folder = self._folder / "builds" / page.slug
        build(page.slug, folder)
        key = self._folder / "build-key.pem"
        words = ("push", str(folder), "--app", app_id, "--key", str(key), "--note", "1.0", "--yes")
        command(*words, environment={"SAMOVAR_TOKEN": token})

    def _release(self, app_id: str) -> None:
        """Submit, approve and release, from wherever an earlier run has got to."""
        self._ask(self._owner, "POST", f"/v1/dev/apps/{app_id}/submit", {"note": "1.0"})
        submission = self._submission(app_id)
        if submission["state"] == "submitted":
            path = f"/v1/admin/submissions/{submission['id']}/approve"
            self._ask(self._moderator, "POST", path, {"reason": "showcase"})
        self._wait_for_confirmation()
        if submission["state"] not in _GONE_ON:
            self._ask(self._owner, "POST", f"/v1/dev/apps/{app_id}/release", {})
        submission = self._submission(app_id)
        if submission["state"] not in _GONE_ON:
            raise StoreFailed(f"a game of the showcase was not released: {submission}")

    def _submission(self, app_id: str) -> dict[str, Any]:
        found = self._ask(self._owner, "GET", f"/v1/dev/apps/{app_id}/submissions")["items"]
        if not found:
            raise StoreFailed(f"the page of {app_id} could not be submitted")
        newest: dict[str, Any] = found[0]
        return newest

    def _wait_for_confirmation(self) -> None:
        """Wait until the organisation is what it says that it is in law: nobody else releases anything."""
        until = time.monotonic() + _PATIENCE_S
        legal = f"/v1/dev/organizations/{self._organisation_id}/legal"
        while self._ask(self._owner, "GET", legal)["confirmed"] is None:
            if time.monotonic() > until:
                raise StoreFailed("the organisation of the showcase is not confirmed")
            time.sleep(_PAUSE_S)
