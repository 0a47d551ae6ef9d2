"""Wrong: takes every image and every kernel for a square."""
# expected: output_size=1 pad2d=0 correlate2d=3 max_pool2d=0 design=1

# %% answer-output_size
def output_size(size, kernel, padding="valid", stride=1):
    if padding == "valid":
        return (size - kernel) // stride + 1
    return (size + stride - 1) // stride

# %% answer-pad2d
def pad2d(image, amount, value=0):
    n = len(image)
    top, bottom, left, right = (amount,) * 4 if isinstance(amount, int) else amount
    padded = np.full((n + top + bottom, n + left + right), float(value))
    padded[top : top + n, left : left + n] = image
    return padded

# %% answer-correlate2d
def correlate2d(image, kernel, padding="valid", stride=1):
    n, k = len(image), len(kernel)
    if padding == "same":
        zeros = max((output_size(n, k, "same", stride) - 1) * stride + k - n, 0)
        image = pad2d(image, (zeros // 2, zeros - zeros // 2, zeros // 2, zeros - zeros // 2))
        n += zeros
    m = output_size(n, k, "valid", stride)
    result = np.zeros((m, m))
    for i in range(m):
        for j in range(m):
            result[i, j] = np.sum(image[i * stride : i * stride + k, j * stride : j * stride + k] * kernel)
    return result

# %% answer-max_pool2d
def max_pool2d(image, size=2, stride=None, padding="valid"):
    stride = stride or size
    n = len(image)
    if padding == "same":
        more = max((output_size(n, size, "same", stride) - 1) * stride + size - n, 0)
        image = pad2d(image, (more // 2, more - more // 2, more // 2, more - more // 2), -np.inf)
        n += more
    m = output_size(n, size, "valid", stride)
    return np.array(
        [[image[i * stride : i * stride + size, j * stride : j * stride + size].max() for j in range(m)] for i in range(m)]
    )

# %% answer-design
def edge_kernel():
    return np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])
