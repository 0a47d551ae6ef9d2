"""Wrong: handed in as it was released."""
# expected: output_size=0 pad2d=0 correlate2d=0 max_pool2d=0 design=0
