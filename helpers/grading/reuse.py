"""What nbgrader does again for each step of each submission, done once while a class is graded.

It opens its gradebook some seventeen times a submission, each time with a database engine of its own that
looks for its tables and for the course, and compiles every query anew; and before it validates a cell's
metadata, it validates the schema that these are held against. Together that is half of the time that
recording takes. What a submission is restored from is ours, and the same for the whole class.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import lru_cache
from types import SimpleNamespace
from typing import Any


@contextlib.contextmanager
def reuse_in_nbgrader() -> Iterator[None]:
    """While it is open, gradebooks at one address share an engine, and each thing is looked up one time."""
    from nbgrader import api
    from nbgrader.nbgraderformat import common

    from helpers.grading.preprocessors import restore_cells

    engines = _Engines(api.create_engine, api.inspect, api.Base.metadata.create_all)
    with contextlib.ExitStack() as stack:
        stack.callback(engines.dispose)
        for owner, name, replacement in (
            (api, "create_engine", engines.create),
            (api, "inspect", engines.inspect),
            (api.Base.metadata, "create_all", engines.create_tables),
            (api.Gradebook, "check_course", engines.check_course(api.Gradebook.check_course)),
            (api.Gradebook, "close", lambda gradebook: gradebook.db.remove()),  # the engine is still of use
            (restore_cells, "originals_of", lru_cache(restore_cells.originals_of)),
            (common, "jsonschema", SimpleNamespace(validate=_Validators())),
        ):
            stack.callback(setattr, owner, name, getattr(owner, name))
            setattr(owner, name, replacement)
        yield


class _Engines:
    """Engines by their address and options, and which of them have been looked into."""

    def __init__(self, create: Any, inspect: Any, create_tables: Any) -> None:
        self._create, self._inspect, self._create_tables = create, inspect, create_tables
        self._engines: dict[tuple[str, str], Any] = {}
        self._inspected: dict[Any, Any] = {}
        self._complete: set[Any] = set()
        self._courses: set[tuple[Any, str]] = set()

    def create(self, address: Any, **options: Any) -> Any:
        key = (str(address), repr(options))
        if key not in self._engines:
            self._engines[key] = self._create(address, **options)
        return self._engines[key]

    def inspect(self, engine: Any) -> Any:
        if engine not in self._complete:  # its tables may only just come to be
            return self._inspect(engine)
        if engine not in self._inspected:
            self._inspected[engine] = self._inspect(engine)
        return self._inspected[engine]

    def create_tables(self, bind: Any) -> None:
        if bind not in self._complete:
            self._create_tables(bind=bind)
            self._complete.add(bind)

    def check_course(self, check: Any) -> Any:
        """The method that enters a course, unless it is known to be there."""

        def check_once(gradebook: Any, course_id: str = "default_course", **about: Any) -> Any:
            key = gradebook.engine, course_id
            if about or key not in self._courses:
                course = check(gradebook, course_id, **about)
                self._courses.add(key)
                return course
            return None

        return check_once

    def dispose(self) -> None:
        for engine in self._engines.values():
            engine.dispose()


class _Validators:
    """jsonschema.validate, with a validator for each schema that is kept."""

    def __init__(self) -> None:
        self._validators: dict[str, Any] = {}

    def __call__(self, instance: Any, schema: Any) -> None:
        from jsonschema import validators
        from jsonschema.exceptions import best_match

        key = repr(schema)
        if key not in self._validators:
            kind = validators.validator_for(schema)
            kind.check_schema(schema)
            self._validators[key] = kind(schema)
        error = best_match(self._validators[key].iter_errors(instance))
        if error is not None:
            raise error
