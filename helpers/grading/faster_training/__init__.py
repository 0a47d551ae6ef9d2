"""What makes trainings in a class take half as long and end with the same weights: begin with trainers.py."""
