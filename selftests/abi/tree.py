# SPDX-License-Identifier: GPL-2.0-only
"""One tree of public headers as one compiler sees it."""

import os
import re
import subprocess

import dwarf

PROLOGUE = '''#include <stddef.h>
#include <stdint.h>
#include <inttypes.h>
#include <string.h>
#include <sys/types.h>
#define XEN_WANT_FLEX_CONSOLE_RING
'''
DEFINE = re.compile(r'^#define (\w+)(\(([^)]*)\))?(?: (.*))?$')


class CompileError(Exception):
    pass


class Tree:
    """Headers under root, in the given order, for cc in a mode.

    Modes: '' a guest, '__XEN_TOOLS__' a tool, '__XEN__' the hypervisor.
    """

    def __init__(self, root, headers, cc, mode, work, shim=None):
        self.root, self.headers, self.cc = root, headers, cc
        self.work = work
        os.makedirs(work, exist_ok=True)
        self.flags = ['-std=gnu11', '-O1', '-iquote', root]
        if shim:
            self.flags += ['-I', shim]
        self.flags += ['-D' + mode] if mode else [
            '-D__XEN_INTERFACE_VERSION__=0x00040e00']

    def _write(self, name, text):
        path = os.path.join(self.work, name)
        with open(path, 'w', encoding='ascii') as file:
            file.write(text)
        return path

    def _run(self, args, source):
        return subprocess.run([self.cc, *self.flags, *args, source],
                              capture_output=True, text=True, check=False)

    def includes(self):
        return PROLOGUE + ''.join('#include "%s"\n' % h for h in self.headers)

    def macros(self):
        """{name: parameter count or None} of what the headers define."""
        library = self._defines(PROLOGUE)
        return {n: v for n, v in self._defines(self.includes()).items()
                if n not in library}

    def _defines(self, text):
        run = self._run(['-E', '-dM'], self._write('macros.c', text))
        if run.returncode:
            raise CompileError(run.stderr)
        found = {}
        for line in run.stdout.splitlines():
            match = DEFINE.match(line)
            if match:
                params = match.group(3)
                found[match.group(1)] = None if params is None else \
                    len([p for p in params.split(',') if p.strip()])
        return found

    def types(self):
        """(types of the headers, names that are the C library's)."""
        return (self._types(self.includes()),
                {n for n, _ in self._types(PROLOGUE).declared()})

    def _types(self, text):
        obj = os.path.join(self.work, 'types.o')
        source = self._write('types.c', text + 'int dummy;\n')
        run = self._run(['-g', '-gdwarf-5', '-fno-eliminate-unused-debug-types',
                         '-c', '-o', obj], source)
        if run.returncode:
            raise CompileError(run.stderr)
        return dwarf.Types(obj)

    def evaluate(self, entries):
        """Values of integer constant expressions, as the compiler emits them.

        entries: tuples of expressions. Returns {entry number: values}; entries
        that do not compile are missing.
        """
        bad = set()
        while True:
            source = self._write('table.c', self._table(entries, bad))
            out = os.path.join(self.work, 'table.s')
            run = self._run(['-S', '-ftrack-macro-expansion=0', '-w',
                             '-o', out], source)
            if run.returncode == 0:
                break
            new = self._error_lines(run.stderr) - bad
            if not new:
                raise CompileError(run.stderr)
            bad |= new
        with open(out, encoding='ascii') as file:
            return {int(m.group(1)): tuple(int(v) for v in m.group(2).split())
                    for m in re.finditer(r'->(\d+)((?: -?\d+)+)', file.read())}

    def _table(self, entries, bad):
        """A function with one line for each entry; line numbers are theirs."""
        lines = ['#line 1 "prologue"', self.includes(),
                 'void table(void)', '{', '#line 1 "entries"']
        for i, exprs in enumerate(entries):
            if i in bad:
                lines.append('')
                continue
            # The array is what refuses all that is no integer constant.
            check = ' '.join('{ extern char c[(%s) * 0 + 1]; }' % e
                             for e in exprs)
            spec = ' '.join('%%c%d' % n for n in range(len(exprs)))
            args = ', '.join('"i"((long long)(%s))' % e for e in exprs)
            lines.append('%s asm volatile("->%d %s" :: %s);'
                         % (check, i, spec, args))
        return '\n'.join(lines + ['}', ''])

    @staticmethod
    def _error_lines(text):
        return {int(m.group(1)) - 1 for m in
                re.finditer(r'^entries:(\d+):\d+: error:', text, re.M)}

    def expand(self, names):
        """Text of object-like macros, without blanks, strings joined."""
        text = self.includes() + ''.join('\n@%d@ %s\n' % (i, n)
                                         for i, n in enumerate(names))
        run = self._run(['-E', '-P'], self._write('expand.c', text))
        if run.returncode:
            raise CompileError(run.stderr)
        body = run.stdout[run.stdout.index('@0@'):] if names else ''
        parts = re.split(r'@\d+@', body)[1:]
        return {n: re.sub(r'\s+', '', p).replace('""', '')
                for n, p in zip(names, parts)}
