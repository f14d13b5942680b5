"""Pieces that the screens share: frame, language, cards, running work. Streamlit lives only here and in pages/."""
