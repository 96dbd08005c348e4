"""The registers of taxpayers: the tax service's check of the self-employed, and DaData about companies and entrepreneurs.

Part of `samovar.simulators.money`. Everybody with right check digits is in them and well, but INNs that begin with 99, which nobody has, and with 98,
which are liquidated, or pay the tax no more. ОГРН and КПП are not told, so that whatever a test says of them is believed.
"""
