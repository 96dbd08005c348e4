"""What a token says of its pipeline, and whether somebody trusts that, free of I/O.

GitHub and what speaks as it does: `repository`, `repository_id`, `workflow_ref` (`owner/name/.github/workflows/x.yml@ref`), `ref`, `environment`.
GitLab: `project_path`, `project_id`, `ci_config_ref_uri` (`host/path//.gitlab-ci.yml@ref`), `ref` with `ref_type`, `environment`.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from samovar.services.developer.publishers.schemas import Publisher


class Pipeline(msgspec.Struct, frozen=True, kw_only=True):
    """The run of a pipeline, in the words of no issuer.

    Attributes:
        workflow: From the root of the repository.
        ref: `refs/heads/main`.
    """

    issuer: str
    repository: str
    repository_id: str
    workflow: str
    ref: str
    environment: str | None


def pipeline_of(issuer: str, claims: dict[str, Any]) -> Pipeline | None:
    """Return what a token speaks for; none when it does not say all of it."""
    read = _github(claims) if "repository" in claims else _gitlab(claims)
    if read is None or not all(isinstance(value, str) and value for value in read):
        return None
    repository, repository_id, workflow, ref = read
    environment = claims.get("environment")
    if environment is not None and not isinstance(environment, str):
        return None
    return Pipeline(
        issuer=issuer,
        repository=repository,
        repository_id=repository_id,
        workflow=workflow,
        ref=ref,
        environment=environment or None,
    )


def trusted_by(pipeline: Pipeline, publishers: Iterable[Publisher]) -> Publisher | None:
    """Return the first publisher that is this pipeline."""
    return next((one for one in publishers if _is_it(pipeline, one)), None)


def _is_it(pipeline: Pipeline, publisher: Publisher) -> bool:
    # Forges take names of owners and repositories for the same in any case.
    return (
        pipeline.issuer == publisher.issuer
        and pipeline.repository.casefold() == publisher.repository.casefold()
        and publisher.repository_id in {None, pipeline.repository_id}
        and pipeline.workflow == publisher.workflow
        and _fits(pipeline.ref, publisher.ref)
        and publisher.environment in {None, pipeline.environment}
    )


def _fits(ref: str, wanted: str | None) -> bool:
    if wanted is None:
        return True
    return ref.startswith(wanted[:-1]) if wanted.endswith("*") else ref == wanted


def _github(claims: dict[str, Any]) -> tuple[str, str, str, str] | None:
    repository, full, ref = claims.get("repository"), claims.get("workflow_ref"), claims.get("ref")
    if not (isinstance(repository, str) and isinstance(full, str) and isinstance(ref, str)):
        return None
    path, at, _ = full.rpartition("@")
    # A workflow of another repository, which this one only calls, is not what was trusted.
    if not at or not path.startswith(f"{repository}/"):
        return None
    return repository, _id(claims.get("repository_id")), path[len(repository) + 1 :], ref


def _gitlab(claims: dict[str, Any]) -> tuple[str, str, str, str] | None:
    project, full, ref = claims.get("project_path"), claims.get("ci_config_ref_uri"), claims.get("ref")
    kind = {"branch": "heads", "tag": "tags"}.get(str(claims.get("ref_type")))
    if not (isinstance(project, str) and isinstance(full, str) and isinstance(ref, str) and kind):
        return None
    place, slashes, rest = full.partition("//")
    if not slashes or not place.endswith(f"/{project}"):
        return None
    return project, _id(claims.get("project_id")), rest.rpartition("@")[0], f"refs/{kind}/{ref}"


def _id(value: object) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
