"""The pairs of builds that updates are measured on, fetched once into a folder outside the repository.

A and B are wheels from the package index of `pip`, C and D packages of two releases of Debian from the mirror that `apt-get` knows.
"""

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
RELEASES = ("bookworm", "trixie")


class Pair(NamedTuple):
    """Two builds of one thing, and what is to be reached with them in bytes.

    Attributes:
        what: For people.
        sources: Old and new: requirements for pip, or a package's name for apt.
        best: Bytes of an update with deltas, manifest and plan.
        chunks: The same without deltas.
    """

    what: str
    sources: tuple[str, ...]
    best: int
    chunks: int


PAIRS = {
    "A": Pair("vizdoom 1.2.3 -> 1.2.4", ("vizdoom==1.2.3", "vizdoom==1.2.4"), 120_000, 1_050_000),
    "B": Pair("panda3d 1.10.15 -> 1.10.16", ("panda3d==1.10.15", "panda3d==1.10.16"), 4_500_000, 27_000_000),
    "C": Pair("warzone2100-data of two releases", ("warzone2100-data",), 146_000_000, 164_000_000),
    "D": Pair("widelands-data of two releases", ("widelands-data",), 52_500_000, 58_500_000),
}


def cache() -> Path:
    """Return the folder for what is fetched; SAMOVAR_BENCH_CACHE moves it."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("SAMOVAR_BENCH_CACHE") or Path(home) / "samovar-bench")


def fetch(name: str) -> tuple[Path, Path]:
    """Return the folders of a pair's old and new build, fetched and unpacked if they are not there yet."""
    folder = cache() / name
    old, new = folder / "old", folder / "new"
    if not (folder / "complete").exists():
        folder.mkdir(parents=True, exist_ok=True)
        sources = PAIRS[name].sources
        for source, into in zip(sources * (2 if len(sources) == 1 else 1), (old, new), strict=True):
            if len(sources) == 1:
                _debian(source, RELEASES[into == new], folder, into)
            else:
                _wheel(source, folder / f"{into.name}-wheel", into)
        (folder / "complete").touch()
    return old, new


def _wheel(requirement: str, downloads: Path, into: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    platforms = ["manylinux2014_x86_64", "manylinux_2_28_x86_64"]
    if not requirement.startswith("panda3d"):
        platforms.reverse()
    for platform in platforms:
        command += ["--platform", platform]
    subprocess.run(  # noqa: S603  our own arguments
        [*command, "--python-version", "3.11", "--dest", str(downloads), requirement], check=True
    )
    with zipfile.ZipFile(next(downloads.glob("*.whl"))) as wheel:
        wheel.extractall(into)


def _debian(package: str, release: str, folder: Path, into: Path) -> None:
    """Fetch a package of one release, with lists of packages of our own, so that the system's stay as they are."""
    sites = _run("apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages").split()
    site = next(one for one in sites if one.rstrip("/").endswith("/debian"))
    apt = folder / release
    (apt / "lists/partial").mkdir(parents=True, exist_ok=True)
    (apt / "archives/partial").mkdir(parents=True, exist_ok=True)
    (apt / "sources.list").write_text(f"deb [signed-by={KEYRING}] {site} {release} main\n")
    (apt / "status").touch()
    options = {
        "Dir::State::lists": apt / "lists",
        "Dir::State::status": apt / "status",
        "Dir::Cache": apt,
        "Dir::Etc::sourcelist": apt / "sources.list",
        "Dir::Etc::sourceparts": "-",
        "APT::Sandbox::User": "root",
    }
    given = [text for key, value in options.items() for text in ("-o", f"{key}={value}")]
    _run("apt-get", *given, "-qq", "update")
    _run("apt-get", *given, "-qq", "download", package, cwd=apt)
    _run("dpkg-deb", "-x", str(next(apt.glob("*.deb"))), str(into))


def _run(*command: str, cwd: Path | None = None) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=cwd).stdout  # noqa: S603  our own
