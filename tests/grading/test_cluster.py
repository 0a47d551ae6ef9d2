"""Submissions on Dask's workers: real processes, some of which come to an end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import dask
import numpy as np
import psutil
import pytest
from distributed import Client, LocalCluster, Security

from helpers.checks.evidence import Evidence
from helpers.checks.observation import Observation
from helpers.checks.specification import Limits
from helpers.grading.cached import execution_key
from helpers.grading.cluster import Kit, execute_on, local_workers, workers_of
from helpers.grading.errors import GradingError
from helpers.grading.execution import ExecutionResult, Submission
from helpers.grading.images import StudentData
from helpers.grading.isolation.processes import ROOT
from helpers.grading.observing import Exhibit
from helpers.grading.packing import unpack_execution
from helpers.grading.store import Store
from tests.ports import free_port

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="ends processes by signals")]

UNSEEN = {"model": {"unseen": np.ones((2, 28, 28, 1), np.float32)}}


class Reading:
    """Executes by reading the submission's files: what to do with the worker, and where to note it."""

    def __call__(self, submission: Submission) -> ExecutionResult:
        place = Path(submission.files["place"].decode())
        notes = len(list(place.glob("*")))
        place.joinpath(f"{notes}").touch()
        if notes < int(submission.files["deaths"]):
            os.kill(os.getpid(), signal.SIGKILL)
        found = submission.data.folder.joinpath("data.bin").read_bytes() if submission.data else b""
        output = {"output_type": "stream", "name": "stdout", "text": found.decode()}
        return ExecutionResult(([output],), {"model": Evidence(model=b"model")})


class Failing:
    def __call__(self, submission: Submission) -> ExecutionResult:
        raise GradingError("No notebook can be executed on this computer.")


class Seeing:
    def __call__(self, exhibits: Mapping[str, Exhibit]) -> dict[str, Observation]:
        return {
            item: Observation(parameters=int(one.images["unseen"].sum())) for item, one in exhibits.items()
        }


def kit(executor: type = Reading, data: StudentData | None = None) -> Kit:
    return Kit({"model": {}}, UNSEEN, Limits(), data, executor, Seeing)


def submission(folder: Path, name: str, deaths: int, of: Kit) -> Submission:
    place = folder / name
    place.mkdir()
    return of.submission(name, {"place": str(place).encode(), "deaths": str(deaths).encode()})


def by_key(of: Kit, *submissions: Submission) -> list[tuple[str, Submission]]:
    return [(of.key_of(one), one) for one in submissions]


class Told:
    """Notes what progress is told."""

    def __init__(self) -> None:
        self.done = self.failed = self.most_running = 0

    def __call__(self, *, done: int = 1, running: int = 0, failed: int = 0) -> None:
        self.done += done
        self.failed = failed
        self.most_running = max(self.most_running, running)


@pytest.fixture(scope="module")
def local() -> Iterator[Client]:
    with local_workers(1) as client:
        yield client


def test_where_nothing_can_be_executed_that_is_said(local: Client, tmp_path: Path) -> None:
    one = kit(Failing)
    with pytest.raises(GradingError, match="No notebook can be executed"):
        execute_on(local, one, by_key(one, submission(tmp_path, "any", 0, one)), Store(tmp_path), Told())


def test_workers_on_this_computer_are_reached_by_nobody(local: Client) -> None:
    addresses = [local.scheduler.address, *local.scheduler_info()["workers"]]
    assert {address.partition("://")[0] for address in addresses} == {"inproc"}
    me = psutil.Process()
    listening = [
        connection.laddr
        for process in (me, *me.children(recursive=True))
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert {ip for ip, _ in listening} <= {"127.0.0.1"}
    for ip, port in listening:  # Dask's pages tell of addresses, logs and call stacks: there are none
        for page in ("health", "info/main/workers.html", "metrics", "json/identity.json", "status"):
            with pytest.raises(HTTPError, match="404"):
                urlopen(f"http://{ip}:{port}/{page}")


def certificates(folder: Path, security: Security) -> dict[str, str]:
    """Dask's settings that name the files of an authority and of a client's certificate."""
    folder.mkdir()
    contents = {
        "ca-file": security.tls_ca_file,
        "client.cert": security.tls_client_cert,
        "client.key": security.tls_client_key,
    }
    for name, content in contents.items():
        (folder / name).write_text(content)
    return {f"distributed.comm.tls.{name}": str(folder / name) for name in contents}


@pytest.fixture
def protected() -> Iterator[LocalCluster]:
    """A scheduler and a worker that talk to nobody without a certificate."""
    with LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=False,
        host="tls://127.0.0.1",
        security=Security.temporary(),
        dashboard_address=None,
    ) as cluster:
        yield cluster


