"""What the commands of players say, in the language of the terminal."""

import os

from samovar.content.format.errors import ContentError
from samovar.content.install.errors import NoSpace

_ENGLISH = {
    "content.busy": "another process works on this folder",
    "content.no_space": "the disk has too little room: {size} more are needed",
    "content.disk_full": "the disk is full; make room and run the same command again",
    "content.damaged": "files of the game are not what was installed; run: samovar repair DIR",
    "content.occupied": "another game is installed in this folder",
    "content.source_failed": "the game cannot be fetched at the moment ({why}); the same command goes on where it was",
    "content.tampered": "what came is not what was signed ({why}): nothing of it was used",
    "content.unknown_key": (
        "the keys of this game were changed, and no key that this folder knows has announced it ({why}): nothing of it was used. If you know "
        "from the developer or the platform that it is so, install into an empty folder"
    ),
    "content.rolled_back": "the platform offers an older release than it did before ({why}): refused",
    "content.expired": "nobody vouches for this release any more ({why}): refused",
    "content.malformed": "what came does not follow the format ({why}): nothing of it was used",
    "content.too_large": "what came is larger than the format allows ({why}): refused",
    "content.unsupported": "this program is too old for the game's format ({why})",
    "stopped": "stopped; the same command goes on where it was",
    "nothing_installed": "no game is installed in {folder}",
    "under_way": "an installation is under way in {folder}; run: samovar repair DIR",
    "no_origin": "which platform? Name it with --at or SAMOVAR_ORIGIN",
    "refused": "the platform refuses: {why}",
    "away": "the platform does not answer ({why})",
    "no_terminal": "nobody is signed in on this machine: run samovar login, or set SAMOVAR_TOKEN",
    "session_over": "the session on this machine is over: run samovar login",
    "installed": "{folder}: build {build} is complete, {size} fetched",
    "aside": "your files that stood in the way are kept in {folder}: {names}",
    "whole": "{folder}: {files} files, {size}, all as they should be",
    "damaged": "damaged",
    "missing": "missing",
    "modes": "wrong mode",
    "links": "wrong link",
    "folders": "missing folder",
    "mend": "{count} faults; mend them with: samovar repair DIR",
    "foreign": "{count} files and folders of your own are not touched",
    "not_verified": "verifying",
    "fetching": "fetching",
}
_RUSSIAN = {
    "content.busy": "с этой папкой уже работает другой процесс",
    "content.no_space": "на диске мало места: нужно ещё {size}",
    "content.disk_full": "на диске кончилось место; освободите его и запустите ту же команду снова",
    "content.damaged": "файлы игры не те, что были установлены; запустите: samovar repair ПАПКА",
    "content.occupied": "в этой папке установлена другая игра",
    "content.source_failed": "сейчас игру не скачать ({why}); та же команда продолжит с этого места",
    "content.tampered": "пришло не то, что подписано ({why}): ничего из этого не использовано",
    "content.unknown_key": (
        "ключи этой игры сменились, и ни один из известных этой папке ключей об этом не объявил ({why}): ничего не использовано. Если вы знаете от "
        "разработчика или платформы, что так и есть, установите игру в пустую папку"
    ),
    "content.rolled_back": "платформа предлагает выпуск старее, чем раньше ({why}): отказано",
    "content.expired": "за этот выпуск уже никто не ручается ({why}): отказано",
    "content.malformed": "пришло не то, что описано в формате ({why}): ничего из этого не использовано",
    "content.too_large": "пришло больше, чем позволяет формат ({why}): отказано",
    "content.unsupported": "программа слишком старая для формата этой игры ({why})",
    "stopped": "остановлено; та же команда продолжит с этого места",
    "nothing_installed": "в папке {folder} игры нет",
    "under_way": "в папке {folder} идёт установка; запустите: samovar repair ПАПКА",
    "no_origin": "какая платформа? Назовите её через --at или SAMOVAR_ORIGIN",
    "refused": "платформа отказала: {why}",
    "away": "платформа не отвечает ({why})",
    "no_terminal": "на этой машине никто не вошёл: запустите samovar login или задайте SAMOVAR_TOKEN",
    "session_over": "сеанс на этой машине закончился: запустите samovar login",
    "installed": "{folder}: сборка {build} готова, скачано {size}",
    "aside": "ваши файлы, которые мешали, лежат в {folder}: {names}",
    "whole": "{folder}: файлов {files}, {size}, все в порядке",
    "damaged": "повреждён",
    "missing": "нет файла",
    "modes": "не те права",
    "links": "не та ссылка",
    "folders": "нет папки",
    "mend": "неполадок: {count}; исправить: samovar repair ПАПКА",
    "foreign": "ваших файлов и папок, которые не тронуты: {count}",
    "not_verified": "проверка",
    "fetching": "загрузка",
}
_UNIT = 1000


def is_russian() -> bool:
    """Whether the terminal speaks Russian."""
    found = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return found.lower().startswith("ru")


def say(name: str, **values: object) -> str:
    """Return a sentence."""
    return (_RUSSIAN if is_russian() else _ENGLISH)[name].format(**values)


def explain(error: ContentError) -> str:
    """Return what a person should know about an error."""
    if isinstance(error, NoSpace):
        return say("content.no_space", size=size(error.needed)) if error.needed else say("content.disk_full")
    if error.code in _ENGLISH:
        return say(error.code, why=error)
    return str(error)


def size(count: float) -> str:
    """Return a number of bytes for people: 1.2 GB."""
    units = ("Б", "КБ", "МБ", "ГБ", "ТБ") if is_russian() else ("B", "kB", "MB", "GB", "TB")
    at = 0
    while count >= _UNIT and at < len(units) - 1:
        count /= _UNIT
        at += 1
    text = f"{count:.0f}" if not at or count >= 100 else f"{count:.1f}"  # noqa: PLR2004  three figures are enough
    return f"{text.replace('.', ',') if is_russian() else text} {units[at]}"
