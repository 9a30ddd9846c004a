"""The pages: templates, styles, modules of script, catalogues, and what fills them."""
