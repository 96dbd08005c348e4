"""Errors in words: those of the platform where it spoke, else our own, always with a code."""

from samovar.client.state.problems import Problem, problem_of, sentence_of
from samovar.client.state.words import Words, catalogue
from samovar.sdk.errors import Offline, Refused, SignInNeeded

WORDS = Words(catalogue(), "ru")


def test_the_platform_speaks_for_itself() -> None:
    answer = {
        "code": "auth.bad_credentials",
        "title": "Не удалось войти",
        "detail": "Неверный логин или пароль.",
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
        "errors": [{"field": "password", "code": "short", "detail": "Коротко"}],
    }
    problem = problem_of(Refused(401, answer), WORDS)
    assert (problem.title, problem.detail) == ("Не удалось войти", "Неверный логин или пароль.")
    assert problem.report == "auth.bad_credentials 4bf92f35"
    assert problem.fields == {"password": "Коротко"}
    assert not problem.is_offline


def test_silence_is_explained_too() -> None:
    problem = problem_of(Offline("nobody"), WORDS)
    assert (problem.code, problem.is_offline) == ("client.offline", True)
    assert problem.title == "Нет связи"
    assert problem.report == "client.offline"


def test_a_busy_platform_says_when_to_come_back() -> None:
    problem = problem_of(Offline("429", status=429, retry_after_s=7.0), WORDS)
    assert (problem.code, problem.retry_after_s) == ("client.busy", 7.0)


def test_a_lost_session_is_no_fault_of_the_player() -> None:
    assert problem_of(SignInNeeded(), WORDS).title == "Нужно войти"


def test_nonsense_in_an_answer_breaks_nothing() -> None:
    problem = problem_of(Refused(400, {"errors": ["x", {"field": 1}], "title": None}), WORDS)
    assert problem.title == "Не получилось"


def test_a_sentence_names_the_field_where_no_form_does() -> None:
    problem = Problem("request.invalid", "Неверно", "Проверьте поля.", fields={"return_url": "Чужой адрес."})
    assert sentence_of(problem) == "Проверьте поля. Чужой адрес."
    assert sentence_of(Problem("x", "Нет", "")) == "Нет"
