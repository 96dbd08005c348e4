"""`samovar events`: look at dead letters, mend and replay them, send past events again."""

from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from samovar.cli import events
from samovar.cli.main import main
from samovar.kit import dead_letters
from samovar.kit.database import Database
from samovar.kit.dead_letters import BrokenPayload, DeadLetter
from samovar.kit.ids import new_id
from samovar.kit.runtime import Service
from tests.kit.eventing import publish

service = Service(name="test", summary="Tests", package="samovar.kit")


@pytest.fixture
async def letter(database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch) -> DeadLetter:
    """Return a dead letter of the service whose database the command is told of."""
    monkeypatch.setenv("SAMOVAR_TEST__DATABASE_URL", database_url)
    async with database.transaction() as tx:
        await dead_letters.bury(
            tx,
            consumer="greet",
            event_id=new_id(),
            subject="samovar.auth.v1.account_registered",
            headers={"ce-source": "/samovar/auth"},
            payload='{"имя":1}'.encode(),
            error="KeyError: 'name'\nand more",
            attempts=8,
        )
    return (await dead_letters.waiting(database))[0]


async def run(*words: str) -> None:
    parser = ArgumentParser()
    events.add_arguments(parser)
    await events.work_on(service, parser.parse_args([*words, "--service", "test"]))


async def test_dead_lists_a_line_a_letter(letter: DeadLetter, capsys: pytest.CaptureFixture[str]) -> None:
    await run("dead")
    (line,) = capsys.readouterr().out.splitlines()
    assert line.split()[:2] == ["test", str(letter.id)]
    assert line.endswith("greet  samovar.auth.v1.account_registered  KeyError: 'name'")
    await run("dead", "--consumer", "other")
    assert capsys.readouterr().out == ""


async def test_show_prints_all_of_a_letter(letter: DeadLetter, capsys: pytest.CaptureFixture[str]) -> None:
    await run("show", str(letter.id))
    shown = capsys.readouterr().out
    for part in (str(letter.event_id), "/samovar/auth", "and more", '"имя": 1'):
        assert part in shown


async def test_fix_replaces_the_payload(database: Database, letter: DeadLetter, tmp_path: Path) -> None:
    file = tmp_path / "mended.json"
    file.write_text('{"name": 1}')
    await run("fix", str(letter.id), "--payload", str(file))
    assert (await dead_letters.get(database, letter.id)).payload == b'{"name": 1}'
    file.write_text("{")
    with pytest.raises(BrokenPayload):
        await run("fix", str(letter.id), "--payload", str(file))


@pytest.mark.parametrize("words", [("--letters",), ("--letters", "--consumer", "greet")])
async def test_replay_asks_for_letters(
    database: Database, letter: DeadLetter, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    await run("replay", *words)
    assert "1 letters will be applied again" in capsys.readouterr().out
    await run("replay", "--letter", str(letter.id))
    assert (await dead_letters.get(database, letter.id)).replay_requested_at


async def test_drop_forgets_a_letter(database: Database, letter: DeadLetter) -> None:
    await run("drop", str(letter.id))
    assert await dead_letters.waiting(database) == []


@pytest.mark.usefixtures("letter")
async def test_replay_sends_past_events_again(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    await publish(database, 1, 2)
    async with database.transaction() as tx:
        await tx.execute("UPDATE kit.outbox SET published_at = now()")
    await run("replay", "--since", "1h", "--subject", "test.v1.other")
    await run("replay", "--since", "1h", "--until", "1m")
    await run("replay", "--since", "1h", "--subject", "test.v1.counted")
    counts = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert counts == ["0", "0", "2"]
    assert await database.fetch_value("SELECT count(*) FROM kit.outbox WHERE published_at IS NULL") == 2


def test_times_are_read_as_people_write_them() -> None:
    assert events.moment("2026-11-23T10:00Z") == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert events.moment("2026-11-23") == datetime(2026, 11, 23, tzinfo=UTC)
    assert timedelta(hours=1.9) < datetime.now(UTC) - events.moment("2h") < timedelta(hours=2.1)


@pytest.mark.parametrize("text", ["yesterday", "2w", "", "-1h"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Invalid isoformat"):
        events.moment(text)


def test_a_service_that_is_not_there_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["events", "dead", "--service", "no_such_service"]) == 1
    assert "there is no service 'no_such_service'" in capsys.readouterr().err
