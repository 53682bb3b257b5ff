"""No process holds two GDALs: the caller's never gets fiona's."""

import subprocess
import sys


def test_nothing_of_the_package_brings_gdal_into_its_caller() -> None:
    program = (
        "import sys, pkgutil, importlib, data.formats as package\n"
        "for found in pkgutil.iter_modules(package.__path__):\n"
        "    importlib.import_module('data.formats.' + found.name)\n"
        "assert not {'fiona', 'pyogrio', 'geopandas'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
