"""What a machine keeps for its window."""

from pathlib import Path

from samovar.client.window.keeping import NAME, halves


def test_the_halves_stay_the_same_and_are_their_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there"
    first = halves(folder)
    assert halves(folder) == first
    assert first.secret != first.key
    assert (folder / NAME).stat().st_mode & 0o077 == 0
    assert [one.name for one in folder.iterdir()] == [NAME]


def test_a_file_that_makes_no_sense_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("half")
    made = halves(tmp_path)
    assert halves(tmp_path) == made
