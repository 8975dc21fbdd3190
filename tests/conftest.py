"""What every test starts from."""

from hypothesis import settings

# The same examples on every machine and every day: a failure comes from the code.
# No deadline: a busy machine is no bug.
settings.register_profile("convscope", derandomize=True, deadline=None)
settings.load_profile("convscope")
