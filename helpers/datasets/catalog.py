"""What data sets there are: classes, files, origin, licence and checksums. No data is touched here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from helpers.datasets.errors import DataError

IMAGE_SIDE = 28
"""Height and width of every image, in pixels."""

MOST_IMAGES = 200_000
"""More images than this in one file are refused: no set here has a third of them."""


@dataclass(frozen=True)
class Drawing:
    """How many bundled images are drawn, and from which seeds."""

    train_images: int
    test_images: int
    train_seed: int
    test_seed: int


@dataclass(frozen=True)
class RemoteFile:
    """A file of a full data set, as its publisher describes it."""

    name: str
    url: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Source:
    """A published data set whose files may lie in the data folder.

    `layouts` are the sets of file names that hold all of it; the first one found complete is read.
    `labels` are the numbers its files use for classes; `train_images` and `test_images` its published sizes.
    `first_test_labels` tell it from another set in the same format. `remote` are the files that
    a plain download gets, `kaggle` is the handle of those that kagglehub gets.
    """

    name: str
    title: str
    layouts: tuple[tuple[str, ...], ...]
    labels: tuple[int, ...]
    train_images: int
    test_images: int
    first_test_labels: tuple[int, ...]
    licence: str
    credit: str
    home: str
    remote: tuple[RemoteFile, ...] = ()
    kaggle: str = ""


@dataclass(frozen=True)
class Entry:
    """A data set as lessons load it: classes 0, 1, … are the source's `labels` in this order."""

    name: str
    source: Source
    labels: tuple[int, ...]
    class_names: tuple[str, ...]
    drawing: Drawing


IDX_FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
SIGN_FILES = ("sign_mnist_train.csv", "sign_mnist_test.csv")
_KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"

MNIST = Source(
    name="digits",
    title="MNIST",
    layouts=(("mnist.npz",),),
    labels=tuple(range(10)),
    train_images=60_000,
    test_images=10_000,
    first_test_labels=(7, 2, 1, 0, 4, 1, 4, 9, 5, 9, 0, 6),
    licence="CC BY-SA 3.0",
    credit="Yann LeCun, Corinna Cortes and Christopher J. C. Burges",
    home="http://yann.lecun.com/exdb/mnist/",
    remote=(
        RemoteFile(
            "mnist.npz",
            _KERAS + "mnist.npz",
            11_490_434,
            "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
        ),
    ),
)

FASHION_MNIST = Source(
    name="fashion",
    title="Fashion-MNIST",
    layouts=(
        ("fashion_mnist.npz",),
        tuple(f"{name}.gz" for name in IDX_FILES),
        IDX_FILES,
    ),
    labels=tuple(range(10)),
    train_images=60_000,
    test_images=10_000,
    first_test_labels=(9, 2, 1, 1, 6, 1, 4, 6, 5, 7, 4, 5),
    licence="MIT",
    credit="Han Xiao, Kashif Rasul and Roland Vollgraf, Zalando Research",
    home="https://github.com/zalandoresearch/fashion-mnist",
    remote=(
        RemoteFile(
            "train-images-idx3-ubyte.gz",
            _KERAS + "train-images-idx3-ubyte.gz",
            26_421_880,
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        ),
        RemoteFile(
            "train-labels-idx1-ubyte.gz",
            _KERAS + "train-labels-idx1-ubyte.gz",
            29_515,
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        ),
        RemoteFile(
            "t10k-images-idx3-ubyte.gz",
            _KERAS + "t10k-images-idx3-ubyte.gz",
            4_422_102,
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        ),
        RemoteFile(
            "t10k-labels-idx1-ubyte.gz",
            _KERAS + "t10k-labels-idx1-ubyte.gz",
            5_148,
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        ),
    ),
)

SIGN_MNIST = Source(
    name="signs",
    title="Sign Language MNIST",
    layouts=(SIGN_FILES, ("sign_mnist.npz",)),
    labels=tuple(label for label in range(25) if label != 9),  # J (9) and Z (25) need motion
    train_images=27_455,
    test_images=7_172,
    first_test_labels=(),
    licence="CC0 1.0",
    credit="tecperson on Kaggle (datamunge)",
    home="https://www.kaggle.com/datasets/datamunge/sign-language-mnist",
    kaggle="datamunge/sign-language-mnist",
)

SOURCES = (MNIST, FASHION_MNIST, SIGN_MNIST)

_FASHION_CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)

ENTRIES: Mapping[str, Entry] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Entry("digits", MNIST, MNIST.labels, tuple("0123456789"), Drawing(12_000, 2_000, 1001, 1002)),
            Entry(
                "fashion",
                FASHION_MNIST,
                FASHION_MNIST.labels,
                _FASHION_CLASSES,
                Drawing(12_000, 2_000, 2001, 2002),
            ),
            Entry(
                "signs",
                SIGN_MNIST,
                SIGN_MNIST.labels,
                tuple(chr(ord("A") + label) for label in SIGN_MNIST.labels),
                Drawing(9_600, 2_400, 3001, 3002),
            ),
            Entry(
                "rps", SIGN_MNIST, (0, 1, 21), ("rock", "paper", "scissors"), Drawing(3_000, 600, 4001, 4002)
            ),
        )
    }
)


def entry(name: str) -> Entry:
    """The data set called `name`.

    Raises:
        DataError: there is none of that name.
    """
    if name not in ENTRIES:
        raise DataError(f'There is no data set "{name}". There are: {", ".join(ENTRIES)}.')
    return ENTRIES[name]
