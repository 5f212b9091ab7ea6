"""The network as a graph of persons and groups: never of persons and persons.

A group of 250 members is 250 ties here and would be 31,125 between persons.
"""
