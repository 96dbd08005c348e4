"""Packs of what is wanted: all of it, nothing else, and nothing that was changed meanwhile."""

import io
import threading
from pathlib import Path

import pytest

from samovar.cli.push.packing import Packing, Stopped
from samovar.content.format.errors import Changed
from samovar.content.format.packs import Pack, read_pack, split_frame
from samovar.content.format.scan import scan
from samovar.content.format.tree import Tree

MIB = 1024 * 1024


def fill(folder: Path) -> Tree:
    """Write a folder that needs some packs and return its tree."""
    folder.mkdir()
    for number in range(5):
        data = b"".join(place.to_bytes(4, "big") + bytes([number]) * 60 for place in range(2 * MIB // 64))
        (folder / f"{number}.bin").write_bytes(data)
    (folder / "копия.bin").write_bytes((folder / "0.bin").read_bytes())
    return scan(folder)


def chunks_of(tree: Tree) -> set[bytes]:
    return {chunk.id for _, file in tree.files for chunk in tree.chunks(file)}


def test_packs_hold_what_is_wanted_and_nothing_else(tmp_path: Path) -> None:
    tree = fill(tmp_path / "game")
    wanted = set(sorted(chunks_of(tree))[::2])
    packs: list[Pack] = []
    into = tmp_path / "packs"
    into.mkdir()
    Packing(into, ahead=100, give=packs.append).run(tmp_path / "game", tree, wanted)
    found = []
    for pack in packs:
        data = (into / pack.id.hex()).read_bytes()
        assert read_pack(io.BytesIO(data)) == pack
        at = 0
        for frame in pack.index.frames:
            found += [chunk.id for chunk, _ in split_frame(frame, data[at : at + frame.length])]
            at += frame.length
    assert len(found) == len(wanted)
    assert set(found) == wanted


def test_a_file_that_changes_meanwhile_is_noticed(tmp_path: Path) -> None:
    tree = fill(tmp_path / "game")
    file = tmp_path / "game" / "3.bin"
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    with pytest.raises(Changed, match=r"3\.bin"):
        Packing(tmp_path, ahead=100, give=lambda _: None).run(tmp_path / "game", tree, chunks_of(tree))
    file.unlink()
    with pytest.raises(Changed, match="is gone"):
        Packing(tmp_path, ahead=100, give=lambda _: None).run(tmp_path / "game", tree, chunks_of(tree))


def test_packing_ends_when_nobody_takes_the_packs(tmp_path: Path) -> None:
    tree = fill(tmp_path / "game")
    packing = Packing(tmp_path, ahead=0, give=lambda _: None)
    stopper = threading.Timer(0.05, packing.stop)
    stopper.start()
    with pytest.raises(Stopped):
        packing.run(tmp_path / "game", tree, chunks_of(tree))
    stopper.join()
