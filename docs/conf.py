"""Sphinx configuration: everything is built from the working tree, without a network."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "_ext"), str(HERE.parent / "src")]

from munu import __version__  # noqa: E402 (after the path)

project = "munu"
author = "munu developers"
project_copyright = "2026, munu developers"
version = release = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_gallery.gen_gallery",
    "executed",
    "generated",
    "mathml",
]
exclude_patterns = ["_build", "_generated", "gallery", "**/sg_execution_times.rst"]
suppress_warnings = [
    "config.cache",
    # Words of a docstring's types, such as the shape (n, n_bins), are looked up as names.
    "ref.python",
]

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath", "fieldlist"]
myst_heading_anchors = 3

default_role = "py:obj"
smartquotes = False
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {
    "members": True,
    "show-inheritance": True,
    "special-members": "__call__",
    "exclude-members": "set",  # Matplotlib writes it for every class of figures
}
autodoc_type_aliases = {
    name: name for name in ("ArrayLike", "BoolArray", "ComplexArray", "FloatArray", "IntArray")
}
python_maximum_signature_line_length = 80
napoleon_google_docstring = False
napoleon_use_rtype = False

sphinx_gallery_conf = {
    "examples_dirs": "gallery",
    "gallery_dirs": "auto_examples",
    "filename_pattern": "/plot_",
    "within_subsection_order": "FileNameSortKey",
    "download_all_examples": False,
    "show_memory": False,
    "write_computation_times": False,
    "min_reported_time": 1000,
    "show_signature": False,
    "abort_on_example_error": True,
    "reset_modules": ("matplotlib",),
    "remove_config_comments": True,
}

html_theme = "pydata_sphinx_theme"
html_title = "munu"
html_static_path = ["_static"]
html_css_files = ["munu.css"]
html_search_scorer = str(HERE / "search-scores.js")
html_math_renderer = "mathml"
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "navbar_align": "left",
    "navbar_end": ["theme-switcher"],
    "show_prev_next": False,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_nav_level": 2,
    "header_links_before_dropdown": 7,
}
SINGLE_PAGES = ("index", "start", "recipes", "choosing", "own-experiment", "today")
html_sidebars = {name: [] for name in (*SINGLE_PAGES, "reproduction/index")}
copybutton_prompt_text = r">>> |\$ "
copybutton_prompt_is_regexp = True
