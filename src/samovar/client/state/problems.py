"""What went wrong, as a person is told it: a title, what to do, a code for support."""

from dataclasses import dataclass, field

from samovar.client.state.words import Words
from samovar.sdk.errors import Offline, Refused, SdkError, SignInNeeded

_TOO_MANY = 429
_REPORT_LENGTH = 8


@dataclass(frozen=True)
class Problem:
    """One failure.

    Attributes:
        code: Stable, `payment.insufficient_funds`; `client.offline` where nobody answered.
        fields: A sentence for each field that was wrong.
        is_offline: Trying again later may succeed as it is.
        report: What support asks for.
        retry_after_s: When trying again makes sense, seconds.
    """

    code: str
    title: str
    detail: str
    fields: dict[str, str] = field(default_factory=dict)
    is_offline: bool = False
    report: str = ""
    retry_after_s: float | None = None


def sentence_of(problem: Problem, *, cause_first: bool = False) -> str:
    """Return the whole of a problem where no field of a form takes its part: what is wrong, and with what; or the other way round."""
    whole, causes = problem.detail or problem.title, [one for one in problem.fields.values() if one]
    return " ".join(dict.fromkeys([*causes, whole] if cause_first else [whole, *causes]))


def problem_of(error: SdkError, words: Words) -> Problem:
    """Return an error of the SDK in words: those of the platform, which speaks the player's language, else our own."""
    answer = error.problem if isinstance(error, Refused | Offline | SignInNeeded) else {}
    code = str(answer.get("code") or _own_code(error))
    own = code if words.has(f"{code}.title") else _own_code(error)
    trace = str(answer.get("trace_id") or "")
    wrong = [one for one in answer.get("errors") or [] if isinstance(one, dict)]
    return Problem(
        code=code,
        title=str(answer.get("title") or words(f"{own}.title")),
        detail=str(answer.get("detail") or words(f"{own}.detail")),
        fields={str(one.get("field", "")): str(one.get("detail", "")) for one in wrong},
        is_offline=isinstance(error, Offline),
        report=f"{code} {trace[:_REPORT_LENGTH]}".strip(),
        retry_after_s=error.retry_after_s if isinstance(error, Offline) else None,
    )


def _own_code(error: SdkError) -> str:
    if isinstance(error, Offline):
        return "client.busy" if error.status == _TOO_MANY else "client.offline"
    return "client.signed_out" if isinstance(error, SignInNeeded) else "client.refused"
