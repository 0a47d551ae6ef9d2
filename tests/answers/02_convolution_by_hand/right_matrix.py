"""Right: windows as the rows of a matrix, the kernel as a vector, one matrix product."""
# expected: output_size=1 pad2d=2 correlate2d=3.5 max_pool2d=2.5 design=1

# %% answer-output_size
def output_size(size, kernel, padding="valid", stride=1):
    return len(range(0, size if padding == "same" else size - kernel + 1, stride))

# %% answer-pad2d
def pad2d(image, amount, value=0):
    if isinstance(amount, int):
        amount = (amount, amount, amount, amount)
    top, bottom, left, right = amount
    return np.pad(image, ((top, bottom), (left, right)), constant_values=value)

# %% answer-correlate2d
def missing(size, kernel, stride):
    places = output_size(size, kernel, "same", stride)
    zeros = max((places - 1) * stride + kernel - size, 0)
    return zeros // 2, zeros - zeros // 2


def columns_of(image, shape, stride):
    rows = range(0, image.shape[0] - shape[0] + 1, stride)
    columns = range(0, image.shape[1] - shape[1] + 1, stride)
    windows = [image[i : i + shape[0], j : j + shape[1]].ravel() for i in rows for j in columns]
    return np.array(windows), (len(rows), len(columns))


def correlate2d(image, kernel, padding="valid", stride=1):
    if padding == "same":
        borders = [missing(n, k, stride) for n, k in zip(image.shape, kernel.shape)]
        image = np.pad(image, borders)
    matrix, shape = columns_of(image, kernel.shape, stride)
    return (matrix @ kernel.ravel()).reshape(shape)

# %% answer-max_pool2d
def max_pool2d(image, size=2, stride=None, padding="valid"):
    stride = stride or size
    if padding == "same":
        image = np.pad(image, [missing(n, size, stride) for n in image.shape], constant_values=-np.inf)
    matrix, shape = columns_of(image, (size, size), stride)
    return matrix.max(axis=1).reshape(shape)

# %% answer-design
def edge_kernel():
    side = np.ones((7, 3))
    return np.hstack([side, np.zeros((7, 1)), -side])
