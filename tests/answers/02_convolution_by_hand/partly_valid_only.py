"""Partly: correlation and pooling inside the image at stride 1 or side by side; no more than that."""
# expected: output_size=1 pad2d=2 correlate2d=2 max_pool2d=1.5 design=1

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
def correlate2d(image, kernel, padding="valid", stride=1):
    height, width = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    result = np.zeros((height, width))
    for i in range(height):
        for j in range(width):
            result[i, j] = (image[i : i + kernel.shape[0], j : j + kernel.shape[1]] * kernel).sum()
    return result

# %% answer-max_pool2d
def max_pool2d(image, size=2, stride=None, padding="valid"):
    rows, columns = image.shape[0] // size, image.shape[1] // size
    return image[: rows * size, : columns * size].reshape(rows, size, columns, size).max(axis=(1, 3))

# %% answer-design
def edge_kernel():
    return np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])
