"""The settings of download: section `download`."""

from typing import Annotated

import msgspec
from msgspec import Meta

from samovar.kit.settings import Secret, ServiceSettings


class Mirror(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mirror of contents.

    Attributes:
        origin: Where it answers to `/content/…`.
        regions: For whom it is near; none: for everybody.
    """

    origin: Annotated[str, Meta(pattern=r"^https?://[^/?#\s]+\Z", max_length=200)]
    regions: Annotated[
        tuple[Annotated[str, Meta(pattern=r"^[a-z]{2}(?:-[a-z0-9]{1,10})?\Z")], ...], Meta(max_length=32)
    ] = ()


class DownloadSettings(ServiceSettings, frozen=True, kw_only=True):
    """What an operator may turn."""

    secret: Annotated[
        Secret,
        Meta(
            description="At least 32 characters, the same in every process: the key with which the platform vouches for builds, "
            "which clients pin, and the one that seals tickets are made of it. To change it, see `former_secret`. `samovar up` makes one."
        ),
    ]
    former_secret: Annotated[
        Secret | None,
        Meta(
            description="What `secret` was before it was changed: clients that have pinned the key made of it are told, in its name, of the "
            "present one. Keep it until players have come by, for a year or so."
        ),
    ] = None
    builds_store: Annotated[
        str,
        Meta(
            description="Where builds lie: a folder, or the URL of a bucket, `s3://bucket/prefix`, whose keys come from the environment. "
            "`samovar up` keeps them in the folder of its state."
        ),
    ] = ".samovar/download/builds"
    mirrors: Annotated[
        tuple[Mirror, ...],
        Meta(
            max_length=16,
            description='Mirrors that pass `/content/…` on to this origin and keep what they have passed, each `{"origin": "https://…", '
            '"regions": ["ru-spe", …]}`. Those of a region are offered first to who says that they are there, those without regions next; '
            "clients measure them all and take the best. See operations.md.",
        ),
    ] = ()
    ticket_ttl_s: Annotated[
        int, Meta(ge=60, le=86_400, description="How long a ticket to contents holds, seconds.")
    ] = 3_600
    release_ttl_s: Annotated[
        int,
        Meta(
            ge=3_600,
            le=90 * 86_400,
            description="How long the platform's word for a build holds, seconds: after that a client asks again before it installs.",
        ),
    ] = 7 * 86_400
    upload_ttl_s: Annotated[
        int, Meta(ge=3_600, le=30 * 86_400, description="When an upload that is not completed is given up.")
    ] = 3 * 86_400
    delta_builds: Annotated[
        int,
        Meta(
            ge=0,
            le=20,
            description="From how many builds that a branch gave before deltas are made to the one that it gives now: updates are several "
            "times smaller, and the processor has work for minutes.",
        ),
    ] = 4
    delta_bytes_max: Annotated[
        int, Meta(ge=0, description="Builds that are larger, bytes, get no deltas; 0 makes none.")
    ] = 64_000_000_000
    unused_ttl_s: Annotated[
        int,
        Meta(
            ge=86_400,
            description="How long plans that nobody uses stay, and deltas between builds that players do not go between any more, seconds.",
        ),
    ] = 30 * 86_400
    settle_builds: Annotated[
        bool,
        Meta(
            description="Whether builds that are live are compressed again in the background, some percent smaller than they came: the "
            "processor has work for a second for each 50 MB."
        ),
    ] = True
    app_bytes_max: Annotated[
        int,
        Meta(
            ge=1,
            description="How much the builds of one app may take in the store, bytes; deltas and plans are not counted.",
        ),
    ] = 1_000_000_000_000
