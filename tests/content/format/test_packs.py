"""Packs of chunks."""

import io
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import which

import msgspec
import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from samovar.content.format.canonical import hash_of
from samovar.content.format.chunking import Chunk, chunk_of
from samovar.content.format.errors import ContentError, Malformed, Tampered, TooLarge
from samovar.content.format.packs import (
    Pack,
    PackFrame,
    PackIndex,
    PackWriter,
    read_pack,
    split_frame,
    trailer,
    unpack_frame,
)
from tests.content.format.material import KIB, MIB, noise


@pytest.fixture(scope="module", name="threads")
def _threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as threads:
        yield threads


def pieces(count: int, size: int = 100 * KIB) -> list[bytes]:
    return [noise(f"piece {number}", size) for number in range(count)]


def write(folder: Path, threads: ThreadPoolExecutor, data: list[bytes], **settings_: int) -> list[Pack]:
    with PackWriter(folder, threads, **settings_) as writer:
        for piece in data:
            writer.add(chunk_of(piece), piece)
    return writer.packs


def contents(folder: Path, packs: list[Pack]) -> list[bytes]:
    found = []
    for pack in packs:
        data = (folder / pack.id.hex()).read_bytes()
        at = 0
        for frame in pack.index.frames:
            found += [piece for _, piece in split_frame(frame, data[at : at + frame.length])]
            at += frame.length
    return found


def test_chunks_come_back_in_their_order(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    data = [*pieces(40), b"small"]
    packs = write(tmp_path, threads, data, pack_bytes=KIB)
    assert contents(tmp_path, packs) == data
    assert len(packs) == 4


def test_a_frame_holds_whole_chunks_and_no_more_than_it_may(
    tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    packs = write(tmp_path, threads, pieces(30), frame_bytes=MIB)
    assert [len(frame.sizes) for frame in packs[0].index.frames] == [10, 10, 10]


def test_a_pack_is_named_by_its_bytes_and_reads_its_own_index(
    tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    packs = write(tmp_path, threads, pieces(12))
    path = tmp_path / packs[0].id.hex()
    assert hash_of(path.read_bytes()) == packs[0].id
    with path.open("rb") as file:
        assert read_pack(file) == packs[0]
    assert [path.name for path in tmp_path.iterdir()] == [packs[0].id.hex()]


def test_a_pack_is_a_file_that_zstd_reads(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    data = pieces(12)
    path = tmp_path / write(tmp_path, threads, data)[0].id.hex()
    assert zstd.decompress(path.read_bytes()) == b"".join(data)
    if program := which("zstd"):
        unpacked = subprocess.run([program, "-dc", str(path)], check=True, capture_output=True).stdout
        assert unpacked == b"".join(data)


def test_nothing_to_write_is_no_pack(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    assert write(tmp_path, threads, []) == []
    assert list(tmp_path.iterdir()) == []


def test_a_writer_that_fails_leaves_nothing_unfinished(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    def fail() -> None:
        with PackWriter(tmp_path, threads, frame_bytes=KIB, ahead=0) as writer:
            for piece in pieces(4):
                writer.add(chunk_of(piece), piece)
            raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_chunk_larger_than_a_frame_may_be_is_refused(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    with pytest.raises(TooLarge):
        write(tmp_path, threads, [bytes(5 * MIB)])


@given(st.data())
@settings(max_examples=100)
def test_a_change_of_any_byte_of_a_frame_is_refused(data: st.DataObject) -> None:
    piece = noise("frame", 2000) + bytes(3000)
    packed = bytearray(zstd.compress(piece))
    chunk = chunk_of(piece)
    frame = PackFrame(len(packed), hash_of(packed), chunk.id, (chunk.size,))
    packed[data.draw(st.integers(0, len(packed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Tampered):
        list(split_frame(frame, bytes(packed)))


@given(st.binary(max_size=100))
def test_bytes_that_are_no_frame_are_refused_by_name(data: bytes) -> None:
    with pytest.raises(ContentError):
        unpack_frame(data, 10**6, hash_of(data))


@pytest.mark.parametrize("size", [0, 1, 4999, 5001, 10**6])
def test_a_frame_that_unpacks_to_another_size_is_refused(size: int) -> None:
    packed = zstd.compress(bytes(5000))
    with pytest.raises(Malformed):
        unpack_frame(packed, size, hash_of(packed))
    assert unpack_frame(packed, 5000, hash_of(packed)) == bytes(5000)


def test_a_frame_that_unpacks_without_end_is_stopped() -> None:
    packed = zstd.compress(bytes(300 * MIB))
    with pytest.raises(Malformed):
        unpack_frame(packed, 1000, hash_of(packed))


def test_two_frames_where_one_is_expected_are_refused() -> None:
    packed = zstd.compress(b"a") + zstd.compress(b"b")
    with pytest.raises(Malformed):
        unpack_frame(packed, 1, hash_of(packed))


def test_a_frame_whose_chunks_are_not_what_the_index_says_is_refused() -> None:
    packed = zstd.compress(b"chunk")
    frame = PackFrame(len(packed), hash_of(packed), hash_of(b"other"), (5,))
    with pytest.raises(Tampered):
        list(split_frame(frame, packed))


@pytest.mark.parametrize("cut_to", [0, 3, 11, 12, 200, -1, -5])
def test_a_pack_cut_short_is_refused(tmp_path: Path, threads: ThreadPoolExecutor, cut_to: int) -> None:
    data = (tmp_path / write(tmp_path, threads, pieces(3))[0].id.hex()).read_bytes()
    with pytest.raises(Malformed):
        read_pack(io.BytesIO(data[:cut_to]))


def test_a_pack_whose_index_lacks_an_id_is_refused(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    pack = write(tmp_path, threads, pieces(1))[0]
    data = (tmp_path / pack.id.hex()).read_bytes()
    frame = pack.index.frames[0]
    short = msgspec.structs.replace(frame, ids=b"")
    assert frame.chunks() == [Chunk(frame.ids, frame.sizes[0])]
    with pytest.raises(Malformed, match="lacks"):
        read_pack(io.BytesIO(data[: frame.length] + trailer(PackIndex((short,)))))
