"""What developers do with their posts, and what players read."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec import UNSET

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.ids import IdSource
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.kit.rest.etags import require_match
from samovar.services.catalog.apps import sight
from samovar.services.catalog.contract.editing_events import NewsChanged
from samovar.services.catalog.domain import Viewer
from samovar.services.catalog.editing import changelog
from samovar.services.catalog.editing.schemas import Changes, Entry
from samovar.services.catalog.news import domain, repository
from samovar.services.catalog.news.errors import PostInState, PostNotFound, TooManyPosts
from samovar.services.catalog.news.schemas import (
    NewPost,
    Post,
    PostChange,
    PostKey,
    PublishOrder,
    ShownPost,
)
from samovar.services.catalog.rights import Rights

PUBLISHED_AT_ONCE = 100


class NewsDesk:
    """Posts, as the people of an organisation write them."""

    def __init__(self, database: Database, *, rights: Rights, clock: Clock, new_id: IdSource) -> None:
        self._database = database
        self._rights = rights
        self._clock = clock
        self._new_id = new_id

    async def write(self, caller: Caller, app_id: UUID, new: NewPost) -> Post:
        """Write a post that nobody else sees yet.

        Raises:
            AppNotFound: There is no app, or none that the caller may edit.
            InvalidInput: A field breaks a rule.
            TooManyPosts: The app has as many as it may.
        """
        now = self._clock.now()
        post = Post(
            id=self._new_id(),
            app_id=app_id,
            kind=new.kind,
            state="draft",
            texts=domain.cleaned(new.texts),
            version=new.version,
            build_id=new.build_id,
            branch=new.branch,
            publish_at=None,
            published_at=None,
            edited_at=None,
            created_at=now,
            changed_at=now,
        )
        _require(domain.faults_of_post(post))
        async with self._database.transaction() as tx:
            await self._rights.require(tx, caller, app_id, "editor")
            if await repository.count(tx, app_id) >= domain.POSTS_MAX:
                raise TooManyPosts(f"{app_id}", limit=domain.POSTS_MAX)
            await repository.insert(tx, post, caller.account_id)
        return post

    async def page(self, caller: Caller, app_id: UUID, *, cursor: str | None, limit: int) -> Page[Post]:
        """Return all posts of an app, the newest first.

        Raises:
            AppNotFound: There is no app, or none that the caller may see.
            InvalidInput: The cursor is not one of this list.
        """
        await self._rights.require(self._database, caller, app_id, "viewer")
        rows = await repository.list_all(self._database, app_id, decode_cursor(cursor, PostKey), limit + 1)
        return page_of(rows, limit, lambda row: PostKey(row.created_at, row.id))

    async def find(self, caller: Caller, app_id: UUID, post_id: UUID) -> Post:
        """Return a post.

        Raises:
            AppNotFound: There is no app, or none that the caller may see.
            PostNotFound: It has no such post.
        """
        await self._rights.require(self._database, caller, app_id, "viewer")
        return _found(await repository.find(self._database, app_id, post_id), post_id)

    async def change(
        self, caller: Caller, app_id: UUID, post_id: UUID, change: PostChange, *, if_match: str | None
    ) -> Post:
        """Let a post read otherwise; players see at once what is published, and that it was edited.

        Raises:
            AppNotFound: There is no app, or none that the caller may edit.
            InvalidInput: A field breaks a rule.
            PostNotFound: It has no such post.
            PreconditionFailed: It is not the one that the caller has seen.
        """
        async with self._database.transaction() as tx:
            post = await self._take(tx, caller, app_id, post_id)
            require_match(if_match, post)
            now = self._clock.now()
            said = {
                name: value for name, value in msgspec.structs.asdict(change).items() if value is not UNSET
            }
            changed = msgspec.structs.replace(post, **said, changed_at=now)
            changed = msgspec.structs.replace(changed, texts=domain.cleaned(changed.texts))
            faults = domain.faults_of_post(changed)
            if post.published_at and changed.version != post.version:
                faults.append(FieldError("version", "never_changes", "players have seen it"))
            if post.state in {"scheduled", "published"}:
                order = PublishOrder(with_build=post.state == "scheduled" and post.publish_at is None)
                faults += domain.faults_of_publishing(changed, order, now)
            _require(faults)
            if post.state == "published" and changed.texts != post.texts:
                changed = msgspec.structs.replace(changed, edited_at=now)
            await repository.update(tx, [changed])
            if changed.state == "published":
                await _tell(tx, [changed], new_id=self._new_id)
            return changed

    async def publish(self, caller: Caller, app_id: UUID, post_id: UUID, order: PublishOrder) -> Post:
        """Show a post to players: now, at a moment, or with its build. One that was shown before keeps its place.

        Raises:
            AppNotFound: There is no app, or none that the caller may edit.
            InvalidInput: The moment is past or too far; or something is lacking.
            PostInState: It is published already.
            PostNotFound: It has no such post.
        """
        async with self._database.transaction() as tx:
            post = await self._take(tx, caller, app_id, post_id)
            if post.state not in domain.PUBLISHABLE:
                raise PostInState(post.state, state=post.state)
            now = self._clock.now()
            _require(domain.faults_of_publishing(post, order, now))
            moved = domain.scheduled(post, order, now)
            await repository.update(tx, [moved])
            if moved.state == "published":
                await _tell(tx, [moved], new_id=self._new_id)
            return moved

    async def withdraw(self, caller: Caller, app_id: UUID, post_id: UUID) -> Post:
        """Take a post off: players see it no longer; one that waits becomes a draft again.

        Raises:
            AppNotFound: There is no app, or none that the caller may edit.
            PostInState: Nobody sees it, and it waits for nothing.
            PostNotFound: It has no such post.
        """
        async with self._database.transaction() as tx:
            post = await self._take(tx, caller, app_id, post_id)
            if post.state not in {"scheduled", "published"}:
                raise PostInState(post.state, state=post.state)
            moved = msgspec.structs.replace(
                post,
                state="withdrawn" if post.published_at else "draft",
                publish_at=None,
                changed_at=self._clock.now(),
            )
            await repository.update(tx, [moved])
            if post.state == "published":
                await _tell(tx, [moved], new_id=self._new_id)
            return moved

    async def delete(self, caller: Caller, app_id: UUID, post_id: UUID) -> None:
        """Delete a post that nobody sees.

        Raises:
            AppNotFound: There is no app, or none that the caller may edit.
            PostInState: It is shown, or will be.
            PostNotFound: It has no such post.
        """
        async with self._database.transaction() as tx:
            post = await self._take(tx, caller, app_id, post_id)
            if post.state not in domain.DELETABLE:
                raise PostInState(post.state, state=post.state)
            await repository.delete(tx, post_id)

    async def _take(self, tx: Transaction, caller: Caller, app_id: UUID, post_id: UUID) -> Post:
        await self._rights.require(tx, caller, app_id, "editor")
        return _found(await repository.take(tx, app_id, post_id), post_id)


class News:
    """Posts, as players read them, and how those that wait come to be shown."""

    def __init__(self, database: Database, *, clock: Clock, new_id: IdSource) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id

    async def page(
        self, game: str, viewer: Viewer, *, build_id: UUID | None, cursor: str | None, limit: int
    ) -> Page[ShownPost]:
        """Return what is told of an app, or of one build of it, the latest first.

        Raises:
            AppNotFound: There is no such app, or none that is shown to the viewer.
            AgeRestricted: It is above their age level.
            InvalidInput: The cursor is not one of this list.
        """
        head = await sight.of(self._database, game, viewer)
        rows = await repository.list_shown(
            self._database,
            head.id,
            viewer.language,
            build_id=build_id,
            after=decode_cursor(cursor, PostKey),
            limit=limit + 1,
        )
        return page_of(rows, limit, lambda row: PostKey(row.published_at, row.id))

    async def find(self, game: str, viewer: Viewer, post_id: UUID) -> ShownPost:
        """Return a post.

        Raises:
            AppNotFound: There is no such app, or none that is shown to the viewer.
            AgeRestricted: It is above their age level.
            PostNotFound: It has no such post that is published.
        """
        head = await sight.of(self._database, game, viewer)
        found = await repository.find_shown(self._database, head.id, viewer.language, post_id)
        if found is None:
            raise PostNotFound(f"{post_id}")
        return found

    async def publish_due(self) -> int:
        """Show some of the posts whose moment has come, and return how many."""
        async with self._database.transaction() as tx:
            return await self._publish(
                tx, await repository.take_due(tx, self._clock.now(), PUBLISHED_AT_ONCE)
            )

    async def publish_with_build(self, tx: Transaction, app_id: UUID, build_id: UUID, branch: str) -> None:
        """Show the posts that wait for a branch to give a build, in the transaction that learns of it."""
        await self._publish(tx, await repository.take_of_build(tx, app_id, build_id, branch))

    async def _publish(self, tx: Transaction, posts: Sequence[Post]) -> int:
        now = self._clock.now()
        shown = [domain.published(post, post.publish_at or now) for post in posts]
        if shown:
            await repository.update(tx, shown)
            await _tell(tx, shown, new_id=self._new_id)
        return len(shown)


async def _tell(tx: Transaction, posts: Sequence[Post], *, new_id: IdSource) -> None:
    """Tell of posts that players see, or no longer do, and keep the changelog as releases say."""
    await tx.publish_many(
        [
            NewsChanged(
                post_id=post.id,
                app_id=post.app_id,
                kind=post.kind,
                state=post.state,
                version=post.version,
                build_id=post.build_id,
                is_new=post.state == "published" and post.published_at == post.changed_at,
                published_at=post.published_at or post.changed_at,
            )
            for post in posts
        ]
    )
    releases = [post for post in posts if post.kind == "release" and post.version and post.published_at]
    shown = [_entry(post) for post in releases if post.state == "published"]
    gone = [_entry(post) for post in releases if post.state != "published"]
    await changelog.put_entries(tx, shown, new_id=new_id)
    await changelog.drop_entries(tx, gone)


def _entry(post: Post) -> Entry:
    texts = post.texts
    return Entry(
        app_id=post.app_id,
        release=post.version or "",
        texts=Changes(ru=texts.ru.text if texts.ru else None, en=texts.en.text if texts.en else None),
        published_at=post.published_at or post.changed_at,
    )


def _found(post: Post | None, post_id: UUID) -> Post:
    if post is None:
        raise PostNotFound(f"{post_id}")
    return post


def _require(faults: Sequence[FieldError]) -> None:
    if faults:
        raise InvalidInput("a post breaks a rule", fields=faults)
