"""Figures of the model beside the record."""
