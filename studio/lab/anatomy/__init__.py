"""A view into a diffusion model: what becomes of a prompt on its way to a picture, part by part, as plates and as a lesson."""
