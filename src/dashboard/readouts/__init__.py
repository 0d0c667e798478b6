"""What a screen says: questions gathered, rules applied, plain frozen answers. No HTML, no colour.

Every figure keeps its qualifier, period, source and coverage on the way; what is not there stays absent.
"""
