"""The providers behind one contract, `port.Provider`; `registry.build` makes those that the operator has configured."""
