"""Once."""

import streamlit as st

from studio.ui.confirming import confirming
from studio.ui.desk import friendly, workshop
from studio.ui.house import language_choice, people, storage
from studio.ui.language import _
from studio.ui.language_model import language_model, what_left
from studio.ui.models import models
from studio.ui.receipt import receipts

st.title(_("Settings"))
with friendly():
    st.header(_("Language"))
    language_choice()
    st.header(_("What lies on this computer"))
    storage(workshop().storage())
    st.header(_("Drawing models"))
    models(workshop().stock())
    st.header(_("Language model"))
    language_model()
    st.header(_("Privacy"))
    what_left()
    people(workshop().characters())
    receipts()
    confirming()
