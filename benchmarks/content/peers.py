"""Other tools that make updates, as far as they are on PATH: what they would send for the same pair."""

import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

LARGE = 1 << 31


def tar(folder: Path, path: Path) -> Path:
    """Write a folder as a tar, sorted and without what differs from machine to machine."""

    def plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
        info.mtime = info.uid = info.gid = 0
        info.uname = info.gname = ""
        return info

    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as archive:
        for one in sorted(folder.rglob("*")):
            archive.add(one, one.relative_to(folder), recursive=False, filter=plain)
    return path


def full(new: Path, work: Path) -> int | None:
    """Return the bytes of tar + zstd -9 --long=27: a first install."""
    if not shutil.which("zstd"):
        return None
    _run(
        "zstd",
        "-9",
        "--long=27",
        "-q",
        "-f",
        "-T2",
        str(tar(new, work / "new.tar")),
        "-o",
        str(work / "full.zst"),
    )
    return (work / "full.zst").stat().st_size


def updates(old: Path, new: Path, work: Path) -> Iterator[tuple[str, int]]:
    """Yield each tool that is there with the bytes of its update."""
    tools: dict[str, Callable[[Path, Path, Path], int]] = {
        "xdelta3": _xdelta3,
        "zstd": _patch_from,
        "rsync": _rsync,
        "casync": _casync,
    }
    names = {
        "xdelta3": "xdelta3 -9, tar to tar",
        "zstd": "zstd -9 --patch-from, tar to tar",
        "rsync": "rsync -z, both ways",
        "casync": "casync, with index",
    }
    tar(old, work / "old.tar")
    tar(new, work / "new.tar")
    for tool, measure in tools.items():
        if shutil.which(tool):
            yield names[tool], measure(old, new, work)


def _xdelta3(_old: Path, _new: Path, work: Path) -> int:
    size = min(LARGE - 1, (work / "old.tar").stat().st_size)
    _run("xdelta3", "-9", "-f", "-e", "-B", str(size), "-s", *_tars(work), str(work / "x"))
    return (work / "x").stat().st_size


def _patch_from(_old: Path, _new: Path, work: Path) -> int:
    old, new = _tars(work)
    _run("zstd", "-9", "--long=31", "-q", "-f", "--patch-from", old, new, "-o", str(work / "z"))
    return (work / "z").stat().st_size


def _rsync(old: Path, new: Path, work: Path) -> int:
    shutil.copytree(old, work / "copy", symlinks=True)
    said = _run("rsync", "-rlcz", "--no-whole-file", "--delete", "--stats", f"{new}/", f"{work}/copy/")
    shutil.rmtree(work / "copy")
    return sum(
        int(re.sub(r"\D", "", found))
        for found in re.findall(r"Total bytes (?:sent|received): ([\d,.]+)", said)
    )


def _casync(old: Path, new: Path, work: Path) -> int:
    store = work / "store.castr"
    for folder in (old, new):
        before = _size(store)
        _run("casync", "make", f"--store={store}", str(work / "new.caidx"), str(folder))
    return _size(store) - before + (work / "new.caidx").stat().st_size


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _tars(work: Path) -> tuple[str, str]:
    return str(work / "old.tar"), str(work / "new.tar")


def _run(*command: str) -> str:
    environment = {**os.environ, "LC_ALL": "C"}
    done = subprocess.run(  # noqa: S603  tools that were found, with our own arguments
        command, check=True, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    return done.stdout
