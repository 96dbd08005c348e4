"""Contacts: the mail address and the phone of a person, and the proof that they are theirs."""
