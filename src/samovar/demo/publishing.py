"""Publishes the three small games of the showcase as any developer does: page, pictures, price, achievements, builds, moderator, release.

Each step looks first at what is there, so that whoever is stopped in the middle goes on there, and a repetition changes nothing.
"""

import tempfile
import time
from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from samovar.demo import gallery, pricing
from samovar.demo.covers.studio import FRAMES
from samovar.demo.games.building import SLUGS, Page, Version, build, page_of
from samovar.demo.records import Painted
from samovar.demo.store import StoreFailed, command

NEEDED = frozenset({"developer", "download", "library", "payment"})
"""The services without which nobody publishes a game."""
APPS = "/v1/dev/apps"
LIVE, COMING = "main", "beta"
_CREATOR = {"slug": "vitrina-samovara", "name": "Витрина «Самовара»"}
_BUILDS: tuple[tuple[str, Version], ...] = ((LIVE, 1), (COMING, 2))
_NOTE = "showcase"
_APPROVED, _RELEASED, _WAITING = "approved", "released", "submitted"
_CONFIRMED_WITHIN_S = 180.0
_PAUSE_S = 1.0


class Call(Protocol):
    """Calls a route as somebody; a conflict is an answer, too."""

    def __call__(
        self, login: str, method: str, path: str, body: object = None, *, picture: bytes | None = None
    ) -> Any:
        """Call and return the body."""


