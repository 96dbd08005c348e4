"""Settings: where they come from, and that every mistake is named and no secret is shown."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec
import pytest
from msgspec import Meta

from samovar.kit.settings import (
    PlatformSettings,
    Secret,
    ServiceAddress,
    ServiceSettings,
    Settings,
    SettingsError,
    config_file,
    load,
    setting_rows,
    variable_of,
)


class ShopSettings(Settings, frozen=True, kw_only=True):
    token: Annotated[Secret, Meta(description="What opens the shop.")]
    spare_token: Secret | None = None
    shelves: Annotated[int, Meta(ge=1)] = 3
    share: float = 0.5
    open_: bool = True
    mode: Literal["quiet", "loud"] = "quiet"
    note: str | None = None
    tags: list[str] = msgspec.field(default_factory=list)
    peers: dict[str, ServiceAddress] = msgspec.field(default_factory=dict)
    folder: Path = Path("/shop")
    log_file: Path | None = None


def shop(file: Path | None = None, **environ: str) -> ShopSettings:
    return load(
        ShopSettings,
        "shop",
        environ={f"SAMOVAR_SHOP__{name}": text for name, text in environ.items()},
        file=file,
    )


def test_every_type_is_read_from_the_environment() -> None:
    assert shop(
        TOKEN="t",
        SPARE_TOKEN="s",
        SHELVES="7",
        SHARE="0.25",
        OPEN_="false",
        MODE="loud",
        NOTE="7",
        TAGS='["a", "b"]',
        PEERS='{"auth": {"rest": "auth:1", "rpc": "auth:2"}}',
        FOLDER="/else where",
        LOG_FILE="/log",
    ) == ShopSettings(
        token=Secret("t"),
        spare_token=Secret("s"),
        shelves=7,
        share=0.25,
        open_=False,
        mode="loud",
        note="7",
        tags=["a", "b"],
        peers={"auth": ServiceAddress("auth:1", "auth:2")},
        folder=Path("/else where"),
        log_file=Path("/log"),
    )


def test_what_is_not_set_has_its_default() -> None:
    assert shop(TOKEN="t") == ShopSettings(token=Secret("t"))


def test_nothing_written_means_none_where_none_is_possible() -> None:
    found = shop(TOKEN="t", NOTE="", SPARE_TOKEN="", LOG_FILE="")
    assert (found.note, found.spare_token, found.log_file) == (None, None, None)


def test_the_environment_wins_over_its_file_and_both_over_toml(tmp_path: Path) -> None:
    toml, mounted = tmp_path / "samovar.toml", tmp_path / "token"
    toml.write_text('[shop]\ntoken = "toml"\nshelves = 9\n[other]\nsurprise = 1', "utf-8")
    mounted.write_text("mounted\n", "utf-8")
    assert shop(toml) == ShopSettings(token=Secret("toml"), shelves=9)
    assert shop(toml, TOKEN_FILE=str(mounted)).token == Secret("mounted")
    assert shop(toml, TOKEN_FILE=str(mounted), TOKEN="here").token == Secret("here")


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({}, "SAMOVAR_SHOP__TOKEN is not set: What opens the shop."),
        ({"TOKEN": ""}, "SAMOVAR_SHOP__TOKEN: a secret is not empty"),
        ({"TOKEN_FILE": "/no/such/file"}, "SAMOVAR_SHOP__TOKEN_FILE: .*No such file"),
        ({"TOKEN": "t", "SHELFS": "1"}, "SAMOVAR_SHOP__SHELFS: the section 'shop' has no setting 'shelfs'"),
        ({"TOKEN": "t", "SHELVES": "many"}, "SAMOVAR_SHOP__SHELVES: Expected `int`"),
        ({"TOKEN": "t", "SHELVES": "0"}, "SAMOVAR_SHOP__SHELVES: Expected `int` >= 1"),
        ({"TOKEN": "t", "SHELVES": ""}, "SAMOVAR_SHOP__SHELVES: Expected `int`"),
        ({"TOKEN": "t", "OPEN_": "perhaps"}, "SAMOVAR_SHOP__OPEN_: Expected `bool`"),
        ({"TOKEN": "t", "MODE": "shrill"}, "SAMOVAR_SHOP__MODE: Invalid enum value 'shrill'"),
        ({"TOKEN": "t", "TAGS": "a,b"}, "SAMOVAR_SHOP__TAGS must be JSON"),
        ({"TOKEN": "t", "TAGS": "[1]"}, "SAMOVAR_SHOP__TAGS: Expected `str`"),
    ],
)
def test_a_mistake_in_the_environment_is_named(environ: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        shop(None, **environ)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[shop]\nshelfs = 1", "the section 'shop' has no setting 'shelfs'"),
        ("shop = 1", r"\[shop\] must be a table"),
        ("[shop", "samovar.toml"),
        ("[shop]\ntoken = 5", "SAMOVAR_SHOP__TOKEN: Expected `Secret`, got `int`"),
        ("[shop]\ntoken = 't'\nfolder = 5", "SAMOVAR_SHOP__FOLDER"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "samovar.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=message):
        shop(file)


def test_a_file_that_is_not_there_or_not_text_is_named(tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe")
    for file in (binary, tmp_path / "none"):
        with pytest.raises(SettingsError, match=file.name):
            shop(file)
        with pytest.raises(SettingsError, match="SAMOVAR_SHOP__TOKEN_FILE"):
            shop(TOKEN_FILE=str(file))


def test_a_secret_never_shows_itself() -> None:
    secret = Secret("hunter2")
    settings = shop(TOKEN="hunter2")
    shown = [str(secret), repr(secret), f"{secret}", f"{secret!r:>40}", "%s" % secret, repr(settings)]  # noqa: UP031 - one of the ways to show it.
    assert not any("hunter2" in text for text in shown)
    assert secret.reveal() == "hunter2"
    assert secret == Secret("hunter2") != Secret("other")
    assert secret != "hunter2"
    assert len({secret, Secret("hunter2")}) == 1


def test_services_have_a_database_and_find_each_other_by_name() -> None:
    environ = {
        "SAMOVAR_AUTH__DATABASE_URL": "postgresql://auth:pw@db/auth",
        "SAMOVAR_PLATFORM__REDIS_URL": "redis://r/0",
        "SAMOVAR_PLATFORM__NATS_URL": "nats://n",
        "SAMOVAR_PLATFORM__RPC_SECRET": "secret",
        "SAMOVAR_PLATFORM__ADDRESSES": '{"auth": {"rest": "127.0.0.1:1", "rpc": "127.0.0.1:2"}}',
    }
    service = load(ServiceSettings, "auth", environ=environ)
    platform = load(PlatformSettings, "platform", environ=environ)
    assert (service.database_url.reveal(), service.pool_size_max) == ("postgresql://auth:pw@db/auth", 6)
    assert platform.address_of("auth") == ServiceAddress("127.0.0.1:1", "127.0.0.1:2")
    assert platform.address_of("catalog") == ServiceAddress("catalog:8000", "catalog:9000")


def test_the_file_is_named_by_a_variable() -> None:
    assert config_file({}) is None
    assert config_file({"SAMOVAR_CONFIG": "/etc/samovar.toml"}) == Path("/etc/samovar.toml")


def test_every_shipped_setting_is_described_and_the_reference_shows_it() -> None:
    for kind, section in ((PlatformSettings, "platform"), (ServiceSettings, "auth")):
        for variable, shown, _, description in setting_rows(kind, section):
            assert variable.startswith(f"SAMOVAR_{section.upper()}__")
            assert shown
            assert description != "it has no default", variable
    rows = {row[0]: row for row in setting_rows(ShopSettings, "shop")}
    assert rows[variable_of("shop", "token")][1:] == ("secret", "**required**", "What opens the shop.")
    assert [
        rows[variable_of("shop", name)][1:3] for name in ("shelves", "mode", "tags", "note", "open_")
    ] == [
        ("integer", "`3`"),
        ("`quiet` or `loud`", "`quiet`"),
        ("JSON", "`[]`"),
        ("text", ""),
        ("`true` or `false`", "`True`"),
    ]


@pytest.mark.parametrize(
    ("environment", "said", "needed"),
    [
        ("production", "", True),
        ("development", "", False),
        ("production", "false", False),
        ("development", "true", True),
    ],
)
def test_staff_give_two_factors_in_production_unless_the_operator_says_otherwise(
    environment: str,
    said: str,
    needed: bool,  # noqa: FBT001
) -> None:
    names = ("redis_url", "nats_url", "rpc_secret")
    environ = {f"SAMOVAR_PLATFORM__{name.upper()}": "secret" for name in names}
    environ["SAMOVAR_PLATFORM__ENVIRONMENT"] = environment
    environ["SAMOVAR_PLATFORM__STAFF_SECOND_FACTOR"] = said
    settings = load(PlatformSettings, "platform", environ=environ)
    assert settings.staff_proves_twice is needed
