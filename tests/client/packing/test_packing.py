"""The folder for `flet build`: it is whole, its versions are those of the lock, and it needs nothing that it does not name."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from samovar.client.packing import icons
from samovar.client.packing.__main__ import RECIPE, ROOT, lay

ORIGIN = "https://play.example"
# What the window may load beside Python itself: what the recipe names, and what that stands on.
BENEATH = {
    "aiohappyeyeballs",
    "aiosignal",
    "attr",
    "brotli",
    "click",
    "cffi_backend",
    "distutils_hack",
    "attrs",
    "certifi",
    "cffi",
    "frozenlist",
    "h11",
    "httpcore",
    "httpx",
    "idna",
    "multidict",
    "oauthlib",
    "pycparser",
    "propcache",
    "repath",
    "typing_extensions",
    "anyio",
    "msgpack",
    "six",
}


def engine_in(recipe: dict[str, Any]) -> list[str]:
    """Return what computers need besides; all three need the same."""
    linux, windows, macos = (
        recipe["tool"]["flet"][one]["dependencies"] for one in ("linux", "windows", "macos")
    )
    assert linux == windows == macos
    return list(linux)


def test_the_versions_are_those_of_the_lock() -> None:
    locked = dict(
        re.findall(r"^([\w.-]+)==([^\s\\;]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    )
    recipe = tomllib.loads((RECIPE / "pyproject.toml").read_text("utf-8"))
    house = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    named = dict(
        one.split(";")[0].split("==") for one in (*recipe["project"]["dependencies"], *engine_in(recipe))
    )
    assert named == {name: locked[name] for name in named}
    assert recipe["project"]["version"] == house["project"]["version"]


def test_the_folder_holds_what_the_recipe_names(tmp_path: Path) -> None:
    lay(tmp_path, ORIGIN)
    recipe = tomllib.loads((tmp_path / "pyproject.toml").read_text("utf-8"))["tool"]["flet"]
    source = tmp_path / recipe["app"]["path"]
    assert ORIGIN in (source / f"{recipe['app']['module']}.py").read_text()
    assert not (source / "samovar" / "client" / "web" / "server.py").exists()
    for platform in ("linux", "macos", "ios", "android"):
        with Image.open(source / "assets" / f"icon_{platform}.png") as picture:
            assert picture.size[0] >= 512
            assert (picture.mode == "RGB") == (platform == "ios")
    with Image.open(source / "assets" / "icon_windows.ico") as windows:
        assert windows.info["sizes"] == {(size, size) for size in icons.WINDOWS_SIZES}
    assert (source / "assets" / "fonts" / "GolosText.ttf").is_file()


@pytest.mark.parametrize("module", ["opening", "computer"])
def test_the_window_needs_nothing_that_the_recipe_does_not_name(tmp_path: Path, module: str) -> None:
    lay(tmp_path, ORIGIN)
    look = f"import samovar.client.window.{module}"
    look += """
import sys
from pathlib import Path
import samovar
assert samovar.__file__.startswith(sys.argv[1]), samovar.__file__
for name, module in sorted(sys.modules.items()):
    if "." not in name and "site-packages" in str(getattr(module, "__file__", None) or ""):
        print(name)
"""
    found = subprocess.run(
        [sys.executable, "-P", "-c", look, str(tmp_path)],
        env={"PYTHONPATH": str(tmp_path / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    recipe = tomllib.loads((RECIPE / "pyproject.toml").read_text("utf-8"))
    needed = [*recipe["project"]["dependencies"], *(engine_in(recipe) if module == "computer" else ())]
    named = {one.split("==")[0].replace("-", "_").removesuffix("_zstd") for one in needed}
    loaded = {name.lstrip("_") for name in found.stdout.split()}
    assert (
        loaded - named - BENEATH - {name for name in loaded if "editable" in name or "virtualenv" in name}
        == set()
    )


def test_the_icon_is_that_of_the_web() -> None:
    drawing = icons.read()
    picture = icons.draw(drawing, 64)
    assert picture.getpixel((0, 0)) == (0, 0, 0, 0)
    assert picture.getpixel((32, 4)) == (0x16, 0x1B, 0x22, 255)
    # The foot of the samovar.
    foot = picture.getpixel((32, 52))
    assert isinstance(foot, tuple)
    assert foot[0] > 0xC0
    assert foot[2] < 0x60


def test_an_origin_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="https"):
        lay(tmp_path, "play.example")
