/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "xy_evtchn.h"
#include "xy_linux.h"

struct xy_evtchn {
	int fd;
};

int xy_evtchn_open(struct xy_evtchn **out)
{
	struct xy_evtchn *e = malloc(sizeof(*e));

	if (!e)
		return -ENOMEM;
	e->fd = open("/dev/xen/evtchn", O_RDWR | O_CLOEXEC);
	if (e->fd < 0) {
		int err = -errno;

		free(e);
		return err;
	}
	*out = e;
	return 0;
}

void xy_evtchn_close(struct xy_evtchn *e)
{
	if (!e)
		return;
	close(e->fd);
	free(e);
}

int xy_evtchn_fd(const struct xy_evtchn *e)
{
	return e->fd;
}

static int command(struct xy_evtchn *e, unsigned long cmd, void *arg)
{
	int ret = ioctl(e->fd, cmd, arg);

	return ret < 0 ? -errno : ret;
}

int xy_evtchn_bind_virq(struct xy_evtchn *e, unsigned int virq)
{
	struct xyl_evtchn_bind_virq arg = { .virq = virq };

	return command(e, XYL_EVTCHN_BIND_VIRQ, &arg);
}

int xy_evtchn_bind_interdomain(struct xy_evtchn *e, uint16_t domid, uint32_t remote_port)
{
	struct xyl_evtchn_bind_interdomain arg = {
		.remote_domain = domid, .remote_port = remote_port,
	};

	return command(e, XYL_EVTCHN_BIND_INTERDOMAIN, &arg);
}

int xy_evtchn_bind_unbound(struct xy_evtchn *e, uint16_t domid)
{
	struct xyl_evtchn_bind_unbound arg = { .remote_domain = domid };

	return command(e, XYL_EVTCHN_BIND_UNBOUND, &arg);
}

int xy_evtchn_unbind(struct xy_evtchn *e, uint32_t port)
{
	struct xyl_evtchn_port arg = { .port = port };

	return command(e, XYL_EVTCHN_UNBIND, &arg);
}

int xy_evtchn_notify(struct xy_evtchn *e, uint32_t port)
{
	struct xyl_evtchn_port arg = { .port = port };

	return command(e, XYL_EVTCHN_NOTIFY, &arg);
}

int xy_evtchn_pending(struct xy_evtchn *e)
{
	uint32_t port;
	ssize_t n = read(e->fd, &port, sizeof(port));

	if (n < 0)
		return -errno;
	return n == sizeof(port) ? (int)port : -EIO;
}

int xy_evtchn_unmask(struct xy_evtchn *e, uint32_t port)
{
	ssize_t n = write(e->fd, &port, sizeof(port));

	if (n < 0)
		return -errno;
	return n == sizeof(port) ? 0 : -EIO;
}
