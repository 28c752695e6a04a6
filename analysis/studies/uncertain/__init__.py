"""What rests on assumed parameters: sensitivity, where a policy fails, better policies by search."""
