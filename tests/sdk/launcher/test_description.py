"""Launch descriptions: what may be started, and what is told to whoever wrote a wrong one."""

from pathlib import Path

import pytest

from samovar.sdk.launcher.description import DescriptionInvalid, choose, command, environment, read

GOOD = """
[[launch]]
key = "play"
name = {ru = "Играть", en = "Play"}
run = ["bin/game", "--fast"]
platforms = ["linux", "macos"]
environment = {MODE = "fast"}

[[launch]]
key = "editor"
name = {ru = "Редактор", en = "Editor"}
run = ["sh", "-c", "true"]
platforms = ["linux"]
"""


def _folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / "samovar.toml").write_text(text, "utf-8")
    (tmp_path / "bin").mkdir(exist_ok=True)
    (tmp_path / "bin" / "game").write_text("#!/bin/sh\n")
    return tmp_path


def test_the_first_option_for_the_platform_is_taken_or_the_one_asked_for(tmp_path: Path) -> None:
    folder = _folder(tmp_path, GOOD)
    description = read(folder)
    play = choose(description, None, platform="linux")
    assert command(play, folder) == [str((folder / "bin" / "game").resolve()), "--fast"]
    assert environment(play) == {"MODE": "fast"}
    assert choose(description, "editor", platform="linux").name.ru == "Редактор"
    for key, platform in ((None, "win32"), ("editor", "darwin"), ("other", "linux"), (None, "plan9")):
        with pytest.raises(DescriptionInvalid):
            choose(description, key, platform=platform)


@pytest.mark.parametrize(
    "program", ["../outside", "/bin/sh", "bin/../../outside", "bin\\\\game", "bin/missing", "no-such-program"]
)
def test_what_lies_outside_or_is_missing_is_not_started(tmp_path: Path, program: str) -> None:
    outside = tmp_path / "outside"
    outside.write_text("#!/bin/sh\n")
    inside = tmp_path / "game"
    inside.mkdir()
    folder = _folder(inside, GOOD.replace("bin/game", program))
    with pytest.raises(DescriptionInvalid):
        command(choose(read(folder), None, platform="linux"), folder)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    inside = tmp_path / "game"
    inside.mkdir()
    folder = _folder(inside, GOOD)
    (folder / "bin" / "game").unlink()
    (folder / "bin" / "game").symlink_to("/bin/sh")
    with pytest.raises(DescriptionInvalid):
        command(choose(read(folder), None, platform="linux"), folder)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[[launch]]", "[launch"),
        ('key = "play"', 'key = "PLAY"'),
        ('run = ["bin/game", "--fast"]', "run = []"),
        ('"linux", "macos"', '"amiga"'),
        ("platforms", "platform"),
        ('"bin/game"', '"bin/\\u0000game"'),
    ],
)
def test_a_wrong_description_says_so(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(DescriptionInvalid):
        read(_folder(tmp_path, GOOD.replace(old, new, 1)))


def test_no_description_and_a_huge_one_say_so(tmp_path: Path) -> None:
    with pytest.raises(DescriptionInvalid, match="there is no"):
        read(tmp_path)
    with pytest.raises(DescriptionInvalid, match="more than"):
        read(_folder(tmp_path, "#" * 70_000))


def test_a_game_does_not_set_what_is_the_launchers(tmp_path: Path) -> None:
    folder = _folder(tmp_path, GOOD.replace("MODE", "SAMOVAR_BRIDGE"))
    with pytest.raises(DescriptionInvalid):
        environment(choose(read(folder), None, platform="linux"))
