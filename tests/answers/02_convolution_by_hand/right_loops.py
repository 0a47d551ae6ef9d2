"""Right: nothing but loops over single numbers."""
# expected: output_size=1 pad2d=2 correlate2d=3.5 max_pool2d=2.5 design=1

# %% answer-output_size
def output_size(size, kernel, padding="valid", stride=1):
    if padding == "valid":
        return (size - kernel) // stride + 1
    return (size + stride - 1) // stride

# %% answer-pad2d
def pad2d(image, amount, value=0):
    if type(amount) is int:
        amount = 4 * [amount]
    top, bottom, left, right = amount
    padded = np.zeros((image.shape[0] + top + bottom, image.shape[1] + left + right))
    for i in range(padded.shape[0]):
        for j in range(padded.shape[1]):
            inside = top <= i < top + image.shape[0] and left <= j < left + image.shape[1]
            padded[i, j] = image[i - top, j - left] if inside else value
    return padded

# %% answer-correlate2d
def correlate2d(image, kernel, padding="valid", stride=1):
    kernel_height, kernel_width = kernel.shape
    if padding == "same":
        out_h = -(-image.shape[0] // stride)
        out_w = -(-image.shape[1] // stride)
        v = max((out_h - 1) * stride + kernel_height - image.shape[0], 0)
        h = max((out_w - 1) * stride + kernel_width - image.shape[1], 0)
        image = pad2d(image, (v // 2, v - v // 2, h // 2, h - h // 2))
    out_h = (image.shape[0] - kernel_height) // stride + 1
    out_w = (image.shape[1] - kernel_width) // stride + 1
    out = np.zeros((out_h, out_w))
    for y in range(out_h):
        for x in range(out_w):
            total = 0.0
            for i in range(kernel_height):
                for j in range(kernel_width):
                    total += image[y * stride + i, x * stride + j] * kernel[i, j]
            out[y, x] = total
    return out

# %% answer-max_pool2d
def max_pool2d(image, size=2, stride=None, padding="valid"):
    if stride is None:
        stride = size
    height, width = image.shape
    top = left = 0
    out_h, out_w = output_size(height, size, padding, stride), output_size(width, size, padding, stride)
    if padding == "same":
        top = max((out_h - 1) * stride + size - height, 0) // 2
        left = max((out_w - 1) * stride + size - width, 0) // 2
    out = np.empty((out_h, out_w))
    for y in range(out_h):
        for x in range(out_w):
            best = None
            for i in range(size):
                for j in range(size):
                    row, column = y * stride + i - top, x * stride + j - left
                    if 0 <= row < height and 0 <= column < width:  # no border needed
                        if best is None or image[row, column] > best:
                            best = image[row, column]
            out[y, x] = best
    return out

# %% answer-design
def edge_kernel():
    return np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])
