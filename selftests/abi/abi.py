#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compare our public headers with Xen's, and try each of them alone.

Everything the reference headers declare (types, fields, enumerators, macros) is
listed by the compiler itself, turned into expressions, compiled with either
tree and compared: a name we lack, a field that moved or a constant that changed
is a failure. What we leave out on purpose is in not-provided, what we have
beyond the reference is in newer; an entry there that no longer applies is a
failure too.

usage: abi.py [--ours DIR] [--reference DIR] [--work DIR] [--only NAME]
"""

import argparse
import concurrent.futures
import fnmatch
import itertools
import os
import shutil
import subprocess
import sys

import alone
import tree

HERE = os.path.dirname(os.path.abspath(__file__))
ARCHES = {
    # name: compiler, folders and files of other architectures
    'arm64': ('aarch64-linux-gnu-gcc', ('arch-x86',)),
    'x86-64': ('x86_64-linux-gnu-gcc', ('arch-arm', 'arch-x86_32')),
}
MODES = {'guest': '', 'tools': '__XEN_TOOLS__', 'xen': '__XEN__'}
# Refused without the privilege of one of the other modes.
TOOLS_ONLY = ('domctl.h', 'sysctl.h')


class Result:
    """Counts, and what to say about failures."""

    def __init__(self):
        self.passed = self.skipped = 0
        self.failures = []

    def check(self, good, text):
        if good:
            self.passed += 1
        else:
            self.failures.append(text)

    def add(self, other):
        self.passed += other.passed
        self.skipped += other.skipped
        self.failures += other.failures


class Exceptions:
    """A list of name patterns, each with a reason, that must all be used.

    Point releases of 4.17 differ in the types that tools do not see: a reason
    that ends with "(some releases)" need not apply to the one at hand.
    """

    def __init__(self, name):
        self.name = name
        self.entries = {}
        with open(os.path.join(HERE, name), encoding='ascii') as file:
            for line in file:
                if line.strip() and not line.startswith('#'):
                    pattern, reason = line.split(None, 1)
                    self.entries[pattern.replace('~', ' ')] = reason.strip()
        self.used = set()

    def has(self, what, where=''):
        """Is there an entry for a name, at a place (architecture-mode)?"""
        names = (what, where + '/' + what) if where else (what,)
        hits = {p for p in self.entries
                if any(fnmatch.fnmatchcase(n, p) for n in names)}
        self.used |= hits
        return bool(hits)

    def unused(self):
        """Entries that should have applied to something and did not."""
        return sorted(p for p in set(self.entries) - self.used
                      if not self.entries[p].endswith('(some releases)'))


def headers(root, skip):
    """Relative names of all headers under a tree."""
    found = []
    for folder, _, files in os.walk(root):
        for file in files:
            name = os.path.relpath(os.path.join(folder, file), root)
            if name.endswith('.h') and not name.startswith(skip):
                found.append(name)
    # Xen's are not all complete: a folder's headers may need those above it.
    return sorted(found, key=lambda n: (n.count('/'), n))


def type_entries(types, library):
    """{name: expressions} of sizes and offsets, {name: bits} of bit-fields."""
    exprs, bits = {}, {}
    for name, die in types.declared():
        if name in library:
            continue
        bare = types.stripped(die)
        sign = types.signed(die)
        exprs[name] = ('sizeof(%s)' % name,) if sign is None else (
            'sizeof(%s)' % name, '((%s)-1 < 0)' % name)
        if not bare or bare.tag not in tree.dwarf.AGGREGATES:
            continue
        # A typedef's fields are those of the tag it stands for.
        if die.tag == 'DW_TAG_typedef' and bare.name:
            continue
        for path, member, bit in types.fields(bare):
            field = name + '.' + path
            if bit:
                bits[field] = bit
                continue
            exprs[field] = ('offsetof(%s, %s)' % (name, path),)
            if not types.flexible(member):
                place = '((%s *)0)->%s' % (name, path)
                exprs[field] += ('sizeof(%s)' % place,)
                if types.signed(types.target(member)) is not None:
                    exprs[field] += ('((__typeof__(%s))-1 < 0)' % place,)
    return exprs, bits


def constant(name):
    """A constant's value, and of what type it is."""
    return (name, 'sizeof(%s)' % name, '(__typeof__(%s))-1 < 0' % name)


