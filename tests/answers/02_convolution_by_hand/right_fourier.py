"""Right: correlation by way of the Fourier transform, a kernel from a Gaussian's slope."""
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
        image = pad2d(image, missing(image.shape[0], kernel.shape[0], stride) + missing(image.shape[1], kernel.shape[1], stride))
    spectrum = np.fft.rfft2(image) * np.conj(np.fft.rfft2(kernel, image.shape))
    everywhere = np.fft.irfft2(spectrum, image.shape)
    rows = image.shape[0] - kernel.shape[0] + 1
    columns = image.shape[1] - kernel.shape[1] + 1
    return everywhere[:rows:stride, :columns:stride]

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
    return result

# %% answer-design
def edge_kernel():
    x = np.arange(-2, 3)
    bell = np.exp(-x**2 / 2)
    return np.outer(bell, -x * bell)
