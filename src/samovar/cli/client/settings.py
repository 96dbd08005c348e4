"""What an operator may turn of the process that serves the web client."""

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from samovar.kit.settings import Port, Secret, Settings


class ClientSettings(Settings, frozen=True, kw_only=True):
    """Section `client`: the process that serves the web client."""

    host: Annotated[str, Meta(description="The address that it listens on.")] = "127.0.0.1"
    port: Annotated[Port, Meta(description="The port that it listens on.")] = 8000
    origin: Annotated[str, Meta(description="The platform's address, as browsers know it.")] = (
        "http://127.0.0.1:8080"
    )
    api: Annotated[
        str | None,
        Meta(
            description="Where the client calls the API: the gateway's listener `inside`, `http://gateway:8081`, which believes it "
            "from which address a player came. By default the origin; then all players share the limits of one address."
        ),
    ] = None
    desktop_url: Annotated[
        str | None,
        Meta(
            description="The page from which players get the application for computers; by default nothing leads there.",
            pattern="^https?://",
        ),
    ] = None
    kept: Annotated[
        Path, Meta(description="The folder for compressed files; they are made again where it is empty.")
    ] = Path(".samovar/client")
    log_format: Annotated[
        Literal["console", "json"], Meta(description="`console` for people, `json` (ECS) for Elasticsearch.")
    ] = "json"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="The least level that is written.")
    ] = "info"
    secret: Annotated[
        Secret,
        Meta(
            description="With it what browsers keep of a session is sealed; the same for all processes, a new one signs all out."
        ),
    ]
