"""Columns called Account that name clients or groups, and not the creators they booked."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from creators import BASE, assert_right, read
from tiktok_segments.errors import InputError

CLIENTS = ["Nike", "Puma", "Adidas"]


@pytest.mark.parametrize("name", ["Influencer", "Influencer Name", "Booked"])
def test_where_accounts_are_clients_the_creators_are_asked_for(tmp_path: Path, name: str) -> None:
    table = BASE.rename_axis(name).reset_index().assign(Account=np.resize(CLIENTS, len(BASE)))
    table = table.set_index("Account")
    advised = "COLUMN" if name == "Booked" else f'"{name}"'
    with pytest.raises(InputError, match=rf"data\.columns\.account_id={advised}; \"Account\", if"):
        read(tmp_path, table)
    assert_right(read(tmp_path, table, columns={"account_id": name}))
    assert len(read(tmp_path, table, columns={"account_id": "Account"}).frame) == len(BASE)


def test_an_account_that_grows_or_is_on_several_platforms_is_one(tmp_path: Path) -> None:
    weeks = pd.concat([BASE.assign(followers=BASE["followers"] * n) for n in (1, 2, 4)])
    assert len(read(tmp_path, weeks.rename_axis("username")).frame) == 3 * len(BASE)
    places = [BASE.assign(platform="TikTok")]
    places.append(BASE.assign(platform="Instagram", followers=BASE["followers"] * 20))
    assert_right(read(tmp_path, pd.concat(places).rename_axis("username")))


def test_clients_in_two_columns_of_one_name_are_asked_about_too(tmp_path: Path) -> None:
    table = BASE.rename_axis("Influencer").reset_index()
    for at in (0, 1):
        table.insert(at, "Account", np.resize(CLIENTS, len(BASE)), allow_duplicates=True)
    with pytest.raises(InputError, match=r'account_id="Influencer"; "Account", if each'):
        read(tmp_path, table.set_index("followers"))
