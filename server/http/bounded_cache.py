"""A cache for functions of what clients send."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

_Function = TypeVar("_Function", bound=Callable[..., Any])


def bounded_cache(entries: int, characters: int) -> Callable[[_Function], _Function]:
    """Caches the results of a function with positional arguments, within a bound in bytes.

    Clients choose the texts: a bound on their number alone would leave the size to them.

    Args:
        entries: number of results.
        characters: of all texts among the arguments together; for longer ones the function is called each time.
    """

    def decorate(function: _Function) -> _Function:
        cached = lru_cache(entries)(function)

        @wraps(function)
        def call(*arguments: Any) -> Any:
            length = 0
            for argument in arguments:
                if type(argument) is str:
                    length += len(argument)
            return cached(*arguments) if length <= characters else function(*arguments)

        return cast(_Function, call)

    return decorate
