// SPDX-License-Identifier: GPL-2.0-only
/* The process that stays with a domain and acts when it ends. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <xen/sched.h>

#include "device.h"
#include "domain.h"
#include "uuid.h"
#include "xy_domctl.h"

#define LOG_MAX		(1 << 20)	/* bytes */
#define MIN_LIFE_SECONDS 2	/* a guest that ends sooner is restarted no faster */

static time_t now_seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

/*
 * Waits for the domain's end: 0 and its shutdown reason, or -ESRCH when it is
 * being destroyed or gone.
 */
static int wait_for_end(struct xl *xl, unsigned int domid, unsigned int *reason)
{
	if (!xs_watch(xl->xs, "@releaseDomain", "monitor"))
		return -EIO;
	for (;;) {
		struct xen_domctl_getdomaininfo d;
		unsigned int n;
		char **event;
		int ret = xy_domain_info(xl->call, domid, &d);

		if (ret || d.flags & XEN_DOMINF_dying) {
			xs_unwatch(xl->xs, "@releaseDomain", "monitor");
			return ret ? ret : -ESRCH;
		}
		if (d.flags & XEN_DOMINF_shutdown) {
			*reason = d.flags >> XEN_DOMINF_shutdownshift & XEN_DOMINF_shutdownmask;
			xs_unwatch(xl->xs, "@releaseDomain", "monitor");
			return 0;
		}
		event = xs_read_watch(xl->xs, &n);
		if (!event && errno != EINTR)
			return -EIO;
		free(event);
	}
}

static enum dom_action action_for(const struct domcfg *cfg, unsigned int reason)
{
	switch (reason) {
	case SHUTDOWN_poweroff:
		return cfg->on_poweroff;
	case SHUTDOWN_reboot:
		return cfg->on_reboot;
	case SHUTDOWN_watchdog:
		return cfg->on_watchdog;
	case SHUTDOWN_crash:
		return cfg->on_crash;
	case SHUTDOWN_suspend:
		return ACT_PRESERVE;	/* who suspended it knows what for */
	}
	return ACT_DESTROY;
}

/* The name of a domain that makes room for its successor. */
static bool rename_old(struct xl *xl, const struct domcfg *cfg, unsigned int domid,
		       struct xy_err *err)
{
	char *name = xl_printf("%s-%u", cfg->name, domid);
	bool ok = domain_rename(xl, domid, name, err);

	free(name);
	return ok;
}

static bool start_again(struct xl *xl, const struct domcfg *cfg, unsigned int *domid,
			struct xy_err *err)
{
	int id = domain_create(xl, cfg, err), ret;

	if (id < 0)
		return false;
	*domid = (unsigned int)id;
	ret = xy_domain_unpause(xl->call, *domid);
	if (ret)
		xy_fail(err, ret, "cannot start domain %u: %s", *domid, strerror(-ret));
	return !ret;
}

static bool makes_new(enum dom_action action)
{
	return action == ACT_RESTART || action == ACT_COREDUMP_RESTART ||
	       action == ACT_RENAME_RESTART;
}

/* Acts on an end; true when there is a new domain to stay with. */
static bool act(struct xl *xl, const struct domcfg *cfg, unsigned int *domid,
		enum dom_action action, struct xy_err *err)
{
	struct domcfg fresh;

	err->text[0] = '\0';
	if (action == ACT_COREDUMP_DESTROY || action == ACT_COREDUMP_RESTART)
		printf("Core dumps are not supported: none is made of domain %u\n", *domid);
	switch (action) {
	case ACT_PRESERVE:
		printf("Domain %u is preserved\n", *domid);
		return false;
	case ACT_DESTROY:
	case ACT_COREDUMP_DESTROY:
		if (domain_destroy(xl, *domid, err))
			printf("Domain %u needs to be cleaned up: destroyed\n", *domid);
		return false;
	case ACT_RENAME_RESTART:
		/* The old one keeps the UUID, which names its nodes; not its disks. */
		fresh = *cfg;
		if (!rename_old(xl, cfg, *domid, err))
			return false;
		device_remove_all(xl, *domid);
		return uuid_random(fresh.uuid) && start_again(xl, &fresh, domid, err);
	case ACT_RESTART:
	case ACT_COREDUMP_RESTART:
		return domain_destroy(xl, *domid, err) && start_again(xl, cfg, domid, err);
	}
	return false;
}

