"""What players do with reviews of their own, and what everybody reads."""

from datetime import timedelta
from uuid import UUID

import msgspec
from msgspec import UNSET

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.identity import Caller
from samovar.kit.ids import IdSource
from samovar.kit.pagination import decode_cursor, page_of
from samovar.kit.rest.etags import require_match
from samovar.services.catalog.apps import sight
from samovar.services.catalog.ownership import owned
from samovar.services.catalog.reviews import domain, repository, scores
from samovar.services.catalog.reviews.adapters import Authors, Library
from samovar.services.catalog.reviews.claims import free_games
from samovar.services.catalog.reviews.counting import tally
from samovar.services.catalog.reviews.counting.summaries import Summaries
from samovar.services.catalog.reviews.domain import Claim, ListedReview, Move, Review
from samovar.services.catalog.reviews.errors import (
    AlreadyReviewed,
    NoLicence,
    ReviewHidden,
    ReviewNotFound,
    ReviewTooEarly,
    TooLittlePlayed,
)
from samovar.services.catalog.reviews.repository import HelpfulKey, NewestKey, Wanted
from samovar.services.catalog.reviews.schemas import (
    NewReview,
    OwnReview,
    Period,
    ReviewItem,
    ReviewList,
    ReviewPatch,
    Sort,
)
from samovar.services.catalog.viewers.audience import Audience

_PERIODS: dict[Period, timedelta] = {
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
}


