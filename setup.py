"""Build of the package: the tables of ``conf/`` go into a wheel with it."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithTables(build_py):
    """Build that copies ``conf/``; a checkout reads it where it is, for users edit it there."""

    def run(self) -> None:
        """Copy the modules, then the tables, unless the modules stay where they are, too."""
        super().run()
        if not self.editable_mode:
            copy = Path(self.build_lib) / "tiktok_segments" / "conf"
            shutil.copytree(Path(__file__).parent / "conf", copy, dirs_exist_ok=True)


setup(cmdclass={"build_py": BuildWithTables})
