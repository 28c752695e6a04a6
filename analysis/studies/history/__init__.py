"""The model beside the record of 1994 to 2004, with simple baselines."""
