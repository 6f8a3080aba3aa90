"""Free text in a command's arguments, quoted for Hydra; and the file of a key, kept from it."""

import re
from collections.abc import Sequence
from pathlib import Path

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException

from tiktok_segments.defaults import KEY_FILE, give_variable

FREE_TEXT = frozenset({
    "account", "backup", "data.aliases", "data.label", "data.path", "data.sheet", "data.url",
    "file", "first", "language", "licence", "model", "new", "new_model", "notify.command", "old",
    "old_model", "output", "reason", "region", "rename", "resume", "run", "second", "segment",
    "sweep", "tier", "to", "tracking.experiment", "tracking.model",
})  # fmt: skip
"""Settings whose values people have as they are: paths, addresses, identifiers.

Hydra would read some of these as something else than text: 12e456 as infinity, a,b as two values.
"""

WORDS = frozenset({"account", "licence", "reason", "rename", "segment", "to"})
"""Those of them that are people's words, in which ``${`` stands for itself."""

FREE_TEXT_GROUP = "data.columns."
"""Likewise every setting under this one: names of columns."""


_KEY_FILE = "privacy.key_file="


def take_key_file(arguments: Sequence[str]) -> list[str]:
    """Return arguments without that of the key's file, which becomes an environment variable.

    So it is known to every process that the command starts, and stands in no configuration, no
    record and no list of settings.

    Parameters
    ----------
    arguments : sequence of str
        As the shell passed them.

    Returns
    -------
    list of str
        The others.
    """
    for argument in arguments:
        if argument.startswith(_KEY_FILE):
            file = argument.removeprefix(_KEY_FILE).strip("'\"")
            give_variable(KEY_FILE, str(Path(file).expanduser().absolute()))
    return [argument for argument in arguments if not argument.startswith(_KEY_FILE)]


def quote_free_text(argument: str) -> str:
    r"""Quote the value of ``key=value`` where Hydra would not take it as the text that it is.

    That is where the key takes free text, and where Hydra's grammar refuses the value.

    Parameters
    ----------
    argument : str
        One command-line argument as the shell passed it.

    Returns
    -------
    str
        The argument, quoted where needed; already quoted values and ``null`` stay as they are.

    Examples
    --------
    >>> quote_free_text("data.path=Maya's export (1).csv")
    "data.path='Maya\\'s export (1).csv'"
    >>> quote_free_text("to=${core}")
    "to='\\${core}'"
    >>> quote_free_text("run=12e456"), quote_free_text("k=2,3"), quote_free_text("k=[")
    ("run='12e456'", 'k=2,3', "k='['")
    """
    key, equals, value = argument.partition("=")
    name = key.lstrip("+")
    is_free_text = name in FREE_TEXT or name.startswith(FREE_TEXT_GROUP)
    if not equals or value in ("", "null") or not (is_free_text or _is_refused(argument)):
        return argument
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return argument
    escaped = re.sub(r"(\\*)'", r"\1\1\\'", value)
    if name in WORDS:
        escaped = re.sub(r"(\\*)\$\{", r"\1\1\\${", escaped)
    escaped = re.sub(r"(\\+)$", r"\1\1", escaped)
    return f"{key}='{escaped}'"


def _is_refused(argument: str) -> bool:
    """Whether Hydra's grammar has no place for the value of an override."""
    name = argument.partition("=")[0]
    try:
        OverridesParser.create().parse_override(f"{name}=1")
    except HydraException:
        return False  # an option such as --config-name=..., or no name of a setting
    try:
        OverridesParser.create().parse_override(argument)
    except HydraException:
        return True
    return False
