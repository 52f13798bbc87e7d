"""What evaluations and models leave behind, as mlflow and scikit-learn write it (``recorded/README.md``)."""

import json
import random
from pathlib import Path

import pytest
from sklearn.metrics import auc, average_precision_score, precision_recall_curve, roc_curve

from mltrack_tui.preview.delimited import Rows, form_of
from mltrack_tui.preview.evaluation import Matrix, Rates, picture_of_rows, picture_of_value
from mltrack_tui.preview.kinds import Look, looks_of
from mltrack_tui.preview.summary import summary_of
from mltrack_tui.preview.table_json import table_of
from mltrack_tui.preview.tree import tree_of

RECORDED = Path(__file__).parent / "recorded"
LABELS = ["setosa", "versicolor", "virginica"]
COUNTS = [[50, 0, 0], [0, 47, 3], [0, 1, 49]]


def drawn(name: str, text: str) -> Matrix | Rates | None:
    """What is drawn of a file, by its name and its text."""
    if name.endswith(".json"):
        return picture_of_value(name, tree_of(name, text.encode()))
    rows = Rows(form_of(name, text.encode()))
    rows.feed(text.encode(), last=True)
    return picture_of_rows(name, rows.names, [rows.row(index) for index in range(len(rows))])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("matrix.json", json.dumps({"labels": LABELS, "confusion_matrix": COUNTS})),
        ("confusion.json", json.dumps({"data": COUNTS, "columns": LABELS, "index": LABELS})),
        ("cm.json", json.dumps({a: {b: COUNTS[j][i] for j, b in enumerate(LABELS)} for i, a in enumerate(LABELS)})),
        ("confusion_matrix.csv", "setosa,versicolor,virginica\n50,0,0\n0,47,3\n0,1,49\n"),
        ("cm.csv", ",setosa,versicolor,virginica\nsetosa,50,0,0\nversicolor,0,47,3\nvirginica,0,1,49\n"),
    ],
)
def test_a_confusion_matrix_is_found_in_what_people_write(name: str, text: str) -> None:
    found = drawn(name, text)
    assert isinstance(found, Matrix)
    assert (list(found.rows), [list(row) for row in found.values]) == (LABELS, COUNTS)
    assert (found.is_confusion, found.share(1, 2), found.accuracy) == (True, 0.06, 146 / 150)


def test_curves_are_found_and_their_areas_are_those_of_scikit_learn() -> None:
    chance = random.Random(7)
    truth = [chance.random() < 0.4 for _ in range(500)]
    scores = [chance.gauss(0.7 if true else 0.0, 0.6) for true in truth]
    fpr, tpr, thresholds = (each.tolist() for each in roc_curve(truth, scores))
    roc = drawn("roc.json", json.dumps({"fpr": fpr, "tpr": tpr, "thresholds": thresholds}))
    assert isinstance(roc, Rates)
    assert roc.curves[0].area(roc.kind) == pytest.approx(auc(fpr, tpr))
    precision, recall, _ = (each.tolist() for each in precision_recall_curve(truth, scores))
    lines = [f"{x!r},{y!r},a\n" for x, y in zip(precision, recall, strict=True)]
    pairs = drawn("pr_curve.csv", "precision,recall,class\n" + "".join(lines) + "0.5,0,b\n0.25,nan,b\n0.5,1,b\n")
    assert isinstance(pairs, Rates)
    assert [(curve.name, curve.left_out) for curve in pairs.curves] == [("a", 0), ("b", 1)]
    assert pairs.curves[0].area(pairs.kind) == pytest.approx(average_precision_score(truth, scores))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("per_class_metrics.csv", (RECORDED / "per_class_metrics.csv").read_text()),
        ("report.csv", "class,precision,recall,f1-score,support\na,0.5,0.5,0.5,3\nb,0.5,0.75,0.5,3\n"),
        ("table.csv", "a,b\n1,2\n3,4\n"),
        ("confusion_matrix.json", "[[1, 2], [3]]"),
        ("config.json", '{"labels": ["a", "b"], "recall": [0.5]}'),
    ],
)
def test_what_only_looks_like_a_matrix_or_a_curve_is_not_drawn(name: str, text: str) -> None:
    assert drawn(name, text) is None


def test_the_files_that_mlflow_writes_are_opened_in_the_most_telling_way() -> None:
    first = {
        path.name: looks_of(path.name, path.read_bytes())[0] for path in RECORDED.iterdir() if path.suffix != ".md"
    }
    assert first == {
        "MLmodel": Look.SUMMARY,
        "conda.yaml": Look.SUMMARY,
        "python_env.yaml": Look.SUMMARY,
        "requirements.txt": Look.SUMMARY,
        "input_example.json": Look.TABLE,
        "per_class_metrics.csv": Look.TABLE,
    }
    assert looks_of("a.json", b'{"fpr": [0, 1], "tpr": [0, 1]}')[0] is Look.PICTURE
    assert looks_of("report.csv", b"class,precision,recall,support\n")[0] is Look.TABLE


def test_a_model_is_summed_up() -> None:
    model, _, sklearn, inputs, outputs = summary_of("MLmodel", (RECORDED / "MLmodel").read_bytes())
    assert dict(model.facts)["mlflow"] == "3.17.2"
    assert dict(sklearn.facts)["sklearn_version"] == "1.9.1"
    assert (inputs.title, inputs.names) == ("Inputs (4)", ("name", "type", "required"))
    assert list(inputs.rows[0]) == ["sepal length (cm)", "double", "true"]
    assert list(outputs.rows[0]) == ["0", "long", "true"]
    example = table_of(tree_of("input_example.json", (RECORDED / "input_example.json").read_bytes()))
    assert example is not None
    assert (len(example), example.names[0]) == (3, "sepal length (cm)")


def test_the_packages_of_an_environment_are_counted() -> None:
    environment, conda, pip = summary_of("conda.yaml", (RECORDED / "conda.yaml").read_bytes())
    assert dict(environment.facts)["python"] == "=3.11.7"
    assert [part.title for part in (conda, pip)] == [
        "From conda (2, 1 pinned to one version)",
        "From pip (8, 8 pinned to one version)",
    ]
    (packages,) = summary_of(
        "requirements.txt", b"# a\ntorch[cuda]>=2,<3 ; python_version<'3.12' # b\n-r more.txt\nx==1.*\n"
    )
    assert packages.title == "Requirements (3, 0 pinned to one version)"
    assert [list(row) for row in packages.rows] == [
        ["torch[cuda]", ">=2,<3", "python_version<'3.12'"],
        ["-r more.txt", "", ""],
        ["x", "==1.*", ""],
    ]
