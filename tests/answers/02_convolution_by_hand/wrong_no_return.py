"""Wrong: prints its results instead of returning them."""
# expected: output_size=0 pad2d=0 correlate2d=0 max_pool2d=0 design=0

# %% answer-output_size
def output_size(size, kernel, padding="valid", stride=1):
    if padding == "valid":
        print((size - kernel) // stride + 1)
    print((size + stride - 1) // stride)

# %% answer-pad2d
def pad2d(image, amount, value=0):
    if isinstance(amount, int):
        amount = (amount, amount, amount, amount)
    top, bottom, left, right = amount
    print(np.pad(image, ((top, bottom), (left, right)), constant_values=value))

# %% answer-correlate2d
def correlate2d(image, kernel, padding="valid", stride=1):
    print((np.lib.stride_tricks.sliding_window_view(image, kernel.shape) * kernel).sum(axis=(2, 3)))

# %% answer-max_pool2d
def max_pool2d(image, size=2, stride=None, padding="valid"):
    print(np.lib.stride_tricks.sliding_window_view(image, (size, size)).max(axis=(2, 3)))

# %% answer-design
def edge_kernel():
    print([[1, 0, -1]])
