"""Fetches what is new at a place into a folder: files of a folder, a file at an address, the rows of a query."""

import csv
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from http.client import HTTPException
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
import pymysql
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from apps.imports import keeping, mapping_file, parsing
from apps.imports.feeds.secrets import filled, scrubbed, shown
from apps.imports.keys import MappingError, Problem
from apps.imports.mapping import Mapping
from apps.imports.models import Feed
from apps.imports.sources import is_ours

PATIENCE = 60.0  # seconds that an address or a database may keep us waiting
NOTATION: dict[str, Any] = {"dates": (), "decimal": ".", "thousands": "", "encoding": "utf-8", "delimiter": ","}
LONGEST = 600_000  # milliseconds that a query may take
MOST = 5_000_000_000  # bytes
PIECE = 1 << 20
OWN = ("127.0.0.1", "localhost", "::1")
Seen = dict[str, Any]


def fetch(feed: Feed, mapping: Mapping, folder: Path) -> tuple[list[Path], Seen]:
    """Return what is new at a feed's place, and what has been seen of it then. Raises MappingError where it cannot be fetched."""
    return FETCH[feed.kind](feed, mapping, folder)


def _fault(feed: Feed, wrong: str, remedy: str) -> MappingError:
    return MappingError([Problem(shown(feed.place), scrubbed(wrong, feed.place), remedy)])


# --- A folder ----------------------------------------------------------------------------------------
def _folder(feed: Feed, _mapping: Mapping, folder: Path) -> tuple[list[Path], Seen]:
    """Take the files whose content was not seen under their name; one that is still being written is taken the next time it is looked at."""
    place = Path(filled(feed.place, is_address=False))
    if not place.is_absolute() or not place.is_dir():
        raise _fault(feed, _("There is no such folder."), _("Write the whole path of a folder that the worker can read."))
    seen, found = dict(feed.seen), []
    try:
        for path in sorted(one for one in place.iterdir() if one.is_file() and not is_ours(one) and not one.name.startswith(".")):
            digest = keeping.summed(path)
            if seen.get(path.name) != digest:
                found.append(Path(shutil.copyfile(path, folder / path.name)))
                seen[path.name] = digest
    except OSError as error:
        raise _fault(feed, _("It cannot be read: %(error)s.") % {"error": error}, _("Let the user who runs the worker read it.")) from error
    return found, seen


