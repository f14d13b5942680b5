"""The lab: three older roads to pictures, each a tool and a place to learn. Style transfer, a GAN, the inside of a diffusion model."""
