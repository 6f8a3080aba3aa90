"""What README, docs and helps say to type, a shell can read."""

import re
import subprocess

from commands import PROJECT

PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]
HELPS = sorted((PROJECT / "conf/hydra/help").glob("*.yaml"))


def test_every_command_that_is_told_is_one_that_a_shell_reads() -> None:
    lines = []
    for page in PAGES:
        text = page.read_text("utf-8")
        lines += re.findall(r"^```(?:sh)?\n(python .*?)^```$", text, re.M | re.S)
        lines += re.findall(r"^```sh\n(.*?)^```$", text, re.M | re.S)
        lines += [
            line.replace("\n", " ") for line in re.findall(r"`((?:python|make) [^`]+)`", text)
        ]
    for page in HELPS:
        text = page.read_text("utf-8").replace("$$", "$")
        lines += re.findall(r"^ +(python \S+(?: \S+)*)", text, re.M)
    assert len(lines) > 100
    found = subprocess.run(
        ["bash", "-n"], input="\n".join(lines), capture_output=True, text=True, check=False
    )
    assert found.stderr == ""
