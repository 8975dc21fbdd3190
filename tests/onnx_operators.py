"""ONNX's operators as ONNX Runtime computes them: an authority that shares no code with convcore.

Not the reference evaluator of the package `onnx`: of a padded MaxPool with stride 1 it reads other
cells than its own specification says, it counts what hangs over in an AveragePool with ceil_mode,
and it fails for grouped ConvTranspose.
"""

import numpy as np
import onnxruntime
from onnx import TensorProto, helper

OPSET, IR = 22, 10
ALONE = onnxruntime.SessionOptions()
ALONE.intra_op_num_threads = ALONE.inter_op_num_threads = 1  # the tests share the machine
ALONE.log_severity_level = 3


def onnx_operator(operator, *operands, **attributes):
    """The output of one node, in float32, which ONNX Runtime has every operator for.

    Whole numbers, and sums of them, are exact in it: tests that want more than six digits give
    those.
    """
    names = [f"operand_{n}" for n in range(len(operands))]
    node = helper.make_node(operator, names, ["y"], **attributes)
    *inputs, output = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in (*names, "y")
    )
    model = helper.make_model(
        helper.make_graph([node], operator, inputs, [output]),
        opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR,
    )  # fmt: skip
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), ALONE, providers=["CPUExecutionProvider"]
    )
    feed = {name: np.asarray(one, np.float32) for name, one in zip(names, operands, strict=True)}
    return session.run(None, feed)[0].astype(np.float64)
