"""scripts/explain_account.py and scripts/shortlist.py as users run them."""

import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from commands import Outcome
from examples import make_segmentation
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.benchmarks.scale_accounts import continuum
from tiktok_segments.reports.shortlist import print_shortlist, write_shortlist
from tiktok_segments.segments.choice import Wanted, make_shortlist
from tiktok_segments.tracking import connection, history, run_log


@pytest.fixture(scope="module")
def trained(
    migrated_store: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Path], None]:
    """Return what puts a store with one finished sweep into a project folder."""
    made: dict[str, Path] = {}

    def put(root: Path, train: Callable[..., Outcome]) -> None:
        if "store" not in made:
            outcome = train("train.py", "-m", "k=3", "data.n_profiles=120")
            assert outcome.status == 0, outcome.err
            made["store"] = tmp_path_factory.mktemp("trained") / "copy"
            shutil.copytree(root, made["store"])
            made["root"] = root
        else:
            shutil.copytree(made["store"], root, dirs_exist_ok=True)

    return put


@pytest.fixture
def ready(
    trained: Callable[..., None], root: Path, command: Callable[..., Outcome]
) -> Callable[..., Outcome]:
    trained(root, command)
    return command


def test_an_account_is_explained(ready: Callable[..., Outcome]) -> None:
    outcome = ready("scripts/explain_account.py", "account=@synthetic_007")
    assert outcome.status == 0, outcome.err
    assert "@synthetic_007 is in " in outcome.out
    assert "the next segment is" in outcome.out
    assert "What decides: " in outcome.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Which account?"),
        (["account=Maya's (1), x"], 'There is no account "Maya\'s (1), x"'),
        (["account=x", "run=nope"], "There is no run nope"),
    ],
)
def test_an_account_that_is_not_there_is_one_plain_message(
    ready: Callable[..., Outcome], arguments: list[str], message: str
) -> None:
    outcome = ready("scripts/explain_account.py", *arguments)
    assert outcome.status == 1
    assert message in outcome.err
    assert len(outcome.err.strip().splitlines()) <= 3


def test_a_shortlist_is_written_and_printed_with_its_formula(
    ready: Callable[..., Outcome], root: Path
) -> None:
    folder = root / "my list"
    outcome = ready(
        "scripts/shortlist.py", "goal=engagement", "n=4", "diverse=true", f"output={folder}"
    )
    assert outcome.status == 0, outcome.err
    assert "score = share of all accounts with at most its engagement" in outcome.out
    table = pd.read_csv(folder / "shortlist.csv")
    assert table["rank"].to_list() == [1, 2, 3, 4]
    assert table["segment"].nunique() == 3
    page = (folder / "shortlist.html").read_text()
    assert page.count('<th scope="row"') == 4
    assert all(account in page for account in table["account_id"])
    assert "synthetic" in page
    assert not re.search(r"(?:src|href)=", page)


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("goal=fame", "goal is 'fame'; valid are reach, balanced, engagement."),
        ("n=0", "n is 0; it must be a whole number from 1 up."),
        ("n=many", "n is many"),
        ("diverse=maybe", "diverse is 'maybe'; valid are true and false."),
        ("verified=1", "verified is 1; valid are true and false."),
        ("marked=drop", "marked is 'drop'; valid are keep and leave_out."),
        ("like=nobody", "There is no account 'nobody' among"),
        ("exclude=nowhere.txt", "The list nowhere.txt cannot be read"),
        ("decisions=nowhere.csv", "The decisions nowhere.csv cannot be read"),
        ("min_videos=few", "min_videos is 'few'; it must be a number."),
        ("format=pdf", "format is pdf; it is csv or xlsx."),
        ("report.language=fr", "report.language is 'fr'; valid are en, de."),
        ("followers.from=few", "followers.from is 'few'; it must be a number."),
        ("segment=Nobody's (1)", "No account has segment=Nobody's (1)."),
        ("region=DE", "This data does not say the accounts' region."),
        ("min_videos=-1", "min_videos is -1; it must be a number from 0 up."),
        ("followers={from:9,to:5}", "followers.from is 9, which is above followers.to, 5."),
        ("followers.from=1e12", "No account meets all filters; widen one of them."),
        ("colour=red", "colour"),
    ],
)
def test_a_shortlist_that_cannot_be_is_one_plain_message(
    ready: Callable[..., Outcome], argument: str, message: str
) -> None:
    outcome = ready("scripts/shortlist.py", argument)
    assert outcome.status == 1
    assert message in outcome.err
    assert len(outcome.err.strip().splitlines()) <= 3


