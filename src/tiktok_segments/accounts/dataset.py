"""From a configuration to the accounts a model is fitted on: read or make, clean, outliers."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from tiktok_segments import terminal
from tiktok_segments.accounts.cleaning import clean_profiles, require_accounts
from tiktok_segments.accounts.filters import CleanRules
from tiktok_segments.accounts.outcome import describe_ingest
from tiktok_segments.accounts.outliers import drop_outliers
from tiktok_segments.accounts.reading import Export, read_profiles
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.errors import InputError
from tiktok_segments.export.sources import find_files
from tiktok_segments.plain import as_plain
from tiktok_segments.row_sample import account_keys
from tiktok_segments.run_task import Accounts

CONF = Path(__file__).parents[3] / "conf"
"""Folder of the project's configuration."""

DATA_PARTS = ("data", "clean", "outliers")
"""Parts of a configuration that decide which accounts are loaded."""

KEPT = 4
"""So many data sets are kept for the other runs of a process."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Accounts ready to be clustered, and where they come from.

    Equal to nothing but itself, so that what is worked out from it can be kept by it.

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
        ``line``, ``account``, ``rule`` and ``value`` of every row that was bad.
    notes : tuple of str
        What was matched to what, derived, suspected and removed, a line each.
    """

    frame: pd.DataFrame
    source: str
    sha256: str
    synthetic: bool
    cleaning: pd.DataFrame
    rejected: pd.DataFrame
    notes: tuple[str, ...]

    @cached_property
    def accounts(self) -> Accounts:
        """What a clustering needs of them: the columns that are no texts."""
        numbers = self.frame.select_dtypes(["number", "bool"])
        return Accounts(numbers, self.synthetic, account_keys(self.frame))


def load_dataset(config: DictConfig | Mapping[str, Any]) -> Dataset:
    """Read (or make), clean and filter the accounts that a configuration describes.

    The same configuration on unchanged files is worked out once in a process, so that the runs of
    a sweep share it, and what was found is printed that once.

    Parameters
    ----------
    config : DictConfig or mapping
        A composed training configuration, or the plain content of one; ``data``, ``clean`` and
        ``outliers`` are read.

    Returns
    -------
    Dataset
        What the configuration describes.

    Raises
    ------
    InputError
        If the file cannot be used, or nothing is left of it.
    """
    check_downloaded(config["data"])
    return _load(data_settings(config), _state(config["data"]["path"]))


def data_settings(config: DictConfig | Mapping[str, Any]) -> str:
    """Return the part of a configuration that decides which accounts are loaded, as JSON."""
    return json.dumps({name: as_plain(config[name]) for name in DATA_PARTS})


@lru_cache(maxsize=KEPT)
def _load(settings: str, _files: tuple[object, ...]) -> Dataset:
    """Load for one text of settings; the files' state is there to notice that one changed."""
    parts: Any = OmegaConf.create(json.loads(settings))
    with terminal.console(stderr=True).status("Reading ...") as status:
        given = parts.data.path is not None
        export = read_export(parts.data, status.update) if given else _sample(parts.data)
        cleaned = clean_profiles(export, clean_rules(parts.clean))
    notes = describe_ingest(export, cleaned)
    synthetic = parts.data.path is None
    if not synthetic:
        terminal.console().print("\n".join(notes), markup=False, style="dim")
    require_accounts(export, cleaned)
    frame = drop_outliers(cleaned.frame, list(parts.outliers.columns), parts.outliers.factor)
    if frame.empty:
        raise InputError("The outlier rule leaves no account; choose outliers=keep.")
    if dropped := len(cleaned.frame) - len(frame):
        notes.append(f"used   {len(frame):,}, without {dropped:,} outliers")
        terminal.console().print(notes[-1], markup=False, style="dim")
    left = pd.DataFrame(
        {
            "rule": ["outliers left out", "accounts used"],
            "rows": [len(cleaned.frame) - len(frame), len(frame)],
        }
    )
    return Dataset(
        frame=frame,
        source=export.source,
        sha256=export.sha256,
        synthetic=synthetic,
        cleaning=pd.concat([cleaned.summary, left], ignore_index=True),
        rejected=cleaned.rejected,
        notes=tuple(notes),
    )


def load_every_account(config: DictConfig) -> Dataset:
    """Load what a configuration describes, with the outliers that it leaves out.

    Parameters
    ----------
    config : DictConfig
        ``data`` and ``clean`` are read.

    Returns
    -------
    Dataset
        Everyone whom a model may be asked about.

    Raises
    ------
    InputError
        If the file cannot be used.
    """
    outliers = OmegaConf.load(CONF / "outliers" / "keep.yaml")
    return load_dataset(
        DictConfig({"data": config.data, "clean": config.clean, "outliers": outliers})
    )


