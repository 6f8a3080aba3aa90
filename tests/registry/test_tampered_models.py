"""A model whose files are not those that were registered is refused, and nothing in it runs."""

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
import skops.io
from sklearn.preprocessing import FunctionTransformer

from commands import Outcome
from tiktok_segments.defaults import DEFAULT_NAME
from tiktok_segments.errors import InputError
from tiktok_segments.registry import versions
from tiktok_segments.tracking import connection, model_loading


class Evil:
    """Writes a file when it is unpickled."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple:
        return (Path.touch, (self.target,))


def _pickle_instead(folder: Path, proof: Path) -> None:
    (folder / "model.pkl").write_bytes(pickle.dumps(Evil(proof)))
    text = (folder / "MLmodel").read_text()
    (folder / "MLmodel").write_text(
        text.replace("skops", "pickle").replace("model.pickle", "model.pkl")
    )
    (folder / "model.skops").unlink()


def _pickle_under_the_same_name(folder: Path, proof: Path) -> None:
    (folder / "model.skops").write_bytes(pickle.dumps(Evil(proof)))


def _another_skops_file(folder: Path, proof: Path) -> None:
    skops.io.dump(FunctionTransformer(Path.touch, kw_args={"self": proof}), folder / "model.skops")


def _one_byte_more(folder: Path, proof: Path) -> None:
    with (folder / "model.skops").open("ab") as file:
        file.write(b"\0")


@pytest.mark.parametrize(
    "tamper",
    [_pickle_instead, _pickle_under_the_same_name, _another_skops_file, _one_byte_more],
)
def test_a_model_that_was_tampered_with_is_refused_and_nothing_executes(
    command: Callable[..., Outcome],
    champion_root: Path,
    tamper: Callable[[Path, Path], None],
) -> None:
    connection.connect()
    version, _ = versions.load_champion()
    proof = champion_root / "executed"
    folder = model_loading.download_model(f"models:/{DEFAULT_NAME}@champion")
    tamper(folder, proof)
    with pytest.raises(InputError, match="changed since"):
        versions.load_champion()
    if tamper is not _one_byte_more:
        with pytest.raises(InputError, match=r"not stored in skops|was changed|no scikit-learn"):
            model_loading.read_model(folder, "it")
    outcome = command("scripts/profile_segments.py", f"run={version.run_id}")
    assert outcome.status == 1 and "changed since" in outcome.err
    assert not proof.exists()
