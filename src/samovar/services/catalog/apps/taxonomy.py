"""Writes the words and the people that pages name, for every room that makes them."""

from collections.abc import Sequence

from samovar.kit.clock import Clock
from samovar.kit.database import Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.ids import IdSource
from samovar.kit.text.visible import is_visible_line
from samovar.services.catalog.apps import repository
from samovar.services.catalog.apps.schemas import CreatorWrite, TermWrite
from samovar.services.catalog.contract.events import TermsChanged

WORDS_MAX = 1_000


async def put_terms(tx: Transaction, terms: Sequence[TermWrite]) -> int:
    """Write up to `WORDS_MAX` terms and return how many are new or read otherwise than before; of two alike the last counts.

    Raises:
        InvalidInput: A name shows nothing; the field is `[place].names.ru`.
    """
    _refuse_invisible(
        [(f"[{place}].names.{code}", name) for place, term in enumerate(terms) for code, name in _names(term)]
    )
    last = {(term.kind, term.slug): term for term in terms}
    changed = await repository.upsert_terms(tx, list(last.values())) if last else 0
    if changed:
        await tx.publish(TermsChanged(kinds=tuple(sorted({term.kind for term in last.values()}))))
    return changed


async def put_creators(
    tx: Transaction, creators: Sequence[CreatorWrite], *, clock: Clock, new_id: IdSource
) -> None:
    """Write up to `WORDS_MAX` creators; of two with one slug the last counts.

    Raises:
        InvalidInput: A name shows nothing; the field is `[place].name`.
    """
    _refuse_invisible([(f"[{place}].name", creator.name) for place, creator in enumerate(creators)])
    last = {creator.slug: creator for creator in creators}
    if last:
        await repository.upsert_creators(
            tx, list(last.values()), ids=[new_id() for _ in last], now=clock.now()
        )


def _names(term: TermWrite) -> list[tuple[str, str]]:
    return [("ru", term.names.ru), *([("en", term.names.en)] if term.names.en else [])]


def _refuse_invisible(lines: Sequence[tuple[str, str]]) -> None:
    if len(lines) > 2 * WORDS_MAX:
        raise ValueError(f"at most {WORDS_MAX} at once")
    faults = [
        FieldError(field, "unprintable", "no visible line")
        for field, line in lines
        if not is_visible_line(line)
    ]
    if faults:
        raise InvalidInput(fields=faults)
