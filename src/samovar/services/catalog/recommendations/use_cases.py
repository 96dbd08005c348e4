"""What is recommended to whom."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from samovar.kit.database import Database
from samovar.kit.i18n import Catalogue
from samovar.kit.identity import Caller
from samovar.services.catalog.apps import cards, sight
from samovar.services.catalog.apps.schemas import Card, Named
from samovar.services.catalog.domain import Viewer
from samovar.services.catalog.listing.items import Items
from samovar.services.catalog.listing.schemas import GameItem
from samovar.services.catalog.recommendations import domain, repository
from samovar.services.catalog.recommendations.domain import Liked, Vector
from samovar.services.catalog.recommendations.schemas import (
    Reason,
    ReasonKind,
    Recommendation,
    Recommendations,
)
from samovar.services.catalog.search.engine import SearchEngine
from samovar.services.catalog.search.schemas import FacetGroup, SearchQuery
from samovar.services.catalog.viewers.audience import Audience
from samovar.services.catalog.wishlist import marks_of
from samovar.services.catalog.wishlist.marks_of import NOBODY, ViewerMarks

TAGS_ASKED = 8
CANDIDATES_PER_TAG = 60
ANCHORS_MAX = 50


class Recommender:
    """Recommends games by tags and popularity, until there is somebody who has watched more."""

    def __init__(
        self,
        database: Database,
        *,
        engine: SearchEngine,
        audience: Audience,
        items: Items,
        catalogue: Catalogue,
    ) -> None:
        self._database = database
        self._engine = engine
        self._audience = audience
        self._items = items
        self._catalogue = catalogue

    async def for_home(
        self, caller: Caller | None, *, country: str | None, language: str | None, limit: int
    ) -> Recommendations:
        """Return what the caller may like: like what they own and want; what is asked for most, when nothing is known of them.

        Raises:
            InvalidInput: There is no such country.
        """
        viewer = await self._audience.of(caller, country=country, language=language)
        owned: Sequence[UUID] = ()
        wanted: Sequence[UUID] = ()
        marks = NOBODY
        if viewer.account_id is not None:
            marks = await marks_of.of(self._database, viewer.account_id)
            owned, wanted = await repository.find_latest_of(
                self._database, viewer.account_id, limit=ANCHORS_MAX
            )
        rarity = await self._rarity(viewer)
        theirs = await self._vectors([*owned, *wanted], rarity)
        taste = domain.taste_of(
            [theirs[one] for one in owned if one in theirs], [theirs[one] for one in wanted if one in theirs]
        )
        liked = await self._liked(taste, theirs, viewer, marks, rarity, limit)
        kinds: dict[UUID, ReasonKind] = dict.fromkeys(wanted, "wishlisted")
        kinds |= dict.fromkeys(owned, "owned")
        if len(liked) < limit:
            liked += await self._popular(viewer, marks, {one.app_id for one in liked}, limit - len(liked))
        return await self._shown(liked, kinds, viewer, marks)

    async def like(
        self,
        game: UUID | str,
        caller: Caller | None,
        *,
        country: str | None,
        language: str | None,
        limit: int,
    ) -> Recommendations:
        """Return games that are like one.

        Raises:
            AppNotFound: There is no such game, or the caller may not see it.
            AgeRestricted: It is above the caller's age level.
            InvalidInput: There is no such country.
        """
        viewer = await self._audience.of(caller, country=country, language=language)
        app_id = (await sight.of(self._database, game, viewer)).id
        marks = await marks_of.of(self._database, viewer.account_id) if viewer.account_id else NOBODY
        rarity = await self._rarity(viewer)
        theirs = await self._vectors([app_id], rarity)
        liked = await self._liked(theirs.get(app_id, {}), theirs, viewer, marks, rarity, limit)
        return await self._shown(liked, {app_id: "similar"}, viewer, marks)

    async def _liked(
        self,
        taste: Vector,
        theirs: Mapping[UUID, Vector],
        viewer: Viewer,
        marks: ViewerMarks,
        rarity: "_Rarity",
        limit: int,
    ) -> list[Liked]:
        """Return what fits a taste, out of what is asked for most under each of its tags."""
        found: set[UUID] = set()
        for tag in domain.strongest(taste, TAGS_ASKED):
            result = await self._engine.search(_asked(viewer, marks, tags=(tag,), limit=CANDIDATES_PER_TAG))
            found.update(result.ids)
        tagged = await repository.find_tagged(self._database, sorted(found - theirs.keys()))
        most = max((one.popularity for one in tagged), default=0.0) or 1.0
        return domain.choose(
            taste,
            {one.id: domain.vector(one.weights, rarity.of) for one in tagged},
            popularity={one.id: one.popularity / most for one in tagged},
            theirs=theirs,
            limit=limit,
        )

    async def _popular(self, viewer: Viewer, marks: ViewerMarks, known: set[UUID], limit: int) -> list[Liked]:
        result = await self._engine.search(
            _asked(viewer, marks, limit=min(limit + len(known), CANDIDATES_PER_TAG))
        )
        return [Liked(app_id, None, ()) for app_id in result.ids if app_id not in known][:limit]

    async def _vectors(self, app_ids: Sequence[UUID], rarity: "_Rarity") -> dict[UUID, Vector]:
        tagged = await repository.find_tagged(self._database, app_ids) if app_ids else []
        return {one.id: domain.vector(one.weights, rarity.of) for one in tagged}

    async def _rarity(self, viewer: Viewer) -> "_Rarity":
        counted = await self._engine.search(_asked(viewer, NOBODY, facets=("tag",), limit=1))
        return _Rarity({one.value: one.count for one in counted.facets.get("tag", ())}, counted.total)

    async def _shown(
        self, liked: Sequence[Liked], kinds: Mapping[UUID, ReasonKind], viewer: Viewer, marks: ViewerMarks
    ) -> Recommendations:
        listed = await self._items.of([one.app_id for one in liked], viewer, marks=marks)
        because = {one.because for one in liked if one.because is not None}
        reasons = await cards.of(self._database, sorted(because), viewer.language)
        games = {item.id: item for item in listed.items}
        return Recommendations(
            items=[
                Recommendation(
                    game=games[one.app_id],
                    reason=self._reason(one, games[one.app_id], kinds, reasons, viewer),
                )
                for one in liked
                if one.app_id in games
            ]
        )

    def _reason(
        self,
        liked: Liked,
        game: GameItem,
        kinds: Mapping[UUID, ReasonKind],
        reasons: Mapping[UUID, Card],
        viewer: Viewer,
    ) -> Reason:
        card = reasons.get(liked.because) if liked.because else None
        if liked.because is None or card is None:
            return Reason(
                kind="popular", text=self._catalogue.text("catalog.reason.popular", viewer.language)
            )
        kind = kinds[liked.because]
        names = {tag.slug: tag.name for tag in game.tags}
        tags = [Named(slug=slug, name=names[slug]) for slug in liked.tags if slug in names]
        text = self._catalogue.text(
            f"catalog.reason.{kind}",
            viewer.language,
            title=card.title,
            tags=", ".join(tag.name for tag in tags),
        )
        return Reason(kind=kind, app_id=card.id, app_title=card.title, tags=tags, text=text)


class _Rarity:
    """How rare tags are among what the viewer may see; one that is not counted is rarer than all that are."""

    def __init__(self, counts: Mapping[str, int], total: int) -> None:
        self._counts = counts
        self._least = min(counts.values(), default=0)
        self._total = total

    def of(self, tag: str) -> float:
        """Return how much the tag tells."""
        return domain.rarity_of(self._counts.get(tag, self._least), self._total)


def _asked(
    viewer: Viewer,
    marks: ViewerMarks,
    *,
    limit: int,
    tags: tuple[str, ...] = (),
    facets: tuple[FacetGroup, ...] = (),
) -> SearchQuery:
    """Return the question for games that the viewer may see, and has not, wants not already, and does not ignore."""
    return SearchQuery(
        language=viewer.language,
        country=viewer.country,
        age_level=viewer.age_level,
        kinds=("game",),
        tags=tags,
        owned=marks.owned,
        wishlisted=marks.wishlisted,
        ignored=marks.ignored,
        hide_owned=True,
        hide_wishlisted=True,
        hide_ignored=True,
        sort="popularity",
        limit=limit,
        facets=facets,
    )
