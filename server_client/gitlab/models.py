"""Registered models, as GitLab has them."""

import re
from collections.abc import Sequence

from server_client.channel import API
from server_client.decode import Json, identifier, listing, within
from server_client.errors import BadRequestError, NotFoundError
from server_client.gitlab import decode
from server_client.models import ModelsResource, pages
from server_client.paging import Listing, Pager
from server_client.values import ModelVersion, RegisteredModel

_MODELS = f"{API}/registered-models"
_VERSIONS = f"{API}/model-versions"
_BY = re.compile(r"\s*(name|run_id)\s*=\s*'([^']*)'\s*")


class GitLabModels(ModelsResource):
    """What can be asked about a project's models. Every call raises TrackingError.

    A version is a semantic one, such as ``1.2.0``: that is its `ModelVersion.version`, by which it is asked for, and
    not among its aliases, though GitLab tells it there as the only one. Aliases cannot be set. There are no stages.
    """

    def search(
        self,
        filter: str = "",  # noqa: A002 - MLflow's name
        order_by: Sequence[str] = (),
        page_size: int = 100,
    ) -> Pager[RegisteredModel]:
        """Models with all their versions, by name: GET registered-models/search.

        Args:
            filter: ``name = '…'``, which GitLab takes for a part of the name; it knows no other.
            order_by: at most one: name, last_updated_timestamp or created_at, with ASC or DESC.
            page_size: at most 1000.
        """
        by = _BY.fullmatch(filter)
        said = f"name='{by[2]}'" if by and by[1] == "name" else filter  # GitLab knows no spaces around it

        async def fetch(token: str | None, size: int) -> Listing[RegisteredModel]:
            params = pages(said, order_by[:1], size, token)
            return await self._channel.get(f"{_MODELS}/search", params, listing("registered_models", self._decode))

        return Pager(fetch, page_size=page_size, identity=lambda found: found.name, path=f"{_MODELS}/search")

    def versions(
        self,
        filter: str = "",  # noqa: A002 - MLflow's name
        order_by: Sequence[str] = (),  # noqa: ARG002 - as MLflow is asked
        page_size: int = 1000,
    ) -> Pager[ModelVersion]:
        """The versions of a model (``name = '…'``), of a run (``run_id = '…'``) or all, the highest of each first.

        GitLab cannot search for them: they are what it tells of models. A name asks for one model, else for all.
        """
        by = _BY.fullmatch(filter)
        wanted = by[2] if by and by[1] == "run_id" else None

        async def fetch(token: str | None, size: int) -> Listing[ModelVersion]:
            if filter.strip() and by is None:
                raise BadRequestError(400, message="GitLab's model versions are asked for by name or run_id alone")
            if by and by[1] == "name":
                return Listing((await self.get(by[2])).latest_versions, None)
            decoder = listing("registered_models", self._decode)
            models = await self._channel.get(f"{_MODELS}/search", pages("", (), size, token), decoder)
            found = (version for model in models.items for version in model.latest_versions)
            return Listing(tuple(each for each in found if wanted in (None, each.run_id)), models.token)

        return Pager(fetch, page_size=page_size, identity=lambda found: (found.name, found.version), path=_VERSIONS)

    async def get_by_alias(self, name: str, alias: str) -> ModelVersion:
        """As `get_version`: GitLab has no aliases but the versions themselves."""
        return await self.get_version(name, alias)

    async def download_uri(self, name: str, version: str) -> str:
        """Where a version's artifacts lie."""
        decoder = within("model_version", decode.version_id)
        number = await self._channel.get(f"{_VERSIONS}/get", [("name", name), ("version", version)], decoder)
        return f"mlflow-artifacts:/{number}"

    async def model_experiment(self, name: str) -> str | None:
        """The id of the experiment that holds a model's runs; None where it has none."""
        params = [("experiment_name", f"[model]{name}")]
        decoder = within("experiment", identifier("experiment_id"))
        try:
            return await self._channel.get(f"{API}/experiments/get-by-name", params, decoder)
        except NotFoundError as error:
            if error.error_code is None:
                raise
            return None

    def _decode(self, item: Json) -> RegisteredModel:
        return decode.model(item)

    def _decode_version(self, item: Json) -> ModelVersion:
        return decode.version(item)
