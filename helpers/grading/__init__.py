"""For instructors: grading by evidence, inside nbgrader's commands. Labels never meet a student's code."""
