r"""Formulas as MathML, which browsers draw themselves: the site needs no script and no network."""

import re
from html import escape

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)
OLD_ROMAN = re.compile(r"\{\\rm\s*([^{}]*)\}")
SIZES = re.compile(r"\\[Bb]igg?[lr]?(?![A-Za-z])")


def mathml(node, *, block):
    r"""Return the MathML of LaTeX; ``{\rm ...}`` and ``\Big`` are written as docutils can."""
    tex = node.astext()
    roman = SIZES.sub("", OLD_ROMAN.sub(r"\\mathrm{\1}", tex))
    if block and ("&" in roman or r"\\" in roman) and r"\begin" not in roman:
        roman = rf"\begin{{aligned}}{roman}\end{{aligned}}"
    try:
        return tex2mathml(roman, as_block=block)
    except MathError as error:
        LOGGER.warning("%s in the formula %s", error, tex, location=node)
        return escape(tex)


def visit_inline(translator, node):
    translator.body.append(mathml(node, block=False))
    raise nodes.SkipNode


def visit_block(translator, node):
    formula = mathml(node, block=True)
    translator.body.append(f'<div class="math-display">{formula}</div>\n')
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
