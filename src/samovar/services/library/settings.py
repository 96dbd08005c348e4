"""The settings of library: section `library`."""

from typing import Annotated

from msgspec import Meta

from samovar.kit.settings import Secret, ServiceSettings


class LibrarySettings(ServiceSettings, frozen=True, kw_only=True):
    """What an operator may turn."""

    key_secret: Annotated[
        Secret,
        Meta(
            description="Hashes activation keys, at least 32 characters; the same in every process, and for ever: with another one no "
            "key that was made before is known. `samovar up` makes one."
        ),
    ]
    proof_secret: Annotated[
        Secret | None,
        Meta(
            description="Makes the key that signs licence proofs, at least 32 characters; without it `key_secret` does. Changed, it "
            "changes the key: let the former value be `proof_secret_before` for ten minutes."
        ),
    ] = None
    proof_secret_before: Annotated[
        Secret | None,
        Meta(
            description="The former `proof_secret`, or `key_secret` where that made the key: its proofs hold until they run out."
        ),
    ] = None
    default_country: Annotated[
        str,
        Meta(pattern=r"^[A-Z]{2}\Z", description="The country of an activation that names none."),
    ] = "RU"
    saves_store: Annotated[
        str,
        Meta(
            description="Where the contents of saves lie: a folder, or the URL of a bucket, `s3://bucket/prefix`, whose keys come from the "
            "environment. `samovar up` keeps them in the folder of its state."
        ),
    ] = ".samovar/library/saves"
