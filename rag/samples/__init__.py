"""The documents of the demo tenant: a bilingual handbook in PDF, DOCX and Markdown."""
