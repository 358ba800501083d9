"""The number of a page of a list, as ``?page=`` gives it."""

from __future__ import annotations

from flask import request

from server.http.problems import Problem


def page_number() -> int:
    """Returns the number of the requested page, from 1.

    Raises:
        Problem: 400 if it is not a positive whole number of at most six digits.
    """
    text = request.args.get("page", "") or "1"
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text) > 0):
        raise Problem(400, "Invalid page number", f"page must be a positive whole number, not {text[:20]!r}.")
    return int(text)


def checked(page: int, total: int, size: int) -> int:
    """Returns the number of pages of a list.

    Args:
        page: number of the requested page.
        total: entries on all pages.
        size: entries on a page.

    Raises:
        Problem: 404 for a page after the last one.
    """
    pages = max(1, -(-total // size))
    if page > pages:
        detail = f"This list has {total:,} entries on {pages} {'page' if pages == 1 else 'pages'}."
        raise Problem(404, "No such page", detail)
    return pages
