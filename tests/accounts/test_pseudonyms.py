"""Pseudonyms: one key, one name for an account, and nothing that says whose it is."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tiktok_segments.accounts import load_dataset
from tiktok_segments.accounts.privacy import PrivacyKey, Pseudonyms, find_key, make_key
from tiktok_segments.errors import InputError

ROWS = pd.DataFrame(
    {
        "account_id": ["@Anneliese", "bertholdt", "Anneliese", "christabel"],
        "nickname": ["Anneliese Ahrens", "Berti", "Anneliese Ahrens", "Chris T"],
        "biography": ["mails to anneliese", "berti@home", "", ""],
        "url": [f"https://www.tiktok.com/@{name}" for name in ("anneliese", "b", "anneliese", "c")],
        "followers": ["1200", "900", "1300", "christabel has many"],
        "following": [10, 20, 30, 40],
        "likes": [1, 2, 3, 4],
        "videos": [5, 6, 7, 8],
        "is_verified": ["no", "ask bertholdt", "no", "no"],
    }
)
WORDS = ("anneliese", "ahrens", "berti", "bertholdt", "christabel", "chris t", "emil")


@pytest.fixture
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PrivacyKey:
    """A key that this process was given, in a file outside of the project."""
    monkeypatch.setenv("TIKTOK_SEGMENTS_ROOT", str(tmp_path / "project"))
    monkeypatch.setenv("TIKTOK_SEGMENTS_KEY_FILE", str(tmp_path / "key"))
    return make_key(tmp_path / "key", [tmp_path / "project"])


def settings(path: Path, engine: str) -> dict[str, Any]:
    return {
        "data": {"path": str(path), "aliases": None, "n_profiles": 0, "sample_seed": 0,
                 "pseudonyms": True},
        "clean": {"min_followers": 0, "regions": [], "languages": [], "verified_only": False,
                  "max_missing_share": 0.5},
        "outliers": {"columns": [], "factor": 1.5},
        "features": {"columns": {"followers": "log_count"}},
        "engine": {"name": engine},
    }  # fmt: skip


@pytest.mark.parametrize("engine", ["memory", "stream"])
def test_nothing_that_is_read_says_whose_it_is(
    tmp_path: Path, key: PrivacyKey, engine: str
) -> None:
    folder = tmp_path / "emil's exports"
    folder.mkdir()
    ROWS.to_csv(folder / "emil.csv", index=False)
    (folder / "emil's notes.md").touch()
    dataset = load_dataset(settings(folder, engine))
    frame = dataset.frame
    assert {"nickname", "biography", "url"}.isdisjoint(frame)
    assert sorted(frame["account_id"]) == sorted(Pseudonyms(key).of(["anneliese", "bertholdt"]))
    assert frame.set_index("account_id")["followers"].loc[Pseudonyms(key).of(["anneliese"])[0]] == (
        1300
    )
    assert dataset.rejected["account"].tolist() == Pseudonyms(key).of(["anneliese", "christabel"])
    said = "\n".join(
        [dataset.source, *dataset.notes, dataset.rejected.to_csv(), str(dataset.matches)]
    )
    assert [word for word in WORDS if word in said.lower()] == []
    assert f"under the key {key.id}" in said


def test_a_key_is_for_its_owner_alone_and_outside_of_the_project(
    tmp_path: Path, key: PrivacyKey
) -> None:
    file = tmp_path / "key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert find_key() == key
    assert repr(key) == "PrivacyKey()"
    with pytest.raises(InputError, match="never written over"):
        make_key(file, [])
    inside = tmp_path / "project" / "deep"
    inside.mkdir(parents=True)
    (tmp_path / "link").symlink_to(inside)
    with pytest.raises(InputError, match="lies in"):
        make_key(tmp_path / "link" / "key", [tmp_path / "project"])
    file.chmod(0o640)
    with pytest.raises(InputError, match="chmod 600"):
        find_key()
    file.chmod(0o600)
    file.write_text("deadbeef")
    with pytest.raises(InputError, match="holds no key") as caught:
        find_key()
    assert "deadbeef" not in str(caught.value)


def test_another_key_is_told_by_its_id(key: PrivacyKey, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=f"under the key 0123456789ab; the key given is {key.id}"):
        find_key("0123456789ab")
    monkeypatch.delenv("TIKTOK_SEGMENTS_KEY_FILE")
    with pytest.raises(InputError, match=r"privacy\.key_file=FILE"):
        find_key(key.id)
    monkeypatch.setenv("TIKTOK_SEGMENTS_KEY", key.secret.hex())
    assert find_key(key.id) == key
