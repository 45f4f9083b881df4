#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Test of the test: a copy of our headers with one mistake must be refused.

Each line of the table is one mistake, and the name the refusal has to mention.
"""

import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
OURS = os.path.join(HERE, '..', '..', 'xen', 'include', 'public')
WORK = os.path.join(HERE, '..', '..', 'build', 'abi', 'mutant')
MISTAKES = (
    # architecture and mode, header, pattern, replacement, name in the report
    ('arm64-tools', 'grant_table.h', r'uint16_t len;.*\n\tuint16_t flags;',
     'uint16_t flags;\n\tuint16_t len;', 'struct gnttab_copy.flags'),
    ('arm64-tools', 'event_channel.h', r'EVTCHNOP_send\t+4',
     'EVTCHNOP_send\t40', 'EVTCHNOP_send'),
    ('arm64-tools', 'memory.h', r'\txen_pfn_t gpfn;', '\tuint32_t gpfn;',
     'struct xen_add_to_physmap.gpfn'),
    ('arm64-tools', 'grant_table.h', r'int16_t status;', 'uint16_t status;',
     'struct gnttab_map_grant_ref.status'),
    ('arm64-tools', 'versioned/domctl-4.17.h', r'\tuint32_t cpupool_id;\n', '',
     'struct xen_domctl_createdomain.cpupool_id'),
    ('arm64-tools', 'versioned/sysctl-4.17.h', r'hw_cap\[8\]', 'hw_cap[4]',
     'struct xen_sysctl_physinfo.hw_cap'),
    ('arm64-tools', 'vcpu.h', r'#define RUNSTATE_offline.*\n', '',
     'RUNSTATE_offline'),
    ('arm64-tools', 'sched.h', r'#define SHUTDOWN_MAX', '#define SHUTDOWN_OURS 6\n'
     '#define SHUTDOWN_MAX', 'SHUTDOWN_OURS'),
    ('arm64-tools', 'memory.h', r'\(\(x\) \+ 1\) << 8', '(x) << 8',
     'XENMEMF_node(3)'),
    ('arm64-tools', 'io/protocols.h', r'"arm-abi"', '"arm"',
     'XEN_IO_PROTO_ABI_ARM'),
    ('arm64-tools', 'io/xs_wire.h', r'\tXS_MKDIR,\n\tXS_RM,',
     '\tXS_RM,\n\tXS_MKDIR,', 'XS_RM'),
    ('arm64-tools', 'arch-arm.h', r'__guest_handle_64_ ## name\n',
     '__guest_handle_ ## name\n', '__guest_handle_64_void'),
    ('arm64-tools', 'hvm/ioreq.h', r'uint8_t dir:1;(.*)\n(.*)uint8_t df:1;',
     r'uint8_t df:1;\1\n\2uint8_t dir:1;', 'struct ioreq.df'),
    ('arm64-guest', 'xen.h', r'uint32_t wc_sec;', 'uint64_t wc_sec;',
     'struct shared_info.wc_sec'),
    ('arm64-xen', 'errno.h', r'ERESTART,\t85', 'ERESTART,\t86',
     'XEN_ERESTART'),
    ('x86-64-tools', 'arch-x86/xen.h', r'ctrlreg\[8\]', 'ctrlreg[4]',
     'struct vcpu_guest_context.ctrlreg'),
    ('x86-64-tools', 'arch-x86/hvm/start_info.h', r'0x336ec578', '0x336ec579',
     'XEN_HVM_START_MAGIC_VALUE'),
    ('x86-64-guest', 'physdev.h', r'\tint type;', '\tunsigned int type;',
     'struct physdev_map_pirq.type'),
)


def refused(where, header, pattern, replacement, name):
    """Text of what went wrong, '' if the mistake was found."""
    shutil.rmtree(WORK, ignore_errors=True)
    shutil.copytree(OURS, WORK)
    path = os.path.join(WORK, header)
    with open(path, encoding='ascii') as file:
        before = file.read()
    after = re.sub(pattern, replacement, before, count=1)
    if after == before:
        return 'pattern not found'
    with open(path, 'w', encoding='ascii') as file:
        file.write(after)
    run = subprocess.run([sys.executable, os.path.join(HERE, 'abi.py'),
                          '--ours', WORK, '--only', where], text=True,
                         capture_output=True, check=False)
    if run.returncode == 0:
        return 'not noticed'
    if name not in run.stdout + run.stderr:
        return 'noticed, but not by name:\n' + run.stdout + run.stderr
    return ''


def main():
    passed = failed = 0
    for mistake in MISTAKES:
        text = refused(*mistake)
        if text:
            failed += 1
            print('FAIL %s: %s: %s' % (mistake[1], mistake[4], text))
        else:
            passed += 1
    print('%d passed, %d failed, 0 skipped' % (passed, failed))
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
