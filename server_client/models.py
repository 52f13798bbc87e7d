"""Registered models and their versions."""

from collections.abc import Mapping, Sequence

from server_client.channel import API, Channel
from server_client.decode import Json, listing, model_version, registered_model, text, within
from server_client.experiments import pairs
from server_client.paging import Listing, Pager
from server_client.values import ModelVersion, RegisteredModel

_MODELS = f"{API}/registered-models"
_VERSIONS = f"{API}/model-versions"


class ModelsResource:
    """What can be asked about registered models. Every call raises TrackingError."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def search(
        self,
        filter: str = "",  # noqa: A002 - MLflow's name
        order_by: Sequence[str] = (),
        page_size: int = 100,
    ) -> Pager[RegisteredModel]:
        """Models that answer a filter, by name: GET registered-models/search; ``page_size`` is at most 1000.

        Prompts, which MLflow keeps among them, are left out unless the filter asks for
        ``tags.`mlflow.prompt.is_prompt` = 'true'``.
        """
        path, decode = f"{_MODELS}/search", listing("registered_models", self._decode)

        async def fetch(token: str | None, size: int) -> Listing[RegisteredModel]:
            return await self._channel.get(path, pages(filter, order_by, size, token), decode)

        return Pager(fetch, page_size=page_size, identity=lambda found: found.name, path=path)

    async def get(self, name: str) -> RegisteredModel:
        """One model: GET registered-models/get. Raises NotFoundError."""
        return await self._channel.get(f"{_MODELS}/get", [("name", name)], within("registered_model", self._decode))

    def versions(
        self,
        filter: str = "",  # noqa: A002 - MLflow's name
        order_by: Sequence[str] = (),
        page_size: int = 1000,
    ) -> Pager[ModelVersion]:
        """Versions that answer a filter such as ``name = 'm'``, the newest first: GET model-versions/search."""
        path, decode = f"{_VERSIONS}/search", listing("model_versions", self._decode_version)

        async def fetch(token: str | None, size: int) -> Listing[ModelVersion]:
            return await self._channel.get(path, pages(filter, order_by, size, token), decode)

        return Pager(fetch, page_size=page_size, identity=lambda found: (found.name, found.version), path=path)

    async def get_version(self, name: str, version: str) -> ModelVersion:
        """One version: GET model-versions/get. Raises NotFoundError."""
        return await self._channel.get(
            f"{_VERSIONS}/get", [("name", name), ("version", version)], within("model_version", self._decode_version)
        )

    async def get_by_alias(self, name: str, alias: str) -> ModelVersion:
        """The version that an alias points to: GET registered-models/alias (MLflow 2.3 and later)."""
        return await self._channel.get(
            f"{_MODELS}/alias", [("name", name), ("alias", alias)], within("model_version", self._decode_version)
        )

    async def download_uri(self, name: str, version: str) -> str:
        """Where a version's artifacts lie: GET model-versions/get-download-uri."""

        def decode(answer: Json) -> str:
            return text(answer, "artifact_uri")

        params = [("name", name), ("version", version)]
        return await self._channel.get(f"{_VERSIONS}/get-download-uri", params, decode)

    async def create(
        self, name: str, *, description: str = "", tags: Mapping[str, str] | None = None
    ) -> RegisteredModel:
        """Register a model: POST registered-models/create. Raises BadRequestError where the name is taken."""
        body = {"name": name, "description": description, "tags": pairs(tags)}
        return await self._channel.make("POST", f"{_MODELS}/create", body, within("registered_model", self._decode))

    async def rename(self, name: str, new_name: str) -> None:
        """Give a model another name: POST registered-models/rename."""
        await self._channel.write("POST", f"{_MODELS}/rename", {"name": name, "new_name": new_name})

    async def update(self, name: str, description: str) -> None:
        """Describe a model: PATCH registered-models/update."""
        await self._channel.write("PATCH", f"{_MODELS}/update", {"name": name, "description": description})

    async def delete(self, name: str) -> None:
        """Remove a model and its versions, for good: DELETE registered-models/delete."""
        await self._channel.write("DELETE", f"{_MODELS}/delete", {"name": name})

    async def set_tag(self, name: str, key: str, value: str) -> None:
        """Set a model's tag: POST registered-models/set-tag."""
        await self._channel.write("POST", f"{_MODELS}/set-tag", {"name": name, "key": key, "value": value})

    async def delete_tag(self, name: str, key: str) -> None:
        """Remove a model's tag: DELETE registered-models/delete-tag."""
        await self._channel.write("DELETE", f"{_MODELS}/delete-tag", {"name": name, "key": key})

    async def set_alias(self, name: str, alias: str, version: str) -> None:
        """Point an alias to a version, from wherever it points now: POST registered-models/alias."""
        body = {"name": name, "alias": alias, "version": version}
        await self._channel.write("POST", f"{_MODELS}/alias", body)

    async def delete_alias(self, name: str, alias: str) -> None:
        """Remove an alias: DELETE registered-models/alias."""
        await self._channel.write("DELETE", f"{_MODELS}/alias", {"name": name, "alias": alias})

    async def create_version(
        self, name: str, *, source: str, run_id: str = "", description: str = "", tags: Mapping[str, str] | None = None
    ) -> ModelVersion:
        """Add a version to a model, of the artifacts at the URI ``source``: POST model-versions/create."""
        body = {"name": name, "source": source, "run_id": run_id, "description": description, "tags": pairs(tags)}
        return await self._channel.make(
            "POST", f"{_VERSIONS}/create", body, within("model_version", self._decode_version)
        )

    async def update_version(self, name: str, version: str, description: str) -> None:
        """Describe a version: PATCH model-versions/update."""
        body = {"name": name, "version": version, "description": description}
        await self._channel.write("PATCH", f"{_VERSIONS}/update", body)

    async def delete_version(self, name: str, version: str) -> None:
        """Remove a version, for good; its artifacts stay: DELETE model-versions/delete."""
        await self._channel.write("DELETE", f"{_VERSIONS}/delete", {"name": name, "version": version})

    async def set_version_tag(self, name: str, version: str, key: str, value: str) -> None:
        """Set a version's tag: POST model-versions/set-tag."""
        body = {"name": name, "version": version, "key": key, "value": value}
        await self._channel.write("POST", f"{_VERSIONS}/set-tag", body)

    async def delete_version_tag(self, name: str, version: str, key: str) -> None:
        """Remove a version's tag: DELETE model-versions/delete-tag."""
        body = {"name": name, "version": version, "key": key}
        await self._channel.write("DELETE", f"{_VERSIONS}/delete-tag", body)

    def _decode(self, item: Json) -> RegisteredModel:
        return registered_model(item)

    def _decode_version(self, item: Json) -> ModelVersion:
        return model_version(item)


def pages(filter_: str, order_by: Sequence[str], size: int, token: str | None) -> list[tuple[str, str | int]]:
    """The parameters of a search that is sent by GET."""
    params: list[tuple[str, str | int]] = [("max_results", size)]
    params += [("filter", filter_)] if filter_ else []
    params += [("order_by", field) for field in order_by]
    params += [("page_token", token)] if token else []
    return params
