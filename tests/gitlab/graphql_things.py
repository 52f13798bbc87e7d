"""Experiments, candidates and models as GraphQL tells them. Each is a mapping of fields to values or resolvers."""

from datetime import UTC, datetime
from typing import Any

from tests.gitlab import auth
from tests.gitlab.calls import Call
from tests.gitlab.files import sha256
from tests.gitlab.graphql_paging import connection
from tests.gitlab.things import Candidate, CiJob, Experiment, MetricRow, Model, ModelVersion, Package, Project, User

Told = dict[str, Any]


def gid(kind: str, number: int) -> str:
    return f"gid://gitlab/{kind}/{number}"


def time_told(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Teller:
    """Tells what belongs to a project to somebody who may know of it."""

    def __init__(self, call: Call, project: Project) -> None:
        self._call = call
        self._project = project

    def user(self, user: User | None) -> Told | None:
        if user is None:
            return None
        return {
            "id": gid("User", user.id),
            "username": user.username,
            "name": user.name,
            "avatarUrl": f"/uploads/-/system/user/avatar/{user.id}/avatar.png",
            "webUrl": f"{self._call.base}/{user.username}",
            "webPath": f"/{user.username}",
        }

    def experiment(self, experiment: Experiment) -> Told:
        model = experiment.model
        return {
            "id": gid("Ml::Experiment", experiment.id),
            "name": experiment.name,
            "createdAt": time_told(experiment.created_at),
            "updatedAt": time_told(experiment.updated_at),
            "candidateCount": len(experiment.candidates),
            "path": self._path(f"ml/experiments/{experiment.iid}"),
            "creator": self.user(experiment.user),
            "modelId": gid("Ml::Model", model.id) if model else None,
            "candidates": lambda _info, **page: self._candidates(experiment.candidates, page),
        }

    def _candidates(self, candidates: list[Candidate], page: Told) -> Told:
        """The newest first: there is no other order, and no filter."""
        newest = sorted(candidates, key=lambda one: (one.created_at, one.id), reverse=True)
        return connection(newest, self.candidate, lambda one: one.id, **page)

    def candidate(self, candidate: Candidate) -> Told:
        package = candidate.package
        return {
            "id": gid("Ml::Candidate", candidate.id),
            "name": candidate.name,
            "iid": candidate.iid,
            "eid": candidate.eid,
            "status": candidate.status.lower(),
            "createdAt": time_told(candidate.created_at),
            "creator": self.user(candidate.user),
            "params": lambda _info, **page: self._pairs("Ml::CandidateParam", candidate, candidate.params, page),
            "metrics": lambda _info, **page: connection(candidate.metrics, _metric, lambda row: row.id, **page),
            "metadata": lambda _info, **page: self._pairs("Ml::CandidateMetadata", candidate, candidate.tags, page),
            "ciJob": lambda _info: self._job(candidate.ci_job),
            "_links": {
                "showPath": self._path(f"ml/candidates/{candidate.iid}"),
                "artifactPath": self._path(f"packages/{package.id}") if package else None,
            },
        }

    def _pairs(self, kind: str, candidate: Candidate, values: dict[str, str], page: Told) -> Told:
        """Parameters or metadata, which have ids of their own."""
        rows = [(candidate.id * 1000 + number, name, value) for number, (name, value) in enumerate(values.items())]
        return connection(
            rows, lambda row: {"id": gid(kind, row[0]), "name": row[1], "value": row[2]}, lambda row: row[0], **page
        )

    def _job(self, job: CiJob | None) -> Told | None:
        if job is None or not auth.may_read_jobs(self._call.user, self._project):
            return None
        request = job.merge_request_id and {
            "id": gid("MergeRequest", job.merge_request_id),
            "iid": str(job.merge_request_iid),
            "title": job.merge_request_title,
            "webUrl": self._call.page(self._project, f"merge_requests/{job.merge_request_iid}"),
        }
        return {
            "id": gid("Ci::Build", job.id),
            "name": job.name,
            "webPath": self._path(f"jobs/{job.id}"),
            "pipeline": {
                "id": gid("Ci::Pipeline", job.pipeline_id),
                "mergeRequest": request,
                "user": self.user(job.user),
            },
        }

    def model(self, model: Model) -> Told:
        latest = model.latest
        free = [one for one in model.experiment.candidates if one.model_version is None]
        return {
            "id": gid("Ml::Model", model.id),
            "name": model.name,
            "createdAt": time_told(model.created_at),
            "author": self.user(model.user),
            "description": model.description,
            "descriptionHtml": f"<p>{model.description}</p>" if model.description else "",
            "latestVersion": self.version(latest) if latest else None,
            "versionCount": len(model.versions),
            "candidateCount": len(free),
            "versions": lambda _info, **asked: self._versions(model, **asked),
            "version": lambda _info, modelVersionId=None: self._one_version(model, modelVersionId),  # noqa: N803
            "candidates": lambda _info, **page: self._candidates(free, page),
            "defaultExperimentPath": self._path(f"ml/experiments/{model.experiment.iid}"),
            "_links": {"showPath": self._path(f"ml/models/{model.id}")},
        }

    def _versions(
        self,
        model: Model,
        version: str | None = None,
        orderBy: str | None = None,  # noqa: N803 - the name of the argument
        sort: str | None = None,
        **page: Any,
    ) -> Told:
        """Those whose number begins so."""
        found = [one for one in model.versions if one.version.startswith(version or "")]
        keys: dict[str, Any] = {"VERSION": lambda one: one.order, "CREATED_AT": lambda one: (one.created_at, one.id)}
        found.sort(key=keys.get(orderBy or "ID", lambda one: one.id), reverse=sort != "ASC")
        return connection(found, self.version, lambda one: one.id, **page)

    def _one_version(self, model: Model, wanted: str | None) -> Told | None:
        found = next((one for one in model.versions if gid("Ml::ModelVersion", one.id) == wanted), None)
        return self.version(found) if found else None

    def version(self, version: ModelVersion) -> Told:
        package = version.package
        show = self._path(f"ml/models/{version.model.id}/versions/{version.id}")
        return {
            "id": gid("Ml::ModelVersion", version.id),
            "createdAt": time_told(version.created_at),
            "author": self.user(version.user),
            "description": version.description,
            "descriptionHtml": f"<p>{version.description}</p>" if version.description else "",
            "artifactsCount": len(package.files) if package else 0,
            "version": version.version,
            "packageId": gid("Packages::Package", package.id) if package else None,
            "candidate": lambda _info: self.candidate(version.candidate),
            "_links": {
                "showPath": show,
                "packagePath": self._path(f"packages/{package.id}") if package else None,
                "importPath": f"/api/v4/projects/{self._project.id}/packages/ml_models/{version.id}/files/",
            },
        }

    def package(self, package: Package) -> Told:
        def file(one: Any) -> Told:
            return {
                "id": gid("Packages::PackageFile", one.id),
                "fileName": one.name,
                "size": str(len(one.content)),
                "createdAt": time_told(one.created_at),
                "downloadPath": self._path(f"package_files/{one.id}/download"),
                "fileSha256": sha256(one),
            }

        files = list(package.files.values())
        return {
            "id": gid("Packages::Package", package.id),
            "packageFiles": lambda _info, **page: connection(files, file, lambda one: one.id, **page),
        }

    def _path(self, rest: str) -> str:
        """The path of a page for people."""
        return self._call.page(self._project, rest).removeprefix(self._call.origin)


def _metric(row: MetricRow) -> Told:
    """A row of any step, without its time; one that was logged without a step has 0."""
    return {"id": gid("Ml::CandidateMetric", row.id), "name": row.key, "step": row.step or 0, "value": row.value}
