"""The stage `export`: the ONNX files, compared with the network."""
