"""Right: adds up the whole image, shifted and weighted, once for every weight of the kernel."""
# expected: output_size=1 pad2d=2 correlate2d=3.5 max_pool2d=2.5 design=1

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
    if padding == "same":
        top, bottom = missing(image.shape[0], kernel.shape[0], stride)
        left, right = missing(image.shape[1], kernel.shape[1], stride)
        image = pad2d(image, (top, bottom, left, right))
    height = output_size(image.shape[0], kernel.shape[0])
    width = output_size(image.shape[1], kernel.shape[1])
    total = sum(
        weight * image[i : i + height, j : j + width].astype(float) for (i, j), weight in np.ndenumerate(kernel)
    )
    return total[::stride, ::stride]

# %% answer-max_pool2d
def missing(size, kernel, stride):
    places = output_size(size, kernel, "same", stride)
    zeros = max((places - 1) * stride + kernel - size, 0)
    return zeros // 2, zeros - zeros // 2


def max_pool2d(image, size=2, stride=None, padding="valid"):
    stride = size if stride is None else stride
    if padding == "same":
        image = pad2d(image, missing(len(image), size, stride) + missing(len(image[0]), size, stride), -np.inf)
    height, width = (output_size(pixels, size) for pixels in image.shape)
    shifted = [image[i : i + height, j : j + width] for i in range(size) for j in range(size)]
    return np.max(shifted, axis=0)[::stride, ::stride]

# %% answer-design
def edge_kernel():
    return np.array([[1, -1]])
