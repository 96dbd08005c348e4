"""What a process must be told is read off its settings."""

from samovar.cli.supervision.service_process import stores_of


def test_a_service_keeps_its_files_in_a_folder_of_its_own() -> None:
    assert stores_of("catalog") == {"media_store": "media"}
    assert stores_of("auth") == {}
