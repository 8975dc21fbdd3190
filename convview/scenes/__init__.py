"""One module for each lesson: from its parameters to the scene that shows them."""