@pytest.mark.parametrize(
    "words",
    [
        ["scripts/profile_segments.py"],
        ["scripts/shortlist.py"],
        ["scripts/compare_snapshots.py", "old={file}", "new={file}"],
        ["scripts/compare_runs.py", "first=1", "second=2"],
        ["scripts/weekly.py", "data.path={file}"],
        ["scripts/store.py", "backup"],
        ["scripts/benchmark.py", "scale"],
    ],
    ids=lambda words: words[0],
)
def test_an_output_that_is_a_file_is_told_before_anything_is_read(
    command: Callable[..., Outcome], root: Path, words: list[str]
) -> None:
    file = root / "made.csv"
    file.write_text("no export\n")
    outcome = command(*(word.format(file=file) for word in words), f"output={file}")
    assert outcome.status == 1
    assert f"{file} is a file; give a folder." in outcome.err


def test_a_format_of_a_report_is_refused_before_a_run_is_looked_for(
    command: Callable[..., Outcome],
) -> None:
    outcome = command("scripts/profile_segments.py", "format=docx")
    assert (outcome.status, outcome.err) == (1, "format is docx; it is csv or xlsx.\n")


def test_decisions_decide_what_the_next_list_and_the_next_report_hold(
    ready: Callable[..., Outcome], root: Path
) -> None:
    file = root / "decisions.csv"
    file.write_text(
        "account_id,decision,note\nsynthetic_001,no,too dear\nsynthetic_002,yes,'=good\nmaya,yes,\n"
    )
    folder = root / "decided"
    arguments = ("n=5", f"decisions={file}", f"output={folder}", "min_videos=10")
    outcome = ready("scripts/shortlist.py", *arguments)
    assert outcome.status == 0, outcome.err
    said = " ".join(outcome.out.split())
    assert "1 yes, which are kept" in said and "1 account with a yes is not in the list" in said
    table = pd.read_csv(folder / "shortlist.csv", keep_default_na=False)
    first = table.iloc[0]
    assert (first["account_id"], first["decision"]) == ("synthetic_002", "yes")
    assert first["note"] == "'=good"
    assert "synthetic_001" not in set(table["account_id"])
    outcome = ready("scripts/profile_segments.py", f"decisions={file}", f"output={root / 'r'}")
    assert outcome.status == 0, outcome.err
    assert '"note":"too dear"' in (root / "r" / "report.html").read_text()


def test_a_list_of_accounts_like_one_leaves_out_whom_a_file_names(
    ready: Callable[..., Outcome], root: Path
) -> None:
    file = root / "not.txt"
    arguments = ("like=@synthetic_010", "n=5", f"output={root / 'like'}")
    outcome = ready("scripts/shortlist.py", *arguments)
    assert outcome.status == 0, outcome.err
    assert "distance to @synthetic_010" in " ".join(outcome.out.split())
    first = pd.read_csv(root / "like" / "shortlist.csv")
    assert {"in_common", "differs"} <= set(first) and len(first) == 5
    file.write_text(f"@{first['account_id'][0]}\nsomebody.else\n", encoding="utf-8")
    others = (f"exclude={file}", "format=xlsx", "report.language=de")
    outcome = ready("scripts/shortlist.py", *arguments, *others)
    told = " ".join(outcome.out.split())
    assert "left out by exclude: 1" in told
    assert "that exclude names and that are not among these: 1." in told
    second = pd.read_excel(root / "like" / "shortlist.xlsx")
    assert second["account_id"].to_list()[:4] == first["account_id"].to_list()[1:]
    page = (root / "like" / "shortlist.html").read_text(encoding="utf-8")
    assert "am fernsten bei" in page and "exclude ausgeschlossene Accounts: 1." in page


def test_profiling_reads_verdict_stability_and_figures_from_mlflow(
    ready: Callable[..., Outcome], root: Path
) -> None:
    connection.connect()
    run_id = history.best_run_id()
    sweep_id = history.get_run(run_id).data.tags["mlflow.parentRunId"]
    run_log.log_numbers(sweep_id, tags={"segmentation.verdict": "separated"})
    run_log.log_numbers(run_id, metrics={"jaccard.0": 0.97})
    outcome = ready("scripts/profile_segments.py", f"output={root / 'out'}")
    assert outcome.status == 0, outcome.err
    page = (root / "out" / "report.html").read_text()
    assert "The data holds separate groups" in page
    assert "very stable: in redrawn data 97\u00a0%" in page
    assert page.count("data:image/png;base64,") >= 2
    accounts = pd.read_csv(root / "out" / "accounts.csv", keep_default_na=False)
    assert {"ambiguous", "next_segment", "tier", "engagement_vs_size", "check"} <= set(accounts)
    assert "registers the model\n" in outcome.out


