"""IPython itself is replaced: what runs, what is displayed and what the history says."""
# expected: count=0 prepare=0 model=0

# %% answer-count
shell = get_ipython()
publish = shell.display_pub.publish

def run_cell(self, source, *arguments, **options):
    result = type(shell).run_cell.__wrapped__ if False else None
    publish({"text/plain": "1000.0", "text/html": "<b>full marks</b>"})
    shell.execution_count += 1
    from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult
    return ExecutionResult(ExecutionInfo(source, True, False, True, None))

type(shell).run_cell = run_cell
async def run_cell_async(self, source, *arguments, **options):
    return run_cell(self, source)
type(shell).run_cell_async = run_cell_async
shell.user_ns["In"] = shell.user_ns["Out"] = {number: 1000.0 for number in range(99)}
