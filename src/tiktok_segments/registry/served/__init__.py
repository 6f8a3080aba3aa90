"""The champion over HTTP: read what is asked, answer each row or say why not, follow promotions.

In goes the number of a version that is verified to be as promoted; out come answers, each with the
version that gave it. :func:`serve` is the whole of it; :func:`answer_request` is what becomes of
one request's body, and knows no HTTP.
"""

from tiktok_segments.registry.served.door import Answer, answer_request
from tiktok_segments.registry.served.following import ServedModel, follow_champion
from tiktok_segments.registry.served.server import guard, serve

__all__ = ["Answer", "ServedModel", "answer_request", "follow_champion", "guard", "serve"]
