"""Wrong: handed in as it was released."""
# expected: count=0 model=0 matrix=0 confused=0
