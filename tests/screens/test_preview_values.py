"""Tables, trees, pictures and summaries of files, by keys in the real application."""

import json
from pathlib import Path

from tests.screens.test_preview import look_into

RECORDED = Path(__file__).parents[1] / "preview" / "recorded"
ROWS = 20_000
RUNS = "id,name,val_loss\n" + "".join(f"{n},run {n},{(n * 7919 % ROWS) / ROWS}\n" for n in range(ROWS)) + "no,more\n"


async def test_a_table_shows_its_first_page_and_reads_on_as_the_cursor_goes() -> None:
    async with look_into({"runs.csv": RUNS.encode()}, "runs.csv") as explorer:
        await explorer.shows("rows read of about", "run 0", "65.5 kB of")
        await explorer.press("G")
        await explorer.shows("20,001 rows · 3 columns · 1 with more or fewer cells than titles", "no  more")
        await explorer.press("g", "l", "l", "j")
        await explorer.tells("2/20,001")
        await explorer.tells("val_loss  0.39595")


async def test_a_table_is_sorted_filtered_and_exported_as_candidates_are(tmp_path: Path) -> None:
    async with look_into({"runs.csv": RUNS.encode(), "b.txt": b"beside it"}, "runs.csv") as explorer:
        await explorer.shows("run 0")
        explorer.grid.move(0, 2)
        await explorer.press("}")
        await explorer.shows(" 20,001 rows · 3 columns", "▼ val_loss")
        await explorer.press("g")
        await explorer.tells("val_loss  0.99995")
        await explorer.press("/")
        await explorer.type("val_loss < 0.0002 and id > 1000")
        await explorer.press("enter")
        await explorer.shows("3 of 20,001 rows")
        await explorer.press("x", "c")
        target = tmp_path / "out.csv"
        await explorer.press(*["backspace"] * 40)
        await explorer.type(str(target))
        await explorer.press("enter")
        await explorer.tells("Wrote 3 rows")
        rows = target.read_text().splitlines()
        assert rows[0] == "id,name,val_loss"
        assert [row.split(",")[2] for row in rows[1:]] == ["0.00015", "0.0001", "5e-05"]
        await explorer.press("escape")
        await explorer.shows("20,001 rows ·")
        await explorer.press("]")
        await explorer.shows("b.txt", "beside it")


async def test_a_tree_folds_by_the_keys_of_lists() -> None:
    value = '{"model": {"layers": [{"units": 1.50}, {"units": 2}]}, "model": NaN}'
    async with look_into({"a.json": value.encode()}, "a.json") as explorer:
        await explorer.shows("▸ model", "{1 key}", "NaN")
        await explorer.press("l", "l", "enter", "j", "l", "j")
        await explorer.tells("model.layers[0].units  1.50")
        await explorer.press("h", "h", "h")
        await explorer.cursor_on("▾ layers")
        await explorer.press("h", "h", "h")
        await explorer.lacks("▾ layers")
        await explorer.press("+")
        await explorer.shows("units")


async def test_what_is_no_tree_says_why_and_is_shown_as_text() -> None:
    async with look_into({"a.yaml": b"a: [1\nb: 2\n", "b.json": b"{}"}, "a.yaml") as explorer:
        await explorer.shows("a: [1")
        await explorer.tells("Line 2, column 2: did not find expected ',' or ']'.")


async def test_a_confusion_matrix_is_drawn_and_its_cells_are_told() -> None:
    matrix = json.dumps({"labels": ["cat", "dog"], "confusion_matrix": [[9, 1], [0, 4]]})
    async with look_into({"matrix.json": matrix.encode()}, "matrix.json") as explorer:
        await explorer.shows("██    9 ░░    1", "accuracy 92.9% · 14 in all")
        await explorer.press("l")
        await explorer.tells("true cat, predicted dog  1 of 10, 10.0%")


async def test_a_curve_is_drawn_with_its_area() -> None:
    curve = "fpr,tpr,thresholds\n0,0,inf\n0,0.5,0.9\n0.5,1,0.5\n1,1,0\n"
    async with look_into({"roc.csv": curve.encode()}, "roc.csv") as explorer:
        await explorer.shows("ROC curve: true positive rate over false positive rate", "AUC 0.8750 · 4 points")
        await explorer.press("2")
        await explorer.shows("thresholds", "4 rows · 3 columns")


async def test_a_model_and_its_packages_are_summed_up() -> None:
    files = {name: (RECORDED / name).read_bytes() for name in ("MLmodel", "requirements.txt", "input_example.json")}
    async with look_into(files, "MLmodel", (100, 50)) as explorer:
        await explorer.shows("Flavour sklearn", "11.6 kB", "Inputs (4)", "sepal length (cm)  double  true")
        await explorer.press("]")
        await explorer.shows("Requirements (8, 8 pinned to one version)", "scikit-learn")
        await explorer.press("]")
        await explorer.shows("3 rows · 4 columns", "sepal width (cm)")
