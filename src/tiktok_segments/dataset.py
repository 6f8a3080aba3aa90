"""From a configuration to the accounts a model is fitted on: read or make, clean, outliers."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from omegaconf import DictConfig, OmegaConf

from tiktok_segments.cleaning import Cleaned, clean_profiles
from tiktok_segments.errors import InputError
from tiktok_segments.outliers import drop_outliers
from tiktok_segments.profiles import Export, read_profiles
from tiktok_segments.sample import make_profiles


@dataclass(frozen=True)
class Dataset:
    """Accounts ready to be clustered, and where they come from.

    Attributes
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean canonical columns. Shared by all runs of a process: do not change it.
    source : str
        Absolute path of the export, or what the sample is.
    sha256 : str
        SHA-256 of the file's bytes; of the rows where the data is synthetic.
    synthetic : bool
        Whether the accounts were made by the sample generator.
    cleaning : DataFrame of shape (n_rules, 2)
        ``rule`` and ``rows``: what became of the rows, from the input to what is left.
    rejected : DataFrame of shape (n_rejected, 4)
        ``line``, ``account``, ``rule`` and ``value`` of every row that cleaning dropped.
    """

    frame: pd.DataFrame
    source: str
    sha256: str
    synthetic: bool
    cleaning: pd.DataFrame
    rejected: pd.DataFrame


def load_dataset(config: DictConfig) -> Dataset:
    """Read (or make), clean and filter the accounts that a configuration describes.

    The same configuration on an unchanged file is worked out once in a process, so that the runs
    of a sweep share it.

    Parameters
    ----------
    config : DictConfig
        A composed training configuration; ``data``, ``clean`` and ``outliers`` are read.

    Returns
    -------
    Dataset
        What the configuration describes.

    Raises
    ------
    InputError
        If the file cannot be used, or nothing is left of it.
    """
    parts = {name: config[name] for name in ("data", "clean", "outliers")}
    settings = OmegaConf.to_yaml(OmegaConf.create(parts), resolve=True)
    if config.data.path is None:
        return _load(settings, None, 0, 0)
    file = Path(str(config.data.path)).expanduser().absolute()
    stat = file.stat() if file.is_file() else None
    return _load(settings, file, stat.st_mtime_ns if stat else 0, stat.st_size if stat else 0)


@lru_cache(maxsize=4)
def _load(settings: str, file: Path | None, _mtime_ns: int, _size: int) -> Dataset:
    """Load for one text of settings; time and size are there to notice a changed file."""
    parts: Any = OmegaConf.create(settings)
    export = read_profiles(file) if file is not None else _sample(parts.data)
    cleaned = clean_profiles(export, missing=parts.clean.missing)
    frame = drop_outliers(cleaned.frame, list(parts.outliers.columns), parts.outliers.factor)
    if frame.empty:
        raise InputError("The outlier rule leaves no account; choose outliers=keep.")
    return Dataset(
        frame=frame,
        source=export.source,
        sha256=export.sha256,
        synthetic=file is None,
        cleaning=_summary(cleaned, len(frame)),
        rejected=cleaned.rejected,
    )


def _summary(cleaned: Cleaned, n_left: int) -> pd.DataFrame:
    outliers = pd.DataFrame(
        {
            "rule": ["outliers left out", "accounts used"],
            "rows": [len(cleaned.frame) - n_left, n_left],
        }
    )
    imputed = pd.DataFrame(
        [(f"{name}: missing, set to the median", n) for name, n in cleaned.imputed.items()],
        columns=["rule", "rows"],
    )
    return pd.concat([cleaned.summary(), imputed, outliers], ignore_index=True)


def _sample(data: DictConfig) -> Export:
    n_profiles, seed = data.n_profiles, data.sample_seed
    if not isinstance(n_profiles, int) or not isinstance(seed, int) or seed < 0:
        raise InputError(
            f"data.n_profiles={n_profiles} and data.sample_seed={seed} must be whole numbers, "
            "the seed from 0."
        )
    profiles, _ = make_profiles(n_profiles, seed)
    hashes = pd.util.hash_pandas_object(profiles, index=False).to_numpy()
    text = profiles.astype("str")
    text.insert(0, "line", range(2, len(text) + 2))
    return Export(
        frame=text,
        source=f"synthetic sample, {n_profiles} accounts, seed {seed}",
        sha256=hashlib.sha256(hashes.tobytes()).hexdigest(),
    )
