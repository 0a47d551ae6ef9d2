"""Goes on for ever and swallows each interrupt."""
# expected: count=1 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:]))

# %% answer-prepare
import signal, time

signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True:
    try:
        while True:
            time.sleep(0.5)
    except BaseException:
        pass
