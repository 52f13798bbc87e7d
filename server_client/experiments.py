"""Experiments."""

from collections.abc import Mapping, Sequence

from server_client.channel import API, Channel
from server_client.decode import experiment, identifier, listing, within
from server_client.paging import Listing, Pager
from server_client.values import Experiment

_SEARCH = f"{API}/experiments/search"


class ExperimentsResource:
    """What can be asked about experiments. Every call raises TrackingError."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def search(
        self,
        filter: str = "",  # noqa: A002 - MLflow's name
        order_by: Sequence[str] = (),
        view: str = "ACTIVE_ONLY",
        page_size: int = 1000,
    ) -> Pager[Experiment]:
        """Experiments that answer a filter: POST experiments/search (MLflow 1.28 and later).

        Args:
            filter: in MLflow's language, such as ``name LIKE 'a%' AND tags.team = 'x'``.
            order_by: such as ``last_update_time DESC``.
            view: ``ACTIVE_ONLY``, ``DELETED_ONLY`` or ``ALL``.
            page_size: experiments of a page; more than 0, at most 50,000.
        """

        async def fetch(token: str | None, size: int) -> Listing[Experiment]:
            body = {"max_results": size, "filter": filter, "order_by": list(order_by), "view_type": view}
            return await self._channel.search(_SEARCH, body, token, listing("experiments", experiment))

        return Pager(fetch, page_size=page_size, identity=lambda found: found.experiment_id, path=_SEARCH)

    async def get(self, experiment_id: str) -> Experiment:
        """One experiment, deleted or not: GET experiments/get. Raises NotFoundError."""
        params = [("experiment_id", experiment_id)]
        return await self._channel.get(f"{API}/experiments/get", params, within("experiment", experiment))

    async def get_by_name(self, name: str) -> Experiment:
        """The experiment of a name, deleted or not: GET experiments/get-by-name. Raises NotFoundError."""
        params = [("experiment_name", name)]
        return await self._channel.get(f"{API}/experiments/get-by-name", params, within("experiment", experiment))

    async def create(
        self, name: str, *, artifact_location: str | None = None, tags: Mapping[str, str] | None = None
    ) -> str:
        """Make an experiment and tell its id: POST experiments/create.

        Raises BadRequestError where the name is taken, also by a deleted experiment.
        """
        body: dict[str, object] = {"name": name, "tags": pairs(tags)}
        if artifact_location:
            body["artifact_location"] = artifact_location
        return await self._channel.make("POST", f"{API}/experiments/create", body, identifier("experiment_id"))

    async def rename(self, experiment_id: str, name: str) -> None:
        """Give an active experiment another name: POST experiments/update."""
        body = {"experiment_id": experiment_id, "new_name": name}
        await self._channel.write("POST", f"{API}/experiments/update", body)

    async def delete(self, experiment_id: str) -> None:
        """Mark an experiment and all its runs deleted: POST experiments/delete."""
        await self._channel.write("POST", f"{API}/experiments/delete", {"experiment_id": experiment_id})

    async def restore(self, experiment_id: str) -> None:
        """Mark an experiment and all its runs active again: POST experiments/restore."""
        await self._channel.write("POST", f"{API}/experiments/restore", {"experiment_id": experiment_id})

    async def set_tag(self, experiment_id: str, key: str, value: str) -> None:
        """Set a tag: POST experiments/set-experiment-tag."""
        body = {"experiment_id": experiment_id, "key": key, "value": value}
        await self._channel.write("POST", f"{API}/experiments/set-experiment-tag", body)

    async def delete_tag(self, experiment_id: str, key: str) -> None:
        """Remove a tag: POST experiments/delete-experiment-tag (MLflow 3 and later)."""
        body = {"experiment_id": experiment_id, "key": key}
        await self._channel.write("POST", f"{API}/experiments/delete-experiment-tag", body)


def pairs(values: Mapping[str, str] | None) -> list[dict[str, str]]:
    """Tags and parameters as MLflow's requests write them."""
    return [{"key": key, "value": value} for key, value in (values or {}).items()]
