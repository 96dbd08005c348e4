"""Each process keeps its indexes in a folder of its own."""

from pathlib import Path

from samovar.services.catalog.search.freshness.places import Places


def test_two_processes_take_two_folders_and_a_third_takes_what_is_free(tmp_path: Path) -> None:
    first, second = Places(tmp_path), Places(tmp_path)
    assert first.folder != second.folder
    first.close()
    third = Places(tmp_path)
    assert third.folder == first.folder
    third.close()
    second.close()


def test_the_next_index_lies_beside_the_current_one(tmp_path: Path) -> None:
    places = Places(tmp_path)
    assert places.current() is None
    built = places.next()
    built.mkdir()
    places.switch(built)
    assert places.current() == built
    assert places.next() != built
    places.forget(built)
    assert places.current() is None
    places.close()


def test_a_pointer_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    places = Places(tmp_path)
    (places.folder / "current").write_text("../..", "utf-8")
    assert places.current() is None
    places.close()


def test_a_temporary_folder_goes_with_its_process() -> None:
    places = Places(None)
    folder = places.folder
    assert folder.is_dir()
    places.close()
    assert not folder.exists()
