from .accounts.cleaning import clean_profiles
from .accounts.filters import CleanRules
from .accounts.reading import read_export
from .accounts.synthetic import make_profiles
from .clustering.frames import fit_segments, scale_profiles
from .errors import InputError
from .monitoring.assign import assign_accounts
from .registry.choose import load_model
from .segments.crossing import cross_segments
from .segments.describe import describe_segments
from .segments.naming import name_segments
from .segments.naming_rules import load_naming
from .validation.selection import select
from .validation.separation import examine

__all__ = [
    "CleanRules",
    "InputError",
    "assign_accounts",
    "clean_profiles",
    "cross_segments",
    "describe_segments",
    "examine",
    "fit_segments",
    "load_model",
    "load_naming",
    "make_profiles",
    "name_segments",
    "read_export",
    "scale_profiles",
    "select",
]
