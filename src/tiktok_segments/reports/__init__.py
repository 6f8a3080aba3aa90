"""Pages, tables and figures for people: what the rooms below found, as files and in the terminal.

What goes in: named segments of a run
(:class:`~tiktok_segments.segments.segmentation.Segmentation`), shortlists, promotions, and
comparisons of models and of exports. What comes out: ``report.html`` and the tables beside it
(:func:`write_segments`), ``shortlist.html``, ``drift.html``, cross tables, and runs of kind
``compare`` and ``drift`` that keep them. A page is one file that asks for nothing from anywhere;
all text of the accounts in it is escaped.

The room uses monitoring and all below it. It computes nothing that a decision depends on.
"""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
