"""Which passwords are accepted, and how they are hashed."""

import asyncio
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from samovar.kit.settings import Secret
from samovar.services.auth.errors import HashingBusy
from samovar.services.auth.passwords import hashing, rules
from samovar.services.auth.passwords.hashing import Passwords
from samovar.services.auth.passwords.rules import common_words, faults_of, guesses

PEPPER = Secret("p" * 32)


def refused(password: str, *own_words: str) -> str | None:
    fault = faults_of(password, length_min=8, own_words=own_words)
    return fault.code if fault else None


@pytest.mark.parametrize(
    "password",
    [
        *("password", "Password123!", "qwerty123", "QWERTY2024!", "12345678", "iloveyou", "letmein1"),
        *("пароль123", "йцукенгш", "йцукен123", "любовь2024", "Самовар2026", "приветпривет"),
        *("ghbdtn123", "gfhjkm123", "fyfcnfcbz", "зфыыцщкв", "йцукен1!"),
        *("drowssap", "P@ssw0rd!", "11223344", "a1b2c3d4", "1q2w3e4r", "qazwsxedc", "zaq12wsx"),
        *("aaaaaaaa", "abcabcabc", "12051987", "alex1987", "a" * 100, "абвгдежз", "samovar-2026"),
    ],
)
def test_what_everybody_uses_is_refused(password: str) -> None:
    assert refused(password) == "password_common"


@pytest.mark.parametrize(
    "password",
    [
        *(
            "correct horse battery staple",
            "мама мыла раму весной",
            "Tr0ub4dor&3",
            "xkqzjvbw",
            "зелёная кочка",
        ),
        *(
            "84627193",
            "q8 z x y w",
            "пароль от старого сейфа",
            "🫖🫖🐈🐕🦊🐻🐼🐨",
            "x" * 20 + "yzqwv" * 10,
        ),
    ],
)
def test_what_others_do_not_use_is_accepted_whatever_its_characters(password: str) -> None:
    assert refused(password) is None


def test_the_own_login_and_name_are_no_secret() -> None:
    assert refused("Zubrovka1986!", "zubrovka@example.com") == "password_common"
    assert refused("Бармаглот77!", "х@example.com", "Бармаглот") == "password_common"
    assert refused("Бармаглот77!") is None


def test_length_counts_characters_not_bytes() -> None:
    assert refused("жбр5?хё") == "too_short"
    assert refused("жбр5?хёщ") is None


@given(st.text(max_size=128))
def test_any_text_is_judged(password: str) -> None:
    assert guesses(password) >= 0
    assert refused(password) in {None, "too_short", "password_common"}


def test_the_list_knows_both_languages() -> None:
    assert {"password", "пароль", "самовар"} <= set(common_words())
    assert all(word == word.casefold() for word in common_words())
    assert max(common_words().values()) < rules.GUESSES_MIN


@pytest.fixture(scope="module")
def passwords() -> Iterator[Passwords]:
    with Passwords(PEPPER, threads=2, queue_max=8) as passwords:
        yield passwords


async def test_a_hash_fits_its_password_and_no_other(passwords: Passwords) -> None:
    stored = await passwords.hash("зелёная кочка")
    assert stored.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert await passwords.matches("зелёная кочка", stored)
    assert not await passwords.matches("зеленая кочка", stored)
    assert not await passwords.matches("зелёная кочка", None)
    assert not await passwords.matches("зелёная кочка", "not a hash")
    assert await passwords.hash("зелёная кочка") != stored


class Watched:
    """Notes the hashes that are checked."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self.hasher = hasher
        self.checked: list[str] = []

    def verify(self, stored: str, secret: bytes) -> bool:
        self.checked.append(stored)
        return self.hasher.verify(stored, secret)


async def test_where_nobody_is_a_hash_is_checked_all_the_same() -> None:
    with Passwords(PEPPER, threads=1, queue_max=1) as passwords:
        watched = Watched(passwords._hasher)
        passwords._hasher = watched  # type: ignore[assignment]
        assert not await passwords.matches("зелёная кочка", None)
        (checked,) = watched.checked
        assert not watched.hasher.check_needs_rehash(checked)


async def test_the_same_letters_typed_in_two_ways_are_one_password(passwords: Passwords) -> None:
    stored = await passwords.hash("\u0439од")  # й as one character
    assert await passwords.matches("\u0438\u0306од", stored)  # и with a breve


async def test_without_the_pepper_a_hash_is_worthless(passwords: Passwords) -> None:
    stored = await passwords.hash("зелёная кочка")
    with Passwords(Secret("q" * 32), threads=1, queue_max=1) as others:
        assert not await others.matches("зелёная кочка", stored)


async def test_a_hash_of_other_parameters_is_outdated(passwords: Passwords) -> None:
    assert not passwords.is_outdated(await passwords.hash("зелёная кочка"))
    assert passwords.is_outdated(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x"))


async def test_a_storm_fills_the_queue_and_is_then_refused() -> None:
    with Passwords(PEPPER, threads=1, queue_max=3) as passwords:
        results = await asyncio.gather(
            *(passwords.matches("x", None) for _ in range(10)), return_exceptions=True
        )
        busy = [result for result in results if isinstance(result, HashingBusy)]
        assert (results.count(False), len(busy)) == (4, 6)
        assert {error.retry_after_s for error in busy} == {hashing.BUSY_RETRY_AFTER_S}
        assert not await passwords.matches("x", None)


async def test_whoever_gives_up_leaves_no_place_taken() -> None:
    with Passwords(PEPPER, threads=1, queue_max=3) as passwords:
        running = asyncio.create_task(passwords.hash("x"))
        waiting = asyncio.create_task(passwords.hash("x"))
        await asyncio.sleep(0)
        running.cancel()
        waiting.cancel()
        assert await asyncio.gather(running, waiting, return_exceptions=True)
        last = await asyncio.gather(*(passwords.matches("x", None) for _ in range(3)))
        assert last == [False] * 3
