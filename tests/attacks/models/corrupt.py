"""Half a model, with nonsense behind it."""
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

content = saved(network(keras.layers.Dense(10)))
hand_over(content[: len(content) // 2] + b"[" * 100_000)
