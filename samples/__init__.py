"""The sample tracks of the page, their catalogue, and (in `compose`) the scores and the renderer that made them."""
