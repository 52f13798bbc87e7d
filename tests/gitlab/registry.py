"""The model registry through MLflow's API, where times are seconds: section 5 of the contract."""

import re
from typing import Any

from tests.gitlab import errors
from tests.gitlab.calls import Answer, Call, Param, json_answer, required
from tests.gitlab.paging import keyset, page_size
from tests.gitlab.profiles import Profile
from tests.gitlab.shapes import pairs, tags_of
from tests.gitlab.things import Model, ModelVersion, Project
from tests.gitlab.tracking import PAGE
from tests.gitlab.world import now

SEMVER = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?")
VERSION_TAG = "gitlab.version"


def model_told(call: Call, project: Project, model: Model) -> dict[str, Any]:
    return {
        "name": model.name,
        "creation_timestamp": model.created_at // 1000,
        "last_updated_timestamp": model.updated_at // 1000,
        "description": model.description,
        "user_id": str(model.user.id) if model.user else "",
        "tags": pairs(model.tags),
        "latest_versions": [version_told(call, project, one) for one in model.versions],
    }


def version_told(call: Call, project: Project, version: ModelVersion) -> dict[str, Any]:
    """A version, whose ``version`` is the database's id except on older servers."""
    return {
        "name": version.model.name,
        "version": version.version if call.profile is Profile.OLD else str(version.id),
        "creation_timestamp": version.created_at // 1000,
        "last_updated_timestamp": version.updated_at // 1000,
        "user_id": None,
        "current_stage": "development",
        "description": version.description,
        "source": call.page(project, f"ml/models/{version.model.id}/versions/{version.id}"),
        "run_id": version.candidate.eid,
        "status": "READY",
        "status_message": "",
        "tags": pairs(version.tags),
        "run_link": "",
        "aliases": [version.version],
    }


def search_models(call: Call, project: Project) -> Answer:
    """The only filter is ``name='x'`` without spaces, which finds what has x in its name."""
    asked = call.declared(*PAGE, Param("filter"))
    word = _filter(asked["filter"])
    column, _, direction = (asked["order_by"] or "name").strip().lower().partition(" ")
    column = {"last_updated_timestamp": "updated_at"}.get(column, column)
    column = column if column in ("name", "created_at", "updated_at") else "id"
    descending = direction.strip() == "desc"
    found, token = keyset(
        [one for one in project.models.values() if word in one.name.lower()],
        lambda one: getattr(one, column),
        lambda one: one.id,
        order=f"{column} {descending} {word}",
        descending=descending,
        size=page_size(asked["max_results"]),
        token=asked["page_token"],
    )
    told = [model_told(call, project, one) for one in found]
    return json_answer({"registered_models": told, "next_page_token": token}, "list_models")


def _filter(told: str | None) -> str:
    if not told or not told.strip():
        return ""
    key, *values = told.split("=")
    if key != "name" or not values:
        raise errors.invalid_value()
    return values[0].strip("'\"").lower()


def get_model(call: Call, project: Project) -> Answer:
    return _model(call, project, _named(call, project))


def create_model(call: Call, project: Project) -> Answer:
    asked = call.declared(*required("name"), Param("description"), Param("tags", "array"))
    name = asked["name"]
    tags = tags_of(asked["tags"])
    taken = name in project.models or project.experiment_named(f"[model]{name}")
    if taken or not re.fullmatch(r"[\w.-]+", name) or len(tags) < len(asked["tags"] or []):
        raise errors.already_exists()
    made = call.world.model(project, name, call.user, description=asked["description"] or "")
    made.tags |= tags
    return _model(call, project, made)


def update_model(call: Call, project: Project) -> Answer:
    model = _named(call, project)
    model.description = call.declared(Param("description", default=""))["description"] or ""
    model.updated_at = now()
    return _model(call, project, model)


def delete_model(call: Call, project: Project) -> Answer:
    """With its experiment and candidates."""
    model = _named(call, project)
    for candidate in model.experiment.candidates:
        del project.candidates[candidate.eid]
    del project.experiments[model.experiment.iid]
    del project.models[model.name]
    return json_answer({})


def _named(call: Call, project: Project) -> Model:
    found = project.models.get(call.declared(*required("name"))["name"])
    if found is None:
        raise errors.no_resource()
    return found


def _model(call: Call, project: Project, model: Model) -> Answer:
    return json_answer({"registered_model": model_told(call, project, model)}, "get_model")


def latest_versions(call: Call, project: Project) -> Answer:
    """One: the highest. Of a model without versions it is null, which GitLab's schema does not admit."""
    latest = _named(call, project).latest
    if latest is None:
        return json_answer({"model_versions": [None]})
    return json_answer({"model_versions": [version_told(call, project, latest)]}, "get_latest_versions")


def by_alias(call: Call, project: Project) -> Answer:
    """The semantic version is the alias."""
    asked = call.declared(*required("name", "alias"))
    return _version(call, project, _found(project, asked["name"], asked["alias"]))


def get_version(call: Call, project: Project) -> Answer:
    """By the semantic version, although the id is what is told as the version."""
    asked = call.declared(*required("name", "version"))
    return _version(call, project, _found(project, asked["name"], asked["version"]))


def download_uri(call: Call, project: Project) -> Answer:
    """By the id, this one; the name does not matter."""
    asked = call.declared(*required("name"), Param("version", "integer", required=True))
    found = project.version_of(asked["version"])
    if found is None:
        raise errors.no_resource()
    return json_answer({"artifact_uri": f"mlflow-artifacts:/{found.id}"})


def create_version(call: Call, project: Project) -> Answer:
    """The version of the tag, or the next major one; of a run that is told, or of a hidden new one."""
    asked = call.declared(*required("name"), Param("description"), Param("tags", "array"), Param("run_id"))
    model = _named(call, project)
    tags = tags_of(asked["tags"])
    latest = model.latest
    number = tags.get(VERSION_TAG) or (f"{latest.order[0] + 1}.0.0" if latest else "1.0.0")
    if not SEMVER.fullmatch(number):
        raise errors.invalid_value(["Version must be semantic version", "Semver is invalid"])
    if any(one.version == number for one in model.versions):
        raise errors.invalid_value("Version already exists")
    candidate = _promoted(project, model, asked["run_id"]) if call.profile is not Profile.OLD else None
    made = call.world.model_version(
        project, model, number, call.user, candidate=candidate, description=asked["description"] or ""
    )
    made.tags |= tags
    model.updated_at = now()
    return _version(call, project, made)


def _promoted(project: Project, model: Model, run_id: str | None) -> Any:
    if not run_id:
        return None
    candidate = project.candidates.get(run_id)
    if candidate is None:
        raise errors.invalid_value("Run not found")
    if candidate.model_version:
        raise errors.invalid_value("Run has already a model version")
    if candidate.experiment is not model.experiment:
        raise errors.invalid_value("Run's experiment does not belong to this model")
    return candidate


def update_version(call: Call, project: Project) -> Answer:
    asked = call.declared(*required("name", "version", "description"))
    try:
        found = _found(project, asked["name"], asked["version"])
    except errors.Refusal as refusal:
        raise errors.update_failed() from refusal
    found.description, found.updated_at = asked["description"], now()
    return _version(call, project, found)


def _found(project: Project, name: str, number: str) -> ModelVersion:
    model = project.models.get(name)
    found = next((one for one in model.versions if one.version == number), None) if model else None
    if found is None:
        raise errors.no_resource()
    return found


def _version(call: Call, project: Project, version: ModelVersion) -> Answer:
    return json_answer({"model_version": version_told(call, project, version)}, "get_model_version")
