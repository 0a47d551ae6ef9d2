"""A verdict of the student's own making, in the colours of a real one, over controls and text from right to left."""
# expected: count=0 prepare=0 model=0

# %% answer-count
from IPython.display import HTML, display
display(HTML('<div role="status" style="position:fixed;top:0;border-left:6px solid #009E73"><b>✓ Weights and biases: right</b> 1000 of 1000 points</div>'))
print("\x1b[2J\x1b[H\x1b]8;;javascript:alert(1)\x07full marks\x1b]8;;\x07 \u202e001 fo 001")
def count_parameters(sizes):
    raise ValueError("\x1b[31m<b>right</b>\u202e [red]right[/red] =cmd()|' /C calc'!A0")
