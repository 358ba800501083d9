"""The table of settings; each is a command-line flag, an environment variable and a key of the settings file.

A flag takes precedence over the environment, the environment over the file, the file over the default. The table is in
``kg`` because the build needs it as well as the server.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs

from kg.errors import VitkError
from kg.files import text_files
from kg.rdf.iri import is_iri

ENVIRONMENT_PREFIX = "VITK_"
SETTINGS_FILE_VARIABLE = ENVIRONMENT_PREFIX + "SETTINGS"
_NEARLY = 0.9
# What a URL may contain (RFC 3986): as it is sent in headers.
_OF_URLS = r"[A-Za-z0-9:/?#\[\]@!$&'()*+,;=._~-]|%[0-9A-Fa-f]{2}"


def _whole_number(minimum: int, maximum: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        number = int(text)
        if not minimum <= number <= maximum:
            raise ValueError(f"must be between {minimum} and {maximum}")
        return number

    return parse


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number <= 3600:
        raise ValueError("must be more than 0 and at most 3600")
    return number


def _host(text: str) -> str:
    if not text or re.search(r"[\s/@%*]", text):
        raise ValueError("must be an address or the name of this machine")
    return text.removeprefix("[").removesuffix("]")


def _base_iri(text: str) -> str:
    if _problem_of_url(text) or not is_iri(text) or any(c in text for c in "#?"):
        raise ValueError("must be an absolute http or https IRI without query or fragment")
    return text if text.endswith("/") else text + "/"


def _problem_of_url(text: str) -> str:
    """Why a text is not an absolute URL that can stand in a link, or ""."""
    try:
        parts = urlsplit(text)
        is_absolute = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError as error:
        return str(error)
    return "" if is_absolute else "it does not start with http:// or https:// and the name of a server"


def _yes_or_no(text: str) -> bool:
    if text.casefold() not in {"true", "false", "yes", "no", "1", "0"}:
        raise ValueError("must be yes or no")
    return text.casefold() in {"true", "yes", "1"}


def _public_url(text: str) -> str:
    if "?" in text or "#" in text:
        raise ValueError("must have no query and no fragment")
    return _endpoint(text)


def _endpoint(text: str) -> str:
    if text:
        _check_url(text)
    return text.rstrip("/")


def _addresses(text: str) -> tuple[str, ...]:
    for address in text.split():
        _check_url(address)
    return tuple(text.split())


def _check_url(text: str) -> None:
    if problem := _problem_of_url(text):
        raise ValueError(f"is not a URL: {problem}")
    if strange := sorted(set(re.sub(_OF_URLS, "", text))):
        raise ValueError(f"may not contain {' '.join(strange)!r}; percent-encode it, and names in Punycode")


def _folder(text: str) -> Path:
    if not text:
        raise ValueError("must be a folder")
    try:
        text.encode()
        return Path(text).expanduser().absolute()
    except UnicodeEncodeError:
        raise ValueError("the name is not UTF-8") from None
    except RuntimeError:
        raise ValueError("there is no such home folder; write the path in full") from None


def _user_data_dir() -> Path:
    if (folder := folder_of_user(platformdirs.user_data_path)) is None:
        raise VitkError(
            "There is no home folder to keep releases in. Name a folder with --data-dir or VITK_DATA_DIR, or set HOME."
        )
    return folder


def folder_of_user(find: Callable[[str], Path]) -> Path | None:
    """Returns a folder of vitk in the user's home; ``None`` for a user without one, as in a container or a service."""
    try:
        folder = find("vitk")
        str(folder).encode()
    except (RuntimeError, UnicodeEncodeError):
        return None
    return folder if folder.is_absolute() else None


def _setting(default: Any, parse: Callable[[str], Any], help_text: str) -> Any:
    metadata = {"parse": parse, "help": help_text}
    if callable(default):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class Settings:
    """Every setting with its default; the help texts are the documentation."""

    host: str = _setting("127.0.0.1", _host, "Address to listen on.")
    port: int = _setting(8000, _whole_number(0, 65535), "Port to listen on; 0 picks a free one.")
    data_dir: Path = _setting(_user_data_dir, _folder, "Folder for the releases of the graph.")
    base_iri: str = _setting("https://w3id.org/vitk/", _base_iri, "Base of all IRIs in the graph.")
    curated_dir: Path = _setting(
        lambda: Path(__file__).parent / "data", _folder, "Folder with the curated source files."
    )
    all_table_rows: bool = _setting(
        bool, _yes_or_no, "Load every row of the food tables, not only foods with vitamin K: yes or no."
    )
    public_url: str = _setting(
        "", _public_url, "Public URL of the server when it runs behind a proxy. Default: taken from the request."
    )
    workers: int = _setting(1, _whole_number(1, 64), "Number of serving processes.")
    query_workers: int = _setting(
        2, _whole_number(1, 64), "Quick SPARQL queries, and as many long ones, that each serving process runs at once."
    )
    query_wait: float = _setting(
        5.0, _seconds, "Longest time that a SPARQL query may probably have to wait for a worker, in seconds."
    )
    query_timeout: float = _setting(10.0, _seconds, "Time limit of a SPARQL query, in seconds from its arrival.")
    query_memory_mib: int = _setting(
        1536, _whole_number(64, 1 << 20), "Memory limit of one SPARQL query, in MiB, not counting the graph."
    )
    query_result_mib: int = _setting(256, _whole_number(1, 4096), "Size limit of one SPARQL result, in MiB.")
    in_memory_quads: int = _setting(
        3_000_000,
        _whole_number(0, 1 << 40),
        "Largest graph, in quads, that query workers load into memory; larger ones are queried on disk.",
    )
    cache_mib: int = _setting(64, _whole_number(0, 1 << 20), "Size of the response cache, in MiB.")
    page_budget_ms: int = _setting(
        500,
        _whole_number(0, 60_000),
        "Time budget of a page, in milliseconds; when it is spent, connections are left out, and the page says so.",
    )
    access_log: bool = _setting(
        default=False, parse=_yes_or_no, help_text="Write a JSON access log to standard error: yes or no."
    )
    remote_endpoint: str = _setting(
        "", _endpoint, "Remote SPARQL endpoint that runs user queries. Default: local worker processes."
    )
    service_allowlist: tuple[str, ...] = _setting(
        (), _addresses, "Endpoints that SERVICE may call, as full URLs separated by spaces. Default: none."
    )