def test_only_whoever_has_the_certificate_reaches_the_workers(
    protected: LocalCluster, tmp_path: Path
) -> None:
    address = protected.scheduler_address
    with dask.config.set(certificates(tmp_path / "own", protected.security)), workers_of(address) as client:
        assert client.submit(len, "abc").result(timeout=30) == 3
    for other, settings, said in (
        (address, {}, "DASK_DISTRIBUTED__COMM__TLS__CA_FILE"),
        (address, certificates(tmp_path / "other", Security.temporary()), "don't accept each other's"),
        (address.replace("tls:", "tcp:"), {}, "No Dask scheduler answers"),
    ):
        with (
            dask.config.set(settings),
            pytest.raises(GradingError, match=said),
            workers_of(other),
        ):
            pass


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """A cluster as one finds it: a scheduler and two workers, which have a cache of their own."""
    address = f"tcp://127.0.0.1:{free_port()}"
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "WORKSHOP_CACHE_DIR": str(tmp_path / "far"),
        "DASK_DISTRIBUTED__SCHEDULER__WORK_STEALING": "False",
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
    }
    commands = (
        ["scheduler", "--host", address, "--dashboard-address", "127.0.0.1:0"],
        [
            "worker",
            address,
            "--nthreads",
            "1",
            "--nworkers",
            "2",
            "--no-dashboard",
            "--local-directory",
            str(tmp_path / "scratch"),
        ],
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "dask", *command],
            env=environment,
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for command in commands
    ]
    yield address
    for process in processes:
        process.kill()
        process.wait()


def test_a_cluster_elsewhere_gets_the_data_as_bytes(scheduler: str, tmp_path: Path) -> None:
    near = tmp_path / "cache" / "data" / "digits-bundled-0123"
    near.mkdir(parents=True)
    (near / "data.bin").write_text("images")
    one = kit(data=StudentData("bundled", near))
    good, store = submission(tmp_path, "good", 0, one), Store(tmp_path / "results")
    with workers_of(scheduler) as client:
        assert execute_on(client, one, by_key(one, good), store, Told()) == {}
    kept = store.get(execution_key(good, Reading))
    assert kept is not None
    assert unpack_execution(kept).result.outputs[0][0]["text"] == "images"
    assert (tmp_path / "far" / "data" / "digits-bundled-0123" / "data.bin").read_text() == "images"


def test_a_lost_worker_costs_nothing_and_a_deadly_submission_only_itself(
    scheduler: str, tmp_path: Path
) -> None:
    one = kit()
    steady = [submission(tmp_path, f"steady{number}", 0, one) for number in range(4)]
    once, always = submission(tmp_path, "once", 1, one), submission(tmp_path, "always", 99, one)
    store, told = Store(tmp_path / "results"), Told()
    with workers_of(scheduler) as client:
        client.wait_for_workers(2, timeout=60)
        failures = execute_on(client, one, by_key(one, *steady, once, always), store, told)
    assert failures == {execution_key(always, Reading): "Each worker that executed it came to an end."}
    for good in (*steady, once):
        kept = store.get(execution_key(good, Reading))
        assert kept is not None
        assert unpack_execution(kept).result.evidence["model"].model == b"model"
    assert len(list((tmp_path / "once").iterdir())) >= 2
    assert (told.done, told.failed) == (6, 1)
    assert told.most_running == 2
