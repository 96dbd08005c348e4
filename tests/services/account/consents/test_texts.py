"""Wordings: the latest is asked for, and what people agreed to stays what it was."""

from pathlib import Path

import pytest

from samovar.kit.clock import SystemClock
from samovar.kit.settings import SettingsError
from samovar.services.account.consents.texts import Texts
from samovar.testing.hosting import Running


def write(folder: Path, version: str, text: str, *, languages: tuple[str, ...] = ("ru", "en")) -> None:
    for purpose in ("terms", "personal_data", "advertising"):
        (folder / purpose).mkdir(exist_ok=True)
        for language in languages:
            (folder / purpose / f"{version}.{language}.md").write_text(f"{text} {language}", "utf-8")


def test_the_last_version_is_the_one_of_today(tmp_path: Path) -> None:
    write(tmp_path, "2026-01-01", "старый")
    write(tmp_path, "2026-02-01", "новый")
    texts = Texts.load(tmp_path)
    assert texts.current("terms").texts["ru"] == "новый ru"
    assert texts.find("terms", "2026-01-01").texts["en"] == "старый en"


def test_a_version_in_one_language_alone_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "2026-01-01", "x", languages=("ru",))
    with pytest.raises(SettingsError, match="needs a text in each of ru, en"):
        Texts.load(tmp_path)


def test_a_purpose_without_a_wording_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="terms needs a text"):
        Texts.load(tmp_path)


async def test_a_wording_that_was_changed_after_its_publication_stops_the_start(
    account: Running, tmp_path: Path
) -> None:
    write(tmp_path, "first", "одно")
    await Texts.load(tmp_path).publish(account.database, SystemClock())
    await Texts.load(tmp_path).publish(account.database, SystemClock())
    write(tmp_path, "first", "другое")
    with pytest.raises(SettingsError, match="give the new wording a new version"):
        await Texts.load(tmp_path).publish(account.database, SystemClock())
