"""Where students' code runs: sandboxes, warm ones, and the processes in them. Begin with sandbox.py."""
