"""The rules of clients: where a browser may be led, letter by letter; whose name nobody else bears."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.services.auth.clients.domain import (
    ApplicationType,
    RegisteredClient,
    granted,
    is_easily_copied,
    is_impostor,
    leads_to,
    logout_fault,
    redirect_fault,
    redirect_matches,
    sector_of,
)

SITE = "https://game.example/callback"
LOOPBACK = "http://127.0.0.1/callback"
APP = "com.example.game:/callback"


def client_with(
    *uris: str, application_type: ApplicationType = "native", is_confidential: bool = False
) -> RegisteredClient:
    return RegisteredClient(
        id="c",
        name="n",
        developer_name="d",
        application_type=application_type,
        is_confidential=is_confidential,
        redirect_uris=uris,
        post_logout_redirect_uris=(),
        backchannel_logout_uri=None,
        grant_types=("authorization_code",),
        scopes=("openid",),
        require_pkce=True,
        first_party=False,
        sector="s",
    )


@pytest.mark.parametrize(
    "uri",
    [SITE, "https://game.example", "https://game.example:8443/a?b=c&d=e", "https://a.b.example/%D1%8F"],
)
def test_a_site_returns_to_https(uri: str) -> None:
    assert redirect_fault(uri, "web") is None


@pytest.mark.parametrize(
    "uri",
    [
        LOOPBACK,
        "http://127.0.0.1:8080/a",
        "http://[::1]/callback",
        APP,
        "com.example.game://callback",
    ],
)
def test_a_native_program_also_returns_to_this_machine(uri: str) -> None:
    assert redirect_fault(uri, "native") is None
    assert redirect_fault(uri, "web") == "uri_not_allowed"


@pytest.mark.parametrize(
    "uri",
    [
        "http://game.example/callback",
        "https://game.example/callback#here",
        "https://user@game.example/callback",
        "https://user:pass@game.example/callback",
        "https://Game.example/callback",
        "https://game.example:0/callback",
        "https://game.example:99999/callback",
        "https://game.example:08443/callback",
        "https://game.example\\@evil.example/callback",
        "https://*.example/callback",
        "https://game.example/call back",
        "https://game.example/a\nb",
        "https://гейм.example/callback",
        "https://localhost/callback",
        "https:///callback",
        "https:game.example",
        "//game.example/callback",
        "/callback",
        "",
        "http://localhost/callback",
        "http://127.0.0.2/callback",
        "http://127.0.0.1.evil.example/callback",
        "http://127.0.0.1@evil.example/callback",
        "http://127.0.0.1:0/callback",
        "http://127.0.0.1:99999/callback",
        "http://127.0.0.1:80@evil.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "game:/callback",
        "com.example.game:",
        "https://game.example/" + "a" * 500,
    ],
)
@pytest.mark.parametrize("application_type", ["web", "native"])
def test_an_address_that_could_be_read_otherwise_is_refused(
    uri: str, application_type: ApplicationType
) -> None:
    assert redirect_fault(uri, application_type)


@pytest.mark.parametrize(
    "uri",
    [
        "https://game.example/callback/",
        "https://game.example/callback?a=b",
        "https://game.example/callbac",
        "https://game.example/callback/../callback",
        "https://game.example/Callback",
        "https://GAME.example/callback",
        "https://game.example:443/callback",
        "https://game.example.evil.example/callback",
        "https://evil.example/callback",
        "http://game.example/callback",
        "https://game.example/callback#a",
        "https://user@game.example/callback",
        " https://game.example/callback",
        "https://game.example/callback ",
        "https://game.example/%63allback",
        "",
    ],
)
def test_only_the_very_address_matches(uri: str) -> None:
    assert redirect_matches(SITE, client_with(SITE, application_type="web"))
    assert not redirect_matches(uri, client_with(SITE, application_type="web"))
    assert not redirect_matches(uri, client_with(SITE))


@pytest.mark.parametrize(
    ("uri", "fits"),
    [
        ("http://127.0.0.1:49152/callback", True),
        ("http://127.0.0.1/callback", True),
        ("http://127.0.0.1:49152/other", False),
        ("http://127.0.0.1:49152/callback?a=b", False),
        ("http://127.0.0.1:49152/callback#a", False),
        ("http://127.0.0.1:0/callback", False),
        ("http://127.0.0.1:70000/callback", False),
        ("http://[::1]:49152/callback", False),
        ("http://localhost:49152/callback", False),
        ("http://127.0.0.1:49152@evil.example/callback", False),
        ("https://127.0.0.1:49152/callback", False),
        ("HTTP://127.0.0.1:49152/callback", False),
    ],
)
def test_the_port_of_a_loopback_address_is_free_for_native_programs_alone(uri: str, fits: bool) -> None:  # noqa: FBT001
    assert redirect_matches(uri, client_with(LOOPBACK)) is fits
    assert redirect_matches(uri, client_with(LOOPBACK, application_type="web")) is (uri == LOOPBACK)


@given(st.text(max_size=60))
def test_nothing_but_what_is_registered_matches(text: str) -> None:
    client = client_with(SITE, APP)
    assert redirect_matches(text, client) is (text in {SITE, APP})


@pytest.mark.parametrize(
    ("uri", "place"),
    [
        (SITE, "https://game.example"),
        ("https://game.example:8443/a", "https://game.example:8443"),
        ("http://127.0.0.1:49152/callback", "http://127.0.0.1:49152"),
        ("http://[::1]:49152/callback", "http:"),
        (APP, "com.example.game:"),
    ],
)
def test_a_policy_names_where_an_address_leads(uri: str, place: str) -> None:
    assert leads_to(uri) == place


@pytest.mark.parametrize(
    "name",
    ["Samovar", "самовар", "САМОВАР Игры", "S a m o v a r", "Sаmovar", "Cамовар", "caмoвap", "xSamovarx"],
)
def test_nobody_bears_the_name_of_the_platform(name: str) -> None:
    assert is_impostor(name)


@pytest.mark.parametrize("name", ["Чайник", "Самовол", "Samo", "Var"])
def test_other_names_are_free(name: str) -> None:
    assert not is_impostor(name)


def test_what_any_program_could_pretend_to_be_is_known_as_such() -> None:
    public, secret = client_with(SITE, LOOPBACK, APP), client_with(LOOPBACK, is_confidential=True)
    assert is_easily_copied(public, LOOPBACK)
    assert is_easily_copied(public, APP)
    assert not is_easily_copied(public, SITE)
    assert not is_easily_copied(secret, LOOPBACK)


def test_an_organisation_makes_a_sector_within_one_account_only() -> None:
    assert sector_of("a", None) != sector_of("b", None)
    assert sector_of("a", "o") != sector_of("b", "o")
    assert sector_of("a", "o") == sector_of("a", "o") != sector_of("a", None)


def test_scopes_come_once_and_in_order() -> None:
    assert granted(["email", "openid", "email", "unheard"], ["openid", "email"]) == ("openid", "email")


@pytest.mark.parametrize(
    ("uri", "allow_http", "fault"),
    [
        ("https://game.example/logout", False, None),
        ("http://127.0.0.1:8000/logout", False, "uri_not_allowed"),
        ("http://127.0.0.1:8000/logout", True, None),
        ("https://game.example/logout#a", True, "uri_invalid"),
        ("ftp://game.example/logout", True, "uri_not_allowed"),
        ("http://a@127.0.0.1/logout", True, "uri_not_allowed"),
    ],
)
def test_where_a_client_may_be_called(uri: str, allow_http: bool, fault: str | None) -> None:  # noqa: FBT001
    assert logout_fault(uri, allow_http=allow_http) == fault
