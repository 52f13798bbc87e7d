"""What was fetched of one workspace of a server, and what may be asked next."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from heapq import merge
from itertools import takewhile

from mltrack_tui.domain.entities import Candidate
from mltrack_tui.domain.query import Lifecycle
from mltrack_tui.sources.remote.listing import BaseListing, Listing
from mltrack_tui.sources.remote.pool import Pool
from mltrack_tui.sources.remote.shared import Shared
from server_client.dialect import Tracker
from server_client.together import together

_LONGEST_NUMBER = 18
_KEPT_LISTINGS = 24
_BEGUN_AT_ONCE = 12
_VIEWS = {Lifecycle.ACTIVE: "ACTIVE_ONLY", Lifecycle.DELETED: "DELETED_ONLY", Lifecycle.ALL: "ALL"}

Pushed = tuple[str | None, tuple[str, ...]]
"""A filter and an order as a server is asked for them."""


class Workspace:
    """One workspace, or all that a server without workspaces holds.

    Attributes:
        client: asks in it.
        project: its name.
        pool: the candidates that were fetched.
        refused: what the server was asked for and does not understand.
        told: how many candidates experiments have, where the server said so.
    """

    def __init__(self, client: Tracker, source: str, project: str, page_size: int) -> None:
        self.client, self.project = client, project
        self.pool = Pool(client, source, project)
        self.refused: set[Pushed] = set()
        self.told: dict[str, int] = {}
        self._page_size = page_size
        self._bases: dict[tuple[frozenset[str], Lifecycle], BaseListing] = {}
        self._listings: OrderedDict[tuple[frozenset[str], Lifecycle, Pushed], Listing] = OrderedDict()
        self._list_experiments = Shared(self._read_experiments)
        self._listed: tuple[str, ...] | None = None

    async def experiments(self) -> Sequence[str]:
        """The ids of all experiments, deleted or not. Raises server_client's NotFoundError: no such workspace."""
        if self._listed is None:
            await self._list_experiments()
        return self._listed or ()

    async def existing(self, experiments: Iterable[str]) -> tuple[str, ...]:
        """Those of some ids that are experiments here."""
        # MLflow's are numbers of 64 bits, and it fails on others
        wanted = [each for each in experiments if each.isascii() and each.isdigit() and len(each) <= _LONGEST_NUMBER]
        if self.client.dialect.several_experiments:
            await self.pool.name_experiments(wanted)
        else:
            await self.experiments()
        return tuple(each for each in wanted if each in self.pool.experiments)

    def bases(self, experiments: Iterable[str], lifecycle: Lifecycle) -> "Bases":
        """All candidates of some experiments, the latest start first."""
        dialect = self.client.dialect
        stages = [each for each in _stages(lifecycle) if dialect.keeps_deleted or each is Lifecycle.ACTIVE]
        places = [frozenset(experiments)]
        if not dialect.several_experiments:
            places = [frozenset([each]) for each in dict.fromkeys(experiments)]
        return Bases([self._base(place, stage) for place in places for stage in stages], self.pool)

    def expected(self, experiments: Iterable[str], lifecycle: Lifecycle, loaded: int) -> int | None:
        """How many candidates some experiments have, where the server told; fewer than are ``loaded`` are no answer."""
        if lifecycle is Lifecycle.DELETED or not all(each in self.told for each in experiments):
            return None
        number = sum(self.told[each] for each in experiments)
        return number if number > loaded else None

    def counted(self, experiment: str) -> BaseListing | None:
        """What came of an experiment's active candidates, if that is still to be relied on."""
        base = self._bases.get((frozenset([experiment]), Lifecycle.ACTIVE))
        return base if base is not None and base.ready else None

    def listing(self, experiments: Iterable[str], lifecycle: Lifecycle, pushed: Pushed) -> Listing:
        """The candidates that answer a filter, in an order, as the server understands them."""
        key = (frozenset(experiments), lifecycle, pushed)
        if key not in self._listings:
            text, order = pushed
            places, view = sorted(key[0]), _VIEWS[lifecycle]
            self._listings[key] = Listing(
                lambda rows: self.client.runs.search(places, text or "", order, view, rows),
                self.pool,
                self._page_size,
            )
        self._listings.move_to_end(key)
        while len(self._listings) > _KEPT_LISTINGS:
            self._listings.popitem(last=False)
        return self._listings[key]

    def loaded(self, experiments: Iterable[str], lifecycle: Lifecycle) -> list[str]:
        """All that was fetched of some experiments, whatever was asked, in base order."""
        places = frozenset(experiments)
        lists = [listing.ids for (held, _), listing in self._bases.items() if held & places]
        lists += [listing.ids for (held, _, _), listing in self._listings.items() if held & places]
        found = (self.pool.get(each) for each in dict.fromkeys(each for ids in lists for each in ids))
        ids = [each.id.candidate_id for each in found if each and _belongs(each, places, lifecycle)]
        return sorted(ids, key=self.pool.key)

    def complete(self, experiments: Iterable[str], lifecycle: Lifecycle, ids: Sequence[str]) -> None:
        """Know that these are all candidates of some experiments in a stage of their life."""
        for stage in _stages(lifecycle):
            found = [each for each in ids if (held := self.pool.get(each)) and stage.admits(held.lifecycle_stage)]
            self._base(frozenset(experiments), stage).fill(sorted(found, key=self.pool.key))

    def forget(self) -> None:
        """Ask anew, as little as shows what there is now."""
        self._listed = None
        self.refused.clear()
        self.told.clear()
        self._listings.clear()
        for base in self._bases.values():
            base.stale = True
        self.pool.forget({each for base in self._bases.values() for each in base.ids})

    def _base(self, places: frozenset[str], stage: Lifecycle) -> BaseListing:
        found = self._bases.get((places, stage))
        if found is None:
            experiments, view = sorted(places), _VIEWS[stage]
            found = self._bases[places, stage] = BaseListing(
                lambda rows: self.client.runs.search(experiments, "", (), view, rows),
                self.pool,
                self._page_size,
            )
        if not found.ready and (ids := self._from_others(places, stage)) is not None:
            found.fill(ids)
        return found

    def _from_others(self, places: frozenset[str], stage: Lifecycle) -> list[str] | None:
        """All candidates of some experiments, where they are in listings that hold them with others, or each alone."""
        whole = {
            held: base for (held, kind), base in self._bases.items() if kind is stage and base.ready and base.complete
        }
        wider = next((base for held, base in whole.items() if held > places), None)
        if wider is not None:
            found = [held for each in wider.ids if (held := self.pool.get(each)) and held.id.experiment_id in places]
            return [each.id.candidate_id for each in found]
        alone = [whole.get(frozenset([each])) for each in places]
        if len(places) < 2 or None in alone:
            return None
        return sorted((each for base in alone if base for each in base.ids), key=self.pool.key)

    async def _read_experiments(self) -> None:
        found = [each async for each in self.client.experiments.search(view="ALL").all()]
        self.pool.know_all(found)
        self._listed = tuple(each.experiment_id for each in found)


