"""The database that holds a gradebook: a file, or a server, which is asked beforehand whether it is there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, create_engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from helpers.grading.errors import GradingError

_SECONDS_TO_CONNECT = 20


def require_gradebook(address: str) -> None:
    """Raises GradingError, without the password that the address may hold, where no server is reached.

    A gradebook in a file is made where there is none, so there is nothing to ask for.
    """
    url = _parsed(address)
    if url.get_backend_name() == "sqlite":
        return
    shown = url.render_as_string(hide_password=True)
    try:
        options = {"connect_timeout": _SECONDS_TO_CONNECT} if _is_postgresql(url) else {}
        with create_engine(url, poolclass=NullPool, connect_args=options).connect():
            pass
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        advice = "pip install 'psycopg[binary]'" if _is_postgresql(url) else "install a driver for it"
        raise GradingError(f"There is no driver here for the gradebook {shown}: {advice}.") from error
    except SQLAlchemyError as error:
        raise GradingError(
            f"The gradebook {shown} can't be opened: {_said(error, url)}\nSee whether the server runs, the "
            "database and its user are there, and the password is in ~/.pgpass or the variable PGPASSWORD."
        ) from None


def close_connections() -> None:
    """From now on, nbgrader's gradebooks end their connections to the database where they are closed.

    nbgrader opens several for each submission and leaves their connections to the garbage collector: a server
    that allows a hundred would soon refuse the next one. Where another way to close them is in use, it stays.
    """
    from nbgrader.api import Gradebook

    if Gradebook.close.__module__ == Gradebook.__module__:
        Gradebook.close = _close


def _close(gradebook: Any) -> None:
    gradebook.db.remove()
    gradebook.engine.dispose()


def _parsed(address: str) -> URL:
    problem = GradingError(
        "The gradebook's address can't be read. One is sqlite:////FOLDER/gradebook.db, or "
        "postgresql://USER@HOST:PORT/NAME; in a name or password, @ is written %40, and / is written %2F."
    )
    if address.count("@") > 1:  # a part of the password would be taken for the host, and shown
        raise problem
    try:
        return make_url(address)
    except (ArgumentError, ValueError):
        raise problem from None


def _is_postgresql(url: URL) -> bool:
    return url.get_backend_name() == "postgresql"


def _said(error: SQLAlchemyError, url: URL) -> str:
    """What the driver said, on one line, without the password."""
    words = " ".join(str(getattr(error, "orig", None) or error).split())
    return words.replace(str(url.password), "…") if url.password else words
