"""What is wrong with rows: which may be composed at all, which come again, which contradict each other, and which labels are doubtful. Pure."""