/* Who destroys a domain while it waits to be started again wants no other. */
static bool still_down(struct xl *xl, unsigned int domid)
{
	struct xen_domctl_getdomaininfo d;

	return !xy_domain_info(xl->call, domid, &d) &&
	       (d.flags & (XEN_DOMINF_shutdown | XEN_DOMINF_dying)) == XEN_DOMINF_shutdown;
}

/* A guest that reboots for ever writes three lines each time: the file starts anew. */
static void bound_log(void)
{
	struct stat st;

	if (!fstat(STDOUT_FILENO, &st) && S_ISREG(st.st_mode) && st.st_size > LOG_MAX &&
	    ftruncate(STDOUT_FILENO, 0))
		xl_error("cannot shorten the log: %s", strerror(errno));
}

int monitor_run(struct xl *xl, struct domcfg *cfg, unsigned int domid)
{
	struct xy_err err;

	for (;;) {
		time_t started = now_seconds();
		unsigned int reason;
		enum dom_action action;
		int ret;

		bound_log();
		printf("Waiting for domain %s (domid %u) to die [pid %d]\n", cfg->name, domid,
		       (int)getpid());
		fflush(stdout);
		ret = wait_for_end(xl, domid, &reason);
		if (ret == -ESRCH) {
			printf("Domain %u has been destroyed.\n", domid);
			return 0;
		}
		if (ret) {
			xl_error("cannot watch domain %u any longer: %s", domid, strerror(-ret));
			return 1;
		}
		action = action_for(cfg, reason);
		printf("Domain %u has shut down, reason code %u 0x%x\n", domid, reason, reason);
		fflush(stdout);
		if (makes_new(action) && now_seconds() - started < MIN_LIFE_SECONDS)
			sleep(MIN_LIFE_SECONDS);
		if (!still_down(xl, domid)) {
			printf("Domain %u has been destroyed.\n", domid);
			return 0;
		}
		if (makes_new(action))
			domain_reload(xl, domid, cfg);
		if (!act(xl, cfg, &domid, action, &err)) {
			if (err.text[0])
				xl_error("%s", err.text);
			return err.text[0] != '\0';
		}
	}
}

static int open_log(const char *name, struct xy_err *err)
{
	char *path = xl_printf(XL_LOG_DIR "/xl-%s.log", name), *old = xl_printf("%s.1", path);
	int fd;

	mkdir(XL_LOG_DIR, 0755);
	rename(path, old);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
	if (fd < 0)
		xy_fail(err, -errno, "cannot make the log %s: %s", path, strerror(errno));
	free(old);
	free(path);
	return fd;
}

/* In the child: away from the terminal, with handles of its own. */
static bool settle(struct xl *xl, int log)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;

	/* The parent holds some back until the guest runs. */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (null < 0 || setsid() < 0 || dup2(null, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0)
		return false;
	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	/* The parent's connections stay the parent's: used by two they would mix. */
	xs_daemon_destroy_postfork(xl->xs);
	xl->xs = NULL;
	xl->call = NULL;
	return xl_open(xl, XL_CALL | XL_STORE);
}

/*
 * The child writes one byte when it watches over the domain: the caller may only
 * then let the guest run, or its end could pass unseen.
 */
static void child(struct xl *xl, struct domcfg *cfg, unsigned int domid, int log, int ready)
{
	if (!settle(xl, log) || chdir("/") || write(ready, "", 1) != 1)
		_exit(1);
	close(ready);
	_exit(monitor_run(xl, cfg, domid));
}

bool monitor_start(struct xl *xl, struct domcfg *cfg, unsigned int domid,
		   struct xy_err *err)
{
	int log = open_log(cfg->name, err), ready[2];
	pid_t pid;
	char byte;
	bool ok;

	if (log < 0)
		return false;
	if (pipe2(ready, O_CLOEXEC)) {
		xy_fail(err, -errno, "cannot make a pipe: %s", strerror(errno));
		close(log);
		return false;
	}
	fflush(NULL);
	pid = fork();
	if (!pid)
		child(xl, cfg, domid, log, ready[1]);
	close(log);
	close(ready[1]);
	ok = pid > 0 && read(ready[0], &byte, 1) == 1;
	close(ready[0]);
	if (!ok)
		xy_fail(err, -EIO, "cannot start the process that watches over the domain (see "
			XL_LOG_DIR "/xl-%s.log)", cfg->name);
	return ok;
}
