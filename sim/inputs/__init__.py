"""What goes in: scenarios, policies and facts about states, read from files, merged, checked and told in words."""
