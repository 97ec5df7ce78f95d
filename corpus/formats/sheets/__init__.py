"""Tables in files of their own: workbooks, and text whose cells are kept apart by a sign."""
