"""The declaration of account."""

from samovar.kit.runtime import Service

service = Service(
    name="account",
    summary="Profiles, settings, activity history, friends and verified contacts of people",
    package=__package__,
)