class OwnReviews:
    """Writing a review, changing it, taking it back.

    Args:
        play_minutes_min: How long one must have played, where library counts that.
        country: Where a game must cost nothing to count as a free one.
    """

    def __init__(
        self,
        database: Database,
        *,
        library: Library,
        audience: Audience,
        play_minutes_min: int,
        country: str,
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._database = database
        self._library = library
        self._audience = audience
        self._play_minutes_min = play_minutes_min
        self._country = country
        self._clock = clock
        self._new_id = new_id

    async def post(self, caller: Caller, game: str, wish: NewReview) -> OwnReview:
        """Write a review.

        Raises:
            InvalidInput: The text breaks a rule.
            AppNotFound: There is no such app, or none that the caller may see.
            AgeRestricted: It is above the caller's age level.
            ReviewTooEarly: It has not come out.
            NoLicence: The caller does not have it.
            TooLittlePlayed: The caller has hardly played.
            LibraryAway: Nobody can tell whether they have it.
            AlreadyReviewed: They have written of it.
        """
        text = domain.text_of(wish.text)
        seen = await sight.of(self._database, game, await self._audience.of(caller))
        app_id = seen.id
        if seen.out_since is None:
            raise ReviewTooEarly(f"{app_id}")
        play_minutes = await self._require_play(caller.account_id, app_id)
        async with self._database.transaction() as tx:
            await owned.hold(tx, caller.account_id)
            claim = await self._claim(tx, caller.account_id, app_id)
            review = Review(
                id=self._new_id(),
                app_id=app_id,
                account_id=caller.account_id,
                recommended=wish.recommended,
                text=text,
                language=wish.language,
                play_minutes=play_minutes,
                acquired_as=claim.acquired_as,
                refunded_at=claim.refunded_at,
                helpfulness=scores.helpfulness(0, 0),
                created_at=self._clock.now(),
            )
            if not await repository.insert_review(tx, review):
                raise AlreadyReviewed(f"{caller.account_id} of {app_id}")
            await tally.apply(tx, [Move(None, review.standing())], review.created_at)
            await tx.publish(review.posted())
        return OwnReview.of(review)

    async def mine(self, caller: Caller, game: str) -> OwnReview:
        """Return what the caller has written of an app, also of one that they do not see any more.

        Raises:
            ReviewNotFound: They have written nothing.
        """
        app = await sight.find(self._database, game, caller.account_id)
        review = await repository.find_own(self._database, caller.account_id, app.id) if app else None
        if review is None:
            raise ReviewNotFound(f"{caller.account_id} of {game}")
        return OwnReview.of(review, await self._hidden_because(review))

    async def change(
        self, caller: Caller, review_id: UUID, patch: ReviewPatch, *, if_match: str | None
    ) -> OwnReview:
        """Change one's own review; with nothing to change nothing changes.

        Raises:
            InvalidInput: The text breaks a rule.
            ReviewNotFound: The caller has no such review.
            ReviewHidden: A moderator took it out of sight.
            PreconditionFailed: It is no longer what the client has seen.
        """
        text = UNSET if patch.text is UNSET else domain.text_of(patch.text)
        async with self._database.transaction() as tx:
            before = await self._lock_own(tx, caller, review_id)
            require_match(if_match, OwnReview.of(before))
            wanted = msgspec.structs.replace(
                before,
                recommended=before.recommended if patch.recommended is UNSET else patch.recommended,
                text=before.text if text is UNSET else text,
                language=before.language if patch.language is UNSET else patch.language,
            )
            if wanted == before:
                return OwnReview.of(before)
            now = self._clock.now()
            after = msgspec.structs.replace(wanted, edited_at=now, version=before.version + 1)
            await repository.update_reviews(tx, [after])
            await tally.apply(tx, [Move(before.standing(), after.standing())], now)
            await tx.publish(after.changed("edited", now))
        return OwnReview.of(after)

    async def delete(self, caller: Caller, review_id: UUID) -> None:
        """Take one's own review back, with its votes and its answer.

        Raises:
            ReviewNotFound: The caller has no such review.
            ReviewHidden: A moderator took it out of sight: it stays, so that nobody writes it anew.
        """
        async with self._database.transaction() as tx:
            review = await self._lock_own(tx, caller, review_id)
            now = self._clock.now()
            await repository.delete_reviews(tx, [review.id])
            await tally.apply(tx, [Move(review.standing(), None)], now)
            gone = msgspec.structs.replace(review, version=review.version + 1)
            await tx.publish(gone.changed("deleted", now))

    async def _lock_own(self, tx: Transaction, caller: Caller, review_id: UUID) -> Review:
        review = await repository.lock_review(tx, review_id)
        if review is None or review.account_id != caller.account_id:
            raise ReviewNotFound(f"{review_id}")
        if review.hidden_at is not None:
            raise ReviewHidden(f"{review_id}")
        return review

    async def _require_play(self, account_id: UUID, app_id: UUID) -> int | None:
        held = await self._library.check(account_id, app_id)
        if not held.owned:
            raise NoLicence(f"{account_id} of {app_id}")
        if held.play_minutes is not None and held.play_minutes < self._play_minutes_min:
            raise TooLittlePlayed(f"{held.play_minutes} minutes", minutes=self._play_minutes_min)
        return held.play_minutes

    async def _claim(self, tx: Transaction, account_id: UUID, app_id: UUID) -> Claim:
        """Return how the caller has the app, as library has told by now; what it tells later is counted then."""
        licences = await owned.licences_of(tx, account_id, [app_id])
        free: frozenset[UUID] = frozenset()
        if any(licence.kind == "free" for licence in licences):
            free = await free_games.among(tx, [app_id], country=self._country, at=self._clock.now())
        return domain.claim_of(licences, is_free_game=app_id in free)

    async def _hidden_because(self, review: Review) -> str | None:
        if review.hidden_at is None:
            return None
        decisions = await repository.list_decisions(self._database, review.id, 1)
        return decisions[0].reason if decisions else None


class ReadReviews:
    """Reading what others wrote."""

    def __init__(
        self, database: Database, *, audience: Audience, authors: Authors, summaries: Summaries, clock: Clock
    ) -> None:
        self._database = database
        self._audience = audience
        self._authors = authors
        self._summaries = summaries
        self._clock = clock

    async def list_reviews(
        self,
        caller: Caller | None,
        game: str,
        *,
        language: str | None,
        recommended: bool | None,
        sort: Sort,
        period: Period | None,
        country: str | None,
        accept_language: str | None,
        cursor: str | None,
        limit: int,
    ) -> ReviewList:
        """Return a page of an app's reviews and what all of them come to.

        Raises:
            InvalidInput: There is no such country, or the cursor is not one of this list.
            AppNotFound: There is no such app, or none that the caller may see.
            AgeRestricted: It is above the caller's age level.
        """
        viewer = await self._audience.of(caller, country=country, language=accept_language)
        seen = await sight.of(self._database, game, viewer)
        wanted = Wanted(
            app_id=seen.id,
            language=language,
            recommended=recommended,
            since=self._clock.now() - _PERIODS[period] if period else None,
        )
        rows, next_cursor = await self._page(wanted, sort, cursor, limit)
        authors = await self._authors.of([row.account_id for row in rows])
        return ReviewList(
            items=[ReviewItem.of(row, authors[row.account_id]) for row in rows],
            next_cursor=next_cursor,
            summary=await self._summaries.of_page(
                self._database,
                seen.id,
                viewer.language,
                released_on=seen.out_since,
                today=self._clock.now().date(),
            ),
        )

    async def show(self, caller: Caller | None, review_id: UUID, *, country: str | None) -> ReviewItem:
        """Return one review.

        Raises:
            InvalidInput: There is no such country.
            ReviewNotFound: There is no such review, or it is hidden.
            AppNotFound: The app is not shown to the caller.
            AgeRestricted: It is above the caller's age level.
        """
        review = await repository.find_review(self._database, review_id)
        if review is None or review.hidden_at is not None:
            raise ReviewNotFound(f"{review_id}")
        viewer = await self._audience.of(caller, country=country)
        await sight.of(self._database, review.app_id, viewer)
        authors = await self._authors.of([review.account_id])
        return ReviewItem.of(review, authors[review.account_id])

    async def _page(
        self, wanted: Wanted, sort: Sort, cursor: str | None, limit: int
    ) -> tuple[list[ListedReview], str | None]:
        if sort == "helpful":
            rows = await repository.list_helpful(
                self._database, wanted, decode_cursor(cursor, HelpfulKey), limit + 1
            )
            page = page_of(rows, limit, lambda row: HelpfulKey(row.helpfulness, row.id))
        else:
            rows = await repository.list_newest(
                self._database, wanted, decode_cursor(cursor, NewestKey), limit + 1
            )
            page = page_of(rows, limit, lambda row: NewestKey(row.created_at, row.id))
        return page.items, page.next_cursor
