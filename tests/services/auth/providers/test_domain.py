"""Where a person may be sent back to, what a country allows, what a provider's words are worth."""

from importlib import resources
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.services.auth import providers
from samovar.services.auth.domain import Login
from samovar.services.auth.providers.domain import (
    CountryRules,
    Identity,
    InvalidReturn,
    SignInPolicy,
    checked_return,
    is_loopback,
    is_subject,
    proven_login,
    s256,
    shown_name,
    with_answer,
)

POLICY = msgspec.toml.decode((resources.files(providers) / "policy.toml").read_bytes(), type=SignInPolicy)


@pytest.mark.parametrize(
    "text",
    [
        "/",
        "/library?tab=all",
        "/a/../b",
        "http://127.0.0.1:49152/callback",
        "http://127.0.0.1:1/",
        "http://[::1]:8181/done?x=1",
    ],
)
def test_a_path_of_ours_and_a_program_on_the_machine_are_taken(text: str) -> None:
    assert checked_return(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "library",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/x\n",
        "/x y",
        "/дом",
        "/x#fragment",
        "https://evil.example/",
        "https://127.0.0.1:80/",
        "http://127.0.0.1/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:80@evil.example/",
        "http://user@127.0.0.1:8080/",
        "http://localhost:8080/",
        "http://127.0.0.2:8080/",
        "http://[::2]:8080/",
        "http://2130706433:8080/",
        "http://127.1:8080/",
        "http://evil.example:8080/",
        "http://[::1:8080/",
        "javascript:alert(1)",
        "/" + "a" * 600,
        '/"onload=',
    ],
)
def test_nobody_is_sent_anywhere_else(text: str) -> None:
    with pytest.raises(InvalidReturn):
        checked_return(text)


@given(st.text(max_size=60))
def test_what_is_taken_stays_with_us(text: str) -> None:
    try:
        taken = checked_return(text)
    except InvalidReturn:
        return
    parts = urlsplit(taken)
    assert (not parts.scheme and not parts.netloc and taken.startswith("/")) or is_loopback(taken)


@given(st.dictionaries(st.sampled_from(["code", "error"]), st.text(max_size=20), min_size=1))
def test_our_answer_stands_behind_the_clients_own_parameters(answer: dict[str, str]) -> None:
    url = with_answer("http://127.0.0.1:8080/done?mine=1", **answer)
    assert dict(parse_qsl(urlsplit(url).query, keep_blank_values=True)) == {"mine": "1", **answer}


def test_the_challenge_is_that_of_the_standard() -> None:
    # RFC 7636, appendix B.
    assert (
        s256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )


@pytest.mark.parametrize("method", ["password", "phone", "vk", "yandex", "tid", "sber", "esia"])
def test_russian_methods_are_first_factors_in_russia(method: str) -> None:
    assert POLICY.standing(method, "RU") == "first"


@pytest.mark.parametrize("method", ["google", "apple", "steam", ""])
@pytest.mark.parametrize("country", ["RU", "KZ", "*"])
def test_a_method_that_the_table_does_not_name_is_not_offered(method: str, country: str) -> None:
    assert POLICY.standing(method, country) == "no"


def test_a_foreign_method_is_good_for_linking_at_most() -> None:
    rules = CountryRules({"google": "link"})
    policy = SignInPolicy(version="1", countries={"RU": rules, "*": CountryRules({"google": "first"})})
    assert (policy.standing("google", "RU"), policy.standing("google", "DE")) == ("link", "first")


def test_an_operator_keeps_telegram_for_linking() -> None:
    assert POLICY.standing("telegram", "RU") == "first"
    assert POLICY.standing("telegram", "RU", demoted=frozenset({"telegram"})) == "link"
    assert POLICY.standing("google", "RU", demoted=frozenset({"google"})) == "no"


def test_a_table_without_a_row_for_all_others_is_refused() -> None:
    with pytest.raises(ValueError, match="no row"):
        SignInPolicy(version="1", countries={"RU": CountryRules({})})


@pytest.mark.parametrize(
    ("identity", "login"),
    [
        (Identity(provider="vk", subject="1", email="A@Example.com"), None),
        (
            Identity(provider="tid", subject="1", email="A@Example.com", email_verified=True),
            Login("email", "a@example.com"),
        ),
        (Identity(provider="tid", subject="1", email="nonsense", email_verified=True), None),
        (
            Identity(
                provider="tid",
                subject="1",
                email="nonsense",
                email_verified=True,
                phone="8 916 123-45-67",
                phone_verified=True,
            ),
            Login("phone", "+79161234567"),
        ),
        (Identity(provider="vk", subject="1", phone="+79161234567"), None),
        (Identity(provider="vk", subject="1"), None),
    ],
)
def test_only_what_the_provider_has_verified_is_a_login(identity: Identity, login: Login | None) -> None:
    assert proven_login(identity, "RU") == login


@given(st.text(max_size=200))
def test_a_name_is_shown_on_one_line_or_not_at_all(text: str) -> None:
    name = shown_name(Identity(provider="vk", subject="1", name=text))
    assert name is None or (name.isprintable() and 0 < len(name) <= 64 and name == name.strip())


@given(st.text(max_size=300))
def test_a_subject_is_visible_ascii(text: str) -> None:
    assert is_subject(text) == (
        0 < len(text) <= 255 and text.isascii() and all("!" <= sign <= "~" for sign in text)
    )


def test_an_identity_does_not_show_itself() -> None:
    assert repr(Identity(provider="vk", subject="secret", email="a@b.c")) == "Identity(vk)"
