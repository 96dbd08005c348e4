"""Passwords that were leaked somewhere and are tried first: the commonest ones, and an operator's own copy of all.

Nothing leaves the machine. The 30,000 commonest come with the library zxcvbn; of these alone a hash is kept in memory, 8 bytes each. An
operator adds an offline copy of Pwned Passwords (`samovar auth pack-leaked`): the first 8 bytes of each SHA-1, sorted, looked up in the
file itself (OWASP ASVS 5.0, 6.2.4 and 6.2.12).
"""

import hashlib
import mmap
import runpy
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO, Self

from samovar.kit.settings import SettingsError
from samovar.services.auth.passwords.rules import in_other_layout

PREFIX_BYTES = 8
_SHA1_HEX_LENGTH = 40
_WRITTEN_AT_ONCE = 65_536


class LeakedPasswords:
    """Knows them. Close it when the process stops.

    Args:
        file: The operator's copy, if any.

    Raises:
        SettingsError: The file cannot be read or has another form.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._commonest = array("Q", sorted(_prefix(password) for password in _commonest()))
        self._file: mmap.mmap | None = None
        self._all: Sequence[int] = ()
        if file is not None:
            self._open(file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def __contains__(self, password: str) -> bool:
        """Return whether the password is known, as typed, in small letters, or typed with the other keyboard layout on."""
        text = unicodedata.normalize("NFKC", password)
        ways = {text, text.casefold()}
        ways |= {in_other_layout(way) for way in ways}
        return any(_holds(known, _prefix(way)) for way in ways for known in (self._commonest, self._all))

    def _open(self, file: Path) -> None:
        try:
            with file.open("rb") as opened:
                self._file = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise SettingsError(f"SAMOVAR_AUTH__LEAKED_PASSWORDS_FILE: {file}: {error}") from None
        if len(self._file) % PREFIX_BYTES:
            self._file.close()
            raise SettingsError(
                f"SAMOVAR_AUTH__LEAKED_PASSWORDS_FILE: {file} was not written by `samovar auth pack-leaked`"
            )
        self._all = _Prefixes(self._file)


class _Prefixes(Sequence[int]):
    """The numbers of a packed file, as bisect reads them."""

    def __init__(self, mapped: mmap.mmap) -> None:
        self._mapped = mapped

    def __len__(self) -> int:
        return len(self._mapped) // PREFIX_BYTES

    def __getitem__(self, index: int) -> int:  # type: ignore[override]  # bisect asks for single ones
        at = index * PREFIX_BYTES
        return int.from_bytes(self._mapped[at : at + PREFIX_BYTES], "big")


def pack(lines: Iterable[str], output: BinaryIO) -> int:
    """Write what `LeakedPasswords` reads and return how many there are.

    Args:
        lines: `SHA1` in hexadecimal, or `SHA1:count`, sorted, as Pwned Passwords is published.
        output: Where to.

    Raises:
        ValueError: A line has another form or is out of order.
    """
    count, waiting, last = 0, bytearray(), b""
    for number, line in enumerate(lines, start=1):
        digest = line.strip().partition(":")[0]
        if not digest:
            continue
        if len(digest) != _SHA1_HEX_LENGTH:
            raise ValueError(f"line {number} does not begin with a SHA-1 in hexadecimal")
        prefix = bytes.fromhex(digest)[:PREFIX_BYTES]
        if prefix < last:
            raise ValueError(f"line {number} is out of order: sort the file first")
        if prefix != last:
            waiting += prefix
            count += 1
        last = prefix
        if len(waiting) >= _WRITTEN_AT_ONCE:
            output.write(waiting)
            waiting.clear()
    output.write(waiting)
    return count


def _commonest() -> Iterator[str]:
    spec = find_spec("zxcvbn")
    # Its package would load all of its matching, which nobody needs here; the lists go when this returns.
    lists = runpy.run_path(str(Path(spec.origin or "").with_name("frequency_lists.py"))) if spec else {}
    yield from lists["FREQUENCY_LISTS"]["passwords"]


def _prefix(password: str) -> int:
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:PREFIX_BYTES], "big")


def _holds(known: Sequence[int], prefix: int) -> bool:
    index = bisect_left(known, prefix)
    return index < len(known) and known[index] == prefix
