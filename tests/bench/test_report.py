from tests.bench.measure import KEYS, Figures
from tests.bench.report import table


def figures(empty: float = 100.0) -> Figures:
    names = ["experiments", "candidates", "counted", "sort first", "sort again", "idle", "idle after", "memory"]
    names += ["client first", "client again"]
    pressed = [f"{key} {what}" for key in KEYS for what in ("first", "all", "bytes")]
    return {"empty": [empty], **{key: [250.0] for key in names}, **{name: [*range(1, 21)] for name in pressed}}


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_each_size_of_store_has_a_column_and_each_figure_a_line() -> None:
    lines = table({1000: figures(), 100_000: figures(50.0)}).splitlines()
    assert cells(lines[0]) == ["", "wanted at 100,000", "1,000", "100,000"]
    assert {len(line) for line in lines} == {len(lines[0])}
    rows = {name: rest for name, *rest in map(cells, lines[2:])}
    assert rows["candidates: first rows"] == ["3.0x the empty app", "250 ms (2.5x)", "250 ms (5.0x)"]
    assert rows["down: everything drawn, p50 / p95"] == ["16 ms", "10 ms / 20 ms", "10 ms / 20 ms"]
    assert rows["the same page, MlflowClient: again"] == ["", "250 ms", "250 ms"]
