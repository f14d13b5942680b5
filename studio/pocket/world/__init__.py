"""The world that pocket learns: children's-book scenes described as data, drawn as SVG, told in two languages."""
