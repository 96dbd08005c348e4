"""`samovar demo`: where it refuses."""

import argparse
from pathlib import Path

import pytest

from samovar.cli import demo
from samovar.kit.settings import SettingsError


def seed(*words: str) -> int:
    """Run the command in this process."""
    parser = argparse.ArgumentParser()
    demo.add_arguments(parser)
    return demo.run(parser.parse_args(["seed", *words]))


def test_without_a_platform_it_says_how_to_start_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAMOVAR_PLATFORM__ORIGIN", raising=False)
    with pytest.raises(SettingsError, match="samovar up"):
        seed()


def test_production_gets_no_players_with_a_known_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SAMOVAR_UP__STATE", str(tmp_path))
    monkeypatch.setenv("SAMOVAR_PLATFORM__ORIGIN", "http://127.0.0.1:9")
    monkeypatch.setenv("SAMOVAR_PLATFORM__ENVIRONMENT", "production")
    with pytest.raises(SettingsError, match="production"):
        seed()
    assert not (tmp_path / "demo").exists()
