"""Filters and orders that MLflow accepts: all that its language has, one after the other, and its oddities."""

from itertools import product

COMPARATORS = ("=", "!=", "<", "<=", ">", ">=")
METRICS = (
    *("metrics.acc", "metric.acc", "`metrics`.acc", "metrics.`val/loss`", 'metrics."val/loss"', "metrics.nan"),
    *("metrics.inf", "metrics.nosuch", "metrics.order", "metrics.1a"),
)
NUMBERS = ("0", "1", "0.5", "-1", "1.", ".5", "1e2", "5E-1", "1e400", "-1e400", "1.7976931348623157e308")
TEXTS = (
    *("params.model", "param.model", "parameters.`a b`", 'parameter."a b"', "tags.team", "tag.team"),
    *("tags.`mlflow.user`", "tags.mlflow.user", "tags.nosuch", "params.type", "tags.user"),
    *("attributes.status", "status", "user_id", "run_id", "attr.artifact_uri", "attribute.user_id"),
    *("run_name", '"run name"', "`Run name`", '"Run Name"', "run.run_name", "attributes.`run_name`"),
    *("datasets.name", "dataset.digest", "datasets.context", "dataset.`name`"),
)
EQUALITIES = ("= 'adam'", '!= "adam"', "= ''", "= 'it''s'", "= 'FINISHED'", "= 'finished'", "!= 'FINISHED'", "= '1'")
PATTERNS = (
    *("LIKE 'ad%'", "like '%a%'", "ILIKE 'AD%'", 'ilike "%A_"', "LIKE '%'", "LIKE ''", "LIKE '_____'"),
    *("ILIKE 'NAÏVE'", "ILIKE 'naïve'", "LIKE '%%a%%m%'", "LIKE 'a\nb'", "ILIKE '%[a-z]%'", "LIKE '%\\%'"),
)
LISTS = (
    *("('adam')", "('adam', 'sgd')", "('adam','sgd',)", "(\"adam\", 'train')", "('ad' 'am')", "('it''s', 'a')"),
    *("('\\x61dam', 'a\\\\b')", "('')", "(\n 'adam'\n,'train')"),
)
LISTED = ("run_id", "attributes.run_id", "datasets.name", "dataset.digest", "datasets.context")
ABSENT = ("params.model", "param.`a b`", "tags.team", 'tag."nosuch"', "tags.mlflow.user", "params.nosuch", "tags.null")
TIMES = ("start_time", "end_time", "created", "Created", "attributes.start_time", "run.end_time", "attr.Created")
INSTANTS = ("0", "1500", "1500.5", "-1", "9223372036854775807", "1e3", ".5")

METRIC_CLAUSES = tuple(" ".join(each) for each in product(METRICS, COMPARATORS, NUMBERS))
TEXT_CLAUSES = tuple(" ".join(each) for each in product(TEXTS, (*EQUALITIES, *PATTERNS)))
LIST_CLAUSES = tuple(" ".join(each) for each in product(LISTED, ("IN", "not in", "NOT  IN"), LISTS))
ABSENT_CLAUSES = tuple(" ".join(each) for each in product(ABSENT, ("IS NULL", "is not null", "IS  NULL")))
TIME_CLAUSES = tuple(" ".join(each) for each in product(TIMES, COMPARATORS, INSTANTS))

ODDITIES = (
    *(
        "",
        "AND",
        "and",
        "AND AND",
        "AND metrics.acc > 0",
        "metrics.acc > 0 AND",
        "metrics.acc > 0 AND AND params.model = 'LR'",
    ),
    *("metrics.acc > 0 params.model = 'LR'", "params.model='LR'AND metrics.acc>0", "params.model='LR'metrics.acc>0"),
    *(
        "metrics.acc>0\nAND\tmetrics.acc<1",
        "  metrics.acc > 0  ",
        "metrics. acc > 0",
        "metrics.acc>-1",
        "metrics.acc=.5",
    ),
    *(
        "metrics.order > 1",
        "params.type = 'a'",
        "tags.user = 'ada'",
        "metrics.1a > 0",
        "tags.or = 'x'",
    ),
    *(
        "params.not = 'x'",
        "tags.and = 'x'",
        "metrics.min > 0",
        "metrics.between = 1",
        "params.is = 'x'",
        "params.like = 'x'",
    ),
    *("metrics.nan != 1", "metrics.missing > 1", "params.max = 'x'", "tags.null IS NULL", "params.desc = 'x'"),
    *("metrics.acc > 0 AND metrics.acc > 0.5", "metrics.acc > 0 and metrics.acc < 1 and metrics.acc != 0.5"),
    *(
        "params.model = 'a AND b'",
        "params.model = '(a)'",
        "params.model = 'a = b'",
        'params.model = "it\'s"',
        "params.model = '\"'",
    ),
    *(
        "params.model = 'a\\'",
        "params.model = '%'",
        "params.model = '1'' OR 1=1 --'",
        "params.model != 'x; DROP TABLE runs'",
    ),
    *("params.`mo\"del` = 'x'", "params.\"a.b\" = 'x'", "params.a.b.c = 'x'", "metrics.`a`.b > 1", "params.'a' = 'x'"),
    *("metrics._a > 1", "params.ключ = 'x'", "metrics.é > 1"),
    *("datasets.name = 'digits' AND datasets.context = 'train'", "dataset.name = 'digits' dataset.digest != 'd1'"),
    *(
        "run_id IN ('a') AND metrics.acc > 0",
        "metrics.acc > 0 AND run_id NOT IN ('a')",
        "tags.team IS NULL AND tags.user = 'ada'",
    ),
    *("params.model IS NOT NULL and metrics.acc > 0", "status = 'FINISHED' and start_time > 0 and user_id = 'ada'"),
)
"""What nobody would write a parser for, had MLflow not."""