class Comparison:
    """Ours against the reference, for one architecture and mode."""

    def __init__(self, ours, ref, lists, label):
        self.ours, self.ref = ours, ref
        self.missing, self.newer = lists
        self.label = label
        self.result = Result()

    def check(self, good, what, why):
        self.result.check(good, '%s: %s: %s' % (self.label, what, why))

    def excepted(self, what):
        """Is a name, or what its mark at the end says of it, not provided?"""
        return self.missing.has(what, self.label)

    def compare(self, same, what, why):
        """A value, which may differ if the list says so."""
        if not same and self.excepted(what + '='):
            self.result.skipped += 1
        else:
            self.check(same, what, why)

    def run(self):
        self.names()
        self.values()
        self.bit_fields()
        self.texts()
        self.functions()
        self.samples()
        return self.result

    def names(self):
        """Every name on one side is on the other, or in a list."""
        types_o, lib_o = self.ours.types()
        types_r, lib_r = self.ref.types()
        self.exprs_o, self.bits_o = type_entries(types_o, lib_o)
        self.exprs, self.bits = type_entries(types_r, lib_r)
        self.macros_o, self.macros = self.ours.macros(), self.ref.macros()
        enums_o, enums = set(types_o.enumerators()), set(types_r.enumerators())

        ours = set(self.exprs_o) | set(self.bits_o) | set(self.macros_o) | enums_o
        ref = set(self.exprs) | set(self.bits) | set(self.macros) | enums
        for name in sorted(ref - ours):
            if self.excepted(name):
                self.result.skipped += 1
            else:
                self.check(False, name, 'missing, and not in not-provided')
        for name in sorted(ours - ref):
            if not self.newer.has(name, self.label):
                self.check(False, name, 'not in the reference, and not in newer')
        self.both = ref & ours
        self.enums = enums & enums_o

    def values(self):
        """Sizes, offsets, enumerators and constants."""
        names = [n for n in sorted(self.exprs) if n in self.both]
        entries = [self.exprs[n] for n in names]
        consts = sorted(self.enums | {n for n, p in self.macros.items()
                                      if p is None and n in self.macros_o})
        entries += [constant(n) for n in consts]
        names += consts
        got_r = self.ref.evaluate(entries)
        got_o = self.ours.evaluate(entries)
        self.not_integer = []
        for i, name in enumerate(names):
            if i not in got_r and name in self.macros:
                self.not_integer.append(name)
                continue
            self.compare(i in got_r and got_r[i] == got_o.get(i), name,
                         '%s: %s, reference %s' % (entries[i][0], got_o.get(i),
                                                   got_r.get(i)))

    def bit_fields(self):
        for name in sorted(self.bits):
            if name in self.both:
                self.compare(self.bits[name] == self.bits_o.get(name), name,
                             'bits %s, reference %s' % (self.bits_o.get(name),
                                                        self.bits[name]))

    def texts(self):
        """Macros that are no integers: types, strings, guards, initializers."""
        ref = self.ref.expand(self.not_integer)
        ours = self.ours.expand(self.not_integer)
        for name in self.not_integer:
            self.compare(ref[name] == ours[name], name,
                         'expands to %s, reference %s' % (ours[name],
                                                          ref[name]))

    def functions(self):
        """Macros with arguments take as many, and have a sample."""
        with open(os.path.join(HERE, 'samples'), encoding='ascii') as file:
            sampled = file.read()
        for name, count in sorted(self.macros.items()):
            if count is None or name not in self.macros_o:
                continue
            self.check(self.macros_o[name] == count, name,
                       '%s arguments, reference %d' % (self.macros_o[name],
                                                       count))
            if name + '(' not in sampled and not self.excepted(name + '()'):
                self.check(False, name, 'has no sample')

    def samples(self):
        """Hand-written uses of macros with arguments."""
        with open(os.path.join(HERE, 'samples'), encoding='ascii') as file:
            lines = [l.strip() for l in file if l.strip() and l[0] != '#']
        got_r = self.ref.evaluate([(l,) for l in lines])
        got_o = self.ours.evaluate([(l,) for l in lines])
        for i, line in enumerate(lines):
            # A sample of another architecture or mode compiles with neither.
            if i in got_r or i in got_o:
                self.check(got_r.get(i) == got_o.get(i), line, '%s, reference %s'
                           % (got_o.get(i), got_r.get(i)))


