"""Wrong: one amount for a whole batch."""
# expected: changes=1.5..2.75 mirrored=1 model=0 raw=1

# %% answer-changes
from scipy import ndimage


def augmentation():
    def change(images, training=False):
        if not training:
            return images
        angle, down, right = np.random.uniform((-15, -2, -5), (15, 2, 5))
        images = ndimage.rotate(images, angle, axes=(1, 2), reshape=False, order=1)
        images = ndimage.shift(images, (0, down, right, 0), order=1)
        return np.clip(images + np.random.uniform(-0.2, 0.2), 0, 1).astype("float32")

    return change

# %% answer-mirrored
def add_mirrored(images, labels, partner):
    chosen = np.flatnonzero(np.take(partner, labels) >= 0)
    x = np.vstack([images, np.take(images, chosen, axis=0)[..., ::-1, :]])
    y = np.hstack([labels, np.take(partner, labels[chosen])])
    return x, y

# %% answer-raw
def from_raw(network):
    return keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Rescaling(1 / 127.5, -1), network])
