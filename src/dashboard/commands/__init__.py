"""The commands of the console: their options, what they ask of the store, and the words in which they answer."""
