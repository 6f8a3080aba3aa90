"""Which code made a run: a hash of the package's sources, and the commit where there is one."""

import hashlib
import subprocess
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


@cache
def code_version() -> dict[str, str]:
    """Return tags that say which code is running.

    Returns
    -------
    dict of str to str
        ``segmentation.code_sha256``, over the package's sources in order of their names, and
        ``segmentation.commit`` where the package stands in a git checkout (with ``+changes``
        where the checkout has uncommitted ones).
    """
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    tags = {"segmentation.code_sha256": digest.hexdigest()}
    commit = _git("rev-parse", "HEAD")
    if commit:
        changes = "+changes" if _git("status", "--porcelain", "--untracked-files=no") else ""
        tags["segmentation.commit"] = commit + changes
    return tags


def _git(*arguments: str) -> str:
    """Return what git answers, nothing where there is no git or no checkout."""
    try:
        answer = subprocess.run(  # noqa: S603 - fixed words, no shell
            ["git", *arguments],  # noqa: S607 - whichever git the user has
            cwd=PACKAGE,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""
