"""What others send in their own formats, read as received facts: accounts, names, files by hash.

Whom a sender takes for one person is the sender's hypothesis: it joins nothing here.
"""
