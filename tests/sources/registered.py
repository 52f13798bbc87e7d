"""Registered models as people make them, written by the real client."""

import warnings

from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion as TheirVersion

from mltrack_tui.domain.entities import Model, ModelVersion
from tests.app.hostile import TEXTS

PREFIX = "tests-of-models"
"""What the names of these models begin with, for others lie beside them."""
HOSTILE = [text.replace("/", "|").replace(":", "|") for text in (*TEXTS[:7], *TEXTS[8:11])]
"""Texts that mlflow takes as a model's name: it allows no / and no :, and SQLite's driver ends texts at a NUL."""


def register(client: MlflowClient) -> None:
    """Make models: one with versions, one without, hostile ones, and a prompt."""
    experiment = client.create_experiment(PREFIX)
    runs = [client.create_run(experiment).info.run_id for _ in range(3)]
    fraud, source = f"{PREFIX} fraud-net", "s3://bucket/model"
    client.create_registered_model(fraud, {"owner": "ada"}, "# Fraud\n\nCatches it.")
    for number in range(11):
        client.create_model_version(fraud, source, runs[number % 3], description=f"try {number}")
    client.create_model_version(fraud, source, None)
    client.delete_model_version(fraud, "4")
    client.set_registered_model_alias(fraud, "champion", "10")
    client.set_registered_model_alias(fraud, "best-so-far", "10")
    client.set_registered_model_alias(fraud, "previous", "9")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # stages are deprecated, and used all the same
        client.transition_model_version_stage(fraud, "2", "Production")
    client.create_registered_model(f"{PREFIX} empty")
    client.register_prompt(f"{PREFIX}-greeting", "Hello {{name}}")
    for text in HOSTILE:
        client.create_registered_model(f"{PREFIX} {text}"[:250], {"note": text[:200]}, text[:4000])


def read_by_the_client(client: MlflowClient) -> list[Model]:
    """These models, as the real client tells them."""
    found = []
    for model in client.search_registered_models(f"name LIKE '{PREFIX}%'", max_results=1000):
        versions = client.search_model_versions(f"name = '{PREFIX} fraud-net'") if model.latest_versions else ()
        numbers = sorted((int(each.version) for each in versions), reverse=True)
        found.append(
            Model(
                name=model.name,
                project="default",
                creation_time=model.creation_timestamp,
                last_update_time=model.last_updated_timestamp,
                description=model.description or "",
                tags=model.tags,
                versions=tuple(_version(client.get_model_version(model.name, str(number))) for number in numbers),
            )
        )
    return sorted(found, key=lambda model: model.name)


def _version(version: TheirVersion) -> ModelVersion:
    return ModelVersion(
        model=version.name,
        version=str(version.version),
        candidate_id=version.run_id or None,
        creation_time=version.creation_timestamp,
        description=version.description or "",
        stage=None if version.current_stage == "None" else version.current_stage,
        status=version.status,
        user=version.user_id or None,
        aliases=tuple(sorted(version.aliases)),
    )
