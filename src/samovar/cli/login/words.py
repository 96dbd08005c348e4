"""What `samovar login` and `samovar logout` say, in the language of the terminal."""

from samovar.cli.content.words import is_russian

_ENGLISH = {
    "no_origin": "which platform? Name it: --origin https://…",
    "show": "Open {uri} where you are signed in, type the code {code} and choose the number {number}.",
    "login": "E-mail or phone: ",
    "password": "Password: ",
    "code": "Code of the second factor: ",
    "no_terminal": "nobody can be asked for the password here; without --password another device lets this one in",
    "signed_in": "Signed in at {origin}: samovar pull, play, repair and push know you. samovar logout ends it.",
    "refused": "nobody was signed in: {why}",
    "too_late": "nobody was signed in: the code has run out",
    "away": "the platform does not answer ({why})",
    "signed_out": "Signed out at {origin}.",
    "nobody": "Nobody is signed in at {origin}.",
    "forgotten": "forgotten here, but the platform does not answer ({why}): the session there ends by itself, or on the page of your sessions",
}
_RUSSIAN = {
    "no_origin": "какая платформа? Назовите её: --origin https://…",
    "show": "Откройте {uri} там, где вы уже вошли, введите код {code} и выберите число {number}.",
    "login": "Почта или телефон: ",
    "password": "Пароль: ",
    "code": "Код второго фактора: ",
    "no_terminal": "здесь некого спросить про пароль; без --password эту машину впустит другое устройство",
    "signed_in": "Вы вошли на {origin}: samovar pull, play, repair и push вас знают. Выйти: samovar logout.",
    "refused": "войти не вышло: {why}",
    "too_late": "войти не вышло: срок кода прошёл",
    "away": "платформа не отвечает ({why})",
    "signed_out": "Вы вышли из {origin}.",
    "nobody": "На {origin} никто не вошёл.",
    "forgotten": "здесь всё забыто, но платформа не отвечает ({why}): там сеанс закончится сам или на странице ваших сеансов",
}


def say(name: str, **values: object) -> str:
    """Return a sentence."""
    return (_RUSSIAN if is_russian() else _ENGLISH)[name].format(**values)
