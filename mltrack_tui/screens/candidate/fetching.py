"""From a candidate's artifacts on: into a file, into a folder of this machine."""

from typing import TYPE_CHECKING

from mltrack_tui.screens.place import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mltrack_tui.domain.artifacts import Artifact
    from mltrack_tui.domain.entities import CandidateId
    from mltrack_tui.screens.candidate.artifacts import ArtifactsPane
    from mltrack_tui.screens.candidate.place import CandidatePlace
    from mltrack_tui.screens.place import Place


def look_inside(place: "CandidatePlace", files: "Sequence[Artifact]", index: int) -> None:
    """Look into one of the files of a folder."""
    from mltrack_tui.screens.preview.place import PreviewPlace  # when it is first opened

    if place.shown is not None:
        place.app.push_screen(PreviewPlace(place.session, place.parts, place.shown, files, index))


def download(place: "CandidatePlace", pane: "ArtifactsPane | None") -> None:
    """Download what is marked in the tree, or what its cursor is on; without the tree, say where it is."""
    if pane is None or place.shown is None:
        place.status.show_notice("Open the tab Artifacts (5) and put the cursor on what you want; A downloads all.")
    elif not (wanted := pane.wanted()):
        place.status.show_notice(pane.why_nothing() or "There is nothing here that can be downloaded.")
    else:
        from mltrack_tui.screens.transfers.asking import download_to_folder  # when it is first asked for
        from mltrack_tui.transfer.downloads import Wanted

        title = wanted[0].called if len(wanted) == 1 else f"{counted(len(wanted), 'artifact')} of {place.called}"
        download_to_folder(place, [Wanted(place.shown, each.path) for each in wanted], title)


def download_all(place: "CandidatePlace") -> None:
    """Download all artifacts of the candidate into a folder of its name."""
    download_candidates(place, [(place.candidate, place.called)])


def download_candidates(place: "Place", candidates: "Sequence[tuple[CandidateId, str | None]]") -> None:
    """Download all artifacts of some candidates, given with their names, into a folder each."""
    from mltrack_tui.screens.transfers.asking import download_to_folder
    from mltrack_tui.screens.transfers.folder import folder_name
    from mltrack_tui.transfer.downloads import Wanted

    if not candidates:
        place.status.show_notice("There is no candidate to download from.")
        return
    wanted = [Wanted(each, "", folder_name(each, name)) for each, name in candidates]
    called = candidates[0][1] or candidates[0][0].candidate_id
    title = f"all of {called}" if len(candidates) == 1 else f"all of {len(candidates):,} candidates"
    download_to_folder(place, wanted, title)
