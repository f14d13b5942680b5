"""Come back to a book, or begin one."""

import streamlit as st

from studio.ui.brought import bring_book
from studio.ui.clocks import notices
from studio.ui.desk import friendly, workshop
from studio.ui.language import _
from studio.ui.shelf import damaged, shelf, trash, welcome
from studio.ui.shelf_menu import undo_bar

st.title(_("Bookshelf"))
with friendly():
    books = workshop().books()
    notices()
    undo_bar()
    if books:
        shelf(books)
    else:
        welcome()
    damaged()
    bring_book()
    trash()
