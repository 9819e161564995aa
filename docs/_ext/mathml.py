r"""Formulas as MathML, which browsers draw themselves: the site needs no script and no network."""

import re
from html import escape

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)
OLD_ROMAN = re.compile(r"\{\\rm\s*([^{}]*)\}")
FUNCTION = re.compile(r"\\(sin|cos|tan|sinh|cosh|tanh|coth|log|ln|exp|det)(?![\^_A-Za-z])")
SHORT_FRACTION = re.compile(r"(\\[td]?frac)(\d)(\d)")
SIZES = re.compile(r"\\[Bb]igg?[lr]?(?![A-Za-z])")


def simplified(tex):
    r"""Return LaTeX in the words that docutils has.

    It knows no ``{\rm ...}`` and no ``\Big``, reads 35 as the numerator of ``\frac35 x``, and sets
    functions without a space.
    """
    words = SIZES.sub("", OLD_ROMAN.sub(r"\\mathrm{\1}", tex))
    return FUNCTION.sub(r"\,\\\1\,", SHORT_FRACTION.sub(r"\1{\2}{\3}", words))


def mathml(node, *, block):
    """Return the MathML of a formula."""
    tex = node.astext()
    plain = simplified(tex)
    if block and ("&" in plain or r"\\" in plain) and r"\begin" not in plain:
        plain = rf"\begin{{aligned}}{plain}\end{{aligned}}"
    try:
        return tex2mathml(plain, as_block=block)
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
