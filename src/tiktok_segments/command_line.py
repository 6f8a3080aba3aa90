"""What every command shares: environment, free text in arguments, errors in plain words.

Imports nothing heavy, so that ``--help`` and shell completion answer at once.
"""

import atexit
import gc
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from string import Template

from hydra import compose, initialize_config_dir
from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException, MissingConfigException, OverrideParseException
from hydra.types import RunMode
from omegaconf import DictConfig
from omegaconf.errors import (
    ConfigAttributeError,
    ConfigKeyError,
    OmegaConfBaseException,
    ValidationError,
)

from tiktok_segments.errors import InputError, StoreLost
from tiktok_segments.free_text import quote_free_text, take_key_file
from tiktok_segments.tracking.interrupt import is_interrupt
from tiktok_segments.tracking.store_errors import name_store_error

NOT_USED = {
    # `mlflow run` opens a run of its own in the experiment Default.
    "MLFLOW_RUN_ID": "every command opens runs of its own",
    "MLFLOW_REGISTRY_URI": "versions are registered in the store of their runs",
}
"""Variables of MLflow's that this project leaves aside, and why."""

FLAGS = (
    "--help", "--hydra-help", "--version", "--cfg", "--resolve", "--package", "--run", "--multirun",
    "--shell-completion", "--config-path", "--config-name", "--config-dir", "--experimental-rerun",
    "--info",
)  # fmt: skip
SHORT_FLAGS = ("-h", "-c", "-p", "-r", "-m", "-sc", "-cp", "-cn", "-cd", "-i")
"""Hydra's flags; of a long one its beginning is enough."""

_SEVERAL = re.compile(r"Ambiguous value for argument '(.+)'$", re.MULTILINE)
"""How Hydra begins what it says of several values where one is asked for."""


def run_command(main: Callable[[], object], root: Path, verb: str | None = None) -> None:
    """Run a Hydra main function as a command of this project, then exit.

    Sets the environment that the configuration and MLflow rely on, quotes free text so that
    Hydra takes it as it is, and turns the errors that a user can mend into one to three lines
    on standard error and exit status 1. Errors that are defects keep their traceback.

    Parameters
    ----------
    main : callable
        A function decorated with ``hydra.main``.
    root : Path
        Folder of the project: where outputs and, by default, MLflow's store go.
    verb : str, optional
        The setting that a first word without ``=`` is the value of, as in ``store.py backup``.
    """
    # The libraries make millions of lasting objects as they are imported, which Python would go
    # over again and again in search of garbage, a third of the time of a short command, and once
    # more after its end, for half a second.
    gc.set_threshold(50_000, 20, 50)  # objects made, and runs of the collector's stages
    atexit.register(gc.freeze)
    for name in NOT_USED.keys() & os.environ.keys():
        sys.stderr.write(f"{name} is not used: {NOT_USED[name]}.\n")
    prepare_environment(root)
    if verb and len(sys.argv) > 1 and re.fullmatch(r"\w+", sys.argv[1]):
        sys.argv[1] = f"{verb}={sys.argv[1]}"
    sys.argv[1:] = [quote_free_text(argument) for argument in take_key_file(sys.argv[1:])]
    if reason := _dashed(sys.argv[1:]):
        _fail(f"{reason}\n{_all_settings()}")
    try:
        if [word for word in sys.argv[1:] if word.startswith("-")] in (["-h"], ["--help"]):
            _print_help(root / "conf")
        else:
            main()
    except StoreLost as stop:
        _fail(str(stop.code))
    except KeyboardInterrupt:
        _fail("Stopped.", status=130)
    except Exception as error:
        if is_interrupt(error):
            _fail("Stopped.", status=130)
        if reason := _explain(error):
            _fail(reason)
        raise


def _print_help(conf: Path) -> None:
    """Print a command's page, as Hydra does, which first lists all choices of all groups.

    That takes more than half of its time, and no page of this project shows them.
    """
    script = Path(sys.argv[0]).stem
    settings = [word for word in sys.argv[1:] if not word.startswith("-")]
    with initialize_config_dir(str(conf), version_base="1.3"):
        composed = compose("config" if script == "train" else script, settings, True)
    sys.stdout.write(f"{Template(composed.hydra.help.template).substitute()}\n")


@contextmanager
def plain_errors() -> Iterator[None]:
    """End a single run with the error's own words; Hydra would put words of its own before them.

    In a sweep the error goes on to Hydra, which then starts the next run.
    """
    try:
        yield
    except Exception as error:
        reason = None if is_interrupt(error) else _explain(error)
        if reason is None or HydraConfig.get().mode == RunMode.MULTIRUN:
            raise
        _fail(reason)


