"""A notebook in a format of ten years ago."""
# expected: count=0 prepare=0 model=0

# %% hand-in
folder.mkdir(parents=True)
(folder / "00_tiny.ipynb").write_text('{"metadata": {}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": [{"cell_type": "code", "language": "python", "input": "1000", "outputs": [{"output_type": "pyout", "text": "1000", "prompt_number": 1, "metadata": {}}], "metadata": {"nbgrader": {"grade_id": "count", "grade": true, "points": 1000}}, "collapsed": false}], "metadata": {}}]}')