def table() -> tuple[Field[Any], ...]:
    """Returns the rows of the table, in order."""
    return fields(Settings)


def load(
    flags: Mapping[str, str | None],
    environment: Mapping[str, str] = os.environ,
    settings_file: Path | None = None,
) -> Settings:
    """Loads the settings from flags, environment and file.

    Args:
        flags: values from the command line; ``None`` for a missing flag.
        environment: environment variables of the process.
        settings_file: a TOML file that must exist; without it, the one named by ``VITK_SETTINGS`` or the one in the
            platform's configuration folder, if there is one.

    Raises:
        VitkError: a value is invalid or a key unknown; the message names its origin.
    """
    _check_names(environment)
    from_file = _read_file(settings_file, environment)
    values: dict[str, Any] = {}
    for row in table():
        variable = ENVIRONMENT_PREFIX + row.name.upper()
        candidates = (
            (flags.get(row.name), f"--{row.name.replace('_', '-')}"),
            (environment.get(variable), f"the environment variable {variable}"),
            from_file.get(row.name, (None, "")),
        )
        for text, origin in candidates:
            if text is None:
                continue
            try:
                # Files and scripts from other systems end their lines with a carriage return.
                values[row.name] = row.metadata["parse"](text.strip())
            except ValueError as error:
                raise VitkError(f"{origin}: invalid value {text!r}: {error}.") from error
            break
    return Settings(**values)


def environment_of(settings: Settings) -> dict[str, str]:
    """Returns the environment variables with which a child process loads the same settings."""
    return {ENVIRONMENT_PREFIX + row.name.upper(): _as_text(getattr(settings, row.name)) for row in table()}


def _check_names(environment: Mapping[str, str]) -> None:
    """Rejects names that are almost a setting's; Docker and Kubernetes set other variables with this prefix."""
    known = [ENVIRONMENT_PREFIX + row.name.upper() for row in table()]
    for name in environment:
        if name.startswith(ENVIRONMENT_PREFIX) and name not in known:
            for near in difflib.get_close_matches(name, known, 1, _NEARLY):
                raise VitkError(f"Unknown environment variable {name}; did you mean {near}?")


def _as_text(value: Any) -> str:
    return " ".join(value) if isinstance(value, tuple) else str(value)


def _read_file(explicit: Path | None, environment: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The values in the settings file by name, each with its place in the file."""
    path = explicit or _file_of_environment(environment)
    if path is None:
        return {}
    try:
        text = text_files.with_plain_ends(text_files.decode(path.read_bytes(), path))
        content = tomllib.loads(text)
    except FileNotFoundError as error:
        raise VitkError(f"{path}: there is no such settings file.") from error
    # Beside its own errors, the reader raises those of long numbers and deep nesting.
    except (ValueError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        raise VitkError(f"{path}{f':{line[1]}' if line else ''}: not a TOML file: {error}.") from error
    except OSError as error:
        raise VitkError(f"{path}: the settings file cannot be read: {error.strerror}.") from error
    known = [row.name for row in table()]
    for key in content:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"; did you mean {near[0]}?" if near else f"; known keys: {', '.join(known)}."
            raise VitkError(f"{_place(path, text, key)}: unknown key {key!r}{hint}")
    return {key: (str(value), f"{_place(path, text, key)}: {key}") for key, value in content.items()}


def _file_of_environment(environment: Mapping[str, str]) -> Path | None:
    """The settings file that a variable names, else the user's own; ``None`` if there is none."""
    if named := environment.get(SETTINGS_FILE_VARIABLE, "").strip():
        return Path(named)
    folder = folder_of_user(platformdirs.user_config_path)
    # The home may belong to somebody else, or be no folder.
    with contextlib.suppress(OSError):
        if folder is not None and (folder / "settings.toml").is_file():
            return folder / "settings.toml"
    return None


def _place(path: Path, text: str, key: str) -> str:
    line = text_files.line_with(text, key)
    return f"{path}:{line}" if line else str(path)
