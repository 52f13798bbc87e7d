"""Runs."""

import math
import re
from collections.abc import Mapping, Sequence

from server_client.channel import API, Channel
from server_client.decode import Json, listing, run, within
from server_client.errors import BadRequestError, NotFoundError
from server_client.experiments import pairs
from server_client.paging import Listing, Pager, in_order
from server_client.values import Metric, Run

_SEARCH = f"{API}/runs/search"
_IDS_AT_ONCE = 100
_PLAIN = re.compile(r"[\w.-]+")


class RunsResource:
    """What can be asked about runs. Every call raises TrackingError."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._knows_lists = True

    def search(
        self,
        experiment_ids: Sequence[str],
        filter: str = "",  # noqa: A002 - MLflow's name
        order_by: Sequence[str] = (),
        view: str = "ACTIVE_ONLY",
        page_size: int = 250,
    ) -> Pager[Run]:
        """Runs that answer a filter, with all their values: POST runs/search.

        Args:
            experiment_ids: where to look; in none there is nothing.
            filter: in MLflow's language, such as ``metrics.accuracy > 0.9 AND params.model = 'cnn'``.
            order_by: such as ``metrics.accuracy DESC``. MLflow appends ``start_time DESC, run_id``.
            view: ``ACTIVE_ONLY``, ``DELETED_ONLY`` or ``ALL``.
            page_size: runs of a page, at most 50,000. Decoding a page holds the interpreter's lock: 10 ms for 250.
        """

        async def fetch(token: str | None, size: int) -> Listing[Run]:
            body = {
                "experiment_ids": list(experiment_ids),
                "filter": filter,
                "order_by": list(order_by),
                "run_view_type": view,
                "max_results": size,
            }
            return await self._channel.search(_SEARCH, body, token, listing("runs", self._decode))

        return Pager(fetch, page_size=page_size, identity=lambda found: found.run_id, path=_SEARCH)

    async def get(self, run_id: str) -> Run:
        """One run, deleted or not: GET runs/get. Raises NotFoundError."""
        return await self._channel.get(f"{API}/runs/get", [("run_id", run_id)], within("run", self._decode))

    async def some(self, run_ids: Sequence[str], experiment_ids: Sequence[str] = ()) -> list[Run]:
        """Some runs, deleted or not, in the order asked; those that are gone are left out.

        Where the experiments that they are in are named, as a search must, a hundred a question: lists of ids in a
        filter, which MLflow knows since 2.0 or so. Else, and on older servers, one by one.
        """
        ids = list(dict.fromkeys(run_ids))
        found: dict[str, Run] = {}
        if experiment_ids and self._knows_lists:
            try:
                found = {run.run_id: run for run in await self._listed(ids, experiment_ids)}
            except BadRequestError:
                self._knows_lists = False
        if not experiment_ids or not self._knows_lists:
            found = {run.run_id: run for run in await in_order(ids, self._unless_gone) if run is not None}
        return [found[each] for each in ids if each in found]

    def _decode(self, item: Json) -> Run:
        return run(item)

    async def _listed(self, ids: Sequence[str], experiment_ids: Sequence[str]) -> list[Run]:
        plain = [each for each in ids if _PLAIN.fullmatch(each)]  # what needs quoting is no run's id
        found: list[Run] = []
        for start in range(0, len(plain), _IDS_AT_ONCE):
            quoted = ", ".join(f"'{each}'" for each in plain[start : start + _IDS_AT_ONCE])
            pager = self.search(experiment_ids, f"attributes.run_id IN ({quoted})", (), "ALL", _IDS_AT_ONCE)
            found += [run async for run in pager.all()]
        return found

    async def _unless_gone(self, run_id: str) -> Run | None:
        try:
            return await self.get(run_id)
        except NotFoundError as error:
            if error.error_code is None:  # the server does not even know the question
                raise
            return None

    async def create(
        self, experiment_id: str, *, name: str = "", start_time: int, tags: Mapping[str, str] | None = None
    ) -> Run:
        """Begin a run: POST runs/create. ``start_time`` is in milliseconds; without a name MLflow makes one up."""
        body = {"experiment_id": experiment_id, "run_name": name, "start_time": start_time, "tags": pairs(tags)}
        return await self._channel.make("POST", f"{API}/runs/create", body, within("run", self._decode))

    async def update(
        self, run_id: str, *, status: str | None = None, end_time: int | None = None, name: str | None = None
    ) -> None:
        """Change a run's status, end (milliseconds) or name: POST runs/update. What is None stays."""
        changes = {"status": status, "end_time": end_time, "run_name": name}
        body = {key: value for key, value in changes.items() if value is not None}
        await self._channel.write("POST", f"{API}/runs/update", {"run_id": run_id, **body})

    async def delete(self, run_id: str) -> None:
        """Mark a run deleted: POST runs/delete."""
        await self._channel.write("POST", f"{API}/runs/delete", {"run_id": run_id})

    async def restore(self, run_id: str) -> None:
        """Mark a run active again: POST runs/restore."""
        await self._channel.write("POST", f"{API}/runs/restore", {"run_id": run_id})

    async def set_tag(self, run_id: str, key: str, value: str) -> None:
        """Set a tag: POST runs/set-tag."""
        await self._channel.write("POST", f"{API}/runs/set-tag", {"run_id": run_id, "key": key, "value": value})

    async def delete_tag(self, run_id: str, key: str) -> None:
        """Remove a tag: POST runs/delete-tag. Raises NotFoundError where there is none."""
        await self._channel.write("POST", f"{API}/runs/delete-tag", {"run_id": run_id, "key": key})

    async def log_batch(
        self,
        run_id: str,
        *,
        metrics: Sequence[Metric] = (),
        params: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """Log many values at once: POST runs/log-batch.

        MLflow takes at most 1000 metrics, 100 parameters and 100 tags, 1000 together.
        """
        body = {
            "run_id": run_id,
            "metrics": [{**metric._asdict(), "value": _writable(metric.value)} for metric in metrics],
            "params": pairs(params),
            "tags": pairs(tags),
        }
        await self._channel.write("POST", f"{API}/runs/log-batch", body)


def _writable(value: float) -> float | str:
    """A number as protobuf's JSON writes it."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