def prepare_environment(root: Path) -> None:
    """Set the variables that this project, Hydra and MLflow read.

    Parameters
    ----------
    root : Path
        Folder of the project; ``TIKTOK_SEGMENTS_ROOT``, where set, is left as it is.
    """
    os.environ.setdefault("TIKTOK_SEGMENTS_ROOT", str(root))
    os.environ["HYDRA_FULL_ERROR"] = "1"  # errors reach run_command instead of being printed
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    # Some thousand rows gain nothing from threads, which wait in loops, and another number of
    # them changes the last digits of a result. Set it yourself for millions of rows.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Arrow's own pool hands memory back after every batch and fetches it again for the next one,
    # which took up to a second of system time for a million rows.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    # On a server MLflow would print two addresses for every run of a sweep.
    os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
    # MLflow's own patience with a server that has gone is over two minutes for each request.
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "3")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "1")
    # `mlflow run` sets that of its own run; MLFLOW_EXPERIMENT_NAME says which is ours.
    os.environ.pop("MLFLOW_EXPERIMENT_ID", None)
    for name in NOT_USED:
        os.environ.pop(name, None)


def explain_config_error(error: Exception) -> str:
    """Say in at most three plain lines what is wrong with a configuration.

    Parameters
    ----------
    error : Exception
        Raised by Hydra or OmegaConf.

    Returns
    -------
    str
        The message, with the command that lists what is valid.
    """
    cause = error.__cause__
    if isinstance(error, OverrideParseException):
        text = (
            f"{error.override[:200]} cannot be read; a setting is given as name=value, as in k=4."
        )
    elif isinstance(error, MissingConfigException) and error.options and error.missing_cfg_file:
        group, _, choice = error.missing_cfg_file.rpartition("/")
        options = ", ".join(error.options)
        text = f"There is no {choice!r} among the choices of {group}: {options}."
    elif isinstance(error, (ConfigKeyError, ConfigAttributeError)):
        text = f"The setting {error.full_key} is missing."
    elif isinstance(cause, (ConfigKeyError, ConfigAttributeError)):
        text = f"There is no setting {cause.full_key}.{_likely(cause)}"
    elif isinstance(cause, ValidationError):
        text = f"{cause.full_key}: {str(cause).splitlines()[0]}."
    elif several := _SEVERAL.match(str(error)):
        name, _, values = several[1].partition("=")
        text = f"{several[1]}: -m makes a run of each of these, {name}=[{values}] is one list."
    else:
        text = " ".join(str(error).split("See https://")[0].split())
    return f"{text[:400]}\n{_all_settings()}"


def _all_settings() -> str:
    """Return the line that says where all settings of this command are explained."""
    script = Path(sys.argv[0]).name
    place = "" if script == "train.py" else "scripts/"
    return f"python {place}{script} --help explains every setting."


def _dashed(words: list[str]) -> str | None:
    """Say of the first word with dashes that is no flag how a setting is given.

    Examples
    --------
    >>> _dashed(["-m", "--multi", "k=2,3"])
    >>> _dashed(["--k=4"])
    '--k=4: a setting is given without dashes, as in k=4.'
    """
    for word in words:
        flag, _, value = word.partition("=")
        known = any(each.startswith(flag) for each in FLAGS) or flag in SHORT_FLAGS
        if re.match(r"--?[a-zA-Z]", word) and not known:
            setting = f"{flag.lstrip('-')}={value or 'VALUE'}"
            return f"{word[:200]}: a setting is given without dashes, as in {setting[:200]}."
    return None


def unknown_verb(verb: str | None, verbs: Sequence[str]) -> str:
    """Say which verbs a command has, and which one was likely meant.

    Examples
    --------
    >>> unknown_verb("bakup", ("status", "backup")).splitlines()[0].partition(": ")[2]
    'status, backup. Is backup meant?'
    """
    alike = get_close_matches(str(verb), verbs, n=1)
    begin = "Say what to do" if verb is None else f"There is no {verb!r}"
    meant = f" Is {alike[0]} meant?" if alike else ""
    return f"{begin}; {Path(sys.argv[0]).name} has: {', '.join(verbs)}.{meant}\n{_all_settings()}"


def _likely(error: ConfigKeyError | ConfigAttributeError) -> str:
    """Ask whether the setting of the most alike name was meant, if any is alike."""
    beside = error.parent_node if isinstance(error.parent_node, DictConfig) else {}
    group = str(error.full_key).removesuffix(str(error.key))
    alike = get_close_matches(str(error.key), list(map(str, beside)), n=1)
    return f" Is {group}{alike[0]} meant?" if alike else ""


def _explain(error: Exception) -> str | None:
    """Return what a user is told of an error; None where it is a defect."""
    if isinstance(error, InputError):
        return str(error)
    if isinstance(error, (HydraException, OmegaConfBaseException)):
        return explain_config_error(error)
    return name_store_error(error)


def _fail(message: str, status: int = 1) -> None:
    sys.stderr.write(f"{message}\n")
    sys.exit(status)
