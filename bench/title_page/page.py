"""One title."""

import streamlit as st

st.title("泉州市社会工作态势")
