"""The settings of developer: section `developer`."""

from typing import Annotated

from msgspec import Meta

from samovar.kit.settings import Secret, ServiceSettings


class DeveloperSettings(ServiceSettings, frozen=True, kw_only=True):
    """What an operator may turn."""

    self_employed_url: Annotated[
        str | None,
        Meta(
            description="The tax service's register of the self-employed, `https://statusnpd.nalog.ru`; without it a person decides."
        ),
    ] = None
    pipeline_issuers: Annotated[
        tuple[str, ...],
        Meta(
            description="Whose OpenID Connect tokens of pipelines count for trusted publishing, as they stand in the claim `iss`.",
            max_length=20,
        ),
    ] = ("https://token.actions.githubusercontent.com", "https://gitlab.com")
    dadata_url: Annotated[
        str, Meta(description="Where DaData answers about companies and entrepreneurs.")
    ] = "https://suggestions.dadata.ru"
    dadata_token: Annotated[
        Secret | None, Meta(description="The key to DaData; without it a person decides.")
    ] = None
