"""Submissions executed by Dask's workers: on this computer by default, or on a cluster that is there.

Workers share nothing with this computer: what they need is sent as bytes, and results come back as bytes. An
assignment's data, inputs and unseen images go to each worker once; labels stay here. A worker that is lost
costs the submissions that were running on it, which Dask gives to another.
"""

from __future__ import annotations

import contextlib
import logging
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import dask
from distributed import Client, KilledWorker, LocalCluster, Security, WorkerPlugin, as_completed
from distributed.comm.core import FatalCommClosedError

from helpers.checks.evidence import Arrays
from helpers.checks.specification import Limits
from helpers.grading.cached import code_version, execution_key, observation_key
from helpers.grading.errors import GradingError
from helpers.grading.execution import Executor, Submission
from helpers.grading.images import StudentData, cache_folder
from helpers.grading.isolation.sandbox import prefer
from helpers.grading.isolation.warm import WarmRun
from helpers.grading.observing import Observer
from helpers.grading.packing import (
    Execution,
    pack,
    pack_challenges,
    pack_execution,
    pack_folder,
    pack_observation,
    unpack,
    unpack_challenges,
    unpack_execution,
)
from helpers.grading.progress import Advance
from helpers.grading.store import Store
from helpers.grading.verification import Examination, exhibits_in

_SECONDS_TO_CONNECT = 30
_AHEAD = 2  # submissions handed to Dask beyond those that are executed: no worker waits for the next one
_WITHIN: dict[str, Any] = {  # settings of Dask's for a cluster that nobody else looks at
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,  # which takes a quarter of this process's time
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
}


@dataclass(frozen=True)
class Kit:
    """What workers need for every submission of an assignment: all of its examination but the labels."""

    inputs: Mapping[str, Arrays]
    unseen: Mapping[str, Arrays]
    limits: Limits
    data: StudentData | None
    executor: type
    observer: type

    @classmethod
    def of(cls, exam: Examination | None, executor: type, observer: type) -> Kit:
        """The kit for an examination; for an assignment without one, hardly anything."""
        if exam is None:
            return cls({}, {}, Limits(), None, executor, observer)
        return cls(exam.inputs, exam.unseen, exam.specification.limits, exam.data, executor, observer)

    def submission(self, notebook: str, files: Mapping[str, bytes]) -> Submission:
        """A submission on this kit."""
        return Submission(notebook, files, self.inputs, self.limits, self.data)

    def key_of(self, submission: Submission) -> str:
        """The store's key for an execution."""
        return execution_key(submission, self.executor)


