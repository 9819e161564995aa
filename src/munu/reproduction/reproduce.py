"""``munu.reproduce``: a table or figure, computed and perhaps written."""

from __future__ import annotations

from pathlib import Path

from munu.base.arguments import checked_path
from munu.base.calls import checked_call
from munu.base.threads import on_one_thread
from munu.reproduction.registry import target
from munu.results.core.base import Result


@checked_call
@on_one_thread
def reproduce(
    name: str,
    *,
    output: str | Path | None = None,
    workers: int = 1,
    scheduler: str | None = None,
) -> Result:
    """Return a table or figure of arXiv:1905.03750 as a result, or one of today's data.

    Parameters
    ----------
    name : str
        ``table1``, ``table2``, ...; ``data``, ``today``, ``family``, ``published``, ``floor``.
    output : str or Path, optional
        A folder for CSV, JSON and the picture, which is made if it is missing: all files, or none
        if the work fails.
    workers, scheduler
        Who does the steps of what goes beyond the paper, as in `munu.coverage`.

    Raises
    ------
    MunuError
        For an unknown name, or a folder that cannot be written to.

    Examples
    --------
    >>> table = munu.reproduce("table1")
    >>> row = table.rows[0]
    >>> print(row.label, row.setup, row.quantity, row.value, row.published, sep=", ")
    CsI[Na], current, mass, 14.57 kg, 14.57 kg
    """
    from munu.engine import Workers
    from munu.reproduction.work import Work

    asked, work = target(name), Work(Workers.checked(workers, scheduler))
    if output is None:
        return asked.compute(work)
    from munu.base.file_sets import write_set_atomically
    from munu.reproduction.write import output_folder, outputs

    with output_folder(checked_path("output", output)) as folder:
        result = asked.compute(work)
        write_set_atomically(folder, outputs(asked, result))
    return result
