"""Settings: one typed struct a service, filled from the environment and a TOML file, refused loudly when wrong.

A setting `pool_size_max` of section `auth` is looked for, first hit wins, in
`SAMOVAR_AUTH__POOL_SIZE_MAX`, in the file that `SAMOVAR_AUTH__POOL_SIZE_MAX_FILE` names (for mounted secrets), and in
`[auth] pool_size_max` of the TOML file. Numbers and booleans are written plainly; lists and tables in the environment are
JSON. A setting that nobody knows, one that is missing and one of the wrong type are `SettingsError`s that name it.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import Meta

PREFIX = "SAMOVAR_"
CONFIG_VARIABLE = "SAMOVAR_CONFIG"
PORT_MAX = 65_535

Port = Annotated[int, Meta(ge=0, le=PORT_MAX)]


class SettingsError(Exception):
    """A setting is unknown, missing or wrong. The message names the variable and is meant for the operator."""


class Secret:
    """A string that never shows itself: not in a log, a traceback or a `repr`."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value itself. Call it where it is used, never to pass it on."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The root of every settings struct. Give each field `Annotated[T, Meta(description=…)]`: the reference page shows it."""


class ServiceAddress(msgspec.Struct, frozen=True):
    """Where a service answers: `host:port` of its REST and of its gRPC side."""

    rest: str
    rpc: str


class PlatformSettings(Settings, frozen=True, kw_only=True):
    """What all processes share: section `platform`."""

    environment: Annotated[
        Literal["development", "test", "production"],
        Meta(
            description="In `production` unsafe defaults (development providers, known secrets) are refused."
        ),
    ] = "development"
    origin: Annotated[str, Meta(description="The address that clients use; also the issuer of tokens.")] = (
        "http://127.0.0.1:8080"
    )
    redis_url: Annotated[Secret, Meta(description="`redis://[:password@]host:port/0` of Redis or Valkey.")]
    nats_url: Annotated[
        Secret, Meta(description="`nats://[user:password@]host:port` of NATS with JetStream.")
    ]
    rpc_secret: Annotated[
        Secret,
        Meta(description="Shared by all services of an installation; a gRPC call without it is refused."),
    ]
    nats_replicas: Annotated[
        int,
        Meta(
            ge=1,
            le=5,
            description="On how many servers of a NATS cluster each stream lies; 3 for production.",
        ),
    ] = 1
    jwks_url: Annotated[str, Meta(description="Where the public keys of access tokens are.")] = (
        "http://auth:8000/.well-known/jwks.json"
    )
    mail_url: Annotated[
        Secret | None,
        Meta(
            description="`smtp://user:password@host:port?tls=starttls` of the mail server; also `tls=implicit` and, for a "
            "relay on this machine, `tls=none`. Without it no mail is sent; `production` refuses to start."
        ),
    ] = None
    mail_from: Annotated[
        str | None, Meta(description="The address that mails come from; needed in `production`.")
    ] = None
    phone_gateway_url: Annotated[
        Secret | None,
        Meta(
            description="`https://token@host/path` of the gateway for text messages and calls; its protocol is in "
            "docs/operations.md. Without it none are sent; `production` refuses to start."
        ),
    ] = None
    staff_second_factor: Annotated[
        bool | None,
        Meta(
            description="Routes for staff open only to somebody who gave two factors, or a passkey, in the last 12 hours. By "
            "default so in `production` and nowhere else."
        ),
    ] = None
    otlp_endpoint: Annotated[
        str | None,
        Meta(description="OTLP/HTTP address of a collector, `http://host:4318`; traces stay off without it."),
    ] = None
    trace_sample_ratio: Annotated[
        float,
        Meta(ge=0, le=1, description="Share of requests traced when the caller did not decide, 0 to 1."),
    ] = 0.05
    log_format: Annotated[
        Literal["console", "json"], Meta(description="`console` for people, `json` (ECS) for Elasticsearch.")
    ] = "json"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="The least level that is written.")
    ] = "info"
    host: Annotated[str, Meta(description="The address that REST and gRPC listen on.")] = "127.0.0.1"
    rest_port: Annotated[Port, Meta(description="The REST port; 0 takes a free one.")] = 8000
    rpc_port: Annotated[Port, Meta(description="The gRPC port; 0 takes a free one.")] = 9000
    addresses: Annotated[
        dict[str, ServiceAddress],
        Meta(
            description='Where services answer, `{"auth": {"rest": "host:port", "rpc": "host:port"}}`; by default '
            "`<service>:8000` and `<service>:9000`, the names that Compose and Kubernetes give."
        ),
    ] = {}
    drain_timeout_s: Annotated[
        float, Meta(gt=0, description="How long a stopping process waits for requests under way, seconds.")
    ] = 10.0

    @property
    def staff_proves_twice(self) -> bool:
        """Whether staff must have given two factors."""
        if self.staff_second_factor is None:
            return self.environment == "production"
        return self.staff_second_factor

    def address_of(self, service: str) -> ServiceAddress:
        """Return where `service` answers."""
        return self.addresses.get(service) or ServiceAddress(rest=f"{service}:8000", rpc=f"{service}:9000")


class ServiceSettings(Settings, frozen=True, kw_only=True):
    """What each service has: its own database. A service derives its own struct from this one."""

    database_url: Annotated[
        Secret, Meta(description="`postgresql://role:password@host:port/database` of this service.")
    ]
    pool_size_min: Annotated[int, Meta(ge=0, description="Connections kept open.")] = 1
    pool_size_max: Annotated[
        int,
        Meta(
            ge=1,
            description="The most connections of one process; the sum over all processes must fit max_connections.",
        ),
    ] = 6


S = TypeVar("S", bound=Settings)


def load(kind: type[S], section: str, *, environ: Mapping[str, str], file: Path | None = None) -> S:
    """Fill `kind` for `section` from `environ` and the TOML `file`.

    Raises:
        SettingsError: A setting is unknown, missing, unreadable or of the wrong type.
    """
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    values = _from_file(file, section, set(fields)) if file else {}
    for name, variable, text in _from_environment(environ, section, set(fields)):
        if name not in fields:
            raise SettingsError(f"{variable}: the section {section!r} has no setting {name!r}")
        values[name] = _parse(fields[name].type, variable, text)
    for name, field in fields.items():
        if name not in values and field.required:
            raise SettingsError(f"{variable_of(section, name)} is not set: {_description(field.type)}")
    checked: dict[str, Any] = {}
    for name, value in values.items():
        try:
            checked[name] = msgspec.convert(value, fields[name].type, dec_hook=_decode, strict=False)
        except msgspec.ValidationError as error:
            raise SettingsError(f"{variable_of(section, name)}: {error}") from None
    return kind(**checked)


def config_file(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return the TOML file that `SAMOVAR_CONFIG` names, or none."""
    path = environ.get(CONFIG_VARIABLE)
    return Path(path) if path else None


