"""Artifacts and packages: section 3 of the contract."""

from typing import Any

import httpx
import pytest

from tests.gitlab.asking import Asking
from tests.gitlab.profiles import Profile
from tests.gitlab.things import GUEST

FILES = ["model%2FMLmodel", "model%2Fdata%2Fweights.bin", "plots%2Floss%20curve.svg", "notes.md"]
CHURN = "group/sub/churn"


def artifacts(small: Asking, rest: str = "", *, user: str = "ann", scope: str = "api", **params: str) -> httpx.Response:
    url = f"/api/v4/projects/group%2Fvision/ml/mlflow/api/2.0/mlflow-artifacts/artifacts{rest}"
    return small.by(user, scope).get(url, params=params or None)


def test_files_are_listed_flat_with_their_stored_names(small: Asking) -> None:
    listed = artifacts(small, path="candidate:1", user="gus", scope="read_api").json()["files"]
    assert [one["path"] for one in listed] == FILES
    assert listed[-1] == {"path": "notes.md", "file_size": 24, "is_dir": False}


@pytest.mark.parametrize("path", ["candidate:1/model", "candidate:1/nothing", "candidate:99/x", "3001/model"])
def test_there_are_no_folders(small: Asking, path: str) -> None:
    assert artifacts(small, path=path).json() == {"files": []}


def test_a_run_without_files_has_none_and_a_version_is_not_found(small: Asking) -> None:
    assert artifacts(small, path="candidate:2").json() == {"files": []}
    version = small.project().models["segmenter"].versions[0]
    assert [one["path"] for one in artifacts(small, path=str(version.id)).json()["files"]] == ["model%2FMLmodel"]
    version.package = None
    for path in (str(version.id), "99999", "candidate:99", "rubbish"):
        answer = artifacts(small, path=path)
        assert (answer.status_code, answer.json()) == (404, {"error_code": "RESOURCE_DOES_NOT_EXIST"}), path


def test_without_a_path_the_server_breaks(small: Asking) -> None:
    assert artifacts(small).status_code == 500
    small.stub.check()


@pytest.mark.parametrize("path", ["model/data/weights.bin", "model%2Fdata%2Fweights.bin", "plots/loss%20curve.svg"])
def test_a_file_is_fetched_by_its_plain_path(small: Asking, path: str) -> None:
    small.stub.redirect_files = False
    answer = artifacts(small, f"/candidate:1/{path}", user="gus", scope="read_api")
    assert answer.content.startswith(b"the content of ")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="')
    assert int(answer.headers["Content-Length"]) == len(answer.content)


def test_a_download_goes_elsewhere_where_no_token_may_come_along(small: Asking) -> None:
    answer = artifacts(small, "/candidate:1/notes.md")
    where = answer.headers["Location"]
    assert (answer.status_code, where.startswith(small.stub.elsewhere + "/")) == (302, True)
    assert "X-Amz-Signature=" in where
    assert small.by().get(where).status_code == 400
    anybody = small.with_headers({})
    assert anybody.get(where).content == b"the content of notes.md\n"
    assert anybody.get(where.partition("?")[0]).status_code == 403
    hosts = [one.host for one in small.stub.asked]
    assert [host in small.stub.elsewhere for host in hosts] == [False, True, True, True]


def test_a_part_of_a_file_may_be_asked_for(small: Asking) -> None:
    where = artifacts(small, "/candidate:1/notes.md").headers["Location"]
    anybody = small.with_headers({})
    part = anybody.get(where, headers={"Range": "bytes=15-"})
    assert (part.status_code, part.content, part.headers["Content-Range"]) == (206, b"notes.md\n", "bytes 15-23/24")
    assert anybody.get(where, headers={"Range": "bytes=24-"}).status_code == 416


def uri_of(small: Asking, path: str = "group/vision", number: int = 0) -> str:
    candidate = small.project(path).experiments[1].candidates[number]
    run = small.tracking("GET runs/get", {"run_id": candidate.eid}, path=path).json()["run"]
    return str(run["info"]["artifact_uri"]).removeprefix(small.stub.uri)


@pytest.mark.parametrize("profile", Profile)
def test_where_a_run_has_its_files_is_told_with_the_projects_number(small: Asking, profile: Profile) -> None:
    packages = f"/api/v4/projects/{small.project().id}/packages/ml_models"
    newest = profile is Profile.NEW
    assert uri_of(small) == ("mlflow-artifacts:/candidate:1" if newest else f"{packages}/candidate:1/files/")
    assert uri_of(small, number=1) == f"{packages}/candidate:2/files/"
    version = small.project().models["segmenter"].versions[0]
    run = small.tracking("GET runs/get", {"run_id": version.candidate.eid}).json()["run"]
    assert run["info"]["artifact_uri"].endswith(f"{packages}/{version.id}/files/")


@pytest.mark.parametrize("profile", [Profile.OLD])
def test_an_old_run_may_have_its_files_in_a_generic_package(small: Asking, profile: Profile) -> None:
    project = small.project(CHURN)
    assert uri_of(small, CHURN) == f"/api/v4/projects/{project.id}/packages/generic/ml_experiment_1/1/"
    small.stub.redirect_files = False
    assert small.by("dan").get(uri_of(small, CHURN) + "report.txt").content == b"an old report\n"
    (package,) = small.by("dan").get(f"/api/v4/projects/{project.id}/packages?package_type=generic").json()
    assert (package["name"], package["version"]) == ("ml_experiment_1", "1")


def test_packages_are_listed_with_their_files(small: Asking) -> None:
    url = f"/api/v4/projects/{small.project().id}/packages"
    asked: dict[str, Any] = {"package_name": "ml_experiment_1", "package_version": "candidate_1"}
    (package,) = small.by().get(url, params=asked).json()
    assert (package["package_type"], package["status"]) == ("ml_model", "default")
    files = small.by().get(f"{url}/{package['id']}/package_files", params={"per_page": 3})
    assert [one["file_name"] for one in files.json()] == FILES[:3]
    assert (files.headers["x-next-page"], files.headers["x-total"]) == ("2", "4")
    names = [one["version"] for one in small.by().get(url, params={"order_by": "version", "sort": "desc"}).json()]
    assert names == ["candidate_1", "1.9.0", "1.10.0", "1.0.0"]


def test_nothing_is_uploaded_by_the_way_that_lists(small: Asking) -> None:
    url = f"/api/v4/projects/{small.project().id}/ml/mlflow/api/2.0/mlflow-artifacts/artifacts/candidate:1/new.txt"
    answer = small.by().put(url, content=b"x")
    assert (answer.status_code, answer.json()) == (404, {"error": "404 Not Found"})


def test_uploads_are_for_developers_by_bearer(small: Asking) -> None:
    url = f"/api/v4/projects/{small.project().id}/packages/ml_models/candidate:2/files/a/b.txt"
    small.world.add_member(small.world.user_named("sam"), small.project(), GUEST)
    assert small.by("sam").put(url, content=b"x").status_code == 403
    assert small.by("dan", "read_api").put(url, content=b"x").status_code == 403
    token = small.world.token(small.world.user_named("dan"))
    assert small.with_headers({"PRIVATE-TOKEN": token}).put(url, content=b"x").status_code == 401
    assert small.by("dan").put(url, content=b"x").status_code == 201
    assert [one["path"] for one in artifacts(small, path="candidate:2").json()["files"]] == ["a%2Fb.txt"]
    missing = small.by("dan").get(url + "x")
    assert (missing.status_code, missing.json()) == (404, {"message": "404 Not Found"})
