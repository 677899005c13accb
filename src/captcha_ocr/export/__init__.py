"""The stage `export`: converts the network to ONNX files, and compares them with it."""