FILTERS = tuple(
    dict.fromkeys((*ODDITIES, *METRIC_CLAUSES, *TEXT_CLAUSES, *LIST_CLAUSES, *ABSENT_CLAUSES, *TIME_CLAUSES))
)

REFUSED = (
    *("metrics.acc <> 1", "metrics.acc == 1", "metrics.a-b > 1", "metrics.val/loss > 1", "tags.a:b = 'x'"),
    *("metrics.acc > 0;", "metrics.acc > 0,", "METRICS.acc > 0", "`metrics.acc` > 0", "metrics . acc > 0"),
    *("metrics.acc > '1'", "metrics.acc > +1", "metrics.acc > 0x10", "metrics.acc > nan", "params.model = adam"),
    *("params.model > 'a'", "status IN ('FINISHED')", "metrics.acc > 0 OR metrics.acc < 1", "NOT metrics.acc > 0"),
    *("(metrics.acc > 0)", "experiment_id = '1'", "name = 'x'", "lifecycle_stage = 'active'", "metrics.acc IS NULL"),
    *("metrics.acc > 0 -- no", "metrics.acc LIKE '1'", "start_time LIKE '1'", "run_id IN ()", "run_id IN (1)", " "),
)
"""What MLflow refuses: to us it may mean something, or be refused with a sentence."""

ORDERS = (
    *("metrics.acc", "metrics.acc DESC", "metrics.acc asc", "metric.`val/loss` desc", 'metrics."val/loss" DESC'),
    *("metrics.nan", "metrics.nan DESC", "metrics.inf", "metrics.inf DESC", "metrics.nosuch", "metrics.nosuch DESC"),
    *(
        "params.lr",
        "params.lr DESC",
        "param.model",
        "parameters.`a b` DESC",
        "params.nosuch DESC",
        "tags.team",
        "tags.team DESC",
    ),
    *(
        "tag.`mlflow.user` DESC",
        "tags.mlflow.user",
        "start_time",
        "start_time DESC",
        "attributes.start_time ASC",
        "end_time",
    ),
    *(
        "end_time DESC",
        "status",
        "status DESC",
        "run_id",
        "run_id DESC",
        "run_name",
        "run_name DESC",
        "attr.run_name desc",
    ),
    *(
        "user_id",
        "user_id DESC",
        "artifact_uri",
        "created",
        "Created DESC",
        "run.created ASC",
        "metrics.order DESC",
        "metrics.acc  DESC",
    ),
)
ORDERS_REFUSED = (
    *("", " ", "metrics.acc ", " metrics.acc", "metrics.acc DESC ", "metrics.acc, params.lr", "metrics.acc DESC;"),
    *(
        "metrics.acc DOWN",
        "name",
        "experiment_id",
        "lifecycle_stage",
        "duration",
        '"Run Name"',
        "acc",
        "-metrics.acc",
    ),
    *("METRICS.acc", "attributes.nosuch", "metrics.acc DESC DESC", "metrics.a b"),
)
SAMPLE = tuple(
    dict.fromkeys(
        (*ODDITIES, *METRIC_CLAUSES[::7], *TEXT_CLAUSES[::6], *LIST_CLAUSES[::2], *ABSENT_CLAUSES, *TIME_CLAUSES[::5])
    )
)
"""Of each product every so many, for tests that ask the client, which takes its time."""
