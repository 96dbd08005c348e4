"""Pictures of a catalogue file go into the store once; nothing outside of its folder is read."""

import io
import shutil
from pathlib import Path
from typing import Any

from PIL import Image

from samovar.kit.clock import SystemClock
from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.services.catalog.exchange.keeping.album import FolderAlbum
from samovar.services.catalog.exchange.keeping.keeper import keeper_of
from samovar.services.catalog.exchange.reading import Source
from samovar.services.catalog.exchange.use_cases import CatalogImport, Summary
from samovar.services.catalog.media.files import Files
from samovar.services.catalog.media.painters import Painters
from samovar.services.catalog.media.store import MediaStore
from tests.services.catalog.exchange.files import app, write


def _picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "PNG")
    return out.getvalue()


def _stored(folder: Path) -> list[Path]:
    return list(folder.rglob("whole.webp"))


async def _take(database: Database, folder: Path, *media: dict[str, Any]) -> Summary:
    clock = SystemClock()
    with Painters() as painters:
        store = MediaStore(database, files=Files(str(folder / "store")), painters=painters, clock=clock)
        taking = CatalogImport(
            database,
            keeper=keeper_of(clock=clock, new_id=new_id, reason="проверка"),
            album=FolderAlbum(store),
            clock=clock,
            new_id=new_id,
        )
        path = write(folder / "in" / "a.jsonl", app("a", page={"media": list(media)}))
        return await taking.run(Source(path, folder=path.parent), told=lambda _: None)


async def test_a_picture_is_stored_with_its_size_and_once(own_database: Database, tmp_path: Path) -> None:
    (tmp_path / "in" / "covers").mkdir(parents=True)
    (tmp_path / "in" / "covers" / "a.png").write_bytes(_picture("red"))
    media = {"kind": "capsule", "file": "covers/a.png", "alt": {"ru": "Красное"}}
    first = await _take(own_database, tmp_path, media)
    again = await _take(own_database, tmp_path, media)
    assert (first.faults, first.counts.new, again.counts.same) == ([], 1, 1)
    stored = await own_database.fetch_value("SELECT document->'media'->0 FROM apps")
    assert (stored["kind"], stored["width"], stored["height"], stored["alt"]) == (
        "capsule", 64, 48, {"ru": "Красное"},
    )  # fmt: skip
    assert len(_stored(tmp_path)) == 1


async def test_what_is_no_picture_in_the_folder_is_refused(own_database: Database, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.png").write_bytes(_picture("blue"))
    (tmp_path / "in" / "link.png").symlink_to(tmp_path / "secret.png")
    (tmp_path / "in" / "text.png").write_bytes(b"no picture")
    for name in (
        "../secret.png",
        "link.png",
        "text.png",
        "nothing.png",
        str(tmp_path / "secret.png"),
        ".",
        "a\0b",
    ):
        summary = await _take(own_database, tmp_path, {"kind": "hero", "file": name})
        assert [(fault.field, fault.code) for fault in summary.faults] == [
            ("page.media[0].file", "file_unknown")
        ]
    assert await own_database.fetch_value("SELECT count(*) FROM apps") == 0
    assert not _stored(tmp_path)


async def test_an_export_is_taken_with_a_copy_of_the_store_of_pictures(
    own_database: Database, other_database: Database, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.png").write_bytes(_picture("red"))
    await _take(own_database, tmp_path, {"kind": "capsule", "file": "a.png"})
    medium = await own_database.fetch_value("SELECT document->'media'->0 FROM apps")

    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "in").mkdir(parents=True)
    without = await _take(other_database, elsewhere, medium)
    assert [fault.field for fault in without.faults] == ["page.media[0].image"]
    shutil.copytree(tmp_path / "store", elsewhere / "store", dirs_exist_ok=True)
    for path in _stored(elsewhere):
        forged = path.parent.parent.parent / "ff" / ("f" * 64) / path.name
        forged.parent.mkdir(parents=True)
        shutil.copy(path, forged)
    forgery = await _take(other_database, elsewhere, {**medium, "image": "f" * 64})
    assert [fault.field for fault in forgery.faults] == ["page.media[0].image"]
    taken = await _take(other_database, elsewhere, medium)
    assert (taken.faults, taken.counts.new) == ([], 1)
    assert await other_database.fetch_value("SELECT document->'media'->0 FROM apps") == medium
