"""What a path in a build may be, so that it means the same file on Windows, Linux and macOS and never one outside the folder.

A path is relative, its parts are joined by "/" and written in Unicode NFC. Rules of names: Microsoft's "Naming Files, Paths, and
Namespaces"; of NFC: Unicode Standard Annex #15.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from samovar.content.format.errors import PathRefused

PART_BYTES_MAX = 255
PATH_BYTES_MAX = 4096
DEPTH_MAX = 100
STATE_FOLDER = ".samovar"
REFUSED = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\/]')
DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\Z", re.IGNORECASE)


# A folder's name is met again with each of its files.
@lru_cache(maxsize=4096)
def check_name(name: str) -> str:
    """Return one part of a path as it is.

    Raises:
        PathRefused: Some system cannot hold it, or it leads elsewhere.
    """
    if name in {"", ".", ".."}:
        raise PathRefused(name, "an empty part, «.» and «..» are no names")
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        raise PathRefused(name, "is not valid Unicode") from None
    if size > PART_BYTES_MAX:
        raise PathRefused(name, f"a part has at most {PART_BYTES_MAX} bytes of UTF-8")
    if found := REFUSED.search(name):
        raise PathRefused(name, f"the character {found.group()!r} is not allowed on some system")
    if name[-1] in " .":
        raise PathRefused(name, "a name does not end with a space or a dot")
    if not unicodedata.is_normalized("NFC", name):
        raise PathRefused(name, "is not in Unicode NFC")
    if DEVICE.match(name.split(".", 1)[0].rstrip(" ")):
        raise PathRefused(name, "is the name of a device on Windows")
    return name


def check_path(path: str) -> str:
    """Return a path as it is.

    Raises:
        PathRefused: A part is refused, or it is too long, too deep, absolute or in the folder of the installer.
    """
    for part in path.split("/"):
        try:
            check_name(part)
        except PathRefused as refused:
            raise PathRefused(path, refused.reason) from None
    return check_place(path)


def check_place(path: str) -> str:
    """Return a path whose parts are checked already as it is.

    Raises:
        PathRefused: It is too long, too deep or in the folder of the installer.
    """
    parts = path.split("/")
    if len(parts) > DEPTH_MAX:
        raise PathRefused(path, f"a path has at most {DEPTH_MAX} parts")
    if len(path.encode()) > PATH_BYTES_MAX:
        raise PathRefused(path, f"a path has at most {PATH_BYTES_MAX} bytes of UTF-8")
    if folded(parts[0]) == STATE_FOLDER:
        raise PathRefused(path, "this folder belongs to the installer")
    return path


def folded(name: str) -> str:
    """Return what two names share that are one file where case does not count."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def check_siblings(folder: str, names: Iterable[str]) -> None:
    """Refuse names in one folder that are one file where case does not count.

    Raises:
        PathRefused: Two names clash.
    """
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(folded(name), name)
        if other is not name:
            raise PathRefused(f"{folder}/{name}" if folder else name, f"clashes with {other!r} by case")


def check_target(path: str, target: str) -> str:
    """Return the target of a symbolic link as it is.

    It climbs first («../../») and then names something: after a name, «..» could leave the folder through another link. Only
    parents that are real folders are climbed, so the depth of the link is the limit.

    Raises:
        PathRefused: It leads outside, or is no path.
    """
    parts = target.split("/")
    climbs = 0
    while climbs < len(parts) and parts[climbs] == "..":
        climbs += 1
    above = path.split("/")[:-1]
    if climbs > len(above):
        raise PathRefused(path, f"the link leads outside: {target!r}")
    rest = parts[climbs:]
    if not rest and climbs:
        return target
    try:
        check_path("/".join([*above[: len(above) - climbs], *rest]))
    except PathRefused as refused:
        raise PathRefused(path, f"the link's target {target!r}: {refused.reason}") from None
    return target
