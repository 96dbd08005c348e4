"""How people read: sentences out of a catalogue, plurals, numbers, sums, sizes, dates, in Russian and in English. Pure; it knows nothing of ours."""
