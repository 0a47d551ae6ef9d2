"""How garments, shoes and bags are cut, what they are made of, and how they are drawn.

`garments.toml` holds the measures, for a person to read and mend; `measures` reads them and takes some for
each image. `tops`, `trousers`, `shoes`, `sandals` and `bags` cut from them; `shapes` draws outlines, `cloth`
prints and folds.
"""
