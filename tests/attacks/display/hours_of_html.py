"""HTML that takes whoever makes it harmless hours: thousands of elements in each other, or never closed."""
# expected: count=1 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:]))

# %% scratch
from IPython.display import HTML, display

for html in ("<div>" * 300_000, "<svg " * 300_000, "<b><i></b>" * 100_000, "<p " + "a " * 200_000 + ">", "<script>" * 100_000 + "</script>"):
    display(HTML(html))
