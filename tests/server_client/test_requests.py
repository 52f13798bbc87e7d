"""What each question sends."""

import json
import math
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from server_client import Metric, TrackingClient

Ask = Callable[[TrackingClient], Awaitable[object] | AsyncIterator[object]]

ANSWER = {
    "experiment_id": "1",
    "experiment": {"experiment_id": "1"},
    "run": {"info": {"run_id": "r"}},
    "registered_model": {"name": "m"},
    "model_version": {"name": "m", "version": "1"},
}
TAG = [{"key": "k", "value": "v"}]
API = "/prefix/api/2.0/mlflow"


async def sent(ask: Ask) -> tuple[str, str, object]:
    """Method, path after the API's, and the query or the body."""
    heard = list[httpx.Request]()

    def answer(request: httpx.Request) -> httpx.Response:
        heard.append(request)
        return httpx.Response(200, json=ANSWER)

    async with TrackingClient("http://h/prefix/", workspace="w", transport=httpx.MockTransport(answer)) as client:
        asked = ask(client)
        await (anext(asked) if isinstance(asked, AsyncIterator) else asked)
    request = heard[0]
    assert request.headers["X-MLFLOW-WORKSPACE"] == "w"
    content = json.loads(request.content) if request.content else request.url.query.decode()
    return request.method, request.url.path.removeprefix(API), content


SEARCH = {"max_results": 250, "filter": "", "order_by": [], "run_view_type": "ACTIVE_ONLY", "experiment_ids": ["1"]}
READING: list[tuple[Ask, tuple[str, str, object]]] = [
    (
        lambda c: c.experiments.search("name = 'a'", ["name"], "ALL", 5),
        (
            "POST",
            "/experiments/search",
            {"max_results": 5, "filter": "name = 'a'", "order_by": ["name"], "view_type": "ALL"},
        ),
    ),
    (lambda c: c.experiments.get("1"), ("GET", "/experiments/get", "experiment_id=1")),
    (lambda c: c.experiments.get_by_name("a b"), ("GET", "/experiments/get-by-name", "experiment_name=a+b")),
    (lambda c: c.runs.search(["1"]), ("POST", "/runs/search", SEARCH)),
    (lambda c: c.runs.get("r"), ("GET", "/runs/get", "run_id=r")),
    (
        lambda c: c.metrics.history("r", "val/loss"),
        ("GET", "/metrics/get-history", "run_id=r&metric_key=val%2Floss&max_results=25000"),
    ),
    (
        lambda c: c.metrics.interval(["r", "s"], "m", 10, 0, -1),
        (
            "GET",
            "/prefix/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval",
            "run_ids=r&run_ids=s&metric_key=m&max_results=10&start_step=0&end_step=-1",
        ),
    ),
    (
        lambda c: c.metrics.history("r", "\udc80", 1),
        ("GET", "/metrics/get-history", "run_id=r&metric_key=%3F&max_results=1"),
    ),
    (lambda c: c.artifacts.list("r"), ("GET", "/artifacts/list", "run_id=r")),
    (
        lambda c: c.models.search("name = 'a'", ["name ASC", "timestamp"], 7),
        (
            "GET",
            "/registered-models/search",
            "max_results=7&filter=name+%3D+%27a%27&order_by=name+ASC&order_by=timestamp",
        ),
    ),
    (lambda c: c.models.get("m"), ("GET", "/registered-models/get", "name=m")),
    (lambda c: c.models.versions(), ("GET", "/model-versions/search", "max_results=1000")),
    (lambda c: c.models.get_version("m", "1"), ("GET", "/model-versions/get", "name=m&version=1")),
    (lambda c: c.models.get_by_alias("m", "a"), ("GET", "/registered-models/alias", "name=m&alias=a")),
    (lambda c: c.models.download_uri("m", "1"), ("GET", "/model-versions/get-download-uri", "name=m&version=1")),
]
POINTS = [
    Metric("a", 0.5, 1, 2),
    Metric("a", math.nan, 1, 2),
    Metric("a", math.inf, 1, 2),
    Metric("a", -math.inf, 1, 2),
]
WRITING: list[tuple[Ask, tuple[str, str, object]]] = [
    (
        lambda c: c.experiments.create("e", artifact_location="s3://b", tags={"k": "v"}),
        ("POST", "/experiments/create", {"name": "e", "artifact_location": "s3://b", "tags": TAG}),
    ),
    (
        lambda c: c.experiments.rename("1", "f"),
        ("POST", "/experiments/update", {"experiment_id": "1", "new_name": "f"}),
    ),
    (lambda c: c.experiments.delete("1"), ("POST", "/experiments/delete", {"experiment_id": "1"})),
    (lambda c: c.experiments.restore("1"), ("POST", "/experiments/restore", {"experiment_id": "1"})),
    (
        lambda c: c.experiments.set_tag("1", "k", "v"),
        ("POST", "/experiments/set-experiment-tag", {"experiment_id": "1", "key": "k", "value": "v"}),
    ),
    (
        lambda c: c.experiments.delete_tag("1", "k"),
        ("POST", "/experiments/delete-experiment-tag", {"experiment_id": "1", "key": "k"}),
    ),
    (
        lambda c: c.runs.create("1", name="n", start_time=5, tags={"k": "v"}),
        ("POST", "/runs/create", {"experiment_id": "1", "run_name": "n", "start_time": 5, "tags": TAG}),
    ),
    (lambda c: c.runs.update("r", status="FAILED"), ("POST", "/runs/update", {"run_id": "r", "status": "FAILED"})),
    (
        lambda c: c.runs.update("r", end_time=0, name=""),
        ("POST", "/runs/update", {"run_id": "r", "end_time": 0, "run_name": ""}),
    ),
    (lambda c: c.runs.delete("r"), ("POST", "/runs/delete", {"run_id": "r"})),
    (lambda c: c.runs.restore("r"), ("POST", "/runs/restore", {"run_id": "r"})),
    (lambda c: c.runs.set_tag("r", "k", "v"), ("POST", "/runs/set-tag", {"run_id": "r", "key": "k", "value": "v"})),
    (lambda c: c.runs.delete_tag("r", "k"), ("POST", "/runs/delete-tag", {"run_id": "r", "key": "k"})),
    (
        lambda c: c.runs.log_batch("r", metrics=POINTS, params={"k": "v"}),
        (
            "POST",
            "/runs/log-batch",
            {
                "run_id": "r",
                "params": TAG,
                "tags": [],
                "metrics": [
                    {"key": "a", "value": value, "timestamp": 1, "step": 2}
                    for value in (0.5, "NaN", "Infinity", "-Infinity")
                ],
            },
        ),
    ),
    (
        lambda c: c.models.create("m", description="d", tags={"k": "v"}),
        ("POST", "/registered-models/create", {"name": "m", "description": "d", "tags": TAG}),
    ),
    (lambda c: c.models.rename("m", "n"), ("POST", "/registered-models/rename", {"name": "m", "new_name": "n"})),
    (lambda c: c.models.update("m", "d"), ("PATCH", "/registered-models/update", {"name": "m", "description": "d"})),
    (lambda c: c.models.delete("m"), ("DELETE", "/registered-models/delete", {"name": "m"})),
    (
        lambda c: c.models.set_tag("m", "k", "v"),
        ("POST", "/registered-models/set-tag", {"name": "m", "key": "k", "value": "v"}),
    ),
    (lambda c: c.models.delete_tag("m", "k"), ("DELETE", "/registered-models/delete-tag", {"name": "m", "key": "k"})),
    (
        lambda c: c.models.set_alias("m", "a", "1"),
        ("POST", "/registered-models/alias", {"name": "m", "alias": "a", "version": "1"}),
    ),
    (lambda c: c.models.delete_alias("m", "a"), ("DELETE", "/registered-models/alias", {"name": "m", "alias": "a"})),
    (
        lambda c: c.models.create_version("m", source="s", run_id="r", description="d", tags={"k": "v"}),
        (
            "POST",
            "/model-versions/create",
            {"name": "m", "source": "s", "run_id": "r", "description": "d", "tags": TAG},
        ),
    ),
    (
        lambda c: c.models.update_version("m", "1", "d"),
        ("PATCH", "/model-versions/update", {"name": "m", "version": "1", "description": "d"}),
    ),
    (
        lambda c: c.models.delete_version("m", "1"),
        ("DELETE", "/model-versions/delete", {"name": "m", "version": "1"}),
    ),
    (
        lambda c: c.models.set_version_tag("m", "1", "k", "v"),
        ("POST", "/model-versions/set-tag", {"name": "m", "version": "1", "key": "k", "value": "v"}),
    ),
    (
        lambda c: c.models.delete_version_tag("m", "1", "k"),
        ("DELETE", "/model-versions/delete-tag", {"name": "m", "version": "1", "key": "k"}),
    ),
]


