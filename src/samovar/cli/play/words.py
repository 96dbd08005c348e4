"""What `samovar play` says, in Russian and English."""

import msgspec

from samovar.sdk.saves.syncing import Report


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """All that is said, in one language."""

    language: str
    offline: str
    conflict: str
    shrunk: str
    problem: str
    problems: dict[str, str]
    waiting: str
    crashed: str
    sign_in: str
    sign_in_needed: str
    not_started: dict[str, str]


_RU = Words(
    language="ru",
    offline="Платформа не отвечает: сохранения и достижения дойдут позже.",
    conflict="Сохранение {path} разошлось с другим устройством. Обе версии целы: здесь {ours}, в облаке {theirs}. Выбрать можно в игре или в библиотеке.",
    shrunk="Сохранение {path} стало в десять раз меньше; в облаке осталось прежнее.",
    problem="Сохранение {path} не в облаке: {why}.",
    problems={
        "too_large_or_misnamed": "оно больше 16 МБ, файлов больше 1000 или имя не годится",
        "changed": "игра меняла его во время передачи; дойдёт в следующий раз",
        "library.save_name_taken": "в облаке есть такое же имя с другими заглавными буквами",
        "library.save_quota_exceeded": "место для сохранений этой игры кончилось",
        "library.too_many_save_conflicts": "слишком много несогласованных версий: сначала выберите, какую оставить",
    },
    waiting="Часть сыгранного ждёт связи и дойдёт со следующим запуском.",
    crashed="Игра закончилась сбоем ({code}). Время и сохранения не потеряны.",
    sign_in="Откройте {uri} там, где вы уже вошли, введите код {code} и выберите число {number}.",
    sign_in_needed="Сначала войдите: samovar login",
    not_started={
        "not_owned": "Этой игры нет в вашей библиотеке.",
        "not_out": "Игра ещё не вышла: она ваша и откроется в день выхода.",
        "never_checked": "Первый раз игру запускают со связью: платформа должна один раз ответить, что она ваша.",
        "in_use": "Семья уже играет в неё во все свои экземпляры.",
        "too_many": "Слишком много игр запущено одновременно.",
        "already_running": "Игра уже запущена.",
    },
)
_EN = Words(
    language="en",
    offline="The platform does not answer: saves and achievements will arrive later.",
    conflict="The save {path} went apart from another device. Both versions are safe: {ours} here, {theirs} in the cloud. Choose in the game or in the library.",
    shrunk="The save {path} became ten times smaller; the cloud keeps the former one.",
    problem="The save {path} is not in the cloud: {why}.",
    problems={
        "too_large_or_misnamed": "it is larger than 16 MB, there are more than 1,000 files, or its name does not do",
        "changed": "the game changed it meanwhile; it arrives next time",
        "library.save_name_taken": "the cloud has the same name in other letter case",
        "library.save_quota_exceeded": "there is no room left for saves of this game",
        "library.too_many_save_conflicts": "too many versions went apart: choose which to keep first",
    },
    waiting="Some of what you played waits for a connection and arrives with the next start.",
    crashed="The game ended with a fault ({code}). Neither time nor saves are lost.",
    sign_in="Open {uri} where you are signed in, type the code {code} and choose the number {number}.",
    sign_in_needed="Sign in first: samovar login",
    not_started={
        "not_owned": "This game is not in your library.",
        "not_out": "The game is not out yet: it is yours and opens on the day of its release.",
        "never_checked": "Start the game once while you are online: the platform has to say that it is yours.",
        "in_use": "Your family plays all of its copies at this moment.",
        "too_many": "Too many games run at one time.",
        "already_running": "The game runs already.",
    },
)


def words_of(language: str) -> Words:
    """Return what is said in a language; Russian where it is another one."""
    return _EN if language == "en" else _RU


def say_report(words: Words, _when: str, report: Report | None) -> None:
    """Print what of a sync a person must know: nothing, as a rule."""
    if report is None:
        print(words.offline)
        return
    for conflict in report.conflicts:
        print(words.conflict.format(path=conflict.path, ours=conflict.ours, theirs=conflict.theirs))
    for path in report.shrunk:
        print(words.shrunk.format(path=path))
    for path, why in report.problems.items():
        print(words.problem.format(path=path, why=words.problems.get(why, why)))
