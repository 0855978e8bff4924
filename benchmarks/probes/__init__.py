"""What is asked inside the product: each probe runs in a process of its own, as a worker does, and tells what it found."""
