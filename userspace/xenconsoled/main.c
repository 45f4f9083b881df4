// SPDX-License-Identifier: GPL-2.0-only
/* xenconsoled: options, the order of starting, and the loop. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "xenconsoled.h"
#include "xy_daemon.h"
#include "xy_loop.h"

#define DEFAULT_LOG_MIB 16

struct daemon daemon_state = {
	.log_dir = "/var/log/xen/console", .log_limit = DEFAULT_LOG_MIB << 20,
};

static bool stopping;

void log_line(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("xenconsoled: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
}

uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ull + ts.tv_nsec / 1000000;
}

static const char usage[] =
"Usage: xenconsoled [options]\n"
"  -i, --interactive        stay in the foreground\n"
"      --pid-file=FILE      write the process id there\n"
"      --log=none|guest|hv|all  what to keep in files\n"
"      --log-dir=DIR        where; default /var/log/xen/console\n"
"      --log-size=MIB       start a file anew when it has so many MiB, keeping one\n"
"                           old one; 0: never. Default 16\n"
"  -t, --timestamp=none|guest|hv|all  begin each line with the time\n"
"      --overflow-data=discard  accepted: old unread output is discarded\n"
"  -v, --verbose            accepted\n"
"  -V, --version\n"
"  -h, --help\n";

enum { OPT_PID = 256, OPT_LOG, OPT_DIR, OPT_SIZE, OPT_OVERFLOW, OPT_REPLACE };

static const struct option long_options[] = {
	{ "interactive", no_argument, NULL, 'i' },
	{ "pid-file", required_argument, NULL, OPT_PID },
	{ "log", required_argument, NULL, OPT_LOG },
	{ "log-dir", required_argument, NULL, OPT_DIR },
	{ "log-size", required_argument, NULL, OPT_SIZE },
	{ "timestamp", required_argument, NULL, 't' },
	{ "overflow-data", required_argument, NULL, OPT_OVERFLOW },
	{ "replace-escape", no_argument, NULL, OPT_REPLACE },
	{ "verbose", no_argument, NULL, 'v' },
	{ "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 }
};

static void bad(const char *option, const char *value)
{
	log_line("bad value \"%s\" of %s", value, option);
	fputs(usage, stderr);
	exit(1);
}

static void set_log_size(const char *text)
{
	char *end;
	unsigned long mib = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || mib > 1ul << 20)
		bad("--log-size", text);
	daemon_state.log_limit = (uint64_t)mib << 20;
}

static bool is_choice(const char *what)
{
	return !strcmp(what, "none") || !strcmp(what, "guest") || !strcmp(what, "hv") ||
	       !strcmp(what, "all");
}

static void set_log(const char *what)
{
	bool all = !strcmp(what, "all");

	if (!is_choice(what))
		bad("--log", what);
	daemon_state.log_guests = all || !strcmp(what, "guest");
	daemon_state.log_hv = all || !strcmp(what, "hv");
}

static void parse_options(int argc, char **argv, bool *foreground,
			  const char **pid_file)
{
	int c;

	while ((c = getopt_long(argc, argv, "it:vVh", long_options, NULL)) != -1) {
		switch (c) {
		case 'i': *foreground = true; break;
		case OPT_PID: *pid_file = optarg; break;
		case OPT_LOG: set_log(optarg); break;
		case OPT_DIR: daemon_state.log_dir = optarg; break;
		case OPT_SIZE: set_log_size(optarg); break;
		case 't':
			if (!is_choice(optarg))
				bad("--timestamp", optarg);
			daemon_state.timestamps = strcmp(optarg, "none");
			break;
		case OPT_OVERFLOW:
			if (strcmp(optarg, "discard"))
				bad("--overflow-data", optarg);
			break;
		case OPT_REPLACE:
		case 'v':
			break;
		case 'V':
			puts("xenconsoled of Xylem");
			exit(0);
		case 'h':
			fputs(usage, stdout);
			exit(0);
		default:
			fputs(usage, stderr);
			exit(1);
		}
	}
	if (optind < argc) {
		log_line("unexpected argument \"%s\"", argv[optind]);
		exit(1);
	}
}

static void check(int err, const char *what)
{
	if (!err)
		return;
	log_line("%s: %s", what, strerror(-err));
	exit(1);
}

static void evtchn_ready(struct source *s, uint32_t events)
{
	int port;

	(void)s;
	(void)events;
	while ((port = xy_evtchn_pending(daemon_state.evtchn)) >= 0) {
		/* An event that comes before the unmasking stays pending. */
		if (hvlog_event(port) || domains_event(port))
			xy_evtchn_unmask(daemon_state.evtchn, port);
	}
}

static void on_signal(int sig)
{
	if (sig == SIGHUP) {
		domains_reopen_logs();
		hvlog_reopen();
	} else {
		stopping = true;
	}
}

static void open_devices(void)
{
	static struct source source = { .ready = evtchn_ready };
	struct daemon *d = &daemon_state;
	int err;

	check(xy_call_open(&d->call), "/dev/xen/privcmd");
	check(xy_evtchn_open(&d->evtchn), "/dev/xen/evtchn");
	err = xy_gntdev_open(&d->gntdev);
	if (err) {
		log_line("/dev/xen/gntdev: %s; rings are mapped as frames",
			 strerror(-err));
		d->gntdev = NULL;
	}
	source.fd = xy_evtchn_fd(d->evtchn);
	if (fcntl(source.fd, F_SETFL, fcntl(source.fd, F_GETFL) | O_NONBLOCK))
		check(-errno, "/dev/xen/evtchn");
	check(loop_add(&source, EPOLLIN), "epoll");
	d->xs = xs_open(0);
	check(d->xs ? 0 : -errno, "xenstore (is xenstored running?)");
}

int main(int argc, char **argv)
{
	const char *pid_file = NULL;
	bool foreground = false;

	parse_options(argc, argv, &foreground, &pid_file);
	/* A terminal and a log for each guest. */
	xy_raise_files(65536);
	if (!foreground)
		check(xy_daemon_fork(), "fork");
	check(loop_init(), "epoll");
	check(loop_add_signals(on_signal), "signalfd");
	open_devices();
	if (daemon_state.log_hv && hvlog_start())
		log_line("the hypervisor's console is not logged");
	check(domains_start(), "watches");
	check(xy_daemon_ready(pid_file), pid_file ? pid_file : "ready");
	while (!stopping)
		loop_round(domains_tick());
	if (pid_file)
		unlink(pid_file);
	return 0;
}
