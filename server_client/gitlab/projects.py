"""Projects."""

import re
from collections.abc import Mapping

from server_client.channel import Channel
from server_client.decode import Json, members
from server_client.gitlab import decode, graphql
from server_client.gitlab.address import project_root
from server_client.gitlab.values import Counts, Project, ProjectPage

_NEXT_PAGE = re.compile(r"""<[^>]*[?&]page=(\d+)[^>]*>;\s*rel="?next"?""")


class ProjectsResource:
    """What can be asked about projects. Every call raises TrackingError."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def page(self, search: str = "", number: int = 1, size: int = 100) -> ProjectPage:
        """A page of the projects that we are a member of, the latest activity first: GET projects.

        Archived projects are left out. (Not by keyset pages, which GitLab sorts by id only.)

        Args:
            search: in names, paths and groups; all of them where it is empty.
            number: of the page, from 1.
            size: projects of a page, at most 100.
        """
        params: list[tuple[str, str | int]] = [("membership", "true"), ("archived", "false")]
        params += [("order_by", "last_activity_at"), ("sort", "desc"), ("per_page", size), ("page", number)]
        params += [("search", search), ("search_namespaces", "true")] if search else []
        projects, headers = await self._channel.rows("projects", "/api/v4/projects", params, _projects)
        return ProjectPage(projects, next_page(headers), _number(headers.get("x-total")))

    async def get(self, project: str) -> Project:
        """One project, by its path or number: GET projects/:id. Raises NotFoundError, also where it is not for us."""
        return await self._channel.get(project_root(project), (), decode.project)

    async def counts(self, path: str) -> Counts:
        """How many experiments and models a project has, by its path: GraphQL. Raises NotFoundError."""
        return await graphql.ask(self._channel, graphql.COUNTS, {"path": path}, graphql.counts)


def _projects(answer: Json) -> tuple[Project, ...]:
    return tuple(decode.project(item) for item in members(answer, "projects"))


def next_page(headers: Mapping[str, str]) -> int | None:
    """The next page's number: GitLab's header, empty at the end, or the link (RFC 8288) where a proxy took that."""
    if "x-next-page" in headers:
        return _number(headers["x-next-page"])
    link = _NEXT_PAGE.search(headers.get("link", ""))
    return int(link[1]) if link else None


def _number(header: str | None) -> int | None:
    return int(header) if header and header.isascii() and header.isdigit() else None
