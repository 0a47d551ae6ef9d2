"""Right: plain Python, results are lists of lists."""
# expected: output_size=1 pad2d=2 correlate2d=3.5 max_pool2d=2.5 design=1

# %% answer-output_size
def output_size(size, kernel, padding="valid", stride=1):
    if padding == "valid":
        return (size - kernel) // stride + 1
    return (size + stride - 1) // stride

# %% answer-pad2d
def pad2d(image, amount, value=0):
    top, bottom, left, right = amount if isinstance(amount, (tuple, list)) else [amount] * 4
    width = left + len(image[0]) + right
    rows = [[value] * left + list(row) + [value] * right for row in image]
    return [[value] * width for _ in range(top)] + rows + [[value] * width for _ in range(bottom)]

# %% answer-correlate2d
def missing(size, kernel, stride):
    places = output_size(size, kernel, "same", stride)
    zeros = max((places - 1) * stride + kernel - size, 0)
    return zeros // 2, zeros - zeros // 2


def correlate2d(image, kernel, padding="valid", stride=1):
    image, kernel = image.tolist(), kernel.tolist()
    if padding == "same":
        sides = missing(len(image), len(kernel), stride) + missing(len(image[0]), len(kernel[0]), stride)
        image = pad2d(image, sides)
    height = output_size(len(image), len(kernel), stride=stride)
    width = output_size(len(image[0]), len(kernel[0]), stride=stride)
    return [
        [
            sum(
                weight * image[y * stride + i][x * stride + j]
                for i, weights in enumerate(kernel)
                for j, weight in enumerate(weights)
            )
            for x in range(width)
        ]
        for y in range(height)
    ]

# %% answer-max_pool2d
def missing(size, kernel, stride):
    places = output_size(size, kernel, "same", stride)
    zeros = max((places - 1) * stride + kernel - size, 0)
    return zeros // 2, zeros - zeros // 2


def max_pool2d(image, size=2, stride=None, padding="valid"):
    image, stride = image.tolist(), stride or size
    if padding == "same":
        sides = missing(len(image), size, stride) + missing(len(image[0]), size, stride)
        image = pad2d(image, sides, float("-inf"))
    height = output_size(len(image), size, stride=stride)
    width = output_size(len(image[0]), size, stride=stride)
    rows = [image[y * stride : y * stride + size] for y in range(height)]
    return [[max(max(r[x * stride : x * stride + size]) for r in row) for x in range(width)] for row in rows]

# %% answer-design
def edge_kernel():
    return [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
