"""Words: what a label, a title, a name or a number as people write them means. Pure."""
