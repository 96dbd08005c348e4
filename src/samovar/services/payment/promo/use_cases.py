"""Promo codes: made by finance for the platform, and by developers for what is their own; looked at, and ended."""

from collections.abc import Callable, Sequence
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller, Level, Permissions
from samovar.kit.ids import IdSource
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.payment.asking.catalog import Catalog
from samovar.services.payment.promo import domain, making, repository
from samovar.services.payment.promo.domain import PromoCode
from samovar.services.payment.promo.errors import PromoCodeExists, PromoCodeNotFound, PromoCodesFull
from samovar.services.payment.promo.repository import PromoKey
from samovar.services.payment.promo.schemas import NewPromoCode, PromoCodeView

OPEN_PER_ORGANISATION_MAX = 1_000
# Who gives away what an organisation earns.
LEVELS: tuple[Level, ...] = ("owner", "finance")


class PromoCodes:
    """Promo codes of the platform and of organisations.

    Args:
        database: Of payment.
        catalog: Says whose a package is.
        permissions: Who may do what.
        own: The permission of developers.
        draw: Returns so many bytes that nobody can guess.
        clock: Where time comes from.
        new_id: Where ids come from.
    """

    def __init__(
        self,
        database: Database,
        *,
        catalog: Catalog,
        permissions: Permissions,
        own: str,
        draw: Callable[[int], bytes],
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._permissions = permissions
        self._own = own
        self._draw = draw
        self._clock = clock
        self._new_id = new_id

    async def make(self, caller: Caller, wish: NewPromoCode, once: Once) -> PromoCodeView:
        """Make a code as staff.

        Raises:
            InvalidInput: A field breaks a rule; it is named.
            PromoCodeExists: Another code reads like it.
            PromoCodesFull: The organisation has as many as it may.
            CatalogAway: Nobody can say what the packages are.
        """
        now = self._clock.now()
        text = domain.drawn(self._draw(domain.DRAWN_BYTES))
        code = making.code_of(wish, text, code_id=self._new_id(), actor_id=caller.account_id, now=now)
        await self._require_packages(code)
        async with self._database.transaction() as tx:
            if code.organisation_id:
                count = await repository.count_open(tx, code.organisation_id, now)
                if count >= OPEN_PER_ORGANISATION_MAX:
                    raise PromoCodesFull(f"{code.organisation_id}", count=OPEN_PER_ORGANISATION_MAX)
            if not await repository.insert_code(tx, code):
                raise PromoCodeExists(code.code_key)
            return await once.answer(tx, PromoCodeView.of(code, 0))

    async def make_own(self, caller: Caller, wish: NewPromoCode, once: Once) -> PromoCodeView:
        """Make a code as a developer, for an organisation of theirs.

        Raises:
            InvalidInput: A field breaks a rule, or a package is another organisation's.
            PromoCodeNotFound: The caller may not make codes there.
            PromoCodeExists: Another code reads like it.
            PromoCodesFull: The organisation has as many as it may.
            CatalogAway: Nobody can say whose the packages are.
        """
        if wish.organisation_id is None:
            raise InvalidInput(fields=[FieldError("organisation_id", "missing", "whose packages")])
        self._require_own(caller, wish.organisation_id)
        return await self.make(caller, wish, once)

    async def list_codes(
        self, organisation_id: UUID | None, *, cursor: str | None, limit: int
    ) -> Page[PromoCodeView]:
        """Return codes, of one organisation or all, the latest first.

        Raises:
            InvalidInput: The cursor is none of this list.
        """
        after = decode_cursor(cursor, PromoKey)
        rows = await repository.list_codes(self._database, organisation_id, after, limit + 1)
        return page_of(await self._views(rows), limit, lambda view: PromoKey(view.id))

    async def list_own(
        self, caller: Caller, organisation_id: UUID, *, cursor: str | None, limit: int
    ) -> Page[PromoCodeView]:
        """Return the codes of an organisation of the caller's.

        Raises:
            InvalidInput: The cursor is none of this list.
            PromoCodeNotFound: The caller may not see them.
        """
        self._require_own(caller, organisation_id)
        return await self.list_codes(organisation_id, cursor=cursor, limit=limit)

    async def end(self, code_id: UUID) -> PromoCodeView:
        """End a code; what was quoted with it is not sold any more. Done twice, it is done once.

        Raises:
            PromoCodeNotFound: There is no such code.
        """
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await repository.end_code(tx, code_id, now)
            code = await repository.find_code(tx, code_id)
        if code is None:
            raise PromoCodeNotFound(f"{code_id}")
        return (await self._views([code]))[0]

    async def end_own(self, caller: Caller, code_id: UUID) -> PromoCodeView:
        """End a code of an organisation of the caller's.

        Raises:
            PromoCodeNotFound: They have no such code.
        """
        code = await repository.find_code(self._database, code_id)
        if code is None or code.organisation_id is None:
            raise PromoCodeNotFound(f"{code_id}")
        self._require_own(caller, code.organisation_id)
        return await self.end(code_id)

    async def _views(self, codes: Sequence[PromoCode]) -> list[PromoCodeView]:
        counted = await repository.count_redemptions(self._database, [code.id for code in codes])
        return [PromoCodeView.of(code, counted.get(code.id, 0)) for code in codes]

    async def _require_packages(self, code: PromoCode) -> None:
        if not code.package_ids:
            return
        sold = await self._catalog.packages(code.package_ids)
        faults = [
            FieldError(f"package_ids[{place}]", "package_foreign", "not a package of this organisation")
            for place, package_id in enumerate(code.package_ids)
            if package_id not in sold
            or (code.organisation_id and sold[package_id].organisation_id != code.organisation_id)
        ]
        if faults:
            raise InvalidInput(f"{len(faults)} foreign packages", fields=faults)

    def _require_own(self, caller: Caller, organisation_id: UUID) -> None:
        """Let through whose the organisation is; to all others nothing of it is known."""
        if not any(
            self._permissions.allows_in(caller, self._own, level=level, organisation_id=organisation_id)
            for level in LEVELS
        ):
            raise PromoCodeNotFound(f"{caller.account_id} in {organisation_id}")
