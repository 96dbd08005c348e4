"""The files that a browser loads: Flutter's runtime out of the `flet-web` wheel and our own, compressed once, named by content.

All lie behind a path that holds a digest over their bytes, so a browser keeps them for ever and never asks again; another
release has another path. Compressing takes seconds, so it is done once for each digest, beside the running server, and kept in
a folder; until then a file goes out as it is, and Envoy compresses it on the way.
"""

import contextlib
import gzip
import hashlib
import json
import mimetypes
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import brotli
import flet_web

OWN = Path(str(resources.files("samovar.client") / "assets"))
FONT = "assets/fonts/GolosText.ttf"
FONT_FAMILY = "Golos Text"
# For a letter that our font lacks the runtime asks for a Noto font, again at each frame until it gets one. It gets the emoji, which
# nobody fetches before one is shown; for any other script it gets ours, and draws a box for the letter.
_OTHER_FONTS = {
    "assets/fonts/notocoloremoji": "assets/fonts/NotoColorEmoji.woff2",
    "assets/fonts/noto": FONT,
}
BROTLI_QUALITY = 9
GZIP_LEVEL = 9
COMPRESSED_BYTES_MIN = 860
_DIGEST_BYTES = 8
_COMPRESSED = {".js", ".wasm", ".json", ".ttf", ".otf", ".svg", ".bin", ".frag", ""}
# Left out: Python in the browser, renderers that are not used, what only debuggers read, pages and pictures of Flet itself.
_FOLDERS_LEFT_OUT = ("pyodide", "icons", "canvaskit/experimental_webparagraph")
_NAMES_LEFT_OUT = {
    *("index.html", "manifest.json", "favicon.png", "version.json", "flutter_service_worker.js", "python.js"),
    *("python-worker.js", "flutter.js", "main.dart.wasm", "main.dart.mjs", "NOTICES", "roboto.woff2"),
}
_ENDINGS_LEFT_OUT = (".symbols", ".map")
_STEMS_LEFT_OUT = ("skwasm", "wimp", "KaTeX")
# What the runtime would ask strangers for. A policy of the page refuses it too; here it is not even asked.
_STRANGERS = (
    b"https://www.gstatic.com/flutter-canvaskit/",
    b"https://fonts.gstatic.com/s/",
    b"https://cdn.jsdelivr.net/npm/@rive-app/flutter-native-wasm@44.0.0/",
)
_NOWHERE = b"/client/none/"
# Of an animation player that the runtime loads at start, used or not: one that never gets ready keeps it quiet.
UNUSED_SCRIPT = "none/wasm/rive_native.js"
UNUSED_SCRIPT_TEXT = "window.RiveNative = () => new Promise(() => {});\n"
_MAKERS = ("loading.css", "page.py")
_ENCODINGS = {"br": ".br", "gzip": ".gz"}


class Asset(NamedTuple):
    """One file as it goes out.

    Attributes:
        change: Makes the bytes that go out of those in the wheel, where they differ.
    """

    file: Path
    change: Callable[[bytes], bytes] | None
    media_type: str

    def read(self) -> bytes:
        """Return its bytes."""
        content = self.file.read_bytes()
        return self.change(content) if self.change else content


class Sent(NamedTuple):
    """The bytes for one request.

    Attributes:
        file: Where they are.
        encoding: `br`, `gzip` or none.
    """

    file: Path
    media_type: str
    encoding: str | None


