# SPDX-License-Identifier: GPL-2.0-only
"""Types of a compilation unit, read from its debug information.

The compiler's own view is the only exhaustive list of what a header declares.
readelf(1) prints it in a stable form; nothing else is needed to read it.
"""

import re
import subprocess

DIE = re.compile(r'^ <([0-9a-f]+)><([0-9a-f]+)>: Abbrev Number: \d+ \((\w+)\)')
# Newer versions put the form, in parentheses, before the value.
ATTR = re.compile(r'^\s+<[0-9a-f]+>\s+(DW_AT_\w+)\s*: ?(?:\(\w+\) ?)?(.*)$')
STRING = re.compile(r'^\([^)]*offset: [0-9a-fx]+\): ')
REFERENCE = re.compile(r'<0x([0-9a-f]+)>')
AGGREGATES = ('DW_TAG_structure_type', 'DW_TAG_union_type')
QUALIFIERS = ('DW_TAG_const_type', 'DW_TAG_volatile_type')


class Die:
    """One debug information entry."""

    def __init__(self, tag):
        self.tag = tag
        self.attrs = {}
        self.children = []

    @property
    def name(self):
        return STRING.sub('', self.attrs.get('DW_AT_name', '')).strip()

    def number(self, attr):
        """Value of an attribute, or None."""
        text = self.attrs.get(attr)
        return None if text is None else int(text.split()[0], 0)


class Types:
    """All types of one object file."""

    def __init__(self, obj, readelf='readelf'):
        self.dies = {}
        self.top = []
        out = subprocess.run([readelf, '--wide', '--debug-dump=info', obj],
                             check=True, capture_output=True, text=True).stdout
        self._parse(out)

    def _parse(self, text):
        stack = []
        die = None
        for line in text.splitlines():
            match = DIE.match(line)
            if match:
                depth = int(match.group(1), 16)
                die = Die(match.group(3))
                self.dies[int(match.group(2), 16)] = die
                del stack[depth:]
                if stack:
                    stack[-1].children.append(die)
                stack.append(die)
                if depth == 1:
                    self.top.append(die)
                continue
            match = ATTR.match(line)
            if match and die:
                die.attrs[match.group(1)] = match.group(2)

    def target(self, die):
        """The type an entry refers to; None is void."""
        ref = die.attrs.get('DW_AT_type')
        return self.dies[int(REFERENCE.search(ref).group(1), 16)] if ref \
            else None

    def stripped(self, die):
        """The same without typedefs and qualifiers."""
        while die and die.tag in QUALIFIERS + ('DW_TAG_typedef',):
            die = self.target(die)
        return die

    def signed(self, die):
        """1 or 0 for an integer type, None for others."""
        die = self.stripped(die)
        if not die or die.tag not in ('DW_TAG_base_type',
                                      'DW_TAG_enumeration_type'):
            return None
        return 0 if 'unsigned' in die.attrs.get('DW_AT_encoding', '') else 1

    def declared(self):
        """(C name, entry) of each tag and typedef."""
        words = {'DW_TAG_structure_type': 'struct ',
                 'DW_TAG_union_type': 'union ',
                 'DW_TAG_enumeration_type': 'enum ',
                 'DW_TAG_typedef': ''}
        for die in self.top:
            if die.tag in words and die.name and \
               'DW_AT_declaration' not in die.attrs:
                yield words[die.tag] + die.name, die

    def enumerators(self):
        """Names of all enumeration constants."""
        for die in self.dies.values():
            if die.tag == 'DW_TAG_enumerator':
                yield die.name

    def fields(self, die, prefix=''):
        """(path, member entry, bit offset or None) of an aggregate.

        Anonymous members are transparent; a member whose type has no name is
        followed by its own members.
        """
        for member in die.children:
            if member.tag != 'DW_TAG_member':
                continue
            inner, index = self._element(self.target(member))
            path = prefix + member.name
            if member.name:
                yield path, member, self._bits(member)
            if inner and inner.tag in AGGREGATES and not inner.name:
                yield from self.fields(inner, path + index + '.'
                                       if member.name else prefix)

    def _element(self, die):
        """The unnamed type in a possible array, and how to index it."""
        index = ''
        while die and die.tag in QUALIFIERS + ('DW_TAG_array_type',):
            if die.tag == 'DW_TAG_array_type':
                index += '[0]'
            die = self.target(die)
        return die, index

    @staticmethod
    def _bits(member):
        if member.number('DW_AT_bit_size') is None:
            return None
        place = member.number('DW_AT_data_bit_offset')
        if place is None:
            raise ValueError('bit-field without DW_AT_data_bit_offset')
        return place, member.number('DW_AT_bit_size')

    def flexible(self, member):
        """Does the member have no size of its own?"""
        die = self.target(member)
        if not die or die.tag != 'DW_TAG_array_type':
            return False
        ranges = [c for c in die.children if c.tag == 'DW_TAG_subrange_type']
        return any('DW_AT_upper_bound' not in r.attrs and
                   'DW_AT_count' not in r.attrs for r in ranges)
