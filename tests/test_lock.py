"""The locks that make installs from: the pins of the requirements, and every file by its digest."""

import re

import pytest

from commands import PROJECT


def pins(name: str) -> dict[str, str]:
    """Return the exact versions that a file of requirements asks for, with those it includes."""
    text = (PROJECT / name).read_text()
    found: dict[str, str] = {}
    for included in re.findall(r"^-r (\S+)$", text, re.MULTILINE):
        found |= pins(included)
    return found | dict(re.findall(r"^([\w.-]+)(?:\[\w+\])?==(\S+)", text, re.MULTILINE))


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", ["requirements", "requirements-server", "requirements-dev"])
def test_a_lock_has_the_pins_of_its_requirements_and_a_digest_of_every_file(name: str) -> None:
    text = (PROJECT / f"{name}.lock").read_text()
    entries = re.split(r"\n(?=\S)", text.strip())
    heads = [re.match(r"([\w.-]+)(?:\[\w+\])?==([^\s;]+)", entry) for entry in entries]
    assert all(heads)
    assert all("--hash=sha256:" in entry for entry in entries)
    locked = {(normal(head[1]), head[2]) for head in heads if head}
    asked = {(normal(one), version) for one, version in pins(f"{name}.txt").items()}
    assert asked and asked <= locked
    assert "//" not in text  # addresses of an index would hold on one machine only


def test_make_and_the_images_install_from_the_locks_only() -> None:
    for name in ("Makefile", "deploy/Dockerfile"):
        installs = re.findall(r"pip install .*?-r (\S+)", (PROJECT / name).read_text())
        assert installs and all(file.endswith(".lock") for file in installs), name