class Assets:
    """All files of one release, by their path below the digest.

    Args:
        kept: The folder for compressed files; each digest has a folder of its own there.
    """

    def __init__(self, kept: Path) -> None:
        self._assets = dict(_assets(Path(flet_web.get_package_web_dir()), OWN))
        self.digest = _digest_of(self._assets)
        self._folder = kept / self.digest

    @property
    def paths(self) -> list[str]:
        """All paths."""
        return sorted(self._assets)

    def find(self, path: str, accepted: str) -> Sent | None:
        """Return what goes out for a path, in an encoding that the browser accepts; None for an unknown path.

        Args:
            path: Below the digest.
            accepted: The header `Accept-Encoding`.
        """
        path = next((ours for asked, ours in _OTHER_FONTS.items() if path.startswith(asked)), path)
        asset = self._assets.get(path)
        if asset is None:
            return None
        for encoding, ending in _ENCODINGS.items():
            if encoding in accepted and (file := self._folder / f"{path}{ending}").exists():
                return Sent(file, asset.media_type, encoding)
        plain = asset.file if asset.change is None else self._folder / path
        return Sent(plain, asset.media_type, None)

    def write_changed(self) -> None:
        """Write the files of which we send other bytes than those in the wheel."""
        for path, asset in self._assets.items():
            if asset.change and not (self._folder / path).exists():
                _write(self._folder / path, asset.read())

    def compress(self) -> None:
        """Compress what is not compressed yet, the largest first."""
        paths = [path for path, asset in self._assets.items() if _is_compressed(path, asset)]
        for path in sorted(paths, key=lambda path: -self._assets[path].file.stat().st_size):
            self._compress(path)

    def _compress(self, path: str) -> None:
        wanted = [self._folder / f"{path}{ending}" for ending in _ENCODINGS.values()]
        if all(file.exists() for file in wanted):
            return
        content = self._assets[path].read()
        best, widest = wanted
        _write(best, brotli.compress(content, quality=BROTLI_QUALITY))
        _write(widest, gzip.compress(content, GZIP_LEVEL, mtime=0))


def _assets(runtime: Path, own: Path) -> Iterator[tuple[str, Asset]]:
    """Yield every file with its path: those of the wheel that are used, then ours."""
    for file in sorted(runtime.rglob("*")):
        path = file.relative_to(runtime).as_posix()
        if file.is_file() and not _is_left_out(path, file):
            yield path, Asset(file, _CHANGED.get(path), _media_type(path))
    for file in sorted(own.rglob("*")):
        if file.is_file():
            path = f"assets/{file.relative_to(own).as_posix()}"
            yield path, Asset(file, None, _media_type(path))


def _is_left_out(path: str, file: Path) -> bool:
    return (
        path.startswith(_FOLDERS_LEFT_OUT)
        or file.name in _NAMES_LEFT_OUT
        or file.name.endswith(_ENDINGS_LEFT_OUT)
        or file.name.startswith(_STEMS_LEFT_OUT)
    )


def _keep_at_home(runtime: bytes) -> bytes:
    for stranger in _STRANGERS:
        runtime = runtime.replace(stranger, _NOWHERE)
    return runtime


def _font_manifest(shipped: bytes) -> bytes:
    """Return which fonts the engine loads at start: ours also under the name of the font that it would fetch from a stranger."""
    kept = [font for font in json.loads(shipped) if "KaTeX" not in font["family"]]
    ours = [
        {"family": family, "fonts": [{"asset": "fonts/GolosText.ttf"}]} for family in (FONT_FAMILY, "Roboto")
    ]
    return json.dumps([*kept, *ours]).encode()


def _without_its_worker(starter: bytes) -> bytes:
    """Return what starts the runtime without the worker of its own, which would take the place of ours, and is there for nothing else."""
    return starter.replace(b"\n    serviceWorkerSettings: {", b"\n    unused: {")


_CHANGED = {
    "main.dart.js": _keep_at_home,
    "flutter_bootstrap.js": _without_its_worker,
    "assets/FontManifest.json": _font_manifest,
}


def _digest_of(assets: Mapping[str, Asset]) -> str:
    total = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for path, asset in sorted(assets.items()):
        total.update(path.encode() + b"\0" + hashlib.blake2b(asset.read()).digest())
    # What is made behind the same digest is kept for ever as well.
    for name in _MAKERS:
        total.update((Path(__file__).parent / name).read_bytes())
    return total.hexdigest()


def _media_type(path: str) -> str:
    by_ending = {
        ".js": "text/javascript",
        ".wasm": "application/wasm",
        ".ttf": "font/ttf",
        ".otf": "font/otf",
    }
    ending = Path(path).suffix
    return by_ending.get(ending) or mimetypes.guess_type(path)[0] or "application/octet-stream"


def _is_compressed(path: str, asset: Asset) -> bool:
    return Path(path).suffix in _COMPRESSED and asset.file.stat().st_size >= COMPRESSED_BYTES_MIN


def _write(file: Path, content: bytes) -> None:
    """Write a file so that nobody ever sees half of it."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(file)
    finally:
        with contextlib.suppress(FileNotFoundError):
            unfinished.unlink()


if __name__ == "__main__":
    # A process of its own: it gives back the memory that compressing takes, and lets everybody else go first.
    os.nice(19)
    Assets(Path(sys.argv[1])).compress()