def alias_file(path: str | None) -> Path:
    """Return the file that :func:`load_aliases` reads."""
    return Path(str(path)).expanduser() if path else CONF / "aliases.yaml"


def load_aliases(path: str | None) -> dict[str, Any]:
    """Load the table of the names that exports give their columns.

    It stays out of the composed configuration, which Hydra would put together from its hundreds
    of names again for each run of a sweep.

    Parameters
    ----------
    path : str or None
        A table in YAML; None takes the project's ``conf/aliases.yaml``.

    Returns
    -------
    dict
        As :func:`~tiktok_segments.accounts.reading.read_profiles` takes it.

    Raises
    ------
    InputError
        If there is no such file, or it is no YAML mapping.
    """
    file = alias_file(path)
    try:
        table = OmegaConf.to_container(OmegaConf.load(file))
    except (OSError, YAMLError, OmegaConfBaseException) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"data.aliases={file} cannot be read: {reason}") from None
    if not isinstance(table, dict):
        raise InputError(f"data.aliases={file} is no table of names; see conf/aliases.yaml.")
    return {str(section): names for section, names in table.items()}


def _state(path: str | None) -> tuple[object, ...]:
    """Return what tells that one of the files was changed: name, time and size of each."""
    if path is None:
        return ()
    files, _ = find_files(str(path))
    return tuple((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files)


def check_downloaded(data: DictConfig | Mapping[str, Any]) -> None:
    """Say how to get the published file where it is asked for and not there.

    Raises
    ------
    InputError
        If it is not there.
    """
    if data.get("url") and not Path(str(data["path"])).exists():
        raise InputError(
            f"{data['path']} is not there yet.\nDownload it first: python scripts/fetch_data.py"
        )


def read_export(data: DictConfig, progress: Callable[[str], None]) -> Export:
    """Read the export that a configuration names.

    Parameters
    ----------
    data : DictConfig
        As in ``conf/data``.
    progress : callable
        Called with one short text per step.

    Returns
    -------
    Export
        As read.

    Raises
    ------
    InputError
        If the file cannot be used.
    """
    return read_profiles(
        str(Path(str(data.path)).expanduser()),
        columns={name: column for name, column in data.columns.items() if column},
        sheet=data.sheet,
        aliases=load_aliases(data.aliases),
        progress=progress,
    )


def clean_rules(clean: DictConfig) -> CleanRules:
    """Return the rules of cleaning that a configuration gives, as in ``conf/clean``.

    Raises
    ------
    InputError
        If a setting is of another type.
    """
    if isinstance(clean.min_followers, bool) or not isinstance(clean.min_followers, int):
        raise InputError(f"clean.min_followers is {clean.min_followers}; give a whole number.")
    if not isinstance(clean.verified_only, bool):
        raise InputError(f"clean.verified_only is {clean.verified_only}; give true or false.")
    return CleanRules(
        min_followers=clean.min_followers,
        regions=_texts("clean.regions", clean.regions),
        languages=_texts("clean.languages", clean.languages),
        verified_only=clean.verified_only,
        max_missing_share=clean.max_missing_share,
    )


def _texts(name: str, values: Any) -> tuple[str, ...]:
    """Return a setting's values as texts; one value may stand without brackets."""
    listed = [values] if isinstance(values, (str, bool)) else list(values)
    if any(isinstance(value, bool) for value in listed):
        # YAML takes the code of Norway for a switch.
        raise InputError(f"{name}: quote NO and the like, as in {name}=['NO'].")
    return tuple(map(str, listed))


def _sample(data: DictConfig) -> Export:
    n_profiles, seed = data.n_profiles, data.sample_seed
    if not isinstance(n_profiles, int) or not isinstance(seed, int) or seed < 0:
        raise InputError(
            f"data.n_profiles={n_profiles} and data.sample_seed={seed} must be whole numbers, "
            "the seed from 0."
        )
    profiles, _ = make_profiles(n_profiles, seed)
    hashes = pd.util.hash_pandas_object(profiles, index=False).to_numpy()
    return Export.of(
        profiles,
        source=f"synthetic sample, {n_profiles} accounts, seed {seed}",
        sha256=hashlib.sha256(hashes.tobytes()).hexdigest(),
    )
