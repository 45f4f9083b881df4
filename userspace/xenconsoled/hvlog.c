// SPDX-License-Identifier: GPL-2.0-only
/* The hypervisor's console ring, to a file: --log=hv. */
#include <string.h>

#include <xen/xen.h>

#include "xenconsoled.h"
#include "xy_sysctl.h"

static struct logfile *file;
static uint32_t next_byte;
static int virq_port = -1;

static void copy(void)
{
	char buf[4096];
	long n;

	do {
		n = xy_readconsole(daemon_state.call, buf, sizeof(buf),
				   &next_byte, 0);
		if (n > 0)
			logfile_write(file, buf, n);
	} while (n == sizeof(buf));
}

int hvlog_start(void)
{
	file = logfile_open("hypervisor", "");
	if (!file)
		return -1;
	virq_port = xy_evtchn_bind_virq(daemon_state.evtchn, VIRQ_CON_RING);
	if (virq_port < 0)
		return virq_port;
	copy();
	return 0;
}

bool hvlog_event(int port)
{
	if (port != virq_port)
		return false;
	copy();
	return true;
}

void hvlog_reopen(void)
{
	logfile_reopen(file);
}
