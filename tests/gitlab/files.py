"""Artifacts, and the packages that hold them: section 3 of the contract."""

import hashlib
import re
from typing import Any
from urllib.parse import quote

from tests.gitlab import errors
from tests.gitlab.auth import check_scope, may_read_models, may_read_packages, project_of
from tests.gitlab.calls import Answer, Call, json_answer
from tests.gitlab.projects import iso, offset_answer
from tests.gitlab.things import DEVELOPER, Candidate, ModelVersion, Package, PackageFile, Project

CANDIDATE = "candidate:"


def list_artifacts(call: Call, project: Project) -> Answer:
    """A flat list of stored names; what follows a slash in the path makes it empty."""
    if "path" not in call.query:
        return json_answer({"message": "500 Internal Server Error"}, status=500)
    whose, _, rest = call.query["path"].partition("/")
    if rest:
        return json_answer({"files": []})
    owner = _owner(project, whose)
    if isinstance(owner, ModelVersion) and owner.package is None:
        raise errors.no_resource()
    files = owner.package.files.values() if owner.package else ()
    told = [{"path": one.name, "file_size": len(one.content), "is_dir": False} for one in files]
    return json_answer({"files": told})


def download_artifact(call: Call, project: Project, whose: str, path: str) -> Answer:
    package = _owner(project, whose).package
    if package is None or (found := package.files.get(quote(path, safe=""))) is None:
        raise errors.no_resource()
    return sent(call, found)


def _owner(project: Project, whose: str) -> Candidate | ModelVersion:
    """The candidate of ``candidate:<iid>``, or the model version of an id."""
    iid = whose.removeprefix(CANDIDATE)
    found: Candidate | ModelVersion | None = None
    if iid.isdecimal():
        found = project.candidate_of(int(iid)) if whose.startswith(CANDIDATE) else project.version_of(int(iid))
    if found is None:
        raise errors.no_resource()
    return found


def sent(call: Call, file: PackageFile) -> Answer:
    """The bytes of a file, or where object storage has them."""
    if call.elsewhere is not None:
        where = f"{call.elsewhere}/packages/{file.id}?X-Amz-Expires=600&X-Amz-Signature={signature(file)}"
        return Answer(b"", 302, {"Location": where})
    return _bytes(call, file)


def signature(file: PackageFile) -> str:
    return f"{file.id * 2_654_435_761 % 2**64:016x}"


def _bytes(call: Call, file: PackageFile) -> Answer:
    """The bytes, or those from an offset on: what hands files out for GitLab, and object storage, know ranges."""
    disposition = f"attachment; filename=\"{file.name}\"; filename*=UTF-8''{quote(file.name)}"
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": disposition,
        "Accept-Ranges": "bytes",
        "ETag": f'"{sha256(file)[:32]}"',
    }
    size = len(file.content)
    wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", call.headers.get("range", ""))
    if wanted is None:
        return Answer(file.content, headers=headers)
    begin, end = int(wanted[1]), min(int(wanted[2] or size), size - 1)
    if begin >= size:
        return Answer(b"", 416, {"Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {begin}-{end}/{size}"
    return Answer(file.content[begin : end + 1], 206, headers)


def stored_elsewhere(call: Call) -> Answer:
    """Object storage: it wants the signature, and nothing to do with tokens that are not its own."""
    if "authorization" in call.headers or "private-token" in call.headers:
        code = "<Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed</Message></Error>"
        return Answer(code.encode(), 400, {"Content-Type": "application/xml"})
    number = call.path.removeprefix("/packages/")
    file = call.world.files.get(int(number)) if number.isdecimal() else None
    if file is None or call.query.get("X-Amz-Signature") != signature(file):
        return Answer(b"<Error><Code>AccessDenied</Code></Error>", 403, {"Content-Type": "application/xml"})
    return _bytes(call, file)


def get_model_file(call: Call, told: str, whose: str, path: str) -> Answer:
    """GET packages/ml_models, which knows Bearer tokens only."""
    check_scope(call)
    project = project_of(call, told)
    _check_files(call, project)
    package = _owner_or_nothing(project, whose).package
    if package is None or (found := package.files.get(quote(path, safe=""))) is None:
        raise errors.not_found()
    return sent(call, found)


def put_model_file(call: Call, told: str, whose: str, path: str) -> Answer:
    """PUT packages/ml_models: what MLflow's client does to log an artifact."""
    check_scope(call)
    project = project_of(call, told)
    _check_files(call, project)
    if project.level(call.user) < DEVELOPER:
        raise errors.forbidden()
    call.world.artifact(project, _owner_or_nothing(project, whose), path, call.body)
    return json_answer({"message": "201 Created"}, status=201)


def _check_files(call: Call, project: Project) -> None:
    if not may_read_models(call.user, project):
        raise errors.not_found()


def _owner_or_nothing(project: Project, whose: str) -> Candidate | ModelVersion:
    try:
        return _owner(project, whose)
    except errors.Refusal as refusal:
        raise errors.not_found() from refusal


def get_generic_file(call: Call, told: str, name: str, version: str, path: str) -> Answer:
    """GET packages/generic: where older servers kept artifacts."""
    check_scope(call)
    project = project_of(call, told)
    _check_packages(call, project)
    packages = [one for one in project.packages.values() if (one.name, one.version) == (name, version)]
    package = next((one for one in packages if one.type == "generic"), None)
    if package is None or (found := package.files.get(quote(path, safe=""))) is None:
        raise errors.not_found()
    return sent(call, found)


def list_packages(call: Call, told: str) -> Answer:
    """GET packages."""
    check_scope(call)
    project = project_of(call, told)
    _check_packages(call, project)
    asked = call.query
    wanted = {
        "type": asked.get("package_type"),
        "version": asked.get("package_version"),
    }
    found = [
        one
        for one in project.packages.values()
        if all(value is None or getattr(one, key) == value for key, value in wanted.items())
        and asked.get("package_name", "") in one.name
    ]
    order = asked.get("order_by", "created_at")
    order = order if order in ("created_at", "name", "version", "type") else "created_at"
    found.sort(key=lambda one: (getattr(one, order), one.id), reverse=asked.get("sort", "asc") == "desc")
    return offset_answer(call, [_package_told(call, project, one) for one in found])


def list_package_files(call: Call, told: str, package_id: str) -> Answer:
    """GET packages/:id/package_files."""
    check_scope(call)
    project = project_of(call, told)
    _check_packages(call, project)
    package = project.packages.get(int(package_id))
    if package is None:
        raise errors.not_found("Package")
    return offset_answer(call, [_file_told(package, one) for one in package.files.values()])


def _check_packages(call: Call, project: Project) -> None:
    if not may_read_packages(call.user, project):
        raise errors.forbidden()


def _package_told(call: Call, project: Project, package: Package) -> dict[str, Any]:
    web_path = f"/{project.path_with_namespace}/-/packages/{package.id}"
    return {
        "id": package.id,
        "name": package.name,
        "version": package.version,
        "package_type": package.type,
        "status": "default",
        "_links": {"web_path": web_path},
        "created_at": iso(package.created_at),
        "last_downloaded_at": None,
        "tags": [],
        "pipelines": [],
    }


def _file_told(package: Package, file: PackageFile) -> dict[str, Any]:
    return {
        "id": file.id,
        "package_id": package.id,
        "created_at": iso(file.created_at),
        "file_name": file.name,
        "size": len(file.content),
        "file_md5": None,
        "file_sha1": None,
        "file_sha256": sha256(file),
    }


def sha256(file: PackageFile) -> str:
    return hashlib.sha256(file.content).hexdigest()
