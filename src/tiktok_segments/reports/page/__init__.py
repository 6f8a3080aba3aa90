"""The report's page: what it says of segments and accounts, as one file of HTML.

In go named segments of a run and what MLflow holds about it, out comes a page that asks for nothing
from anywhere (:func:`render_report`); :func:`render_page` makes other pages by the same rules.
"""

from tiktok_segments.reports.page.environment import render_page
from tiktok_segments.reports.page.rendering import render_report

__all__ = ["render_page", "render_report"]
