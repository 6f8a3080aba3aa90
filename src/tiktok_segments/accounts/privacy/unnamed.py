"""Exports under a label: what is said of them names none of their files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tiktok_segments.accounts.outcome import Export
from tiktok_segments.accounts.privacy.pseudonyms import LEFT_OUT, Pseudonyms
from tiktok_segments.containers.sources import Sources


def unname(
    export: Export, pseudonyms: Pseudonyms, found: Sources, names: Iterable[str] = ()
) -> Export:
    """Return an export under its label.

    Parameters
    ----------
    export : Export
        Read of these files.
    pseudonyms : Pseudonyms
        That have the label.
    found : Sources
        The files.
    names : iterable of str
        Of what lies within the files.

    Returns
    -------
    Export
        In whose source and warnings none of the names stands.
    """
    warnings = unnamed(export.warnings, pseudonyms, found, names)
    return replace(export, source=pseudonyms.label, warnings=warnings)


def unnamed(
    sentences: Sequence[str], pseudonyms: Pseudonyms, found: Sources, names: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return sentences on an export with the label in place of the names of its files."""
    files = [name for file in found.files for name in (file, file.name)]
    told = pseudonyms.in_words(sentences, [found.source, found.source.name, *files, *names])
    return (*told, say_pseudonyms(pseudonyms))


def say_pseudonyms(pseudonyms: Pseudonyms) -> str:
    """Say under which key accounts have pseudonyms, and what is left out of them."""
    return f"accounts have pseudonyms under the key {pseudonyms.key.id}; left out: " + ", ".join(
        LEFT_OUT
    )


def tell_beside(notes: Sequence[str], pseudonyms: Pseudonyms | None) -> list[str]:
    """Return notes on files beside an export; under pseudonyms, that there are such notes.

    Examples
    --------
    >>> tell_beside(["data: left out, being no exports: README.md"], None)
    ['data: left out, being no exports: README.md']
    """
    if not notes or pseudonyms is None:
        return list(notes)
    return [
        "what lies beside the export was left out; check_export.py without privacy= names it, "
        "which is not kept under pseudonyms"
    ]
