"""What the documents say on a topic, or what there is: a few sentences of theirs."""
