// Brings what a person came for into view, once for each coming. It may not be on the screen yet when this is called.

const PATIENCE = 60; // frames
let last; // Streamlit calls again with every run of the screen

export default function ({ data }) {
  if (last === data.coming) return;
  last = data.coming;
  let frames = PATIENCE;
  const look = () => {
    const place = document.querySelector(`.st-key-${data.place}`);
    if (place) place.scrollIntoView({ block: data.block });
    else if (frames--) requestAnimationFrame(look);
  };
  look();
}
