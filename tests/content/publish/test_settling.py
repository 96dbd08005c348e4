"""Packs that are compressed again."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from samovar.content.format.chunking import chunk_of
from samovar.content.format.errors import Tampered
from samovar.content.format.packs import Pack, PackWriter
from samovar.content.publish.settling import in_folder, settle, unpacked
from tests.content.format.material import KIB, noise

PIECES = [noise(str(number), 50 * KIB) + bytes(50 * KIB) for number in range(30)]


def fresh(folder: Path) -> list[Pack]:
    with ThreadPoolExecutor(1) as threads, PackWriter(folder, threads, pack_bytes=KIB) as writer:
        for piece in PIECES:
            writer.add(chunk_of(piece), piece)
    return writer.packs


def settled(packs: list[Pack], folder: Path, into: Path) -> list[Pack]:
    into.mkdir()
    with ThreadPoolExecutor(1) as threads:
        return settle(packs, in_folder(folder), into, threads)


def test_all_chunks_come_into_fewer_and_smaller_packs(tmp_path: Path) -> None:
    packs = fresh(tmp_path)
    after = settled(packs, tmp_path, tmp_path / "settled")
    assert [data for pack in after for _, data in unpacked(pack, in_folder(tmp_path / "settled"))] == PIECES
    assert len(after) < len(packs)
    assert sum(pack.size for pack in after) <= sum(pack.size for pack in packs)


def test_a_pack_that_was_tampered_with_is_not_written_again(tmp_path: Path) -> None:
    packs = fresh(tmp_path)
    path = tmp_path / packs[0].id.hex()
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    with pytest.raises(Tampered):
        settled(packs, tmp_path, tmp_path / "settled")
    assert list((tmp_path / "settled").iterdir()) == []


def test_a_chunk_of_two_packs_is_written_once(tmp_path: Path) -> None:
    packs = fresh(tmp_path)
    assert settled([*packs, packs[0]], tmp_path, tmp_path / "settled") == settled(
        packs, tmp_path, tmp_path / "again"
    )
