"""Exports in every format that Spark reads, in files of many kinds: the same as a stream."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import orc

from lake import ON_SPARK, PROFILES, STREAM, load, require_same, require_same_accounts

pytestmark = ON_SPARK

TWICE = PROFILES.head(30).assign(videos=7)
BAD = PROFILES.head(20).assign(followers=-1, account_id="new")
ALL = pd.concat([PROFILES, TWICE, BAD], ignore_index=True).sample(frac=1, random_state=2)


def deal(folder: Path, files: int) -> list[pd.DataFrame]:
    folder.mkdir()
    return [ALL.iloc[number::files] for number in range(files)]


def test_many_small_files_of_unlike_columns_are_one_export(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    for number, some in enumerate(deal(folder, 8)):
        kinds = {"videos": "int32"} if number % 3 else {"followers": "str", "likes": "float64"}
        some = some.astype(kinds).drop(columns="biography" if number % 2 else [])
        some.to_parquet(folder / f"part-{number}.parquet")
    lake, stream = load(folder), load(folder, STREAM)
    require_same(lake, stream)
    assert set(lake.rejected["file"]) <= {file.name for file in folder.iterdir()}
    assert len(lake.rejected) == 50


def test_json_is_read_by_lines_and_as_a_document_and_broken_records_are_told(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "json"
    lines, document, one_line, long_line = deal(folder, 4)
    text = lines.to_json(orient="records", lines=True).splitlines()
    text[7], text[9] = text[7][:40], "no record"
    (folder / "a.jsonl").write_text("\n".join(text), encoding="utf-8")
    records = json.loads(document.to_json(orient="records"))
    (folder / "b.json").write_text(json.dumps(records, indent=1), encoding="utf-8")
    records = json.loads(one_line.to_json(orient="records"))
    records[3]["notes"] = "x" * 5_000_000
    (folder / "c.json").write_text(json.dumps(records), encoding="utf-8")
    records = json.loads(long_line.to_json(orient="records"))
    records[0]["notes"] = "x" * 70_000
    (folder / "d.json").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    lake = load(folder)
    require_same(lake, load(folder, STREAM))
    assert lake.rejected["rule"].value_counts()["broken JSON"] == 2


def test_csv_of_other_headers_marks_and_encodings_with_ragged_rows(tmp_path: Path) -> None:
    folder = tmp_path / "csv"
    first, second, third = deal(folder, 3)
    text = first.to_csv(index=False).splitlines()
    text[5], text[8] = text[5] + ",more", text[8].rsplit(",", 2)[0]
    (folder / "a.csv").write_text("\n".join(text), encoding="utf-8")
    turned = second[list(second)[::-1]].drop(columns="biography")
    turned.to_csv(folder / "b.csv", index=False, sep=";")
    third.assign(nickname="Zoë").to_csv(folder / "c.csv", index=False, encoding="utf-16")
    lake = load(folder)
    require_same(lake, load(folder, STREAM))
    assert lake.rejected["rule"].value_counts()["wrong number of fields"] == 2


def test_orc_another_file_system_and_a_table_of_the_catalogue(tmp_path: Path, spark: Any) -> None:
    folder = tmp_path / "orc"
    for number, some in enumerate(deal(folder, 7)):
        table = pa.Table.from_pandas(some, preserve_index=False)
        orc.write_table(table, str(folder / f"part-{number}.orc"))
        some.to_parquet(tmp_path / f"{number}.parquet")
    stream = load(tmp_path / "*.parquet", STREAM)
    spark.conf.set("fs.viewfs.mounttable.lake.link./data", tmp_path.as_uri())
    found = load("viewfs://lake/data/orc", format="orc")
    require_same_accounts(found, stream)
    assert found.source == "viewfs://lake/data/orc" and len(found.sha256) == 64
    apart = spark.read.orc(folder.as_uri()).where("videos != 7").repartition(9)
    spark.sql("create database if not exists lake")
    apart.write.saveAsTable("lake.profiles")
    table = load(None, table="spark_catalog.lake.profiles")
    spark.sql("drop table lake.profiles")
    pd.testing.assert_frame_equal(
        table.frame.drop(columns="videos"),
        stream.frame.drop(columns="videos"),
    )


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_folders_by_the_values_of_a_column_give_that_column(kind: str, tmp_path: Path) -> None:
    folder, whole = tmp_path / "parts", tmp_path / "whole.parquet"
    dealt = dict(zip(("de", "fr"), deal(folder, 2), strict=True))
    for language, some in dealt.items():
        own = folder / f"language={language}" / f"accounts.{kind}"
        own.parent.mkdir()
        some = some.astype({"followers": "str"} if language == "de" else {})
        some.to_parquet(own) if kind == "parquet" else some.to_csv(own, index=False)
    pd.concat(some.assign(language=one) for one, some in dealt.items()).to_parquet(whole)
    require_same_accounts(load(folder.as_uri(), format=kind), load(whole, STREAM))
