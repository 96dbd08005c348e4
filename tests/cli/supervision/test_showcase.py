"""The showcase behind the start: when it is asked for, and that its failure stops nothing."""

import argparse
import io
from pathlib import Path

import pytest

from samovar.cli import up
from samovar.cli.supervision.journal import Journal
from samovar.cli.supervision.showcase import show
from samovar.cli.supervision.stand import Plan


def planned(*words: str) -> Plan:
    """What `samovar up` makes of its arguments."""
    parser = argparse.ArgumentParser()
    up.add_arguments(parser)
    return up._plan(parser.parse_args(words))


def test_it_is_shown_in_development_unless_it_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert planned().shows
    assert not planned("--no-demo").shows
    assert not planned("--only", "auth,catalog").shows
    monkeypatch.setenv("SAMOVAR_UP__DEMO", "false")
    assert not planned().shows


def test_production_and_a_platform_without_its_gateway_show_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMOVAR_UP__ENVOY", "none")
    assert not planned().shows
    monkeypatch.delenv("SAMOVAR_UP__ENVOY")
    monkeypatch.setenv("SAMOVAR_PLATFORM__ENVIRONMENT", "production")
    assert not planned().shows


async def test_a_showcase_that_fails_is_told_in_one_line(tmp_path: Path) -> None:
    console = io.StringIO()
    journal = Journal(tmp_path / "logs", follow=False, console=console)
    await show(tmp_path, journal)
    journal.close()
    said = console.getvalue().splitlines()
    assert len(said) == 1
    assert "the showcase could not be set up" in said[0]
    assert "no platform runs here" in said[0]
