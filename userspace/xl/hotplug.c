// SPDX-License-Identifier: GPL-2.0-only
/* Hot-plug scripts: the interface of libxl, for configurations that name one. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "device.h"

#define SCRIPT_SECONDS 40

char *hotplug_path(const char *script)
{
	return *script == '/' ? xl_strdup(script) : xl_printf(XL_SCRIPT_DIR "/%s", script);
}

static void set_environment(const struct device *dev, const char *script, const char *vif)
{
	char path[64];

	snprintf(path, sizeof(path), "backend/%s/%u/%u", dev->kind, dev->domid, dev->devid);
	setenv("script", script, 1);
	setenv("XENBUS_TYPE", dev->kind, 1);
	setenv("XENBUS_PATH", path, 1);
	setenv("XENBUS_BASE_PATH", "backend", 1);
	if (vif) {
		setenv("vif", vif, 1);
		setenv("INTERFACE", vif, 1);
		setenv("netdev", "", 0);
	}
}

/* Exit status of @pid, or -1 when it had to be killed. */
static int wait_for(pid_t pid)
{
	const struct timespec tick = { .tv_nsec = 20 * 1000000 };
	int status;

	for (int i = 0; i < SCRIPT_SECONDS * 50; i++) {
		pid_t got = waitpid(pid, &status, WNOHANG);

		if (got == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
		if (got < 0 && errno != EINTR)
			return 128;
		nanosleep(&tick, NULL);
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return -1;
}

bool hotplug_run(const struct device *dev, const char *script, const char *action,
		 const char *arg2, const char *vif, struct xy_err *err)
{
	pid_t pid;
	int status;

	fflush(NULL);
	pid = fork();
	if (pid < 0) {
		xy_fail(err, -errno, "cannot start %s: %s", script, strerror(errno));
		return false;
	}
	if (!pid) {
		sigset_t none;

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		set_environment(dev, script, vif);
		execl(script, script, action, arg2, (char *)NULL);
		fprintf(stderr, "xl: cannot run %s: %s\n", script, strerror(errno));
		_exit(127);
	}
	status = wait_for(pid);
	if (!status)
		return true;
	if (status < 0)
		xy_fail(err, -ETIMEDOUT, "%s %s did not end within %d s", script, action,
			SCRIPT_SECONDS);
	else
		xy_fail(err, -EIO, "%s %s ended with status %d", script, action, status);
	return false;
}

void hotplug_undo(struct xl *xl, const struct device *dev, const char *action, const char *arg2,
		  const char *vif)
{
	char *script = xl_read(xl, "/local/domain/0/backend/%s/%u/%u/script", dev->kind,
			       dev->domid, dev->devid);
	char *native = xl_read(xl, "/local/domain/0/backend/%s/%u/%u/" DEVICE_NATIVE, dev->kind,
			       dev->domid, dev->devid);
	struct xy_err err;

	if (!native && script && *script && !hotplug_run(dev, script, action, arg2, vif, &err))
		xl_error("%s", err.text);
	free(native);
	free(script);
}
