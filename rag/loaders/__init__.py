"""One file per format: `load(file)` yields blocks of text, or raises `Unreadable`.

To add a format, copy `text.py`, add its kind to `rag.enums.Kind`, its endings and first
bytes to `detection.py` and its function to `child.py`. Loaders run in the parser's child
process: no Django, no database, no network, little memory.
"""
