"""The people who have accounts at the simulated services."""

import hashlib
import re
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

_WORD = re.compile(r"[a-z0-9-]{1,40}")


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with the same name everywhere; the number is theirs at every service."""

    word: str
    first_name: str
    last_name: str
    email: str | None
    email_verified: bool
    phone: str | None

    @property
    def number(self) -> int:
        """Their id where ids are numbers."""
        return (
            100_000_000 + int.from_bytes(hashlib.sha256(self.word.encode()).digest()[:4], "big") % 900_000_000
        )

    @property
    def uuid(self) -> str:
        """Their id where ids are not numbers."""
        return str(uuid5(NAMESPACE_URL, self.word))

    @property
    def picture(self) -> str:
        """Their portrait; nobody fetches it."""
        return f"https://pictures.example/{self.word}.jpg"


_KNOWN = {
    person.word: person
    for person in (
        Person(
            word="anna",
            first_name="Анна",
            last_name="Смирнова",
            email="anna@yandex.ru",
            email_verified=True,
            phone="+79161234501",
        ),
        Person(
            word="boris",
            first_name="Борис",
            last_name="Орлов",
            email="boris@mail.example",
            email_verified=False,
            phone=None,
        ),
        Person(
            word="vera",
            first_name="Вера",
            last_name="Ким",
            email=None,
            email_verified=False,
            phone="+79161234503",
        ),
    )
}
WORDS = tuple(_KNOWN)


def person_of(word: str) -> Person | None:
    """Return a person: a known one, or for any other word somebody with a mailbox and no number."""
    if not _WORD.fullmatch(word):
        return None
    return _KNOWN.get(word) or Person(
        word=word,
        first_name="Игрок",
        last_name=word,
        email=f"{word}@yandex.ru",
        email_verified=True,
        phone=None,
    )
