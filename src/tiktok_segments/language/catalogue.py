"""Catalogues: the sentences of a language, beside the English ones."""

from functools import cache
from gettext import GNUTranslations
from importlib.resources import as_file, files
from io import BytesIO

from tiktok_segments.errors import InputError
from tiktok_segments.language.speaking import ENGLISH, Language


def languages() -> list[str]:
    """Return the codes of the languages that there are."""
    names = [file.name for file in files("tiktok_segments.language").iterdir()]
    return ["en", *sorted(name[:-3] for name in names if name.endswith(".po"))]


@cache
def read_language(code: object) -> Language:
    """Read a language's catalogue.

    Parameters
    ----------
    code : str
        Such as ``de``: the setting ``report.language``.

    Returns
    -------
    Language
        English for ``en``, which needs none.

    Raises
    ------
    InputError
        If there is no such catalogue.

    Examples
    --------
    >>> german = read_language("de")
    >>> german.say("verified"), german.short(12_500_000), german.percent(0.123)
    ('verifiziert', '12,5 Mio.', '12,3 %')
    """
    known = languages()
    if code not in known:
        raise InputError(f"report.language is {code!r}; valid are {', '.join(known)}.")
    if code == "en":
        return ENGLISH
    import polib  # English needs none of it

    with as_file(files("tiktok_segments.language") / f"{code}.po") as path:
        entries = polib.pofile(str(path))
    scripts = {
        entry.msgid: list(entry.msgstr_plural.values()) or [entry.msgstr]
        for entry in entries
        if any(place.endswith(".js") for place, _ in entry.occurrences)
    }
    return Language(str(code), GNUTranslations(BytesIO(entries.to_binary())), scripts)
