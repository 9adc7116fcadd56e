"""What people type about answers, judges and files, turned into fields."""
