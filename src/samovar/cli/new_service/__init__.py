"""Make a new service: running, migrated, tested, observable, behind the gateway.

It gets one REST resource, one RPC, one event out and one in, and tests for all of them. A service is its folder and its
tests' folder: removing the two removes it everywhere. `--skeleton` makes an honest beginning only: health, metrics and a
README that says what the service will own.
"""

import argparse
import keyword
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from string import Template

from samovar.cli import generate
from samovar.cli.discovery import SERVICES_FOLDER, folder_of, service_names

ROOT = SERVICES_FOLDER.parents[2]
TESTS_FOLDER = ROOT / "tests" / "services"
NAME_LENGTH_MAX = 30
_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_SUFFIX = ".tmpl"
_TAKEN = {"kit", "platform", "up", "samovar", "test", "tests"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", help="a Python identifier in lower case: wishlist")
    parser.add_argument("--summary", default="", help="what it is for, one line")
    parser.add_argument("--skeleton", action="store_true", help="only health, metrics and a README")


def run(arguments: argparse.Namespace) -> int:
    """Write the folders and everything that is generated from them."""
    refusal = refuse(arguments.name)
    if refusal:
        print(f"samovar new-service: {refusal}", file=sys.stderr)
        return 1
    for file in write(arguments.name, arguments.summary, skeleton=arguments.skeleton):
        print(f"wrote {file.relative_to(ROOT)}")
    status = generate.run(argparse.Namespace(check=False))
    # The length of a name decides where lines break.
    folders = [folder_of(arguments.name), TESTS_FOLDER / arguments.name]
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", *folders], check=False)  # noqa: S603  our own interpreter
    print(
        f"\nThe service {arguments.name} is ready: `make check`, `make test`; `make up` starts it, a running one must be started anew."
    )
    return status


def refuse(name: str) -> str | None:
    """Return why a service cannot have this name, or None."""
    if not _NAME.fullmatch(name) or len(name) > NAME_LENGTH_MAX:
        return f"{name!r} must be lower-case letters, digits and single underscores, at most {NAME_LENGTH_MAX} characters"
    if keyword.iskeyword(name) or name in _TAKEN:
        return f"{name!r} has another meaning already"
    if name in service_names() or folder_of(name).exists():
        return f"there is a service {name!r} already, in {folder_of(name).relative_to(ROOT)}"
    return None


def write(name: str, summary: str, *, skeleton: bool, now: datetime | None = None) -> list[Path]:
    """Write the service's own folder and its tests' folder, and return the files."""
    moment = now or datetime.now(UTC)
    words = {
        "name": name,
        "Name": "".join(part.capitalize() for part in name.split("_")),
        "path": name.replace("_", "-"),
        "summary": summary or f"What {name.replace('_', ' ')} is for",
        "moment": moment.strftime("%Y-%m-%d-%H%M"),
    }
    template = Path(__file__).parent / ("skeleton" if skeleton else "template")
    written = []
    for source in sorted(template.rglob(f"*{_SUFFIX}")):
        relative = Template(str(source.relative_to(template)).removesuffix(_SUFFIX)).substitute(words)
        kind, _, rest = relative.partition("/")
        target = (folder_of(name) if kind == "service" else TESTS_FOLDER / name) / rest
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(Template(source.read_text("utf-8")).substitute(words), "utf-8")
        written.append(target)
    return written
