"""The rules of news. Pure."""

import re
import unicodedata
from datetime import datetime, timedelta

import msgspec

from samovar.kit.errors import FieldError
from samovar.kit.text.visible import is_visible_line
from samovar.services.catalog.news.schemas import Post, PostState, PostText, PostTexts, PublishOrder

EDIT = "catalog.news.edit"
POSTS_MAX = 2_000
AHEAD_MAX = timedelta(days=366)
MAIN = "main"
# What may be changed, published, taken off and deleted in which state.
PUBLISHABLE: tuple[PostState, ...] = ("draft", "scheduled", "withdrawn")
DELETABLE: tuple[PostState, ...] = ("draft", "withdrawn")
_BLANK_LINES = re.compile(r"\n{3,}")


def cleaned(texts: PostTexts) -> PostTexts:
    """Return texts without what one does not see: signs that steer a terminal or turn the direction of what follows, and heaps of empty lines."""
    return PostTexts(ru=_cleaned(texts.ru) if texts.ru else None, en=_cleaned(texts.en) if texts.en else None)


def faults_of_post(post: Post) -> list[FieldError]:
    """Return what is wrong with a post, whether or not it is shown."""
    faults = []
    for language, said in (("ru", post.texts.ru), ("en", post.texts.en)):
        if said is None:
            continue
        if not is_visible_line(said.title):
            faults.append(FieldError(f"texts.{language}.title", "unprintable", "no visible line"))
        if not said.text:
            faults.append(FieldError(f"texts.{language}.text", "too_short", "it says nothing", limit="1"))
    if post.version is not None and not is_visible_line(post.version):
        faults.append(FieldError("version", "unprintable", "no visible line"))
    if post.kind == "release" and post.version is None:
        faults.append(FieldError("version", "version_needed", "a release has a version"))
    return faults


def faults_of_publishing(post: Post, order: PublishOrder, now: datetime) -> list[FieldError]:
    """Return why a post cannot be shown then."""
    faults = []
    if post.texts.ru is None:
        faults.append(FieldError("texts.ru", "post_text_needed", "a post needs Russian to be published"))
    if order.with_build and order.at:
        faults.append(FieldError("at", "with_build_or_at", "at a moment or with the build, not both"))
    if order.with_build and post.build_id is None:
        faults.append(FieldError("with_build", "build_needed", "the post names no build"))
    if order.at and not now < order.at <= now + AHEAD_MAX:
        code = "in_the_past" if order.at <= now else "post_too_far"
        faults.append(FieldError("at", code, "within a year from now"))
    return faults


def scheduled(post: Post, order: PublishOrder, now: datetime) -> Post:
    """Return a post as it is shown at once, or waits."""
    if order.with_build:
        return msgspec.structs.replace(
            post, state="scheduled", publish_at=None, branch=post.branch or MAIN, changed_at=now
        )
    if order.at:
        return msgspec.structs.replace(post, state="scheduled", publish_at=order.at, changed_at=now)
    return published(post, now)


def published(post: Post, now: datetime) -> Post:
    """Return a post as it is shown; one that was shown before keeps its place."""
    return msgspec.structs.replace(
        post, state="published", publish_at=None, published_at=post.published_at or now, changed_at=now
    )


def _cleaned(said: PostText) -> PostText:
    lines = said.text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").split("\n")
    seen = "\n".join(_visible(line).rstrip() for line in lines)
    return PostText(title=said.title.strip(), text=_BLANK_LINES.sub("\n\n", seen).strip())


def _visible(line: str) -> str:
    # Joiners make pictures of several signs, and letters of some scripts.
    return "".join(sign for sign in line if sign in "\u200c\u200d" or unicodedata.category(sign)[0] != "C")
