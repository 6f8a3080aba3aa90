"""Languages of the pages for people: sentences from a catalogue, numbers and days in local form.

English stands in the code, where it is said; ``XX.po`` in this room holds every sentence beside its
translation into the language XX. A sentence that is said is marked by the names :func:`message`,
``say``, ``say_count`` and ``say_html`` (``sayCount`` in scripts), by which the catalogues are made.
"""

from tiktok_segments.language.catalogue import languages, read_language
from tiktok_segments.language.speaking import ENGLISH, Language, message

__all__ = ["ENGLISH", "Language", "languages", "message", "read_language"]