class Bases:
    """The unfiltered listings that a question is about: of active candidates, of deleted ones, or of both.

    A server that is asked about one experiment at a time has one or two of each. Then it is the first of them that
    begin, and the others one by one: what they hold may belong between what is here.
    """

    def __init__(self, members: Sequence[BaseListing], pool: Pool) -> None:
        self._members, self._pool = members, pool

    @property
    def ready(self) -> bool:
        """Whether something came of the first that is still to be relied on."""
        return all(member.ready for member in self._members[:_BEGUN_AT_ONCE])

    @property
    def was_complete(self) -> bool:
        """Whether all was known once, so that a little more makes it so again."""
        return all(member.complete for member in self._members)

    @property
    def complete(self) -> bool:
        """Whether all candidates are here."""
        return all(member.ready and member.complete for member in self._members)

    async def begin(self) -> None:
        """Have the first page of each, or look whether it is another now."""
        some = [member for member in self._members if not member.ready][:_BEGUN_AT_ONCE]
        await together(*(member.grow() for member in some))

    async def grow(self) -> None:
        """Begin with those that nothing came of, else have a page more of the listing that has come down least."""
        if not all(member.ready for member in self._members):
            await self.begin()
        elif open_ones := [member for member in self._members if not member.complete]:
            await min(open_ones, key=self._end).grow()

    def ids(self) -> list[str]:
        """What is here, in one order: as far as nothing can come in between any more."""
        if len(self._members) == 1:
            return list(self._members[0].ids)
        begun = [member for member in self._members if member.begun]
        merged = merge(*(sorted(member.ids, key=self._pool.key) for member in begun), key=self._pool.key)
        open_ones = [member for member in begun if not member.complete]
        if not open_ones:
            return list(dict.fromkeys(merged))
        end = min(map(self._end, open_ones))
        return list(dict.fromkeys(takewhile(lambda each: self._pool.key(each) <= end, merged)))

    def _end(self, member: BaseListing) -> tuple[float, str]:
        return self._pool.key(member.ids[-1]) if member.ids else (float("-inf"), "")


def _stages(lifecycle: Lifecycle) -> tuple[Lifecycle, ...]:
    return (Lifecycle.ACTIVE, Lifecycle.DELETED) if lifecycle is Lifecycle.ALL else (lifecycle,)


def _belongs(candidate: Candidate, places: frozenset[str], lifecycle: Lifecycle) -> bool:
    return candidate.id.experiment_id in places and lifecycle.admits(candidate.lifecycle_stage)
