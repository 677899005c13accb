"""Random changes of training pictures, made ahead of the training step, which then adds the affine one."""
