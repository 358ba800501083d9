"""Content negotiation by profile (W3C, "Content Negotiation by Profile"): in which model data of an entity are sent.

``Accept-Profile`` names IRIs of profiles with qualities, ``?_profile=`` one of them or its token; ``?_profile=alt``
asks for the list of all. Without either, data are in vitk's own ontology.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import g, request

from kg.rdf.formats import EXPORT_FORMATS, LINKSET, MARKDOWN, Format
from kg.rdf.vocabulary import Vocabulary
from server.http.negotiation import best, named, not_acceptable
from server.http.problems import Problem
from server.linked_data import resources
from server.linked_data.resources import SCHEMA_ORG, Resource

PARAMETER, HEADER = "_profile", "Accept-Profile"
OWN = "vitk"
_ALTERNATES = "alt"
# An IRI in angle brackets, as the specification has it, or without, and its parameters.
_RANGE = re.compile(
    r"\s*(?:<(?P<bracketed>[^<>]*)>|(?P<plain>[^\s,;<>]+))\s*(?:;\s*q=(?P<quality>[01](?:\.\d{0,3})?)\s*)?"
)
_MAX_LENGTH, _SHOWN = 2000, 80


@dataclass(frozen=True)
class Profile:
    """A model of data: its token in URLs, its IRI, and the formats in which a resource is available in it."""

    token: str
    iri: str
    formats: tuple[Format, ...]


def available(resource: Resource, vocabulary: Vocabulary) -> tuple[Profile, ...]:
    """Returns the profiles of a resource, ours first."""
    own = tuple(fmt for fmt in resource.formats if fmt.name != MARKDOWN.name)
    return (
        Profile(OWN, resources.ontology_iri(vocabulary), own),
        *(Profile(fmt.name, fmt.profile, (fmt,)) for fmt in resource.exports),
    )


def requested(resource: Resource, vocabulary: Vocabulary) -> Format | None:
    """Returns the format of the profile that the request prefers, ``None`` if it asks for no profile.

    Raises:
        Problem: 400 for an unknown value of ``?_profile=``, 406 if the resource has no requested profile, or not in
            an acceptable format; both name what there is.
    """
    g.negotiated = g.negotiated_profile = True
    token, header = request.args.get(PARAMETER, ""), request.headers.get(HEADER, "")
    if token == _ALTERNATES:
        return LINKSET
    offered = available(resource, vocabulary)
    if token:
        chosen = next((one for one in offered if token in (one.token, one.iri)), None)
        if chosen is None:
            is_known = any(token in (fmt.name, fmt.profile) for fmt in (SCHEMA_ORG, *EXPORT_FORMATS))
            raise _unavailable(406 if is_known else 400, token, offered)
    elif header.strip():
        chosen = _preferred(header, offered)
        if chosen is None:
            raise _unavailable(406, header, offered)
    else:
        return None
    fmt = _format(chosen)
    if fmt is None:
        raise not_acceptable(chosen.formats, request.args.get("format", ""))
    return fmt


def _format(chosen: Profile) -> Format | None:
    """The format of a profile; a browser or a client without a wish gets the first."""
    wanted = request.args.get("format", "")
    if wanted:
        return named(chosen.formats, wanted)
    accept = request.headers.get("Accept")
    if accept and "text/html" in accept:
        return best(chosen.formats, "", accept) or chosen.formats[0]
    return best(chosen.formats, "", accept)


def _preferred(header: str, offered: tuple[Profile, ...]) -> Profile | None:
    """The profile with the highest quality, of equal ones the one that is named first."""
    by_iri = {one.iri: one for one in offered}
    found: list[tuple[float, Profile]] = []
    for part in header[:_MAX_LENGTH].split(","):
        matched = _RANGE.fullmatch(part)
        if matched is None:
            continue
        quality = float(matched["quality"] or 1)
        profile = by_iri.get(matched["bracketed"] or matched["plain"] or "")
        if profile is not None and quality > 0:
            found.append((quality, profile))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _unavailable(status: int, wanted: str, offered: tuple[Profile, ...]) -> Problem:
    names = ", ".join(f"{one.token} ({one.iri})" for one in offered)
    there = [
        {"profile": one.iri, "token": one.token, "mediaTypes": [fmt.media_type for fmt in one.formats]}
        for one in offered
    ]
    title = "Profile not available" if status == 406 else "Unknown profile"
    return Problem(
        status, title, f"{wanted[:_SHOWN]!r} is not available. Available profiles: {names}.", available=there
    )
