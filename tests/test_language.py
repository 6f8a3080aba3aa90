"""The catalogues: every sentence of the pages in every language, and nothing else."""

import re
import shlex
from pathlib import Path
from string import Formatter

import polib
import pytest
from babel.messages.frontend import CommandLineInterface

from tiktok_segments.errors import InputError
from tiktok_segments.language import languages, read_language

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "tiktok_segments"
CATALOGUES = PACKAGE / "language"
OTHERS = [code for code in languages() if code != "en"]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> polib.POFile:
    """Every sentence that the code says, found as ``make sentences`` finds it."""
    file = tmp_path_factory.mktemp("sentences") / "sentences.pot"
    (line,) = re.findall(r"\$\(BIN\)/(pybabel -q extract .*)", (ROOT / "Makefile").read_text())
    arguments = [
        {"pyproject.toml": str(ROOT / "pyproject.toml"), "sentences.pot": str(file),
         "src/tiktok_segments": str(PACKAGE)}.get(word, word)
        for word in shlex.split(line)
    ]  # fmt: skip
    CommandLineInterface().run(arguments)  # type: ignore[no-untyped-call]
    return polib.pofile(str(file))


def forms(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def faults(catalogue: polib.POFile, said: polib.POFile) -> list[str]:
    """Say what is wrong with a catalogue, by the sentence."""
    known = {(entry.msgid, entry.msgid_plural) for entry in said}
    own = {(entry.msgid, entry.msgid_plural): entry for entry in catalogue}
    found = [f"missing: {one}" for one, _ in known - own.keys()]
    found += [f"unused: {one}" for one, _ in own.keys() - known]
    scripts = {e.msgid for e in said if any(file.endswith(".js") for file, _ in e.occurrences)}
    for entry in own.values():
        if entry.fuzzy or entry.obsolete or not all(text.strip() for text in forms(entry)):
            found.append(f"not translated: {entry.msgid}")
        if entry.msgid_plural and len(entry.msgstr_plural) != 2:
            found.append(f"plural missing: {entry.msgid}")
        for text in forms(entry):
            if places(text) != places(entry.msgid):
                found.append(f"other places: {entry.msgid}")
            if sorted(re.findall(r"<[^>]+>", text)) != sorted(re.findall(r"<[^>]+>", entry.msgid)):
                found.append(f"other marks: {entry.msgid}")
        in_script = any(file.endswith(".js") for file, _ in entry.occurrences)
        if in_script != (entry.msgid in scripts):
            found.append(f"scripts do not get it, or need it no more: {entry.msgid}")
    return found


@pytest.mark.parametrize("code", OTHERS)
def test_every_sentence_of_the_pages_is_in_the_catalogue_and_nothing_else(
    code: str, said: polib.POFile
) -> None:
    catalogue = polib.pofile(str(CATALOGUES / f"{code}.po"))
    assert faults(catalogue, said) == [], "make sentences, then translate what is new"
    assert catalogue.metadata["Plural-Forms"] == "nplurals=2; plural=(n != 1);"  # as scripts count


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (None, "missing: {n} of {all}"),
        ({"msgid": "gone", "msgstr": "weg"}, "unused: gone"),
        ({"msgid": "{n} of {all}", "msgstr": ""}, "not translated: {n} of {all}"),
        ({"msgid": "{n} of {all}", "msgstr": "{n} von {alle}"}, "other places: {n} of {all}"),
        ({"msgid": "{n} of {all}", "msgstr": "<b>{n}</b> {all}"}, "other marks: {n} of {all}"),
        ({"msgid": "{n} a", "msgid_plural": "{n} b", "msgstr_plural": {0: "{n} c"}},
         "plural missing: {n} a"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_catalogue_is_found(
    entry: dict[str, object] | None, fault: str
) -> None:
    said, catalogue = polib.POFile(), polib.POFile()
    said.append(polib.POEntry(msgid="{n} of {all}"))
    if entry is not None:
        catalogue.append(polib.POEntry(**entry))
    assert fault in faults(catalogue, said)


def test_no_sentence_of_a_script_is_passed_over(said: polib.POFile) -> None:
    scripts = [*(PACKAGE / "reports" / "templates" / "report").glob("*.js")]
    assert scripts
    for script in scripts:
        texts = re.findall(r'\b(?:say(?:Count)?|message)\("((?:[^"\\]|\\.)*)"', script.read_text())
        name = script.relative_to(ROOT).as_posix()
        found = {e.msgid for e in said if any(file.endswith(name) for file, _ in e.occurrences)}
        assert found == {text.replace("\\n", "\n") for text in texts}, script.name


def test_a_module_that_says_something_is_looked_through(said: polib.POFile) -> None:
    looked_at = {Path(file).name for entry in said for file, _ in entry.occurrences}
    speaking = {
        module.name
        for module in PACKAGE.rglob("*.py")
        if re.search(r'(?:language\.say|\bmessage)(?:_count)?\(\s*"', module.read_text())
    }
    assert speaking <= looked_at


@pytest.mark.parametrize("code", OTHERS)
def test_numbers_and_days_are_in_the_form_of_the_language(code: str) -> None:
    language = read_language(code)
    written = {
        language.grouped(1234.5, 1): {"de": "1.234,5"},
        language.percent(0.123): {"de": "12,3 %"},
        language.short(1_230_000): {"de": "1,23 Mio."},
        language.day("2026-11-29T08:00:00+00:00"): {"de": "29.11.2026"},
        language.say_count("{number} account", "{number} accounts", 1): {"de": "1 Account"},
        language.say_count("{number} account", "{number} accounts", 0): {"de": "0 Accounts"},
    }
    assert [text for text, expected in written.items() if text != expected[code]] == []


@pytest.mark.parametrize("code", ["fr", "DE", None, True])
def test_a_language_that_is_not_there_is_told_with_those_that_are(code: object) -> None:
    with pytest.raises(InputError, match=r"report\.language is .*; valid are en, de"):
        read_language(code)
