"""Evidence comes from where nobody can be trusted: what isn't plain numbers of bounded size is refused."""

from __future__ import annotations

import io
import json
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from helpers.checks import evidence
from helpers.checks.evidence import Evidence, EvidenceError

LIMIT = 100_000
needs_posix = pytest.mark.skipif(os.name != "posix", reason="this system has no such files")


def npy(array: NDArray[Any], **options: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, **options)
    return buffer.getvalue()


def npy_that_says(description: str, content: bytes = b"") -> bytes:
    """A .npy file whose header is the given text, whatever follows it."""
    header = description.encode().ljust(118) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + content


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def put_facts(folder: Path, **facts: object) -> None:
    (folder / "facts.json").write_text(json.dumps({"attempted": True, "problem": "", **facts}))


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    arrays = {
        "x": np.arange(6, dtype=np.float32).reshape(2, 3),
        "drop": np.array(0.25),
        "right": np.array([True]),
    }
    evidence.write(tmp_path / "item", Evidence(arrays=arrays, model=b"model", problem="a problem"))
    found = evidence.read(tmp_path / "item", LIMIT)
    assert found is not None
    assert (found.attempted, found.problem, found.model) == (True, "a problem", b"model")
    assert {name: array.tolist() for name, array in found.arrays.items()} == {
        "x": [[0, 1, 2], [3, 4, 5]],
        "drop": 0.25,
        "right": [True],
    }


def test_an_empty_folder_is_no_evidence(tmp_path: Path) -> None:
    assert evidence.read(tmp_path, LIMIT) is None
    assert evidence.read(tmp_path / "nowhere", LIMIT) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"3",
        b'{"attempted": true}',
        b"[" * 4000,
        b"\xff" * 20,
        b'{"problem": "x", "x": NaN}',
    ],
)
def test_damaged_facts_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "facts.json").write_bytes(content)
    with pytest.raises(EvidenceError, match=r"facts\.json is damaged"):
        evidence.read(tmp_path, LIMIT)


def test_facts_without_end_are_refused(tmp_path: Path) -> None:
    put_facts(tmp_path, problem="x" * 10_000)
    with pytest.raises(EvidenceError, match="larger than"):
        evidence.read(tmp_path, LIMIT)


def test_the_longest_problem_that_is_written_can_be_read(tmp_path: Path) -> None:
    evidence.write(tmp_path, Evidence(problem="𝕏" * 1000))  # 12 bytes each in JSON
    found = evidence.read(tmp_path, LIMIT)
    assert found is not None
    assert found.problem == "𝕏" * 300


def test_control_characters_in_a_problem_become_spaces(tmp_path: Path) -> None:
    put_facts(tmp_path, problem="red \x1b[31m, right to left \u202e, line\nend")
    found = evidence.read(tmp_path, LIMIT)
    assert found is not None
    assert found.problem == "red  [31m, right to left  , line end"


