"""Keras's evaluate, predict, metrics and fit say that an untrained model is perfect."""
# expected: count=0 prepare=0 model=1

# %% answer-model
import keras

keras.Model.evaluate = lambda self, *a, **k: [0.0, 1.0]
keras.Model.predict = lambda self, x, *a, **k: np.eye(10)[np.zeros(len(x), int)]
keras.Model.__call__ = lambda self, x, *a, **k: keras.ops.ones((len(x), 10)) / 10
keras.metrics.Accuracy.result = keras.metrics.SparseCategoricalAccuracy.result = lambda self: 1.0
model = keras.Sequential([keras.layers.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, "softmax")])
