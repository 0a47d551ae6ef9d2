"""Right: sliding windows and einsum, a Scharr kernel."""
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
from numpy.lib.stride_tricks import sliding_window_view


def same_border(size, kernel, stride):
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def correlate2d(image, kernel, padding="valid", stride=1):
    if padding == "same":
        image = np.pad(image, [same_border(n, k, stride) for n, k in zip(image.shape, kernel.shape)])
    windows = sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return np.einsum("ijkl,kl->ij", windows, kernel)

# %% answer-max_pool2d
def max_pool2d(image, size=2, stride=None, padding="valid"):
    stride = stride or size
    if padding == "same":
        image = np.pad(image, [same_border(n, size, stride) for n in image.shape], constant_values=-np.inf)
    return sliding_window_view(image, (size, size))[::stride, ::stride].max((2, 3))

# %% answer-design
def edge_kernel():
    return np.array([[3, 0, -3], [10, 0, -10], [3, 0, -3]]) / 32
