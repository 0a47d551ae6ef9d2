"""Wrong: rows and columns of the result are exchanged."""
# expected: output_size=1 pad2d=2 correlate2d=0 max_pool2d=0 design=1

# %% answer-output_size
def output_size(size, kernel, padding="valid", stride=1):
    if padding == "valid":
        return (size - kernel) // stride + 1
    return (size + stride - 1) // stride

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


def correlate2d(image, kernel, padding="valid", stride=1):
    rows, columns = kernel.shape
    if padding == "same":
        image = pad2d(image, missing(image.shape[0], rows, stride) + missing(image.shape[1], columns, stride))
    height = (image.shape[0] - rows) // stride + 1
    width = (image.shape[1] - columns) // stride + 1
    result = np.zeros((height, width))
    for i in range(height):
        for j in range(width):
            part = image[i * stride : i * stride + rows, j * stride : j * stride + columns]
            result[i, j] = np.sum(part * kernel)
    return result.T

# %% answer-max_pool2d
def missing(size, kernel, stride):
    places = output_size(size, kernel, "same", stride)
    zeros = max((places - 1) * stride + kernel - size, 0)
    return zeros // 2, zeros - zeros // 2


def max_pool2d(image, size=2, stride=None, padding="valid"):
    if stride is None:
        stride = size
    if padding == "same":
        amount = missing(image.shape[0], size, stride) + missing(image.shape[1], size, stride)
        image = pad2d(image, amount, value=-np.inf)
    height = (image.shape[0] - size) // stride + 1
    width = (image.shape[1] - size) // stride + 1
    result = np.zeros((height, width))
    for i in range(height):
        for j in range(width):
            result[i, j] = np.max(image[i * stride : i * stride + size, j * stride : j * stride + size])
    return result.T

# %% answer-design
def edge_kernel():
    return np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])
