"""Pictures are kept by what they look like, once; those that no page shows are deleted after a week."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from samovar.kit.database import Database
from samovar.kit.errors import InvalidInput, Unavailable
from samovar.services.catalog.media import uses
from samovar.services.catalog.media.consumers import keep_achievement_icons
from samovar.services.catalog.media.errors import MediaBusy
from samovar.services.catalog.media.files import Files
from samovar.services.catalog.media.painters import Painters
from samovar.services.catalog.media.schemas import StoredImage
from samovar.services.catalog.media.store import UNUSED_KEPT, MediaStore
from samovar.services.library.contract.achievement_events import AchievementsDefined
from samovar.testing.clock import FakeClock
from tests.services.catalog.media.pictures import opened, picture
from tests.services.catalog.pages import page, put

NOW = datetime(2026, 11, 27, tzinfo=UTC)
LATER = UNUSED_KEPT + timedelta(hours=1)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def painters() -> Iterator[Painters]:
    with Painters() as running:
        yield running


@pytest.fixture
def store(own_database: Database, clock: FakeClock, painters: Painters, tmp_path: Path) -> MediaStore:
    return MediaStore(own_database, files=Files(str(tmp_path / "media")), painters=painters, clock=clock)


def _files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*.webp"))


def _delete_whole(folder: Path) -> None:
    next(folder.rglob("whole.webp")).unlink()


async def test_one_picture_is_kept_once_however_often_it_is_sent(store: MediaStore, tmp_path: Path) -> None:
    first, second = await asyncio.gather(store.put(picture()), store.put(picture()))
    again = await store.put(picture())
    assert first == second == again
    assert (again.width, again.height, _files(tmp_path)) == (64, 48, ["whole.webp"])
    content = await store.find(again.image)
    assert content is not None
    assert opened(content).size == (64, 48)


async def test_a_smaller_one_is_made_once_and_kept(store: MediaStore, tmp_path: Path) -> None:
    image = (await store.put(picture(size=(800, 400)))).image
    small = await store.find(image, 320)
    assert small is not None
    assert opened(small).size == (320, 160)
    _delete_whole(tmp_path)
    assert await store.find(image, 320) == small


async def test_what_is_not_there_is_not_found(store: MediaStore) -> None:
    assert await store.find("ab" * 32) is None
    assert await store.find("ab" * 32, 640) is None


async def test_what_is_no_picture_leaves_nothing(
    store: MediaStore, own_database: Database, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await store.put(b"<svg/>")
    assert [fault.code for fault in refused.value.fields] == ["image_unreadable"]
    assert await own_database.fetch_value("SELECT count(*) FROM images") == 0
    assert _files(tmp_path) == []


async def test_an_unused_picture_is_deleted_after_a_week_and_a_shown_one_stays(
    store: MediaStore, own_database: Database, clock: FakeClock, tmp_path: Path
) -> None:
    shown, draft, unused = [await store.put(picture(colour=(9, 9, shade))) for shade in (10, 100, 200)]
    await put(own_database, page("tea", media=[_medium(shown)]))
    async with own_database.transaction() as tx:
        await uses.replace(tx, {uuid4(): [draft.image]})
    assert await store.remove_unused() == 0
    clock.advance(LATER.total_seconds())
    assert await store.remove_unused() == 1
    assert await store.find(unused.image) is None
    assert await store.find(shown.image)
    assert await store.find(draft.image)
    assert await own_database.fetch_value("SELECT count(*) FROM image_removals") == 0
    again = await store.put(picture(colour=(9, 9, 200)))
    assert (again, len(_files(tmp_path))) == (unused, 3)


async def test_a_picture_that_a_page_lets_go_is_deleted(
    store: MediaStore, own_database: Database, clock: FakeClock
) -> None:
    image = await store.put(picture())
    app_id = (await put(own_database, page("tea", media=[_medium(image)]))).app_id
    await put(own_database, page("tea"), app_id=app_id)
    clock.advance(LATER.total_seconds())
    assert await store.remove_unused() == 1


async def test_the_icons_of_achievements_stay_though_no_page_shows_them(
    store: MediaStore, own_database: Database, clock: FakeClock
) -> None:
    before, now = [(await store.put(picture(colour=(9, shade, 9)))).image for shade in (20, 200)]
    app_id = uuid4()
    for icons, version in (((before, "ab" * 32), 1), ((now,), 2), ((now,), 2)):
        event = AchievementsDefined(
            app_id=app_id, achievements=1, icons=icons, version=version, changed_at=clock.now()
        )
        async with own_database.transaction() as tx:
            await keep_achievement_icons.handler(event, tx)
    clock.advance(LATER.total_seconds())
    assert await store.remove_unused() == 0
    assert await store.find(before)
    assert await store.find(now)


async def test_a_removal_that_was_cut_is_gone_on_with(
    store: MediaStore, own_database: Database, clock: FakeClock, tmp_path: Path
) -> None:
    image = (await store.put(picture())).image
    async with own_database.transaction() as tx:  # As if the process had died behind the first step.
        await tx.execute("DELETE FROM images")
        await tx.execute("INSERT INTO image_removals VALUES ($1)", image)
    with pytest.raises(Unavailable):
        await store.put(picture())
    clock.advance(1)
    assert await store.remove_unused() == 1
    assert _files(tmp_path) == []
    assert (await store.put(picture())).image == image


async def test_a_page_names_pictures_that_there_are_in_their_own_size(
    store: MediaStore, own_database: Database
) -> None:
    image = await store.put(picture())
    media = [{"kind": "capsule", "image": "ab" * 32, "width": 1, "height": 1}, _medium(image) | {"width": 65}]
    with pytest.raises(InvalidInput) as refused:
        await put(own_database, page("tea", media=media))
    assert {fault.field: fault.code for fault in refused.value.fields} == {
        "media[0].image": "image_unknown",
        "media[1].width": "image_other_size",
    }


async def test_smaller_ones_that_many_ask_for_are_made_one_by_one(
    own_database: Database, clock: FakeClock, tmp_path: Path
) -> None:
    with Painters(queue_max=0) as painters:
        store = MediaStore(own_database, files=Files(str(tmp_path)), painters=painters, clock=clock)
        images = [(await store.put(picture(size=(700, 70 + more)))).image for more in range(4)]
        found = await asyncio.gather(
            *(store.find(image, 320) for image in images * 5), store.find("ab" * 32, 320)
        )
    assert found.pop() is None
    assert [opened(content or b"").width for content in found] == [320] * 20
    assert len(_files(tmp_path)) == 8


async def test_too_many_at_once_are_asked_to_come_again(
    own_database: Database, clock: FakeClock, tmp_path: Path
) -> None:
    with Painters(queue_max=0) as painters:
        store = MediaStore(own_database, files=Files(str(tmp_path)), painters=painters, clock=clock)
        pictures = [store.put(picture(size=(900, 900), colour=(shade, 1, 1))) for shade in (1, 2, 3)]
        outcomes = await asyncio.gather(*pictures, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {StoredImage, MediaBusy}


async def test_a_folder_that_cannot_be_written_is_said_to_be_away(
    own_database: Database, painters: Painters, clock: FakeClock, tmp_path: Path
) -> None:
    (tmp_path / "media").write_text("a file, not a folder")
    store = MediaStore(own_database, files=Files(str(tmp_path / "media")), painters=painters, clock=clock)
    with pytest.raises(Unavailable):
        await store.put(picture())
    assert await own_database.fetch_value("SELECT count(*) FROM images WHERE is_stored") == 0


def test_pillow_is_not_loaded_before_the_first_picture() -> None:
    program = "import sys, samovar.services.catalog.app; print('PIL' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False"


def _medium(image: StoredImage) -> dict[str, object]:
    return {"kind": "capsule", "image": image.image, "width": image.width, "height": image.height}