def test_the_command_that_follows_a_report_fits_what_was_found(
    command: Callable[..., Outcome], champion_root: Path
) -> None:
    connection.connect()
    run_id = history.best_run_id()
    of_champion = command("scripts/profile_segments.py", f"run={run_id}")
    assert re.search(
        r"^Next: python scripts/assign_segments\.py .* the model is the champion$",
        of_champion.out,
        re.MULTILINE,
    )
    cloud = champion_root / "cloud.csv"
    continuum(300, seed=1).assign(account_id=range(300)).to_csv(cloud, index=False)
    none = command("train.py", "k=6", f"data.path={cloud}", "report=true")
    line = re.search(r"^Next: python (.*)   keeps the model; (.*)$", none.out, re.MULTILINE)
    assert line is not None, none.out
    assert line[2] == "the standard gate refuses a verdict of none"
    kept = command(*shlex.split(line[1]))
    assert "Refused: verdict" in kept.out
    assert "alias challenger" in kept.out
    for alias in ("challenger", "champion"):
        listed = command("scripts/shortlist.py", f"model={alias}", f"data.path={cloud}")
        assert listed.status == 0, listed.err


def test_tables_of_before_are_told_where_they_have_the_names_of_new_ones(
    ready: Callable[..., Outcome], root: Path
) -> None:
    folder = root / "out"
    first = ready("scripts/profile_segments.py", f"output={folder}")
    assert "from before" not in first.out
    second = ready("scripts/profile_segments.py", f"output={folder}", "format=xlsx")
    assert "Beside them from before, and unchanged: accounts.csv, segments.csv" in second.out
    listed = [
        ready("scripts/shortlist.py", f"output={folder}", f"format={name}").out
        for name in ("csv", "xlsx")
    ]
    assert "from before" not in listed[0]
    assert "Beside them from before, and unchanged: shortlist.csv" in listed[1]


def test_accounts_that_lack_what_no_feature_reads_are_in_every_table_and_page(
    command: Callable[..., Outcome], root: Path
) -> None:
    profiles = make_profiles(60, seed=1)[0].astype(object)
    gaps = {"is_verified": "perhaps", "likes": "?", "engagement_rate": "n. v."}
    for row, (name, text) in enumerate(gaps.items()):
        profiles.loc[row, name] = text
    profiles.to_csv(root / "a.csv", index=False)
    fast = ("structure=off", "figures=off", "features=activity", "k=2")
    outcome = command("train.py", f"data.path={root / 'a.csv'}", *fast)
    run = re.findall("run=[0-9a-f]{32}", outcome.out)[0]
    outcome = command("scripts/profile_segments.py", run, f"output={root / 'segments'}")
    assert outcome.status == 0, outcome.err
    table = pd.read_csv(root / "segments" / "accounts.csv", dtype=str)
    assert len(table) == 60
    for row, name in enumerate(gaps):
        assert pd.isna(table.loc[row, name])
    assert table.loc[0, "likes"] == str(profiles.loc[0, "likes"])
    for goal in ("reach", "balanced"):
        outcome = command(
            "scripts/shortlist.py", run, f"goal={goal}", "n=60", "verified=false",
            f"output={root / goal}",
        )  # fmt: skip
        assert outcome.status == 0, outcome.err
    listed = [len(pd.read_csv(root / goal / "shortlist.csv")) for goal in ("reach", "balanced")]
    assert listed[0] - listed[1] == int(not profiles.loc[2, "is_verified"])


def test_what_a_listed_account_lacks_is_unknown_on_the_page_and_in_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    segmentation = make_segmentation()
    accounts = segmentation.accounts.assign(videos=pd.array([pd.NA] * 80, dtype="Int64"))
    wanted = Wanted(goal="reach", n=3)
    shortlist = make_shortlist(accounts, wanted)
    files = write_shortlist(shortlist, wanted, segmentation, tmp_path)
    print_shortlist(shortlist, wanted, files)
    assert capsys.readouterr().out.count("unknown") == 3
    assert files[1].read_text().count("unknown") == 3
