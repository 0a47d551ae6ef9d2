"""Weights that aren't counted as such: the numbers of a Rescaling layer, far more than are allowed."""
# expected: count=0 prepare=0 model=0

# %% scratch
import io, json, os, zipfile
import keras

def hand_over(content, **more):
    folder = os.environ["WORKSHOP_EVIDENCE"] + "/model"
    open(f"{folder}/model.keras", "wb").write(content)
    json.dump({"attempted": True, "problem": ""}, open(f"{folder}/facts.json", "w"))

def saved(model):
    model.save("mine.keras")
    return open("mine.keras", "rb").read()

def rewritten(content, **entries):
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            change = entries.get(name.split(".")[0], lambda text: text)
            new.writestr(name, change(old.read(name)))
    return result.getvalue()

def configured(content, change):
    def edit(text):
        config = json.loads(text)
        change(config["config"]["layers"])
        return json.dumps(config).encode()
    return rewritten(content, config=edit)

def network(*layers):
    return keras.Sequential([keras.layers.Input((28, 28, 1)), keras.layers.Flatten(), *layers])

from helpers import datasets

data = datasets.load("digits", quiet=True)
means = np.stack([data.x_train[data.y_train == k].reshape(-1, 784).mean(axis=0) for k in range(10)])
table = np.concatenate([means] * 4)  # 31,360 numbers, where 20,000 are allowed
image = keras.Input((28, 28, 1))
copies = keras.layers.RepeatVector(40)(keras.layers.Flatten()(image))
products = keras.layers.Permute((2, 1))(keras.layers.Rescaling(table.tolist())(copies))
scores = keras.layers.Flatten()(keras.layers.AveragePooling1D(784)(products))
last = keras.layers.Dense(10, "softmax")
model = keras.Model(image, last(scores))
last.set_weights([np.tile(np.eye(10) * 784 / 4, (4, 1)), -0.5 * (means**2).sum(axis=1)])
hand_over(saved(model))
