"""Records to text (Markdown, HTML, SVG): the same record gives the same bytes."""
