"""Lay down the folder for `flet build`.

python -m samovar.client.packing build/client --origin https://play.example
flet build windows build/client

It holds `pyproject.toml` of `deploy/client`, what starts the window, the client with what it stands on, and the icons.
"""

import argparse
import shutil
import sys
from pathlib import Path

from samovar.client.packing import icons

ROOT = Path(__file__).parents[4]
RECIPE = ROOT / "deploy" / "client"
OURS = ("client", "content", "language", "sdk")
# A window has no process behind a gateway, and packs nobody.
LEFT_OUT = ("packing", "__pycache__")
KEPT_OF_THE_WEB = {"__init__.py", "uploads.py"}
MAIN = '''"""Starts the window."""

import os
from pathlib import Path

from samovar.client.window.opening import open_window

open_window({origin!r}, Path(os.environ["FLET_APP_STORAGE_DATA"]))
'''


def lay(folder: Path, origin: str) -> None:
    """Write the folder anew.

    Args:
        folder: Where.
        origin: The platform that the application is of.

    Raises:
        ValueError: The origin is no address of the web.
    """
    if not origin.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise ValueError(f"{origin} is no address that begins with https://")
    source = folder / "src"
    shutil.rmtree(source, ignore_errors=True)
    package = source / "samovar"
    package.mkdir(parents=True)
    shutil.copy(RECIPE / "pyproject.toml", folder / "pyproject.toml")
    shutil.copy(ROOT / "src" / "samovar" / "__init__.py", package / "__init__.py")
    for name in OURS:
        ignored = shutil.ignore_patterns(*(LEFT_OUT if name == "client" else ("__pycache__",)))
        shutil.copytree(ROOT / "src" / "samovar" / name, package / name, ignore=ignored)
    for part in (package / "client" / "web").iterdir():
        if part.name not in KEPT_OF_THE_WEB:
            part.unlink()
    (source / "main.py").write_text(MAIN.format(origin=origin), "utf-8")
    icons.write(source / "assets")
    shutil.copytree(package / "client" / "assets" / "fonts", source / "assets" / "fonts")


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--origin", required=True, help="the platform that the application is of")
    arguments = parser.parse_args()
    try:
        lay(arguments.folder, arguments.origin)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"samovar: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
