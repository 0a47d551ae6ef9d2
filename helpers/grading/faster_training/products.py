"""Machine code for products of matrices, made once for all forks of a process.

TensorFlow multiplies matrices with oneDNN, which writes the code for it when it is first needed, in each
process anew: some 25 ms, more than many a network needs to predict two thousand images. TensorFlow's
operations may not run in a process that is going to fork, as the threads that they leave are missing in the
fork. But its optimizer of graphs works out what is constant, with the same code, and in threads that end with
it.
"""

from __future__ import annotations

_PRODUCT = """
meta_info_def { stripped_default_attrs: true }
graph_def {
  versions { producer: 1000 }
  node {
    name: "factor" op: "Const"
    attr { key: "dtype" value { type: DT_FLOAT } }
    attr { key: "value" value { tensor {
      dtype: DT_FLOAT tensor_shape { dim { size: 16 } dim { size: 16 } } float_val: 1
    } } }
  }
  node {
    name: "product" op: "MatMul" input: "factor" input: "factor"
    attr { key: "T" value { type: DT_FLOAT } }
  }
  node { name: "result" op: "Identity" input: "product" attr { key: "T" value { type: DT_FLOAT } } }
}
collection_def { key: "train_op" value { node_list { value: "result" } } }
"""
_PROCESSOR = """
name: "/CPU:0"
properties { type: "CPU" num_cores: 1 frequency: 1000 memory_size: 1000000000 }
"""


def compile_products() -> bool:
    """Has a product worked out, so that the code is there; whether it has been."""
    from google.protobuf import text_format
    from tensorflow.core.protobuf.config_pb2 import ConfigProto
    from tensorflow.core.protobuf.device_properties_pb2 import NamedDevice
    from tensorflow.core.protobuf.meta_graph_pb2 import MetaGraphDef
    from tensorflow.core.protobuf.rewriter_config_pb2 import RewriterConfig
    from tensorflow.python.grappler import cluster, tf_optimizer

    rewriting = RewriterConfig(min_graph_nodes=-1, optimizers=["constfold"])
    settings = ConfigProto()
    settings.graph_options.rewrite_options.CopyFrom(rewriting)
    graph = text_format.Parse(_PRODUCT, MetaGraphDef())
    computer = cluster.Cluster(devices=[text_format.Parse(_PROCESSOR, NamedDevice())])
    try:
        optimized = tf_optimizer.OptimizeGraph(settings, graph, cluster=computer)
    finally:
        computer.Shutdown()
    return [node.op for node in optimized.node] == ["Const"]