def variable_of(section: str, name: str) -> str:
    """Return the environment variable of a setting: `SAMOVAR_AUTH__DATABASE_URL`."""
    return f"{PREFIX}{section}__{name}".upper()


def _from_environment(
    environ: Mapping[str, str], section: str, known: set[str]
) -> Iterator[tuple[str, str, str]]:
    prefix = f"{PREFIX}{section}__".upper()
    for variable in sorted(environ):
        if not variable.startswith(prefix):
            continue
        name = variable.removeprefix(prefix).lower()
        if not name.endswith("_file") or name in known:
            yield name, variable, environ[variable]
        elif f"{prefix}{name.removesuffix('_file')}".upper() not in environ:
            try:
                yield name.removesuffix("_file"), variable, Path(environ[variable]).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError(f"{variable}: {error}") from None


def _from_file(file: Path, section: str, known: set[str]) -> dict[str, Any]:
    try:
        document = msgspec.toml.decode(file.read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: {error}") from None
    values = document.get(section, {}) if isinstance(document, dict) else {}
    if not isinstance(values, dict):
        raise SettingsError(f"{file}: [{section}] must be a table")
    unknown = sorted(set(values) - known)
    if unknown:
        raise SettingsError(f"{file}: the section {section!r} has no setting {unknown[0]!r}")
    return values


def _parse(kind: Any, variable: str, text: str) -> Any:
    """Read the text of a variable: JSON where the setting is a list or a table, the text itself elsewhere."""
    if any(get_origin(part) in {list, tuple, dict, set} for part in _parts(kind)):
        try:
            return msgspec.json.decode(text)
        except msgspec.DecodeError as error:
            raise SettingsError(f"{variable} must be JSON: {error}") from None
    return None if text == "" and NoneType in _parts(kind) else text


def _parts(kind: Any) -> tuple[Any, ...]:
    if get_origin(kind) is Annotated:
        return _parts(get_args(kind)[0])
    if get_origin(kind) in {Union, UnionType}:
        return tuple(part for option in get_args(kind) for part in _parts(option))
    return (kind,)


def _decode(kind: type, value: Any) -> Any:
    if kind is Secret and isinstance(value, str):
        if not value:
            raise msgspec.ValidationError("a secret is not empty")
        return Secret(value)
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise msgspec.ValidationError(f"Expected `{kind.__name__}`, got `{type(value).__name__}`")


def _description(kind: Any) -> str:
    notes = [part for part in getattr(kind, "__metadata__", ()) if isinstance(part, Meta)]
    return next((note.description for note in notes if note.description), "it has no default")


def setting_rows(kind: type[Settings], section: str) -> list[tuple[str, str, str, str]]:
    """Return (variable, type, default, description) of each setting, for the reference page."""
    return [
        (
            variable_of(section, field.name),
            _type_name(field.type),
            _default_text(field),
            _description(field.type),
        )
        for field in msgspec.structs.fields(kind)
    ]


def _type_name(kind: Any) -> str:
    if get_origin(kind) is Annotated:
        return _type_name(get_args(kind)[0])
    if get_origin(kind) is Literal:
        return " or ".join(f"`{value}`" for value in get_args(kind))
    if get_origin(kind) in {Union, UnionType}:
        return " or ".join(_type_name(part) for part in get_args(kind) if part is not NoneType)
    if get_origin(kind):
        return "JSON"
    names = {str: "text", int: "integer", float: "number", bool: "`true` or `false`", Secret: "secret"}
    return names.get(kind) or str(kind.__name__)


def _default_text(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "**required**"
    if field.default_factory is not msgspec.NODEFAULT:
        return f"`{msgspec.json.encode(field.default_factory()).decode()}`"
    return "" if field.default is None else f"`{field.default}`"
