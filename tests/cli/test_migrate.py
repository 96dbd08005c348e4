"""`samovar migrate`: says what it did, and with --check what it would do."""

import pytest

from samovar.cli.main import main
from samovar.cli.migrate import bring_up_to_date
from samovar.embedded.postgres import PostgresServer
from samovar.kit.migrations import read_all
from samovar.kit.runtime import Service
from samovar.kit.settings import Settings, SettingsError

service = Service(name="greeting", summary="Greets", package="samovar.kit")
KIT_FILES = len(read_all(None))


async def test_what_is_missing_is_told_then_applied_then_done(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SAMOVAR_GREETING__DATABASE_URL", await postgres.create("cli_migrate"))
    assert await bring_up_to_date([service], check=True) == KIT_FILES
    assert capsys.readouterr().out.startswith("greeting: to apply kit/")
    assert await bring_up_to_date([service]) == KIT_FILES
    assert capsys.readouterr().out.startswith("greeting: applied kit/")
    assert await bring_up_to_date([service], check=True) == 0
    assert capsys.readouterr().out == "greeting: up to date\n"


async def test_a_service_without_a_database_is_passed_over() -> None:
    gateway = Service(name="greeting", summary="Greets", package="samovar.kit", settings=Settings)
    assert await bring_up_to_date([gateway]) == 0


async def test_a_missing_address_is_told_by_the_name_of_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAMOVAR_GREETING__DATABASE_URL", raising=False)
    with pytest.raises(SettingsError, match="SAMOVAR_GREETING__DATABASE_URL is not set"):
        await bring_up_to_date([service])


def test_a_service_that_is_not_there_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "no_such_service"]) == 1
    assert "there is no service 'no_such_service'" in capsys.readouterr().err
