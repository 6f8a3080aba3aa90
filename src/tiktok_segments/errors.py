"""The one error that is meant for the user's eyes."""


class InputError(Exception):
    """Something the user gave cannot be used.

    The message says in one to three plain lines what was received, what is valid and what to do;
    the command line prints it without a traceback.
    """
