"""What a model is: its layers and parameters, and which pixels each unit sees."""
