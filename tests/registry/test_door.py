"""The model's door: each row is answered, or it is said what is wrong with it."""

import json
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pandas as pd
import pytest
import requests
import uvicorn
from mlflow.tracking._tracking_service.utils import _artifact_repos_cache

from commands import PROJECT
from hostile import JSON, Hostile, answered, to_model
from servers import free_port
from tiktok_segments import command_line
from tiktok_segments.registry import versions
from tiktok_segments.registry.served import ServedModel, following, guard
from tiktok_segments.tracking import connection

ROW: dict[str, Any] = {
    "followers": 120000, "following": 310, "videos": 200, "engagement_rate": 0.05,
}  # fmt: skip
PUBLISHED = {
    "followers": 120000, "following": 310, "videos_count": 200, "awg_engagement_rate": 0.05,
}  # fmt: skip
RECORDS = "dataframe_records"


@pytest.fixture(scope="module")
def server(promoted: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Address of the served champion, and its name for the row."""
    root = tmp_path_factory.mktemp("door")
    shutil.copytree(promoted, root, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        patch.setenv("TIKTOK_SEGMENTS_ROOT", str(root))
        command_line.prepare_environment(PROJECT)
        _artifact_repos_cache.clear()
        connection.connect()
        _, model = versions.load_champion()
        patch.setattr(following, "LARGEST", 100_000)
        (name,) = model.pipeline.predict(pd.DataFrame([ROW]))
        port = free_port()
        app = guard(ServedModel("1", model), ["127.0.0.1"])
        running = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical"))
        thread = threading.Thread(target=running.run, daemon=True)
        thread.start()
        while not running.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield f"http://127.0.0.1:{port}/invocations", str(name)
        running.should_exit = True
        thread.join()
    mlflow.set_tracking_uri(None)


def send(address: str, body: Any, kind: str = "application/json") -> requests.Response:
    content = body if isinstance(body, str) else json.dumps(body)
    answer = requests.post(
        address, data=content.encode(), headers={"Content-Type": kind}, timeout=30
    )
    assert isinstance(answer.json(), dict)
    assert "Traceback" not in answer.text and "site-packages" not in answer.text
    return answer


CSV = "followers,following,videos,engagement_rate\n120000,310,200,0.05\n"


@pytest.mark.parametrize(
    "body",
    [
        {RECORDS: [ROW]},
        {"dataframe_split": {"columns": list(ROW), "data": [list(ROW.values())]}},
        {"inputs": [ROW]},
        {"inputs": {name: [value] for name, value in ROW.items()}},
        {"inputs": ROW},
        {"instances": [ROW]},
        {RECORDS: [{name: str(value) for name, value in ROW.items()}]},
        {RECORDS: [ROW | {"followers": 1.2e5}]},
        {RECORDS: [ROW | {"followers": " 1.2e5 "}]},
        {RECORDS: [ROW | {"nickname": "<b>x</b>", "biography": None}]},
        {RECORDS: [dict(reversed(ROW.items()))]},
        {RECORDS: [PUBLISHED]},
        {RECORDS: [PUBLISHED | ROW | {"videos_count": -1}]},
        CSV,
    ],
    ids=[
        "records", "split", "inputs", "inputs of lists", "one row", "instances", "text numbers",
        "fraction", "text with an exponent", "extra columns", "another order",
        "names of the published file", "both names", "CSV",
    ],
)  # fmt: skip
def test_every_usual_form_is_answered(server: tuple[str, str], body: Any) -> None:
    address, name = server
    answer = send(address, body, "text/csv; charset=utf-8" if body == CSV else "application/json")
    assert (answer.status_code, answer.json()) == (200, {"predictions": [name]}), answer.text
    assert answer.headers["x-model-version"] == "1"


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("null", "is missing"),
        ("NaN", "is missing"),
        ('""', "is missing"),
        ("-5", "is negative: -5"),
        ('"-5"', "is negative: -5"),
        ('"12.5M"', "is not a plain number: 12.5M"),
        ('"1_000"', "is not a plain number: 1_000"),
        ("true", "is not a number: true"),
        ("[1]", "is not a number: [1]"),
        ("Infinity", "is too large"),
        ("1" + "0" * 400, "is too large"),
    ],
)
def test_a_faulty_cell_is_said_with_row_and_column_and_the_other_rows_are_answered(
    server: tuple[str, str], cell: str, words: str
) -> None:
    address, name = server
    row = json.dumps(ROW)
    body = f'{{"inputs": [{row}, {row.replace("200,", f"{cell},")}, {row}]}}'
    answer = send(address, body)
    fault = {"row": 1, "column": "videos", "message": f"videos {words}"}
    assert answer.status_code == 200
    assert answer.json() == {"predictions": [name, None, name], "errors": [fault]}
    alone = send(address, f'{{"inputs": [{row.replace("200,", f"{cell},")}]}}')
    assert alone.status_code == 400
    assert f"row 0: videos {words}" in alone.json()["message"]


LACKING = {name: value for name, value in ROW.items() if name != "videos"}


@pytest.mark.parametrize(
    ("body", "kind", "status", "words"),
    [
        ({RECORDS: [LACKING]}, "application/json", 400, "missing columns videos; needed are"),
        ({RECORDS: []}, "application/json", 400, "no rows"),
        ({"rows": [ROW]}, "application/json", 400, "under one of dataframe_records"),
        ({RECORDS: [ROW], "inputs": [ROW]}, "application/json", 400, "under one of"),
        ([ROW], "application/json", 400, "under one of"),
        ({"inputs": [[1, 2, 3, 4]]}, "application/json", 400, "a list of objects is needed"),
        ({"inputs": {"followers": [1], "videos": 2}}, "application/json", 400, "of one length"),
        ({"dataframe_split": {"columns": ["a"], "data": [[1, 2]]}}, "application/json", 400,
         "a list of rows"),
        ({"dataframe_split": {"columns": [*ROW, "videos"], "data": [[1] * 5]}}, "application/json",
         400, "more than once"),
        ({"dataframe_split": "x"}, "application/json", 400, "a list of names"),
        ("{", "application/json", 400, "not JSON"),
        ("[" * 100_000, "application/json", 400, "not JSON"),
        ('{"inputs": [{"\\ud800": 1}]}', "application/json", 400, "not text"),
        ("", "text/csv", 400, "not CSV"),
        ("<a/>", "text/xml", 415, "application/json or text/csv"),
        ({RECORDS: [ROW] * 2000}, "application/json", 413, "larger than"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_json_object(
    server: tuple[str, str], body: Any, kind: str, status: int, words: str
) -> None:
    answer = send(server[0], body, kind)
    assert answer.status_code == status
    assert set(answer.json()) == {"error_code", "message"}
    assert words in answer.json()["message"]


def test_an_address_or_a_method_that_there_is_not_is_said_in_json(server: tuple[str, str]) -> None:
    for path in ("/", "/docs", "/openapi.json", "/invocations/..%2f..%2fetc/passwd"):
        answer = requests.get(server[0].replace("/invocations", path), timeout=30)
        told = f"Not Found. {following.ADDRESSES}"
        assert (answer.status_code, answer.json()["message"]) == (404, told), path
    told = requests.get(server[0], timeout=30).json()["message"]
    assert told == f"Method Not Allowed. {following.ADDRESSES}"


def test_no_hostile_request_is_answered_with_a_name(server: tuple[str, str]) -> None:
    address, name = server
    row = json.dumps({"inputs": [ROW]}).encode()
    own = Hostile("own", "/invocations", "POST", JSON | {"Origin": "http://127.0.0.1:8000"}, row)
    assert answered(address, own) == (200, json.dumps({"predictions": [name]}).encode())
    for hostile in to_model(row):
        status, body = answered(address, hostile)
        assert status != 200 and name.encode() not in body, hostile.what


@pytest.fixture(scope="module")
def loaded(server: tuple[str, str]) -> Any:
    """The champion as any program loads it, without this project."""
    return mlflow.pyfunc.load_model("models:/tiktok-influencer-segments@champion")


FRAME = pd.DataFrame([ROW])


@pytest.mark.parametrize(
    "given",
    [
        FRAME,
        ROW,
        [ROW],
        {name: [value] for name, value in ROW.items()},
        FRAME.astype("float32"),
        FRAME.astype({"followers": "Int64", "engagement_rate": "Float64"}),
        FRAME.astype(str),
        FRAME.assign(followers="120000"),
        FRAME[["videos", "engagement_rate", "following", "followers"]],
    ],
    ids=["frame", "row", "list", "dict", "float32", "nullable", "texts", "text", "order"],
)
def test_the_loaded_model_takes_numbers_in_any_form(
    server: tuple[str, str], loaded: Any, given: Any
) -> None:
    assert list(loaded.predict(given)) == [server[1]]


@pytest.mark.parametrize("cell", [None, np.nan, pd.NA, "many", -5, np.inf])
def test_the_loaded_model_refuses_what_is_no_number(
    loaded: Any, cell: Any, recwarn: pytest.WarningsRecorder
) -> None:
    with pytest.raises((ValueError, TypeError)), np.errstate(invalid="ignore"):
        loaded.predict(FRAME.astype(object).assign(followers=[cell]))
