"""Templates of the pages, in a language: sentences, numbers, and styles and scripts as they are."""

import re
from functools import cache, partial
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tiktok_segments.language import Language

_SIGNED = re.compile(r"(?<=\d) (?=[%×])")

FILTERS = ("short", "percent", "whole_percent", "grouped", "significant", "day")
"""Ways of a language to write numbers and days, by which templates call them."""


def render_page(template: str, language: Language, **context: Any) -> str:
    """Render another page of this package, such as the shortlist, by the same rules."""
    return environment(language).get_template(template).render(**context)


@cache
def environment(language: Language) -> Environment:
    """Return the templates, which say their sentences in a language."""
    templates = Environment(
        loader=PackageLoader("tiktok_segments.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_unbroken,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {name: getattr(language, name) for name in FILTERS}
    templates.filters |= {"fixed": language.grouped, "upper_first": _upper_first}
    templates.globals |= {
        "source": _source,
        "language": language,
        "say": language.say,
        "say_count": language.say_count,
        "say_html": partial(_say_html, language),
    }
    return templates


def _unbroken(value: object) -> object:
    """Keep a number and its sign on one line, as in ``20.4 %``; what is data or HTML stays."""
    return _SIGNED.sub("\u00a0", value) if type(value) is str else value


@cache
def _source(name: str) -> Markup:
    """Return a style sheet or script of this package, to stand in the page as it is."""
    text = (files("tiktok_segments.reports") / "templates" / name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 - this package's own files


def _say_html(language: Language, text: str, **values: object) -> Markup:
    """Say a sentence of the catalogue that has marks of HTML in it; values are escaped."""
    return Markup(language.texts.gettext(text)).format(**values)  # noqa: S704 - our own catalogue


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]