def make_shim(work, reference):
    """What Xen's own headers expect around them in the hypervisor."""
    shim = os.path.join(work, 'shim')
    os.makedirs(os.path.join(shim, 'xen'), exist_ok=True)
    with open(os.path.join(shim, 'xen', 'lib.h'), 'w', encoding='ascii') as file:
        file.write('#define BUG() __builtin_trap()\n')
    link = os.path.join(shim, 'public')
    if not os.path.islink(link):
        os.symlink(os.path.abspath(reference), link)
    return shim


def compare(args, arch, mode, lists, shim):
    """One architecture in one mode, or None if it has no compiler."""
    cc, skip = ARCHES[arch]
    label = '%s-%s' % (arch, mode)
    if not shutil.which(cc):
        print('%s: skipped, no %s' % (label, cc))
        result = Result()
        result.skipped = 1
        return result
    names = [n for n in headers(args.ours, skip)
             if mode != 'guest' or n not in TOOLS_ONLY]
    ref = [n for n in names if not n.startswith('versioned/')]
    ours = names if mode != 'guest' else ref
    work = os.path.join(args.work, arch + '-' + mode)
    result = Comparison(
        tree.Tree(args.ours, ours, cc, MODES[mode], work + '-ours'),
        tree.Tree(args.reference, ref, cc, MODES[mode], work + '-ref', shim),
        lists, label).run()
    print('%s: %d compared, %d differ' % (label, result.passed,
                                          len(result.failures)), flush=True)
    return result


def header_list(args, missing):
    """Each header of the reference is one of ours or in the list."""
    result = Result()
    ours = headers(args.ours, ('-',))
    for name in headers(args.reference, ('-',)):
        if name in ours:
            continue
        if missing.has(name):
            result.skipped += 1
        else:
            result.check(False, name + ': header missing')
    return result


def statements(args):
    """ring.c does the same with either tree, on this machine."""
    result = Result()
    outputs = []
    for name, root in (('ours', args.ours), ('reference', args.reference)):
        program = os.path.join(args.work, 'ring-' + name)
        subprocess.run(['gcc', '-O2', '-Wall', '-Wextra', '-iquote', root,
                        '-D__XEN_TOOLS__', '-o', program,
                        os.path.join(HERE, 'ring.c')], check=True)
        outputs.append(subprocess.run([program], check=True, text=True,
                                      capture_output=True).stdout.splitlines())
    for ours, ref in itertools.zip_longest(*outputs):
        result.check(ours == ref, 'ring.c: %s, reference %s' % (ours, ref))
    print('ring.c: %d steps compared' % result.passed)
    return result


def run(args):
    total = Result()
    if not os.path.exists(os.path.join(args.reference, 'xen.h')):
        print('no reference headers in ' + args.reference)
        total.skipped += 1
    else:
        missing, newer = Exceptions('not-provided'), Exceptions('newer')
        total.add(header_list(args, missing))
        jobs = [(arch, mode) for arch in ARCHES for mode in MODES
                if fnmatch.fnmatchcase('%s-%s' % (arch, mode), args.only)]
        # Once, before the threads: on a fresh build two of them would make it.
        shim = make_shim(args.work, args.reference)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for result in pool.map(lambda j: compare(args, *j, (missing, newer), shim),
                                   jobs):
                total.add(result)
        if args.only == '*':
            total.add(statements(args))
            for each in (missing, newer):
                for pattern in each.unused():
                    total.check(False, '%s: %s: applies to nothing'
                                % (each.name, pattern))
    if args.only == '*':
        alone.run(args.ours, headers(args.ours, ('-',)), total)
    for text in total.failures:
        print('FAIL ' + text)
    print('%d passed, %d failed, %d skipped'
          % (total.passed, len(total.failures), total.skipped))
    return 1 if total.failures else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--ours', default=os.path.join(
        HERE, '..', '..', 'xen', 'include', 'public'))
    parser.add_argument('--reference',
                        default=os.environ.get('LIBXEN_INC', '/usr/include/xen'))
    parser.add_argument('--work', default=os.path.join(
        HERE, '..', '..', 'build', 'abi'))
    parser.add_argument('--only', default='*', metavar='ARCH-MODE')
    args = parser.parse_args()
    try:
        sys.exit(run(args))
    except (tree.CompileError, subprocess.SubprocessError) as error:
        print(error, file=sys.stderr)
        print('0 passed, 1 failed, 0 skipped')
        sys.exit(1)


if __name__ == '__main__':
    main()