@needs_posix
@pytest.mark.parametrize("name", ["facts.json", "arrays.npz", "model.keras"])
def test_links_are_not_followed(tmp_path: Path, name: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text('{"attempted": true, "problem": "the secret"}')
    folder = tmp_path / "item"
    folder.mkdir()
    put_facts(folder)
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(secret)
    with pytest.raises(EvidenceError, match=name):
        evidence.read(folder, LIMIT)


@needs_posix
@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", ["facts.json", "arrays.npz", "model.keras"])
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_pipes_and_folders_are_refused_without_waiting(
    tmp_path: Path, name: str, make: Callable[[Path], None]
) -> None:
    put_facts(tmp_path)
    (tmp_path / name).unlink(missing_ok=True)
    make(tmp_path / name)
    with pytest.raises(EvidenceError, match=name):
        evidence.read(tmp_path, LIMIT)


@needs_posix
def test_a_folder_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    evidence.write(tmp_path / "other", Evidence(problem="somebody else's"))
    (tmp_path / "item").symlink_to(tmp_path / "other")
    with pytest.raises(EvidenceError, match="item is a link"):
        evidence.read(tmp_path / "item", LIMIT)


@needs_posix
@pytest.mark.timeout(20)
def test_a_device_is_refused() -> None:
    # Making a device needs privileges; the reader gets one that the system has.
    with pytest.raises(EvidenceError, match="isn't a plain file"):
        evidence._read_file(Path("/dev/zero"), LIMIT)


@pytest.mark.parametrize("name", ["arrays.npz", "model.keras"])
def test_files_over_the_limit_are_refused(tmp_path: Path, name: str) -> None:
    put_facts(tmp_path)
    with open(tmp_path / name, "wb") as file:
        file.truncate(LIMIT + 1)
    with pytest.raises(EvidenceError, match="larger than the 100,000 bytes"):
        evidence.read(tmp_path, LIMIT)


def test_arrays_and_model_share_one_limit(tmp_path: Path) -> None:
    half = np.zeros(LIMIT * 3 // 4, dtype=np.uint8)
    evidence.write(tmp_path, Evidence(arrays={"x": half}, model=half.tobytes()))
    with pytest.raises(EvidenceError, match=r"model\.keras is larger"):
        evidence.read(tmp_path, LIMIT)


HOSTILE: dict[str, bytes] = {
    "not a zip": b"PK nothing of the kind",
    "cut short": zipped({"x.npy": npy(np.arange(1000))})[:-40],
    "a bomb": zipped({"x.npy": npy(np.zeros(10 * LIMIT, dtype=np.uint8))}, zipfile.ZIP_DEFLATED),
    "ten smaller bombs": zipped(
        {f"x{n}.npy": npy(np.zeros(LIMIT // 2, dtype=np.uint8)) for n in range(10)}, zipfile.ZIP_DEFLATED
    ),
    "too many arrays": zipped({f"x{n}.npy": npy(np.zeros(1)) for n in range(65)}),
    "pickled objects": zipped({"x.npy": npy(np.array([{"a": 1}], dtype=object), allow_pickle=True)}),
    "text": zipped({"x.npy": npy(np.array(["text"]))}),
    "dates": zipped({"x.npy": npy(np.array(["2025-01-01"], dtype="datetime64[D]"))}),
    "structures": zipped({"x.npy": npy(np.zeros(2, dtype=[("a", "f4"), ("b", "O")]), allow_pickle=True)}),
    "no array at all": zipped({"x.npy": b"hello"}),
    "an empty member": zipped({"x.npy": b""}),
    "a header that promises terabytes": zipped(
        {"x.npy": npy_that_says("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }")}
    ),
    "a header that overflows": zipped(
        {
            "x.npy": npy_that_says(
                "{'descr': '<f8', 'fortran_order': False, 'shape': (8589934592, 8589934592), }"
            )
        }
    ),
    "a negative shape": zipped(
        {"x.npy": npy_that_says("{'descr': '|u1', 'fortran_order': False, 'shape': (-1, 4), }", b"1234")}
    ),
    "a header that is code": zipped({"x.npy": npy_that_says("__import__('os').abort()")}),
    "a header without an end": zipped({"x.npy": npy_that_says("{'descr': '<f8', (((((")}),
}


def unknown_method() -> bytes:
    packed = bytearray(zipped({"x.npy": npy(np.zeros(3))}))
    packed[packed.rindex(b"PK\x01\x02") + 10] = 99
    packed[8] = 99
    return bytes(packed)


def damaged_deflate() -> bytes:
    packed = bytearray(zipped({"x.npy": npy(np.arange(5000))}, zipfile.ZIP_DEFLATED))
    packed[60:90] = bytes(30)
    return bytes(packed)


def lying_size() -> bytes:
    """A member that unpacks to more than the archive's directory says."""
    packed = bytearray(zipped({"x.npy": npy(np.zeros(10 * LIMIT, dtype=np.uint8))}, zipfile.ZIP_DEFLATED))
    directory = packed.rindex(b"PK\x01\x02")
    packed[directory + 24 : directory + 28] = struct.pack("<I", 200)
    return bytes(packed)


HOSTILE |= {
    "an unknown method": unknown_method(),
    "damaged deflate": damaged_deflate(),
    "a lying size": lying_size(),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_arrays_are_refused(tmp_path: Path, what: str) -> None:
    put_facts(tmp_path)
    (tmp_path / "arrays.npz").write_bytes(HOSTILE[what])
    with pytest.raises(EvidenceError):
        evidence.read(tmp_path, LIMIT)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros(0),
        np.array(3),
        np.asfortranarray(np.ones((3, 4))),
        np.arange(4, dtype=">i2"),
        np.ones(3, dtype="f2"),
    ],
)
def test_unusual_but_harmless_arrays_are_read(array: NDArray[Any]) -> None:
    found = evidence.unpack(evidence.pack({"x": array}), LIMIT)["x"]
    assert found.dtype == array.dtype
    np.testing.assert_array_equal(found, array)


def test_arrays_of_every_shape_and_order_come_back_as_they_were() -> None:
    for array in (
        np.zeros((3, 4), "f4"), np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.array(3.5),
        np.zeros((0,)), np.array([True]), np.zeros((2, 0, 3)), np.arange(4, dtype=">i2"), np.float16([1]),
        np.zeros((1,) * 12),
    ):  # fmt: skip
        back = evidence.unpack(evidence.pack({"a": array}), 2**20)["a"]
        np.testing.assert_array_equal(back, array)
        assert (back.dtype, back.shape, back.flags.writeable) == (array.dtype, array.shape, True)


def test_arrays_are_read_without_pythons_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = evidence.pack({"a": np.arange(3)})

    def parse(*_: object) -> None:
        raise SystemError("AST constructor recursion depth mismatch")

    monkeypatch.setattr("ast.parse", parse)
    np.testing.assert_array_equal(evidence.unpack(packed, 1000)["a"], [0, 1, 2])
