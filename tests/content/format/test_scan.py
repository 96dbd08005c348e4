"""From a folder to a tree."""

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings

from samovar.content.format.chunking import Chunk
from samovar.content.format.errors import Changed, PathRefused
from samovar.content.format.scan import scan
from samovar.content.format.tree import LinkAt
from tests.content.format.material import KIB, Build, builds, noise, tree_of


def lay(folder: Path, build: Build) -> None:
    for path, data in build.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


class Chunks(dict[bytes, bytes]):
    """Takes chunks, and no chunk twice."""

    def add(self, chunk: Chunk, data: bytes) -> None:
        assert chunk.id not in self
        self[chunk.id] = data


@given(build=builds)
@settings(max_examples=25, deadline=None)
def test_the_tree_of_a_folder_is_that_of_its_files(
    tmp_path_factory: pytest.TempPathFactory, build: Build
) -> None:
    folder = tmp_path_factory.mktemp("build")
    lay(folder, build)
    chunks = Chunks()
    tree = scan(folder, chunks)
    assert tree.root == tree_of(build).root
    for path, file in tree.files:
        assert b"".join(chunks[chunk.id] for chunk in tree.chunks(file)) == build[path]


def test_chunks_that_are_known_are_not_handed_over(tmp_path: Path) -> None:
    lay(tmp_path, {"a": noise("a", 300 * KIB)})
    chunks = Chunks()
    scan(tmp_path, chunks)
    (tmp_path / "a").write_bytes(noise("a", 300 * KIB) + b"more")
    more = Chunks()
    scan(tmp_path, more, known=chunks)
    assert len(more) == 1


def test_modes_links_empty_files_and_empty_folders_are_seen(tmp_path: Path) -> None:
    lay(tmp_path, {"bin/game": b"#!", "пусто": b""})
    (tmp_path / "bin/game").chmod(0o755)
    (tmp_path / "saves").mkdir()
    (tmp_path / "bin/link").symlink_to("../пусто")
    tree = scan(tmp_path)
    assert [(path, file.executable) for path, file in tree.files] == [("bin/game", True), ("пусто", False)]
    assert tree.links == [LinkAt("bin/link", "../пусто")]
    assert tree.folders == ["bin", "saves"]


def test_the_folder_of_the_installer_is_passed_over(tmp_path: Path) -> None:
    lay(tmp_path, {"a": b"", ".samovar/journal": b"x"})
    assert [path for path, _ in scan(tmp_path).files] == ["a"]


def test_decomposed_names_are_composed(tmp_path: Path) -> None:
    lay(tmp_path, {unicodedata.normalize("NFD", "Ёй é"): b"x"})
    assert [path for path, _ in scan(tmp_path).files] == ["Ёй é"]


def test_long_and_cyrillic_names_are_taken(tmp_path: Path) -> None:
    names = ["ы" * 127, "a" * 255, "уровень/" + "б" * 100]
    lay(tmp_path, dict.fromkeys(names, b"x"))
    assert {path for path, _ in scan(tmp_path).files} == {*names}


@pytest.mark.parametrize("name", ["a:b", "aux.txt", "a\\b", "end.", "line\nbreak"])
def test_names_that_another_system_cannot_hold_are_refused(tmp_path: Path, name: str) -> None:
    lay(tmp_path, {name: b""})
    with pytest.raises(PathRefused):
        scan(tmp_path)


def test_names_that_clash_by_case_are_refused(tmp_path: Path) -> None:
    lay(tmp_path, {"Data/a": b"", "data/b": b""})
    with pytest.raises(PathRefused, match="clashes"):
        scan(tmp_path)


def test_names_that_clash_by_composition_are_refused(tmp_path: Path) -> None:
    lay(tmp_path, {"é": b"1", unicodedata.normalize("NFD", "é"): b"2"})
    with pytest.raises(PathRefused, match="twice"):
        scan(tmp_path)


def test_a_name_that_is_no_unicode_is_refused(tmp_path: Path) -> None:
    os.close(os.open(os.fsencode(tmp_path) + b"/\xff", os.O_CREAT))
    with pytest.raises(PathRefused):
        scan(tmp_path)


@pytest.mark.parametrize("target", ["/etc/passwd", "../outside", "a/../../outside"])
def test_a_link_that_leads_outside_is_refused(tmp_path: Path, target: str) -> None:
    (tmp_path / "link").symlink_to(target)
    with pytest.raises(PathRefused):
        scan(tmp_path)


def test_what_is_neither_file_nor_folder_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(PathRefused, match="neither"):
        scan(tmp_path)


def test_a_file_that_is_written_to_meanwhile_is_refused(tmp_path: Path) -> None:
    lay(tmp_path, {"a": noise("a", 100 * KIB)})

    class Writer(Chunks):
        def add(self, chunk: Chunk, data: bytes) -> None:
            super().add(chunk, data)
            with (tmp_path / "a").open("ab") as file:
                file.write(b"!")

    with pytest.raises(Changed):
        scan(tmp_path, Writer())


def test_a_sparse_file_is_read_in_slices(tmp_path: Path) -> None:
    with (tmp_path / "big").open("wb") as file:
        file.truncate(2**25 + 5)
    tree = scan(tmp_path)
    assert tree.size == 2**25 + 5
    assert len({chunk.id for chunk in tree.chunks(tree.files[0].file)}) == 2
