// SPDX-License-Identifier: GPL-2.0-only
/*
 * Preloaded into Debian's xenstored so that it runs on a machine without Xen:
 * domains are files domN in $SHIM_DIR, their rings files ringN, and events come
 * as port numbers through the pipe $SHIM_DIR/events. The port of domain N is
 * 100 + N. See differential.py.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xenctrl.h>
#include <xenevtchn.h>
#include <xengnttab.h>

static int events = -1;

static const char *in_dir(const char *name, unsigned int domid)
{
	static char path[256];

	snprintf(path, sizeof(path), name, getenv("SHIM_DIR"), domid);
	return path;
}

xenevtchn_handle *xenevtchn_open(struct xentoollog_logger *l, unsigned int f)
{
	(void)l;
	(void)f;
	events = open(in_dir("%s/events", 0), O_RDWR | O_NONBLOCK);
	return (void *)1;
}

int xenevtchn_fd(xenevtchn_handle *h)
{
	(void)h;
	return events;
}

int xenevtchn_notify(xenevtchn_handle *h, evtchn_port_t port)
{
	(void)h;
	(void)port;
	return 0;
}

xenevtchn_port_or_error_t xenevtchn_bind_interdomain(xenevtchn_handle *h,
						     uint32_t domid,
						     evtchn_port_t port)
{
	(void)h;
	(void)port;
	return 100 + domid;
}

xenevtchn_port_or_error_t xenevtchn_bind_virq(xenevtchn_handle *h,
					      unsigned int virq)
{
	(void)h;
	return virq;
}

int xenevtchn_unbind(xenevtchn_handle *h, evtchn_port_t port)
{
	(void)h;
	(void)port;
	return 0;
}

xenevtchn_port_or_error_t xenevtchn_pending(xenevtchn_handle *h)
{
	uint32_t port;

	(void)h;
	return read(events, &port, 4) == 4 ? (int)port : -1;
}

int xenevtchn_unmask(xenevtchn_handle *h, evtchn_port_t port)
{
	(void)h;
	(void)port;
	return 0;
}

xengnttab_handle *xengnttab_open(struct xentoollog_logger *l, unsigned int f)
{
	(void)l;
	(void)f;
	return (void *)1;
}

int xengnttab_close(xengnttab_handle *h)
{
	(void)h;
	return 0;
}

int xengnttab_set_max_grants(xengnttab_handle *h, uint32_t n)
{
	(void)h;
	(void)n;
	return 0;
}

void *xengnttab_map_grant_ref(xengnttab_handle *h, uint32_t domid, uint32_t ref,
			      int prot)
{
	int fd = open(in_dir("%s/ring%u", domid), O_RDWR);
	void *p;

	(void)h;
	(void)ref;
	if (fd < 0)
		return NULL;
	p = mmap(NULL, 4096, prot, MAP_SHARED, fd, 0);
	close(fd);
	return p == MAP_FAILED ? NULL : p;
}

int xengnttab_unmap(xengnttab_handle *h, void *p, uint32_t n)
{
	(void)h;
	return munmap(p, n * 4096);
}

xc_interface *xc_interface_open(xentoollog_logger *l, xentoollog_logger *d,
				unsigned int f)
{
	(void)l;
	(void)d;
	(void)f;
	return (void *)1;
}

int xc_interface_close(xc_interface *h)
{
	(void)h;
	return 0;
}

/* The file's first letter: 's' shut down, 'd' dying. */
int xc_domain_getinfo(xc_interface *h, uint32_t first, unsigned int n,
		      xc_dominfo_t *info)
{
	FILE *f = fopen(in_dir("%s/dom%u", first), "r");
	int c;

	(void)h;
	(void)n;
	if (!f)
		return 0;
	c = fgetc(f);
	fclose(f);
	memset(info, 0, sizeof(*info));
	info->domid = first;
	info->shutdown = c == 's';
	info->dying = c == 'd';
	return 1;
}

/* Dom0's page and port, which the kernel would give. */
static int redirect(const char *path, int flags, int mode)
{
	if (!strcmp(path, "/proc/xen/xsd_port"))
		path = in_dir("%s/port0", 0);
	else if (!strcmp(path, "/proc/xen/xsd_kva"))
		path = in_dir("%s/ring0", 0);
	return openat(AT_FDCWD, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
	return redirect(path, flags, 0666);
}

int open64(const char *path, int flags, ...)
{
	return redirect(path, flags, 0666);
}