@pytest.mark.parametrize(("ask", "request_"), READING + WRITING)
async def test_a_question_is_sent_as_mlflow_reads_it(ask: Ask, request_: tuple[str, str, object]) -> None:
    assert await sent(ask) == request_


@pytest.mark.parametrize(("ask", "request_"), WRITING)
async def test_a_change_is_sent_once_even_when_the_server_is_busy(ask: Ask, request_: tuple[str, str, object]) -> None:
    asked = 0

    def busy(_: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        return httpx.Response(503)

    async with TrackingClient("http://h", transport=httpx.MockTransport(busy)) as client:
        changed = ask(client)
        assert isinstance(changed, Awaitable)
        with pytest.raises(Exception, match="503"):
            await changed
    assert asked == 1


async def test_the_workspace_can_be_another_one_over_the_same_connections() -> None:
    said = list[str | None]()

    def answer(request: httpx.Request) -> httpx.Response:
        said.append(request.headers.get("X-MLFLOW-WORKSPACE"))
        return httpx.Response(200, json={"workspaces": [{"name": "a", "description": "b"}], **ANSWER})

    async with TrackingClient("http://h", workspace="one", transport=httpx.MockTransport(answer)) as client:
        for asked in (client, client.in_workspace("two"), client.in_workspace(None)):
            await asked.runs.get("r")
        await client.workspaces.list()
    assert said == ["one", "two", None, None]
