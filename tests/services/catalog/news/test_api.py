"""News over REST: written, shown at their moment or with their build, edited, taken off."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.services.catalog.app import service
from samovar.services.catalog.contract.editing_events import NewsChanged
from samovar.services.catalog.news import domain
from samovar.services.download.contract.events import BranchChanged
from samovar.testing.hosting import Answer, Running, running
from samovar.testing.issuer import Issuer
from tests.services.catalog.editing.desk import Desk
from tests.services.catalog.pages import page, put

RU = {"title": "Вышла 1.2", "text": "Новый чайник.\n\nИ ложки."}


@pytest.fixture(scope="module")
async def shop(
    postgres: PostgresServer, redis_url: str, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Running]:
    async with (
        NatsServer(tmp_path_factory.mktemp("nats_of_news")) as nats,
        running(
            service,
            postgres=postgres,
            redis_url=redis_url,
            nats_url=nats.url,
            issuer=issuer,
            media_store=str(tmp_path_factory.mktemp("media")),
        ) as started,
    ):
        yield started


class Press:
    """An organisation that writes about its game."""

    def __init__(self, shop: Running, app_id: UUID, desk: Desk) -> None:
        self.shop, self.app_id, self.desk = shop, app_id, desk

    async def ask(self, method: str, path: str = "", **more: Any) -> Answer:
        """Ask as the developer."""
        return await self.desk.ask(method, f"/{self.app_id}/news{path}", **more)

    async def write(self, **said: Any) -> str:
        """Write a post and return its id."""
        made = await self.ask("POST", json={"texts": {"ru": RU}} | said)
        assert made.status == 201, made.body
        return str(made.body["id"])

    async def publish(self, post_id: str, **order: Any) -> Answer:
        """Publish a post."""
        return await self.ask("POST", f"/{post_id}/publish", json=order)

    async def shown(self, query: str = "", language: str = "ru") -> list[Any]:
        """Return what players read."""
        answer = await self.shop.request(
            "GET", f"/v1/games/{self.app_id}/news?{query}", headers={"Accept-Language": language}
        )
        assert answer.status == 200, answer.body
        return list(answer.body["items"])

    async def changelog(self) -> list[tuple[str, str]]:
        """Return the changelog."""
        answer = await self.shop.request("GET", f"/v1/games/{self.app_id}/changelog")
        return [(one["release"], one["text"]) for one in answer.body["items"]]


@pytest.fixture
async def press(shop: Running) -> Press:
    desk = Desk(shop)
    document = page(f"news-{uuid4().hex[:10]}")
    written = await put(shop.database, document, organisation_id=desk.organisation_id)
    return Press(shop, written.app_id, desk)


async def test_a_post_is_written_published_edited_and_taken_off(press: Press) -> None:
    post_id = await press.write()
    assert await press.shown() == []
    published = await press.publish(post_id)
    assert (published.status, published.body["state"]) == (200, "published")
    (seen,) = await press.shown()
    assert (seen["title"], seen["text"], seen["kind"], seen["edited_at"]) == (*RU.values(), "news", None)
    again = await press.publish(post_id)
    assert (again.status, again.body["code"]) == (409, "catalog.post_in_state")
    edited = await press.ask(
        "PATCH",
        f"/{post_id}",
        json={"texts": {"ru": RU, "en": {"title": "1.2 is out", "text": "A new kettle."}}},
        headers={"If-Match": published.headers["etag"]},
    )
    assert edited.status == 200, edited.body
    stale = await press.ask(
        "PATCH", f"/{post_id}", json={"texts": {"ru": RU}}, headers={"If-Match": published.headers["etag"]}
    )
    assert stale.status == 412
    (english,) = await press.shown(language="en")
    assert (english["title"], english["edited_at"] is not None) == ("1.2 is out", True)
    one = await press.shop.request("GET", f"/v1/games/{press.app_id}/news/{post_id}")
    assert one.body["title"] == "Вышла 1.2"
    assert (await press.ask("DELETE", f"/{post_id}")).status == 409
    assert (await press.ask("POST", f"/{post_id}/withdraw")).body["state"] == "withdrawn"
    assert await press.shown() == []
    assert (await press.shop.request("GET", f"/v1/games/{press.app_id}/news/{post_id}")).status == 404
    back = await press.publish(post_id)
    assert back.body["published_at"] == published.body["published_at"]
    told = [one for one in await press.shop.events(NewsChanged) if str(one.post_id) == post_id]
    assert [(one.state, one.is_new) for one in told] == [
        ("published", True),
        ("published", False),
        ("withdrawn", False),
        ("published", False),
    ]
    assert (await press.ask("POST", f"/{post_id}/withdraw")).status == 200
    assert (await press.ask("DELETE", f"/{post_id}")).status == 204
    assert (await press.ask("GET")).body["items"] == []


async def test_a_release_stands_in_the_changelog_as_long_as_it_is_shown(press: Press) -> None:
    post_id = await press.write(kind="release", version="1.2")
    assert await press.changelog() == []
    await press.publish(post_id)
    assert await press.changelog() == [("1.2", RU["text"])]
    await press.ask("PATCH", f"/{post_id}", json={"texts": {"ru": RU | {"text": "Иначе."}}})
    assert await press.changelog() == [("1.2", "Иначе.")]
    renamed = await press.ask("PATCH", f"/{post_id}", json={"version": "1.3"})
    assert (renamed.status, renamed.body["errors"][0]["code"]) == (422, "never_changes")
    await press.ask("POST", f"/{post_id}/withdraw")
    assert await press.changelog() == []


async def test_a_post_is_shown_at_its_moment(press: Press) -> None:
    post_id = await press.write()
    for at, code in (
        ((datetime.now(UTC) - timedelta(hours=1)).isoformat(), "in_the_past"),
        ((datetime.now(UTC) + timedelta(days=400)).isoformat(), "post_too_far"),
    ):
        refused = await press.publish(post_id, at=at)
        assert (refused.status, refused.body["errors"][0]["code"]) == (422, code)
    far = datetime.now(UTC) + timedelta(days=3)
    assert (await press.publish(post_id, at=far.isoformat())).body["state"] == "scheduled"
    assert (await press.ask("DELETE", f"/{post_id}")).status == 409
    assert (await press.ask("POST", f"/{post_id}/withdraw")).body["state"] == "draft"
    soon = datetime.now(UTC) + timedelta(milliseconds=500)
    assert (await press.publish(post_id, at=soon.isoformat())).body["state"] == "scheduled"
    await press.shop.until("SELECT state = 'published' FROM news_posts WHERE id = $1::text::uuid", post_id)
    (seen,) = await press.shown()
    assert datetime.fromisoformat(seen["published_at"]) == soon


async def test_a_post_comes_with_its_build_once_everybody_gets_that(press: Press) -> None:
    build_id, other = uuid4(), uuid4()
    post_id = await press.write(kind="release", version="2.0", build_id=str(build_id))
    assert (await press.publish(post_id, with_build=True)).body["state"] == "scheduled"
    lost = await press.ask("PATCH", f"/{post_id}", json={"build_id": None})
    assert (lost.status, lost.body["errors"][0]["code"]) == (422, "build_needed")

    async def give(build: UUID | None, percent: int, branch: str = "main", sequence: int = 1) -> None:
        event_id = uuid4()
        event = BranchChanged(
            app_id=press.app_id,
            branch=branch,
            sequence=sequence,
            build_id=build,
            percent=percent,
            is_public=True,
            changed_at=datetime.now(UTC),
        )
        await press.shop.announce(event, event_id=event_id)
        await press.shop.until(
            "SELECT true FROM kit.inbox WHERE event_id = $1 AND consumer LIKE '%publish_news_of_build'",
            event_id,
        )

    await give(other, 100)
    await give(build_id, 100, "beta")
    await give(build_id, 10)
    await give(None, 100)
    assert await press.shown() == []
    await give(build_id, 100)
    (seen,) = await press.shown(f"build_id={build_id}")
    assert (seen["version"], seen["build_id"]) == ("2.0", str(build_id))
    assert await press.shown(f"build_id={other}") == []


async def test_text_loses_what_one_does_not_see_and_keeps_marks_as_they_are(press: Press) -> None:
    text = "<b>Чай</b>\u202e\x07\r\n\r\n\r\n\r\n\tи 👨‍👩‍👧  \n"
    post_id = await press.write(texts={"ru": {"title": " Чай ", "text": text}})
    await press.publish(post_id)
    (seen,) = await press.shown()
    assert (seen["title"], seen["text"]) == ("Чай", "<b>Чай</b>\n\n и 👨‍👩‍👧")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"texts": {}}, "texts"),
        ({"texts": {"ru": {"title": "", "text": "x"}}}, "texts.ru.title"),
        ({"texts": {"ru": {"title": "\u202e", "text": "x"}}}, "texts.ru.title"),
        ({"texts": {"ru": {"title": "x", "text": " \n\u200b "}}}, "texts.ru.text"),
        ({"texts": {"ru": {"title": "x" * 151, "text": "x"}}}, "texts.ru.title"),
        ({"texts": {"ru": RU}, "kind": "release"}, "version"),
        ({"texts": {"ru": RU}, "version": "\u2800"}, "version"),
        ({"texts": {"ru": RU}, "branch": "../main"}, "branch"),
        ({"texts": {"ru": RU}, "build_id": "x"}, "build_id"),
        ({"texts": {"ru": RU}, "state": "published"}, "state"),
    ],
)
async def test_nonsense_names_its_field(press: Press, body: Any, field: str) -> None:
    answer = await press.ask("POST", json=body)
    assert (answer.status, answer.body["errors"][0]["field"]) == (422, field)
    assert (await press.ask("GET")).body["items"] == []


async def test_without_russian_nothing_is_published(press: Press) -> None:
    post_id = await press.write(texts={"en": {"title": "Out", "text": "Now."}})
    refused = await press.publish(post_id)
    assert (refused.status, refused.body["errors"][0]["code"]) == (422, "post_text_needed")
    neither = await press.publish(await press.write(), with_build=True)
    assert neither.body["errors"][0]["code"] == "build_needed"


async def test_only_the_organisation_writes(press: Press) -> None:
    post_id = await press.write()
    for desk in (
        Desk(press.shop),
        Desk(press.shop, level="viewer", organisation_id=press.desk.organisation_id),
    ):
        path = f"/{press.app_id}/news"
        assert (await desk.ask("POST", path, json={"texts": {"ru": RU}})).status == 404
        assert (await desk.ask("POST", f"{path}/{post_id}/publish", json={})).status == 404
        assert (await desk.ask("DELETE", f"{path}/{post_id}")).status == 404
    viewer = Desk(press.shop, level="viewer", organisation_id=press.desk.organisation_id)
    assert (await viewer.ask("GET", f"/{press.app_id}/news/{post_id}")).status == 200
    assert (await Desk(press.shop).ask("GET", f"/{press.app_id}/news/{post_id}")).status == 404
    other = await put(
        press.shop.database,
        page(f"news-{uuid4().hex[:10]}"),
        organisation_id=press.desk.organisation_id,
    )
    assert (await press.desk.ask("GET", f"/{other.app_id}/news/{post_id}")).status == 404


async def test_an_app_has_only_so_many_and_lists_go_by_pages(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(domain, "POSTS_MAX", 3)
    answers = await asyncio.gather(*(press.ask("POST", json={"texts": {"ru": RU}}) for _ in range(5)))
    assert sorted(one.status for one in answers) == [201, 201, 201, 409, 409]
    written = [one["id"] for one in (await press.ask("GET")).body["items"]]
    for post_id in written:
        await press.publish(post_id)
    first = await press.shop.request("GET", f"/v1/games/{press.app_id}/news?limit=2")
    second = await press.shop.request(
        "GET", f"/v1/games/{press.app_id}/news?limit=2&cursor={first.body['next_cursor']}"
    )
    assert [len(one.body["items"]) for one in (first, second)] == [2, 1]
    assert {one["id"] for page_ in (first, second) for one in page_.body["items"]} == set(written)


async def test_news_of_what_is_not_shown_are_not_either(press: Press) -> None:
    post_id = await press.write()
    await press.publish(post_id)
    async with press.shop.database.transaction() as tx:
        await tx.execute("UPDATE apps SET state = 'withdrawn' WHERE id = $1", press.app_id)
    assert (await press.shop.request("GET", f"/v1/games/{press.app_id}/news")).status == 404