@contextlib.contextmanager
def local_workers(jobs: int) -> Iterator[Client]:
    """Dask's scheduler and a worker with so many threads in this process, which nobody else can reach.

    Threads are enough: each submission is executed by processes of its own, for which they only wait.
    """
    with (
        tempfile.TemporaryDirectory(prefix="grading-dask-", ignore_cleanup_errors=True) as folder,
        dask.config.set(_WITHIN),
        LocalCluster(
            n_workers=1,
            threads_per_worker=jobs,
            processes=False,
            dashboard_address="127.0.0.1:0",  # Dask opens ports for its pages, whether there are any or not
            worker_dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
            memory_limit=0,  # executions have limits of their own
            local_directory=folder,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


@contextlib.contextmanager
def workers_of(scheduler: str) -> Iterator[Client]:
    """The workers of a scheduler that is there: tcp://…, or tls://… with the certificates of Dask's settings.

    Raises GradingError where it doesn't answer or refuses, or has no workers.
    """
    security = Security()
    if scheduler.startswith("tls:") and not (security.tls_ca_file and security.tls_client_cert):
        raise GradingError(
            f"Dask's settings name no certificates for {scheduler}. Name their files in the variables "
            "DASK_DISTRIBUTED__COMM__TLS__CA_FILE, …__CLIENT__CERT and …__CLIENT__KEY (docs/grading.md)."
        )
    try:
        client = Client(scheduler, timeout=_SECONDS_TO_CONNECT, security=security)
    except FatalCommClosedError as error:
        raise GradingError(
            f"The scheduler at {scheduler} and this computer don't accept each other's certificates. Both "
            "must be signed by the authority that distributed.comm.tls.ca-file in Dask's settings names."
        ) from error
    except (OSError, ValueError) as error:
        raise GradingError(
            f"No Dask scheduler answers at {scheduler}. Start one (dask scheduler), and workers with this "
            "package installed (dask worker tcp://ADDRESS:8786 --nthreads 1 --nworkers N)."
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_SECONDS_TO_CONNECT)
        except TimeoutError as error:
            raise GradingError(
                f"The scheduler at {scheduler} has no workers. Start some: dask worker {scheduler} "
                "--nthreads 1 --nworkers N"
            ) from error
        yield client


def execute_on(
    client: Client,
    kit: Kit,
    submissions: Iterable[tuple[str, Submission]],
    store: Store,
    progress: Advance,
    on_end: Callable[[str, str], None] = lambda key, reason: None,
) -> dict[str, str]:
    """Executes submissions and keeps what comes of them in the store.

    submissions: each with its execution key; asked for one by one, when there are workers for them.
    on_end: called for each with its key and why it could not be executed, "" where it is in the store now.
    Returns why, by key, for those that no worker could execute.

    Raises GradingError where nothing can be executed, or the workers are lost for good.
    """
    name = _provide(client, kit)
    run = _Run(client, kit, name, store, progress, on_end)
    try:
        suspects = run.all_of(submissions, at_a_time=None)
        # When a worker ends, Dask can't tell which of its submissions was to blame, nor whether any was: each
        # again, alone. Twice, since the first time may have been spent waiting behind another's.
        for _ in range(2):
            suspects = run.all_of(suspects, at_a_time=1)
        for key, _ in suspects:
            run.fail(key, "Each worker that executed it came to an end.")
        return run.failures
    except (OSError, TimeoutError, CancelledError) as error:
        raise GradingError(
            f"The connection to Dask's workers was lost ({type(error).__name__}). What has been executed is "
            "kept: the same command goes on from there."
        ) from error
    finally:
        with contextlib.suppress(Exception):
            client.unregister_worker_plugin(run.name)


class _Run:
    """One class on its way through the workers."""

    def __init__(
        self,
        client: Client,
        kit: Kit,
        name: str,
        store: Store,
        progress: Advance,
        on_end: Callable[[str, str], None],
    ) -> None:
        self.client, self.kit, self.name, self.store = client, kit, name, store
        self.progress, self.on_end = progress, on_end
        self.failures: dict[str, str] = {}
        self.running = 0

    def all_of(
        self, submissions: Iterable[tuple[str, Submission]], at_a_time: int | None
    ) -> list[tuple[str, Submission]]:
        """Executes each, no more at a time than there are threads; gives those whose worker ended.

        at_a_time: how many Dask is given at a time; None for as many as are executed, and a few that wait.
        """
        upcoming = iter(submissions)
        suspects: list[tuple[str, Submission]] = []
        under_way: dict[Any, tuple[str, Submission]] = {}
        finished = as_completed()
        while True:
            threads = self._threads()
            for one in islice(upcoming, (at_a_time or threads + _AHEAD) - len(under_way)):
                future = self._submit(*one)
                under_way[future] = one
                finished.add(future)
                self._tell(min(len(under_way), threads))
            if not under_way:
                return suspects
            future = next(finished)
            one = under_way.pop(future)
            self._tell(min(len(under_way), threads))
            result, error = _outcome(future)
            if isinstance(error, KilledWorker):
                suspects.append(one)
            else:
                self._take(one[0], result, error)

    def _tell(self, running: int) -> None:
        self.running = running
        self.progress(done=0, running=running, failed=len(self.failures))

    def fail(self, key: str, reason: str) -> None:
        """A submission that could not be executed."""
        self.failures[key] = reason
        self.on_end(key, reason)
        self.progress(running=self.running, failed=len(self.failures))

    def _submit(self, key: str, one: Submission) -> Any:
        packed = pack({"notebook": one.notebook}, one.files)
        # A key of its own each time: Dask must not answer with an earlier failure.
        return self.client.submit(work, self.name, packed, key=f"{key}-{uuid.uuid4()}", pure=False)

    def _threads(self) -> int:
        return max(1, sum(int(count) for count in self.client.nthreads().values()))

    def _take(self, key: str, result: Any, error: Exception | None) -> None:
        if isinstance(error, GradingError):
            raise error
        if error is not None:
            logging.getLogger(__name__).error("Executing %s", key, exc_info=error)
            self.fail(key, f"It could not be executed ({type(error).__name__}: {error}).")
            return
        _keep(self.store, key, self.kit, *result)
        self.on_end(key, "")
        self.progress(running=self.running, failed=len(self.failures))


def _outcome(future: Any) -> tuple[Any, Exception | None]:
    """The result of a future, or the error that it ended with.

    A worker can be lost after it has finished and before it has handed over the result. as_completed would
    wait for such a one without end if it were asked for results itself.

    Raises what has come between: CancelledError, OSError.
    """
    try:
        return future.result(), None
    except Exception as error:
        if future.status == "error" or isinstance(error, KilledWorker):
            return None, error
        raise


def _keep(store: Store, key: str, kit: Kit, packed: bytes, observations: Mapping[str, bytes]) -> None:
    """Observations first: where there is an execution, what was seen of its models is there, too."""
    exhibits = exhibits_in(unpack_execution(packed).result.evidence, kit.unseen)
    for item, seen in observations.items():
        store.put(observation_key(exhibits[item], kit.observer), seen)
    store.put(key, packed)


# ---- what follows runs in the workers ----


_KITS: dict[str, Kit] = {}
_OWN = threading.local()


def work(name: str, packed: bytes) -> tuple[bytes, dict[str, bytes]]:
    """Executes a submission and observes its models: the packed execution, and observations by item.

    Raises GradingError where nothing can be executed here.
    """
    kit = _KITS[name]
    facts, files = unpack(packed)
    submission = kit.submission(facts["notebook"], files)
    executor, observer = _own(kit)
    started = time.monotonic()
    result = executor(submission)
    execution = Execution(result, time.monotonic() - started)
    exhibits = exhibits_in(result.evidence, kit.unseen)
    seen = observer(exhibits) if exhibits else {}
    return pack_execution(execution), {item: pack_observation(one) for item, one in seen.items()}


def _own(kit: Kit) -> tuple[Executor, Observer]:
    """This thread's executor and observer, which may have something warm to go on with."""
    kinds = (kit.executor, kit.observer)
    if getattr(_OWN, "kinds", None) != kinds:
        _OWN.kinds = kinds
        _OWN.both = (kit.executor(), kit.observer())
    both: tuple[Executor, Observer] = _OWN.both
    return both


class Provide(WorkerPlugin):
    """Brings a kit to each worker, those included that come later or again."""

    def __init__(self, name: str, packed: bytes, executor: type, observer: type) -> None:
        self.name = name
        self.packed = packed
        self.version = code_version()
        self.executor = executor
        self.observer = observer
        self.warm: WarmRun | None = None

    def setup(self, worker: Any) -> None:
        """Called by Dask in the worker. Raises GradingError where its code isn't the same as here."""
        if code_version() != self.version:
            raise GradingError(
                f"The worker {worker.address} has another version of the workshop, or of its packages. "
                "Install there what is installed here."
            )
        facts, contents = unpack(self.packed)
        data = _install(facts["variant"], facts["folder"], contents["data"]) if facts["variant"] else None
        _KITS[self.name] = Kit(
            unpack_challenges(contents["inputs"]),
            unpack_challenges(contents["unseen"]),
            Limits(**facts["limits"]),
            data,
            self.executor,
            self.observer,
        )
        self.warm = WarmRun(keras=facts["keras"])
        prefer(self.warm)

    def teardown(self, worker: Any) -> None:
        """Called by Dask when the kit is taken away."""
        _KITS.pop(self.name, None)
        prefer(None)
        if self.warm:
            self.warm.close()


def _provide(client: Client, kit: Kit) -> str:
    import hashlib

    facts = {
        "keras": any(kit.unseen.values()),  # where no model is asked for, most need none
        "limits": asdict(kit.limits),
        "variant": kit.data.variant if kit.data else "",
        "folder": kit.data.folder.name if kit.data else "",
    }
    contents = {
        "inputs": pack_challenges(kit.inputs),
        "unseen": pack_challenges(kit.unseen),
        "data": pack_folder(kit.data.folder) if kit.data else b"",
    }
    packed = pack(facts, contents)
    name = f"kit-{hashlib.sha256(packed).hexdigest()[:32]}"
    client.register_plugin(Provide(name, packed, kit.executor, kit.observer), name)
    return name


def _install(variant: str, name: str, packed: bytes) -> StudentData:
    """The data folder of that name in this computer's cache, made of what was sent if it isn't there."""
    folder = cache_folder() / "data" / name
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".making-"))
        for path, content in unpack(packed)[1].items():
            (made / path).parent.mkdir(parents=True, exist_ok=True)
            (made / path).write_bytes(content)
        with contextlib.suppress(OSError):  # another worker was faster, with the same content
            made.rename(folder)
    return StudentData(variant, folder)
