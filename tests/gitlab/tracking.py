"""The endpoints of experiments, and those that read runs: section 2 of the contract."""

from typing import Any

from tests.gitlab import errors
from tests.gitlab.calls import Answer, Call, Param, json_answer, required
from tests.gitlab.paging import MOST, keyset, page_size
from tests.gitlab.schemas import check
from tests.gitlab.shapes import experiment_told, metric_told, run_told, tags_of
from tests.gitlab.things import Candidate, Experiment, Project

PAGE = (Param("max_results", "integer"), Param("order_by"), Param("page_token"))


def experiment_of(project: Project, iid: object) -> Experiment:
    """The experiment of an iid, which is one of the project's own."""
    found = project.experiments.get(int(text)) if (text := str(iid)).isdecimal() else None
    if found is None:
        raise errors.no_resource()
    return found


def candidate_of(project: Project, eid: object) -> Candidate:
    """The candidate of a run id; one of another project is none."""
    found = project.candidates.get(str(eid))
    if found is None:
        raise errors.no_resource()
    return found


def get_experiment(call: Call, project: Project) -> Answer:
    asked = call.declared(Param("experiment_id", default=""))
    return _experiment(experiment_of(project, asked["experiment_id"]))


def get_experiment_by_name(call: Call, project: Project) -> Answer:
    found = project.experiment_named(call.declared(Param("experiment_name", default=""))["experiment_name"])
    if found is None:
        raise errors.no_resource()
    return _experiment(found)


def _experiment(found: Experiment) -> Answer:
    return json_answer({"experiment": experiment_told(found)}, "get_experiment")


def list_experiments(call: Call, project: Project) -> Answer:
    told = [experiment_told(one) for one in project.experiments.values()]
    return json_answer({"experiments": told}, "list_experiments")


def search_experiments(call: Call, project: Project) -> Answer:
    """A column without a direction is sorted upwards here, and an unknown column is the id."""
    asked = call.declared(*PAGE)
    order = "created_at desc" if asked["order_by"] is None else asked["order_by"].strip().lower() or "name asc"
    column, _, direction = order.partition(" ")
    column = {"last_updated_timestamp": "updated_at"}.get(column, column)
    column = column if column in ("name", "created_at", "updated_at") else "id"
    descending = direction.strip() == "desc"
    found, token = keyset(
        project.experiments.values(),
        lambda one: getattr(one, column),
        lambda one: one.id,
        order=f"{column} {descending}",
        descending=descending,
        size=page_size(asked["max_results"]),
        token=asked["page_token"],
    )
    told = {"experiments": [experiment_told(one) for one in found], "next_page_token": token}
    return json_answer(told, "search_experiments")


def create_experiment(call: Call, project: Project) -> Answer:
    asked = call.declared(*required("name"), Param("tags", "array"))
    tags = tags_of(asked["tags"])
    twice = len(tags) < len(asked["tags"] or ())
    if not asked["name"] or twice or project.experiment_named(asked["name"]):
        raise errors.already_exists()
    made = call.world.experiment(project, asked["name"], call.user, tags)
    return json_answer({"experiment_id": str(made.iid)})


def set_experiment_tag(call: Call, project: Project) -> Answer:
    """A tag is written once."""
    asked = call.declared(*required("experiment_id", "key", "value"))
    experiment = experiment_of(project, asked["experiment_id"])
    if asked["key"] in experiment.tags:
        raise errors.bad_request()
    experiment.tags[asked["key"]] = asked["value"]
    return json_answer({})


def delete_experiment(call: Call, project: Project) -> Answer:
    """For good, with all candidates."""
    experiment = experiment_of(project, call.declared(*required("experiment_id"))["experiment_id"])
    if experiment.model:
        raise errors.bad_request("Cannot delete an experiment associated to a model")
    for candidate in experiment.candidates:
        del project.candidates[candidate.eid]
    del project.experiments[experiment.iid]
    return json_answer({})


def get_run(call: Call, project: Project) -> Answer:
    candidate = candidate_of(project, call.declared(*required("run_id"))["run_id"])
    return run_answer(call, project, candidate)


def run_answer(call: Call, project: Project, candidate: Candidate) -> Answer:
    """One run, which was looked at when it was told."""
    body = b'{"run": ' + run_told(call, project, candidate) + b"}"
    return Answer(body, headers={"Content-Type": "application/json"})


def search_runs(call: Call, project: Project) -> Answer:
    """Of the first experiment only, whatever the filter; sorted by a metric, those without it are left out."""
    asked = call.declared(Param("experiment_ids", "array", required=True), *PAGE)
    experiment = experiment_of(project, (asked["experiment_ids"] or [""])[0])
    order, key, descending = _order(asked["order_by"])
    candidates: Any = experiment.candidates
    if key.startswith("metrics."):
        name = key.removeprefix("metrics.")
        latest = [(candidate, candidate.latest().get(name)) for candidate in candidates]
        values = {candidate.id: row.value for candidate, row in latest if row}
        candidates = [candidate for candidate in candidates if candidate.id in values]
    found, token = keyset(
        candidates,
        (lambda one: values[one.id]) if key.startswith("metrics.") else _COLUMNS[key],
        lambda one: one.id,
        order=order,
        descending=descending,
        size=page_size(asked["max_results"]),
        token=asked["page_token"],
    )
    runs = [run_told(call, project, one) for one in found]
    check("search_runs", {"runs": [], "next_page_token": token})
    ending = f'"{token}"' if token else "null"
    body = b'{"runs": [' + b", ".join(runs) + b'], "next_page_token": ' + ending.encode() + b"}"
    return Answer(body, headers={"Content-Type": "application/json"})


_COLUMNS: dict[str, Any] = {
    "name": lambda one: (one.name is None, one.name or ""),
    "created_at": lambda one: one.created_at,
    "id": lambda one: one.id,
}


def _order(told: str | None) -> tuple[str, str, bool]:
    """What the pages are tied to, what is sorted by, and whether downwards: that is the default.

    The name of a metric is what stands between the first and the second dot, as far as the first space.
    """
    words = (told or "created_at DESC").split()
    column, *rest = words[0].split(".") if words else ["created_at"]
    descending = not (len(words) > 1 and words[1].lower() == "asc")
    if column == "metrics" and rest:
        key = f"metrics.{rest[0]}"
    elif not rest and column in _COLUMNS:
        key = column
    else:
        key, descending = "created_at", True
    return f"{key} {descending}", key, descending


def metric_history(call: Call, project: Project) -> Answer:
    """By step, then by time; of a metric that nobody logged there is an empty one."""
    asked = call.declared(
        *required("run_id", "metric_key"), Param("max_results", "integer", default=MOST), Param("page_token")
    )
    rows = [row for row in candidate_of(project, asked["run_id"]).metrics if row.key == asked["metric_key"]]
    rows.sort(key=lambda row: (row.step or 0, row.timestamp or 0, row.id))
    place = {row.id: number for number, row in enumerate(rows)}
    found, token = keyset(
        rows,
        lambda row: place[row.id],
        lambda row: row.id,
        order=f"history {asked['metric_key']}",
        descending=False,
        size=page_size(asked["max_results"]),
        token=asked["page_token"],
    )
    return json_answer({"metrics": [metric_told(row) for row in found], "next_page_token": token})
