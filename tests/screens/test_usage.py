"""What candidates used of their machines: in their table, and in the overview of one."""

from mltrack_tui.config.cost import Cost
from mltrack_tui.config.settings import Config
from mltrack_tui.domain.entities import Candidate, Experiment
from mltrack_tui.domain.times import HOUR
from mltrack_tui.sources.base import Capabilities, Capability, SourceError
from tests.memory import candidate
from tests.screens.given import HeldSource
from tests.screens.harness import NOW, Explorer, explore

GPU = "system/gpu_{}_utilization_percentage"
FRANCS = Config(cost=Cost(2.5, "CHF"))


def trained(number: int, hours: float | None, metrics: dict[str, float]) -> Candidate:
    start = NOW - number * HOUR - 24 * HOUR
    end = None if hours is None else start + round(hours * HOUR)
    status = "RUNNING" if hours is None else "FINISHED"
    name = f"run {number}"
    return candidate(f"{number:02}" * 16, name, status=status, start_time=start, end_time=end, metrics=metrics)


def cluster(capabilities: Capabilities | None = None) -> HeldSource:
    source = HeldSource(capabilities=capabilities)
    source.gpu_hour = 2.5
    two, memory = {GPU.format(0): 100.0, GPU.format(1): 80.0}, {"system/gpu_0_memory_usage_megabytes": 11_200.0}
    members = [
        trained(1, 2, {"loss": 0.5, **two, **memory}),
        trained(2, 5, {"loss": 0.4, GPU.format(0): 20.0}),
        trained(3, 1, {"loss": 0.3}),
        trained(4, None, {GPU.format(0): 50.0}),
    ]
    source.add(Experiment("1", "digits", "default", "active"), members)
    began = members[0].start_time or 0
    source.points["01" * 16, GPU.format(0)] = [(0, began, 60.0), (1, began + HOUR, 100.0)]
    source.points["04" * 16, GPU.format(0)] = [(0, (members[3].start_time or 0) + HOUR // 2, 50.0)]
    return source


PRICED = Capabilities(cost=Capability())


async def table(explorer: Explorer) -> None:
    await explorer.shows("1 experiment", "digits")
    await explorer.enter("run 1 ", "run 4 ")


async def test_its_columns_are_chosen_sorted_and_filtered_by() -> None:
    async with explore(cluster(PRICED), size=(120, 24)) as explorer:
        await table(explorer)
        assert "usage." not in explorer.text
        await explorer.press("C")
        await explorer.shows("Columns")
        await explorer.press("/")
        await explorer.type("usage.")
        await explorer.shows("gpu_hours", "cost", "peak_gpu_memory", "usage")
        await explorer.press("enter", "space", "j", "space", "escape", "escape")
        await explorer.shows("usage.gpu_hours", "usage.cost", "4.0", "10.0", "5.0", "12.5")
        cells = {line.split()[2]: line.split()[-2:] for line in explorer.lines if " run " in line}
        assert [float(cell) for cell in cells["2"]] == [5, 12.5]
        assert cells["3"] == ["–", "–"]
        assert [float(cell) for cell in cells["4"]] == [0.5, 1.25]
        await explorer.press("/")
        await explorer.type("usage.gpu_hours > 4.5 and usage.mean_gpu < 50")
        await explorer.enter("1 of 4 candidates", "run 2 ")
        await explorer.lacks("run 1 ")


async def test_without_a_rate_there_is_no_cost_and_the_filter_says_how_to_have_one() -> None:
    async with explore(cluster(), size=(120, 24)) as explorer:
        await table(explorer)
        await explorer.press("/")
        await explorer.type("usage.cost > 1")
        await explorer.shows("usage.cost: No rate is set", "[cost] gpu_hour")


async def test_the_overview_tells_each_part_of_the_machine_once_it_is_on_screen() -> None:
    source = cluster(PRICED)
    async with explore(source, size=(100, 40), config=FRANCS) as explorer:
        await table(explorer)
        source.hold("history")
        await explorer.enter("Overview", "duration")
        assert "GPU" not in explorer.text
        source.release()
        await explorer.shows("used", "4.00 GPU hours   CHF 10.00", "GPU memory", "11.2 GB")
        line = next(line for line in explorer.lines if line.strip().startswith("GPU  "))
        assert line.split()[1:5] == ["█████████", "2", "×", "90"]
        assert "mean    80 % peak   100 %" in line
        assert {"▆", "█"} <= set(line)
        await explorer.press("]")
        await explorer.shows("5.00 GPU hours   CHF 12.50", "20 %")
        await explorer.press("]")
        await explorer.shows("run 3", "1h00m")
        await explorer.lacks("GPU")
        await explorer.press("]")
        await explorer.shows("0.50 GPU hours   CHF 1.25   so far", "50 %")
        await explorer.press("[", "[")
        await explorer.shows("5.00 GPU hours")


async def test_it_is_read_anew_only_where_it_changed_and_stays_on_screen_until_then() -> None:
    source = cluster()
    async with explore(source, size=(100, 40)) as explorer:
        await table(explorer)
        await explorer.enter("4.00 GPU hours", "2 × 90 %")
        asked = source.calls.count("history")
        await explorer.press("r")
        await explorer.until(lambda: source.calls.count("summaries") == 2)
        await explorer.settle()
        assert source.calls.count("history") == asked
        source.all_candidates[0].metrics[GPU.format(1)] = 60.0  # type: ignore[index]
        source.hold("history")
        await explorer.press("r")
        await explorer.until(lambda: source.waiting == ["history"])
        assert "2 × 90 %" in explorer.text
        source.release()
        await explorer.shows("2 × 80 %")


async def test_without_histories_there_are_the_last_values_and_a_failure_is_told() -> None:
    silent = cluster(Capabilities(history=Capability("This server keeps no histories.")))
    async with explore(silent, size=(100, 40)) as explorer:
        await table(explorer)
        await explorer.enter("2 × 90 %")
    source = cluster()
    async with explore(source, size=(100, 40)) as explorer:
        await table(explorer)
        source.fail_at("history", SourceError("The machine's numbers are on fire."))
        await explorer.enter("The machine's numbers are on fire.", "Overview")
