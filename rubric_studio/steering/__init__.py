"""What the runs show: the steering report and its figures."""