# --- An address --------------------------------------------------------------------------------------
class Unredirected(urllib.request.HTTPRedirectHandler):
    """What is asked of one host is not told to another."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        is_same = urlsplit(newurl).netloc == urlsplit(req.full_url).netloc
        return super().redirect_request(req, fp, code, msg, headers, newurl) if is_same else None


OPENER = urllib.request.build_opener(Unredirected)


def _address(feed: Feed, mapping: Mapping, folder: Path) -> tuple[list[Path], Seen]:
    url = filled(feed.place)
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in OWN):
        raise _fault(feed, _("It is no address of a file that can be fetched safely."), _("Write one that begins with https://."))
    marks = {name: feed.seen[name] for name in ("If-None-Match", "If-Modified-Since") if name in feed.seen}
    target = folder / _name_for(_name_at(parts.path), mapping)
    try:
        with OPENER.open(urllib.request.Request(url, headers={"user-agent": "KPIBoard", **marks}), timeout=PATIENCE) as answer:  # noqa: S310: checked above
            _save(feed, answer, target)
            given = {"If-None-Match": answer.headers.get("ETag"), "If-Modified-Since": answer.headers.get("Last-Modified")}
    except urllib.error.HTTPError as error:
        with error:
            if error.code == 304:
                return [], feed.seen
            raise _fault(feed, _("It answered with %(status)s.") % {"status": error.code}, _("Check the address, and who may read it.")) from error
    except (OSError, HTTPException, ValueError) as error:
        raise _fault(feed, _("It cannot be reached: %(error)s.") % {"error": error}, _("Check the address and the network.")) from error
    digest = keeping.summed(target)
    return ([] if feed.seen.get("sha256") == digest else [target]), {"sha256": digest, **{name: mark for name, mark in given.items() if mark}}


def _name_at(path: str) -> str:
    """Return the name of the file that an address ends with."""
    name = PurePosixPath(unquote(path)).name
    return default_storage.get_valid_name(name) if "." in name else ""


def _save(feed: Feed, answer: Any, target: Path) -> None:
    size = 0
    with target.open("wb") as file:
        while piece := answer.read(PIECE):
            size += len(piece)
            if size > MOST:
                raise _fault(feed, _("It is larger than %(most)s GB.") % {"most": MOST // 10**9}, _("Export less of it at a time."))
            file.write(piece)
    promised = answer.headers.get("Content-Length", "")
    if promised.isdecimal() and size != int(promised):
        raise _fault(feed, _("The download broke off: %(size)s of %(promised)s bytes came.") % {"size": size, "promised": promised}, _("It is tried again."))


# --- Another database --------------------------------------------------------------------------------
def _query(feed: Feed, mapping: Mapping, folder: Path) -> tuple[list[Path], Seen]:
    """Write the rows of a query as a file; what was read is the same as before where its file is."""
    url, target = filled(feed.place), folder / name_for(mapping)
    ask = {"postgresql": _postgres, "postgres": _postgres, "mysql": _mysql, "mariadb": _mysql}.get(urlsplit(url).scheme)
    if ask is None:
        raise _fault(feed, _("It is no address of a database."), _("Write postgresql://user@host/database, or mysql://user@host/database."))
    if not feed.query.strip():
        raise _fault(feed, _("There is no query."), _("Write one SELECT whose columns are called as those of the mapping."))
    try:
        with ask(url, feed.query) as (names, rows), target.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(names)
            out.writerows([["" if value is None else value for value in row] for row in rows])
    except (psycopg.Error, pymysql.Error, OSError, ValueError) as error:
        words = str(error).strip() or type(error).__name__
        raise _fault(feed, _("The database refused: %(error)s") % {"error": words}, _("Check the address, the password and the query.")) from error
    digest = keeping.summed(target)
    return ([] if feed.seen.get("sha256") == digest else [target]), {"sha256": digest}


@contextmanager
def _postgres(url: str, query: str) -> Iterator[tuple[list[str], Iterable[tuple[Any, ...]]]]:
    options = f"-c default_transaction_read_only=on -c statement_timeout={LONGEST}"
    with psycopg.connect(url, connect_timeout=int(PATIENCE), options=options) as connection, connection.cursor("kpiboard") as cursor:
        cursor.execute(query.encode().rstrip(b"; \n"))
        yield [column.name for column in cursor.description or ()], cursor


@contextmanager
def _mysql(url: str, query: str) -> Iterator[tuple[list[str], Iterable[tuple[Any, ...]]]]:
    parts = urlsplit(url)
    wanted = {
        "host": parts.hostname or "localhost",
        "port": parts.port or 3306,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or "").encode(),  # as the server keeps it; a text would be taken for Latin-1
        "database": parts.path.lstrip("/"),
    }
    connected = pymysql.connect(**wanted, connect_timeout=int(PATIENCE), read_timeout=LONGEST // 1000, cursorclass=pymysql.cursors.SSCursor)
    with closing(connected) as connection, connection.cursor() as cursor:
        cursor.execute("SET SESSION TRANSACTION READ ONLY")
        cursor.execute(query)
        yield [column[0] for column in cursor.description or ()], cursor


def of_rows(mapping: Mapping) -> Mapping:
    """Return a mapping for the rows of a query, which are written here: in one notation, whatever that of the file was for which the mapping was made."""
    loads = tuple(replace(load, formats=replace(load.formats, **NOTATION), sheet=None) for load in mapping.loads)
    return parsing.parse(mapping_file.write(Mapping(mapping.title, loads)))


def _name_for(name: str, mapping: Mapping) -> str:
    """Return a file's own name if the mapping knows it, else one that it knows."""
    return name if any(Path(name).match(load.file) for load in mapping.loads) else name_for(mapping)


def name_for(mapping: Mapping) -> str:
    """Return a name under which the mapping knows a file."""
    pattern = mapping.loads[0].file.replace("*", "fetched").replace("?", "x")
    return pattern if "." in pattern else f"{pattern}.csv"


FETCH: dict[str, Callable[[Feed, Mapping, Path], tuple[list[Path], Seen]]] = {
    Feed.Kind.FOLDER: _folder,
    Feed.Kind.ADDRESS: _address,
    Feed.Kind.QUERY: _query,
}