class Publishing:
    """One publication of our games.

    Args:
        folder: Of the showcase: pictures are kept in it, and the key that signs the builds.
        call: Calls the platform.
        owner: The login of the developer.
        moderator: The login of who approves.
        organisation_id: Of the developer.
        on: The day of the release.
        slugs: Which games; all of ours unless said.
    """

    def __init__(
        self,
        folder: Path,
        call: Call,
        *,
        owner: str,
        moderator: str,
        organisation_id: str,
        on: date,
        slugs: Collection[str] = tuple(SLUGS),
    ) -> None:
        self._folder = folder
        self._call = call
        self._owner = owner
        self._moderator = moderator
        self._organisation_id = organisation_id
        self._on = on
        self._slugs = slugs

    def publish(self, token: str) -> dict[str, str]:
        """Bring all of them into the store and return the id of each by its slug.

        Args:
            token: The developer's, for `samovar push`.

        Raises:
            StoreFailed: The platform refused something.
        """
        self._as_owner("POST", "/v1/dev/creators", {"organisation_id": self._organisation_id, **_CREATOR})
        known = {app["slug"]: app for app in self._own_apps()}
        published: dict[str, str] = {}
        for slug in self._slugs:
            page = page_of(slug)
            app_id = known[slug]["app_id"] if slug in known else self._begin(page)
            published[slug] = app_id
            if slug not in known or known[slug]["state"] == "draft":
                self._sell(app_id, page)
                self._define(app_id, page)
            self._push(app_id, slug, token)
            if slug not in known or known[slug]["state"] == "draft":
                self._release(app_id, page)
        return published

    def _as_owner(self, method: str, path: str, body: object = None, *, picture: bytes | None = None) -> Any:
        return self._call(self._owner, method, path, body, picture=picture)

    def _own_apps(self) -> Iterator[dict[str, Any]]:
        path = f"{APPS}?organisation_id={self._organisation_id}&limit=100"
        found = self._as_owner("GET", path)
        yield from found["items"]
        while cursor := found.get("next_cursor"):
            found = self._as_owner("GET", f"{path}&cursor={cursor}")
            yield from found["items"]

    def _begin(self, page: Page) -> str:
        made = self._as_owner(
            "POST",
            APPS,
            {
                "organisation_id": self._organisation_id,
                "slug": page.slug,
                "title": page.title.ru,
                "short_description": page.short.ru,
                "age": {"rating": 0},
            },
        )
        if "app_id" not in made:
            raise StoreFailed(f"the game {page.slug} is somebody else's: {made}")
        return str(made["app_id"])

    def _sell(self, app_id: str, page: Page) -> None:
        """Put the one package of a game on sale, at its price in each region."""
        packages = self._as_owner("GET", f"{APPS}/{app_id}/packages")["items"]
        if not packages:
            names = {"ru": page.title.ru, "en": page.title.en}
            package = {"slug": page.slug, "names": names, "app_ids": [app_id], "place": 0, "state": "on_sale"}
            self._as_owner("POST", f"{APPS}/{app_id}/packages", package)
        self._as_owner("PUT", f"{APPS}/{app_id}/prices", {"prices": pricing.prices(page.price)})

    def _define(self, app_id: str, page: Page) -> None:
        defined = {"achievements": page.achievements, "stats": page.stats}
        self._as_owner("PUT", f"{APPS}/{app_id}/achievements", defined)

    def _push(self, app_id: str, slug: str, token: str) -> None:
        """Push what a branch lacks: the first version for everybody, the second one for whoever wants to see an update."""
        branches = {one["name"] for one in self._as_owner("GET", f"{APPS}/{app_id}/branches")}
        for branch, version in _BUILDS:
            if branch in branches:
                continue
            with tempfile.TemporaryDirectory(prefix="samovar-demo-") as folder:
                build(slug, Path(folder), version=version)
                command(
                    *("push", folder, "--app", app_id, "--branch", branch, "--yes"),
                    *("--note", _NOTE, "--key", str(self._folder / "build-key.pem")),
                    environment={"SAMOVAR_TOKEN": token, "XDG_STATE_HOME": str(self._folder)},
                )

    def _release(self, app_id: str, page: Page) -> None:
        """Submit the page, have it approved, and release it; whatever of that was done is not done again."""
        newest = self._submission(app_id)
        if newest is None:
            self._as_owner("PATCH", f"{APPS}/{app_id}", self._page_body(page))
            newest = self._as_owner("POST", f"{APPS}/{app_id}/submit", {"note": _NOTE})
        if newest["state"] == _WAITING:
            path = f"/v1/admin/submissions/{newest['id']}/approve"
            newest = self._call(self._moderator, "POST", path, {"reason": _NOTE})
        self._await_confirmation()
        if newest["state"] == _APPROVED:
            newest = self._as_owner("POST", f"{APPS}/{app_id}/release", {})
        if newest.get("state") != _RELEASED:
            raise StoreFailed(f"the game {page.slug} is not out: {newest}")

    def _submission(self, app_id: str) -> dict[str, Any] | None:
        """Return the open submission of an app."""
        found = self._as_owner("GET", f"{APPS}/{app_id}/submissions?limit=1")["items"]
        return found[0] if found and found[0]["ended_at"] is None else None

    def _await_confirmation(self) -> None:
        """Wait until the register has answered what the organisation is in law."""
        until = time.monotonic() + _CONFIRMED_WITHIN_S
        path = f"/v1/dev/organizations/{self._organisation_id}/legal"
        while not (legal := self._as_owner("GET", path))["confirmed"]:
            if time.monotonic() > until:
                raise StoreFailed(f"the organisation of the showcase is not confirmed: {legal}")
            time.sleep(_PAUSE_S)

    def _page_body(self, page: Page) -> dict[str, Any]:
        """Return the page as `PATCH` takes it; its pictures are sent first."""
        return {
            "title": page.title.ru,
            "texts": {
                "ru": {"short_description": page.short.ru, "description": page.text.ru},
                "en": {
                    "title": page.title.en,
                    "short_description": page.short.en,
                    "description": page.text.en,
                },
            },
            "aliases": [page.title.en],
            "developers": [_CREATOR["slug"]],
            "publishers": [_CREATOR["slug"]],
            "release": {"stage": "released", "on": self._on.isoformat()},
            "platforms": ["linux", "macos", "windows"],
            "languages": [{"code": "ru"}, {"code": "en"}],
            "genres": page.genres,
            "categories": ["single-player"],
            "features": ["achievements", "cloud-saves", "stats", "keyboard-only", "offline", "no-drm"],
            "tags": page.tags,
            "media": self._pictures(page),
        }

    def _pictures(self, page: Page) -> list[dict[str, Any]]:
        paintings = [Painted(page.slug, page.title.ru, page.art, frame) for frame in FRAMES]
        files = gallery.hang(paintings, self._folder, is_all=False)
        return [
            {"kind": frame.kind, **self._sent(self._folder / files[page.slug, frame.name])}
            for frame in FRAMES
        ]

    def _sent(self, file: Path) -> dict[str, Any]:
        image: dict[str, Any] = self._as_owner("POST", "/v1/dev/media", picture=file.read_bytes())
        return image
