"""The registers of the state, behind one port."""
