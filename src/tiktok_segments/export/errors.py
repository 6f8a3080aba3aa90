"""Why an export is not read as a stream."""


class NotStreamableError(Exception):
    """The export must be read whole: for its kind, or for something odd in it.

    Never meant for the user: who catches it reads the whole file, which works or says what is
    wrong.
    """


class UnsettledError(Exception):
    """The batches given so far rest on an assumption that the rest of the file disproved.

    Who catches it drops what was made of them and asks for the batches again.
    """
