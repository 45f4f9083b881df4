# SPDX-License-Identifier: GPL-2.0-only
"""Compile each header alone, in every dialect."""

import concurrent.futures
import itertools
import os
import shutil
import subprocess

WARNINGS = ('-pedantic', '-Wall', '-Wextra', '-Werror', '-Wno-long-long',
            '-fsyntax-only')
GUEST, TOOLS, XEN = '-UNOTHING', '-D__XEN_TOOLS__', '-D__XEN__'
DIALECTS = (
    # language, standard, modes in which gcc and clang are asked
    ('c', '-std=c90', (GUEST, TOOLS, XEN), (TOOLS,)),
    ('c', '-std=c11', (TOOLS,), (GUEST,)),
    ('c++', '-std=c++11', (TOOLS,), (TOOLS,)),
)
COMPILERS = (
    # architecture, compiler for C, compiler for C++
    ('arm64', ('aarch64-linux-gnu-gcc',), ('aarch64-linux-gnu-g++',)),
    ('arm64', ('clang', '--target=aarch64-linux-gnu', '-ffreestanding'),
     ('clang++', '--target=aarch64-linux-gnu', '-ffreestanding')),
    ('arm32', ('clang', '--target=arm-linux-gnueabihf', '-ffreestanding'),
     ('clang++', '--target=arm-linux-gnueabihf', '-ffreestanding')),
    ('x86-64', ('x86_64-linux-gnu-gcc',), ('x86_64-linux-gnu-g++',)),
    ('x86-64', ('clang', '--target=x86_64-linux-gnu'),
     ('clang++', '--target=x86_64-linux-gnu')),
)
OTHER = {'arm64': 'arch-x86', 'arm32': 'arch-x86', 'x86-64': 'arch-arm'}
# Not for everybody, not by itself, and not in C.
TOOLS_ONLY = ('domctl.h', 'sysctl.h')
PARTS = ('arch-x86/xen-x86_64.h',)
ASSEMBLY = ('xen.h', 'arch-arm.h', 'errno.h', 'features.h', 'elfnote.h',
            'arch-x86/xen.h')


def wanted(header, arch, mode):
    if header.startswith(OTHER[arch]) or header in PARTS:
        return False
    tools = header in TOOLS_ONLY or header.startswith('versioned/')
    return not (tools and mode == GUEST)


def compile_one(job):
    """(label, diagnostics) of one compilation."""
    label, command, root, header = job
    # The declaration makes it a translation unit even if the header is empty.
    run = subprocess.run(command + ('-iquote', root, '-'), text=True,
                         input='#include "%s"\nextern int unit;\n' % header,
                         capture_output=True, check=False)
    return label, run.stderr if run.returncode else ''


def jobs(root, headers, result):
    for arch, for_c, for_cxx in COMPILERS:
        for language, standard, for_gcc, for_clang in DIALECTS:
            cc = for_c if language == 'c' else for_cxx
            if not shutil.which(cc[0]):
                result.skipped += 1
                continue
            modes = for_clang if cc[0].startswith('clang') else for_gcc
            for mode, header in itertools.product(modes, headers):
                if wanted(header, arch, mode):
                    flags = ('-x', language, standard, mode)
                    yield (' '.join((header, arch, cc[0]) + flags[2:]),
                           cc + flags + WARNINGS, root, header)


def assembly(root, headers, result):
    """Headers that assembly files include have nothing but macros for them."""
    for arch, (cc, *_), _ in COMPILERS:
        if not shutil.which(cc) or cc == 'clang':
            continue
        for header in headers:
            if header not in ASSEMBLY or header.startswith(OTHER[arch]):
                continue
            run = subprocess.run(
                [cc, '-x', 'assembler-with-cpp', '-D__ASSEMBLY__', '-c', '-o',
                 os.devnull, '-iquote', root, '-'], text=True,
                input='#include "%s"\n' % header, capture_output=True,
                check=False)
            result.check(run.returncode == 0,
                         '%s %s assembly: %s' % (header, arch, run.stderr))


def run(root, headers, result):
    """Adds to result what each compilation said."""
    before = result.passed
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for label, text in pool.map(compile_one, jobs(root, headers, result)):
            result.check(not text, label + ':\n' + text)
    assembly(root, headers, result)
    print('alone: %d compilations' % (result.passed - before))
