"""The `samovar` command finds its subcommands and says what it does not know."""

import importlib

import pytest

from samovar.cli.main import COMMANDS, main, module_of


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_can_be_run_and_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = importlib.import_module(module_of(name))
    assert callable(command.run)
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert f"samovar {name}" in capsys.readouterr().out


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in COMMANDS)


@pytest.mark.parametrize("name", ["nonsense", "../etc", "payment"])
def test_an_unknown_command_is_a_usage_error(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name]) == 2
    assert repr(name) in capsys.readouterr().err


def test_routes_shows_who_may_call_what(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routes", "auth"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["GET", "/v1/auth/me", "auth", "player"] in [line[:4] for line in lines]
