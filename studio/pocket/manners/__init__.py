"""The manners in which the styles that ship with pocket are drawn: each turns a flat rendered scene into one."""
