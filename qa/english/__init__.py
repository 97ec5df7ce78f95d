"""All that knows English: what a question asks for, sides, lists, speakers, boilerplate."""
