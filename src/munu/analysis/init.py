"""A new experiment file to start from."""

from __future__ import annotations

from pathlib import Path

from munu.base.arguments import check_text, checked_path
from munu.base.calls import checked_call
from munu.base.errors import MunuError
from munu.experiments.named import catalogue
from munu.experiments.template.write import write_template
from munu.physics.nuclei import parse_material


@checked_call
def init(
    path: str | Path,
    like: str | Path | None = None,
    *,
    source: str | None = None,
    material: str | None = None,
    observable: str | None = None,
    statistic: str | None = None,
) -> Path:
    """Write a commented experiment file, and return its path. Nothing is overwritten.

    Parameters
    ----------
    path : str or Path
        The file to write; it must not exist and must end in ``.toml``.
    like : str or Path, optional
        An experiment, or its file, whose values it takes. Without one it has placeholders, which
        `munu.validate` lists, for the four that follow.
    source : str, optional
        ``reactor`` (the default), ``spallation``, ``tabulated``, ``chromium-51``, ``solar``,
        ``atmospheric``, ``geoneutrinos`` or ``supernova-background``.
    material : str, optional
        What recoils, such as ``Ge``, ``CsI`` or ``2Ge:1Si``.
    observable : str, optional
        ``recoil``, ``ionisation`` (the default) or ``photoelectrons``.
    statistic : str, optional
        ``projection``, ``first-run``, ``poisson`` (the default), ``gaussian``,
        ``template-fit`` or ``bound``.

    Raises
    ------
    MunuError
        If the file exists, has another ending or cannot be written; for an unknown experiment or
        kind of placeholder; and for placeholders beside ``like``.

    Examples
    --------
    >>> path = munu.init("my.toml", like="conus")
    >>> print(path, munu.validate(path).valid)
    my.toml True
    """
    named = {
        "source": source,
        "material": material,
        "observable": observable,
        "statistic": statistic,
    }
    asked = {name: value for name, value in named.items() if value is not None}
    for name, value in asked.items():
        check_text(name, value)
    if material is not None:
        parse_material(material)
    if like is not None and asked:
        raise MunuError(
            f"{next(iter(asked))} beside like, whose values are all taken", "Leave one out"
        )
    if like is not None:
        known, _, setup = str(like).rpartition("@")
        if setup and (known in catalogue() or known.endswith(".toml")):
            raise MunuError(
                f"{like} names a setup, and the new file has all of them", f"Write {known} alone"
            )
    target = checked_path("path", path)
    return write_template(target, like=None if like is None else str(like), **asked)
