"""Handles as TikTok spells them, of what spreadsheets, browsers and programs make of them."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

# A copied handle holds what nobody sees, and a Japanese keyboard writes ＠ａｎａ.
_UNSEEN = [0x00AD, 0x061C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x206A),
           0xFEFF]  # fmt: skip
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0xFE6B: ord("@")}
_PLAIN = {**dict.fromkeys(_UNSEEN), **_WIDE}
_ODD = f"[{''.join(map(chr, _PLAIN))}\u200c\u200d]"
_JOINERS = "\u200c\u200d"
"""Hold the letters of a display name together, and are nothing at its ends."""

_AS_TEXT = r"^(?:'|=\"{1,2})(@?[\w.]{1,40})\"{0,2}$"
"""'ana and ="ana", which keep a spreadsheet from computing a cell."""

_ADDRESS = r"(?i)^(?:https?://)?(?:www\.|m\.)?tiktok\.com/([\w.]{2,24})/?(?:[?#].*)?$"
_PAGES = pa.array(
    ["about", "channel", "creators", "discover", "download", "embed", "en", "explore", "following",
     "forgot", "foryou", "friends", "inbox", "legal", "live", "login", "messages", "music", "place",
     "profile", "search", "setting", "settings", "share", "shop", "signup", "tag", "topics",
     "trending", "upload", "video"]
)  # fmt: skip
"""What else tiktok.com has at its top."""

BARE_NULLS = pa.array(["nan", "undefined"])
"""What programs write for nothing, and who is called so is ``@nan`` in any file that can tell."""

_SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789._"


def are_bare(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Say which texts hold only what TikTok's handles are made of; null where there is none.

    Parameters
    ----------
    texts : pyarrow.ChunkedArray
        Strings.

    Returns
    -------
    pyarrow.ChunkedArray
        Of booleans.

    Examples
    --------
    >>> are_bare(pa.chunked_array([["ana_1", "@ana", "Ana", "total of all", None]])).to_pylist()
    [True, False, False, False, None]
    """
    return pc.equal(pc.binary_length(pc.ascii_ltrim(texts, _SIGNS)), 0)


def plain_handles(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    r"""Spell handles as they are: without what nobody sees, full width and a spreadsheet's marks.

    Parameters
    ----------
    texts : pyarrow.ChunkedArray
        Strings: handles, or what has one in it.

    Returns
    -------
    pyarrow.ChunkedArray
        Without blanks around; null where a program wrote that there is none.

    Examples
    --------
    >>> cells = ["\u200bana", "＠ana", "'ana", '="ana"', "nan", "@nan"]
    >>> plain_handles(pa.chunked_array([cells])).to_pylist()
    ['ana', '@ana', 'ana', 'ana', None, '@nan']
    """
    if not pc.all(pc.string_is_ascii(texts)).as_py():
        texts = _seen(texts)
    texts = pc.utf8_trim_whitespace(texts)
    # Plain looks first: most columns need no expression.
    if any(pc.any(pc.starts_with(texts, mark)).as_py() for mark in ("'", "=")):
        texts = pc.replace_substring_regex(texts, _AS_TEXT, r"\1")
    missing = pc.is_in(texts, value_set=BARE_NULLS)
    if pc.any(missing).as_py():
        texts = pc.if_else(missing, pa.scalar(None, texts.type), texts)
    return texts


def handles_in_addresses(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the handle of an address that lacks its ``@``; TikTok's other pages have none.

    Parameters
    ----------
    texts : pyarrow.ChunkedArray
        Strings: of a column of handles, some of which are addresses.

    Returns
    -------
    pyarrow.ChunkedArray
        What is no such address as it is.

    Examples
    --------
    >>> cells = ["https://www.tiktok.com/ana?lang=en", "tiktok.com/explore", "ana"]
    >>> handles_in_addresses(pa.chunked_array([cells])).to_pylist()
    ['ana', 'tiktok.com/explore', 'ana']
    """
    handles = pc.replace_substring_regex(texts, _ADDRESS, r"\1")
    is_page = pc.is_in(pc.utf8_lower(handles), value_set=_PAGES)
    return pc.if_else(is_page, texts, handles)


def _seen(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Texts without what nobody sees, and with letters of ASCII for full-width ones."""
    odd = pc.match_substring_regex(texts, _ODD).fill_null(False)
    if not pc.any(odd).as_py():
        return texts
    given = texts.filter(odd).to_pylist()
    plain = [text.translate(_PLAIN).strip().strip(_JOINERS) for text in given]
    whole = texts.combine_chunks()
    mask = odd.combine_chunks()
    return pa.chunked_array([pc.replace_with_mask(whole, mask, pa.array(plain, whole.type))])
