"""Fills an empty store, step by step: players, studio, catalogue, discounts, licences, reviews, votes, wishlists, our own games, pictures.

The players come first: whoever has just started the platform signs in as one of them. Of the pictures only those that lists show are
drawn first, so that the store is open within a minute; the others follow.

What is done stands in `seed.json` in the showcase's folder. Whoever is stopped in the middle goes on there; a step that was cut
off is done again and changes nothing that is there already.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from samovar.demo import gallery, players, pricing, records, releases, sources, studio
from samovar.demo.games.building import SLUGS
from samovar.demo.players import Player
from samovar.demo.pricing import Line
from samovar.demo.sources import Catalogue
from samovar.demo.store import Store, StoreFailed, command

CATALOGUE, DISCOUNTS, PROGRESS, REPORT = "catalogue.jsonl", "discounts.jsonl", "seed.json", "refused.jsonl"
# Soon enough to be seen, late enough to be read before.
_DISCOUNTS_BEGIN_IN = timedelta(seconds=20)
# What is said of a discount beside which an interrupted run has planned others already.
_PLANNED = {"discounts_overlap", "rest_after_discount", "rest_before_discount", "launch_twice"}
_CONFLICT, _UNAUTHORISED = 409, 401
_SOURCE = "demo"
_LISTED = "capsule"
Told = Callable[[str], None]


class Progress(msgspec.Struct, kw_only=True):
    """How far the seeding is.

    Attributes:
        began_at: All that the catalogue tells in days counts from it.
        done: Steps that are complete.
    """

    began_at: datetime
    done: list[str] = []


class Seeding:
    """One seeding of one store.

    Args:
        folder: Of the showcase: pictures, files, `seed.json`.
        store: The platform.
        told: Hears what is being done.
        catalogue: The whole one unless said.
        games: Which of our own games are published.
    """

    def __init__(
        self,
        folder: Path,
        store: Store,
        told: Told,
        catalogue: Catalogue | None = None,
        games: Iterable[str] = SLUGS,
    ) -> None:
        self._folder = folder
        self._store = store
        self._told = told
        self._file = folder / PROGRESS
        self._catalogue = catalogue or sources.read()
        self._games = games
        self._studio = studio.read()
        self._people = players.people()
        self._logins = [player.login for player in self._people.player]
        shown = {game.slug for game in self._catalogue.games}
        self._opinions = [one for one in players.opinions(self._logins) if one.game in shown]
        self._wishable = shown | {more.slug for game in self._catalogue.games for more in game.more}
        self._tokens: dict[str, str] = {}
        self._accounts: dict[str, str] = {}
        self._ids: dict[str, str] = {}

    def run(self, *, only_empty: bool = False) -> bool:
        """Do all that is left to do.

        Args:
            only_empty: Touch no store that somebody else has filled.

        Returns:
            Whether there was anything to do.

        Raises:
            StoreFailed: The platform refused something.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        progress = self._progress()
        if progress is None:
            if only_empty and not self._is_empty():
                return False
            progress = Progress(began_at=records.now())
        steps: dict[str, Callable[[], None]] = {
            "players": self._register,
            "studio": lambda: self._found_studio(progress),
            "catalogue": lambda: self._open_store(progress.began_at),
            "discounts": self._import_discounts,
            "licences": self._grant,
            "reviews": self._review,
            "votes": self._vote,
            "wishlists": self._wish,
            "games": self._publish,
            "pictures": lambda: self._hang_pictures(progress.began_at),
        }
        for step, needed in (("studio", studio.NEEDED), ("games", releases.NEEDED)):
            if step not in progress.done and not self._serves(needed):
                del steps[step]
        left = [name for name in steps if name not in progress.done]
        for name in left:
            self._keep(progress)
            steps[name]()
            progress.done.append(name)
        self._keep(progress)
        return bool(left)

    @property
    def summary(self) -> str:
        """One line: what there is now, and how to try it."""
        games = len(self._catalogue.games)
        return (
            f"the store is alive: {games} games, {len(self._opinions)} reviews; sign in as {self._logins[0]} "
            f"with the password {self._people.password}"
        )

    def _progress(self) -> Progress | None:
        return msgspec.json.decode(self._file.read_bytes(), type=Progress) if self._file.exists() else None

    def _keep(self, progress: Progress) -> None:
        unfinished = self._file.with_suffix(".part")
        unfinished.write_bytes(msgspec.json.encode(progress))
        unfinished.replace(self._file)

    def _is_empty(self) -> bool:
        """Whether the store shows neither a genre nor a game: an answer may be a kept one, both are not."""
        return not any(self._store.ask("GET", path).body["items"] for path in ("/v1/genres", "/v1/games"))

    def _serves(self, services: Collection[str]) -> bool:
        """Whether the platform runs all of these services."""
        return set(services) <= set(self._store.ask("GET", "/v1/status").body["services"])

    def _found_studio(self, progress: Progress) -> None:
        """Found the organisation of the invented games; in a store that has them already they become its own."""
        self._told("founding the studio of the showcase")
        owner = self._studio.owner
        if self._studio_id() is None:
            self._call(owner, "POST", studio.ORGANISATIONS, {"name": self._studio.name})
            # The new token says that this is its owner.
            self._sign_in(self._player(owner))
        organisation_id = self._studio_id()
        legal = f"{studio.ORGANISATIONS}/{organisation_id}/legal"
        if self._call(owner, "GET", legal)["latest"] is None:
            self._call(owner, "PUT", legal, studio.legal_body(self._studio))
        self._call(owner, "PUT", f"/v1/dev/payees/{organisation_id}", studio.payee_body(self._studio))
        if "catalogue" in progress.done:
            self._hang_pictures(progress.began_at)

    def _studio_id(self) -> str | None:
        """The organisation of the invented games, where there is one."""
        if not self._serves(studio.NEEDED):
            return None
        return studio.id_in(self._call(self._studio.owner, "GET", studio.ORGANISATIONS), self._studio)

    def _open_store(self, now: datetime) -> None:
        self._told("filling the store with the showcase")
        listed = [one for one in records.pictures(self._catalogue) if one.frame.kind == _LISTED]
        self._import_catalogue(gallery.hang(listed, self._folder, is_all=False), now)

    def _hang_pictures(self, now: datetime) -> None:
        self._told("the showcase is open; drawing the rest of its pictures")
        self._import_catalogue(gallery.hang(records.pictures(self._catalogue), self._folder), now)

    def _import_catalogue(self, files: Mapping[tuple[str, str], str], now: datetime) -> None:
        file = self._write(CATALOGUE, records.lines(self._catalogue, files, now, self._studio_id()))
        command("catalog", "import", str(file), "--reason", "showcase")

    def _import_discounts(self) -> None:
        """Set the discounts. Those that an interrupted run has set stand in the way of their own repetition, and stay."""
        begins = records.now() + _DISCOUNTS_BEGIN_IN
        file = self._write(DISCOUNTS, pricing.discounts(self._catalogue.games, begins))
        report = self._folder / REPORT
        command("catalog", "import", str(file), "--report", str(report), "--reason", "showcase", allow=(0, 1))
        refused = [msgspec.json.decode(line) for line in report.read_bytes().splitlines()]
        if odd := [one for one in refused if one["code"] not in _PLANNED]:
            raise StoreFailed(f"a discount of the showcase was refused: {odd[0]}")

    def _register(self) -> None:
        self._told("inviting the players of the showcase")
        for player in self._people.player:
            self._sign_in(player)
        for player in self._people.player:
            if player.role:
                command("auth", "grant-role", player.login, player.role, "--reason", "showcase")

    def _grant(self) -> None:
        owned: dict[str, list[str]] = {login: [] for login in self._logins}
        for opinion in self._opinions:
            owned[opinion.login].append(self._id_of(opinion.game))
        for place, (login, games) in enumerate(owned.items()):
            if not games:
                continue
            account_id = self._account_of(login)
            name = f"{_SOURCE}-{account_id}"
            command("library", "grant", account_id, *games, "--kind", "purchase", "--once", name)
            # Whoever writes a review has played.
            command("library", "played", account_id, *games, "--minutes", str(95 + 35 * place))

    def _review(self) -> None:
        self._told("letting the players speak")
        for opinion in self._opinions:
            review = {"recommended": opinion.recommended, "text": opinion.text, "language": opinion.language}
            self._call(opinion.login, "POST", f"/v1/games/{self._id_of(opinion.game)}/reviews", review)

    def _vote(self) -> None:
        for opinion in self._opinions:
            mine = self._call(opinion.login, "GET", f"/v1/games/{self._id_of(opinion.game)}/reviews/mine")
            for login, value in players.votes(opinion, self._logins):
                self._call(login, "POST", f"/v1/reviews/{mine['id']}/votes", {"value": value})

    def _wish(self) -> None:
        for player in self._people.player:
            for slug in (wish for wish in player.wishes if wish in self._wishable):
                self._call(player.login, "PUT", f"/v1/wishlist/{self._id_of(slug)}")

    def _publish(self) -> None:
        """Publish our own games, which can really be downloaded and played; the first player has the first of them."""
        self._told("publishing the games that can be played")
        owner = self._studio.owner
        organisation_id = self._studio_id()
        if organisation_id is None:
            raise StoreFailed("the organisation of the showcase is not there")
        moderator = next(player.login for player in self._people.player if player.role == "moderator")
        publisher = releases.Releases(
            self._call, self._folder, owner=owner, moderator=moderator, organisation_id=organisation_id
        )
        # The tokens of before may not say yet what they are here.
        self._sign_in(self._player(moderator))
        published = [publisher.publish(slug, self._sign_in(self._player(owner))) for slug in self._games]
        account_id = self._account_of(self._logins[0])
        name = f"{_SOURCE}-game-{account_id}"
        command("library", "grant", account_id, *published[:1], "--kind", "purchase", "--once", name)

    def _call(self, login: str, method: str, path: str, body: object = None) -> Any:
        """Call as a player; a conflict means that an earlier run has done it."""
        token = self._tokens.get(login) or self._sign_in(self._player(login))
        answer = self._store.ask(method, path, body, token=token, allow=(_CONFLICT, _UNAUTHORISED))
        if answer.status == _UNAUTHORISED:
            token = self._sign_in(self._player(login))
            answer = self._store.ask(method, path, body, token=token, allow=(_CONFLICT,))
        return answer.body

    def _player(self, login: str) -> Player:
        return next(player for player in self._people.player if player.login == login)

    def _sign_in(self, player: Player) -> str:
        """Register a player, or sign in one who is there, and return the access token."""
        person = {
            "email": player.login,
            "password": self._people.password,
            "display_name": player.name,
            "country": "RU",
            "birth_date": player.born.isoformat(),
            "consents": [],
        }
        credentials = {"login": player.login, "password": self._people.password}
        known = player.login in self._accounts
        answer = self._store.ask("POST", "/v1/auth/login", credentials, allow=(_UNAUTHORISED,))
        if answer.status == _UNAUTHORISED and not known:
            answer = self._store.ask("POST", "/v1/auth/register", person)
        self._accounts[player.login] = answer.body["account_id"]
        self._tokens[player.login] = answer.body["access_token"]
        return self._tokens[player.login]

    def _account_of(self, login: str) -> str:
        if login not in self._accounts:
            self._sign_in(self._player(login))
        return self._accounts[login]

    def _id_of(self, slug: str) -> str:
        """Return the id of a game. One for adults is shown to those who are."""
        if slug not in self._ids:
            token = self._tokens.get(self._logins[0]) or self._sign_in(self._people.player[0])
            self._ids[slug] = self._store.ask("GET", f"/v1/games/{slug}", token=token).body["id"]
        return self._ids[slug]

    def _write(self, name: str, lines: Iterable[Line]) -> Path:
        file = self._folder / name
        file.write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
        return file
