// SPDX-License-Identifier: GPL-2.0-only
/* xenstored: options, the order of starting, and the loop. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "daemon.h"
#include "xy_loop.h"
#include "xs.h"
#include "xy_daemon.h"

struct options {
	bool foreground, no_dom0, no_xen, print_pid, verbose;
	const char *pid_file, *trace_file;
};

static FILE *trace;
static const char *trace_path;
static bool stopping;

void log_line(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("xenstored: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
}

static void host_log(void *ctx, const char *line)
{
	(void)ctx;
	log_line("%s", line);
}

static void host_wake(void *ctx, struct store_conn *conn)
{
	(void)ctx;
	if (store_conn_is_socket(conn))
		socket_wake(conn);
	else
		guests_wake(conn);
}

static void host_trace(void *ctx, const struct store_conn *conn, bool out,
		       const char *type, const char *payload, size_t len)
{
	FILE *f = trace ? trace : stderr;

	(void)ctx;
	fprintf(f, "%s %u%s %s ", out ? "OUT" : "IN ", store_conn_domid(conn),
		store_conn_is_socket(conn) ? "s" : "", type);
	/* What a guest sends must not steer a terminal. */
	for (size_t i = 0; i < len && i < 512; i++)
		fputc(payload[i] >= ' ' && payload[i] < 127 ? payload[i] :
		      payload[i] ? '?' : ' ', f);
	fputc('\n', f);
	fflush(f);
}

static const struct store_host host = {
	.domain_exists = guests_domain_exists,
	.introduce = guests_introduce,
	.release = guests_release,
	.wake = host_wake,
	.log = host_log,
	.trace = host_trace,
};

static const char usage[] =
"Usage: xenstored [options]\n"
"  -N, --no-fork            stay in the foreground\n"
"  -F, --pid-file FILE      write the process id there\n"
"  -P, --output-pid         print the process id\n"
"  -Q, --quota NAME=VALUE   set a limit for guests (see -q)\n"
"  -q, --list-quotas        print all limits and exit\n"
"  -E, --entry-nb; -S, --entry-size; -W, --watch-nb; -t, --transaction;\n"
"  -A, --perm-nb; -M, --path-max N; --quota-soft memory=N\n"
"                           the same limits by the names Xen's has for them\n"
"  -T, --trace-file FILE    log every message there\n"
"  -V, --verbose            log every message to standard error\n"
"  -D, --no-domain-init     do not connect dom0's kernel\n"
"      --no-xen             serve the socket only, without a hypervisor\n"
"  -I, --internal-db, -R, --no-recovery\n"
"                           accepted: the store is always in memory\n"
"  -H, --help\n"
"The socket is XENSTORED_RUNDIR/socket, /run/xenstored/socket by default.\n";

static void list_quotas(struct store *s)
{
	const char *name, *what;
	unsigned int value;

	for (unsigned int i = 0; store_get_quota(s, i, &name, &value, &what); i++)
		printf("%-18s %8u  %s\n", name, value, what);
}

static bool set_quota(struct store *s, char *text)
{
	char *eq = strchr(text, '=');
	char *end;
	unsigned long value;

	if (!eq || eq[1] < '0' || eq[1] > '9')
		return false;
	*eq = '\0';
	value = strtoul(eq + 1, &end, 10);
	if (!*end && value <= UINT_MAX && !store_set_quota(s, text, value))
		return true;
	*eq = '=';
	return false;
}

/* Options of Xen's xenstored that are limits of ours by another name; 0: none. */
static const char *quota_of(int option)
{
	switch (option) {
	case 'E': return "nodes";
	case 'S': return "node-size";
	case 'W': return "watches";
	case 't': return "transactions";
	case 'A': return "node-permissions";
	case 'M': return "path-max";
	}
	return NULL;
}

/* "soft" is what Xen's calls a limit above which there is only a word in the log. */
static void take_quota(struct store *s, int option, const char *value)
{
	const char *name = quota_of(option);
	char text[64];

	if (name)
		snprintf(text, sizeof(text), "%s=%s", name, value);
	else if (option != 'Q' && !strncmp(value, "memory=", 7))
		snprintf(text, sizeof(text), "memory-soft=%s", value + 7);
	else
		snprintf(text, sizeof(text), "%s", value);
	if (set_quota(s, text))
		return;
	log_line("bad quota \"%s\": want NAME=VALUE, with a name of --list-quotas", text);
	exit(1);
}

enum { OPT_NO_XEN = 256, OPT_SOFT };

static const struct option long_options[] = {
	{ "no-fork", no_argument, NULL, 'N' },
	{ "pid-file", required_argument, NULL, 'F' },
	{ "output-pid", no_argument, NULL, 'P' },
	{ "quota", required_argument, NULL, 'Q' },
	{ "quota-soft", required_argument, NULL, OPT_SOFT },
	{ "entry-nb", required_argument, NULL, 'E' },
	{ "entry-size", required_argument, NULL, 'S' },
	{ "watch-nb", required_argument, NULL, 'W' },
	{ "transaction", required_argument, NULL, 't' },
	{ "perm-nb", required_argument, NULL, 'A' },
	{ "path-max", required_argument, NULL, 'M' },
	{ "list-quotas", no_argument, NULL, 'q' },
	{ "trace-file", required_argument, NULL, 'T' },
	{ "verbose", no_argument, NULL, 'V' },
	{ "no-domain-init", no_argument, NULL, 'D' },
	{ "no-xen", no_argument, NULL, OPT_NO_XEN },
	{ "internal-db", optional_argument, NULL, 'I' },
	{ "no-recovery", no_argument, NULL, 'R' },
	{ "help", no_argument, NULL, 'H' },
	{ NULL, 0, NULL, 0 }
};

static void parse_options(int argc, char **argv, struct store *s,
			  struct options *o)
{
	int c;

	while ((c = getopt_long(argc, argv, "NF:PQ:qT:VDI::RHE:S:W:t:A:M:", long_options,
				NULL)) != -1) {
		switch (c) {
		case 'N': o->foreground = true; break;
		case 'F': o->pid_file = optarg; break;
		case 'P': o->print_pid = true; break;
		case 'T': o->trace_file = optarg; break;
		case 'V': o->verbose = true; break;
		case 'D': o->no_dom0 = true; break;
		case OPT_NO_XEN: o->no_xen = o->no_dom0 = true; break;
		case 'I': case 'R': break;
		case 'E': case 'S': case 'W': case 't': case 'A': case 'M': case 'Q': case OPT_SOFT:
			take_quota(s, c, optarg);
			break;
		case 'q':
			list_quotas(s);
			exit(0);
		case 'H':
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

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ull + ts.tv_nsec / 1000000;
}

static int open_trace(void)
{
	FILE *f = fopen(trace_path, "ae");

	if (!f)
		return -errno;
	if (trace)
		fclose(trace);
	trace = f;
	return 0;
}

/* The file may have been renamed; a new one that cannot be had leaves the old. */
static void reopen_trace(void)
{
	int err = trace_path ? open_trace() : 0;

	if (err)
		log_line("%s: %s", trace_path, strerror(-err));
}

static void on_signal(int sig)
{
	if (sig == SIGHUP)
		reopen_trace();
	else
		stopping = true;
}

/* Programs of the distribution look below /var/run, which is /run there. */
static void link_var_run(const char *rundir)
{
	struct stat a, b;

	if (strcmp(rundir, "/run/xenstored") || stat("/run", &a))
		return;
	if (!stat("/var/run", &b) && a.st_ino == b.st_ino && a.st_dev == b.st_dev)
		return;
	xy_make_dirs("/var/run", 0755);
	if (symlink(rundir, "/var/run/xenstored") && errno != EEXIST)
		log_line("/var/run/xenstored: %s", strerror(errno));
}

static int open_socket(struct store *s)
{
	const char *rundir = xs_daemon_rundir();
	int err = xy_make_dirs(rundir, 0755);

	if (!err) {
		link_var_run(rundir);
		umask(077);
		err = socket_listen(s, xs_daemon_socket());
		umask(022);
	}
	if (err)
		log_line("%s: %s", xs_daemon_socket(), strerror(-err));
	return err;
}

static void check(int err, const char *what)
{
	if (!err)
		return;
	log_line("%s: %s", what, strerror(-err));
	exit(1);
}

static int start(struct options *o, struct guests *g, struct store *s)
{
	guests_start(g, s);
	if (open_socket(s))
		return -1;
	/* After the socket: dom0's kernel may ask at once. */
	if (!o->no_dom0)
		check(guests_introduce_dom0(g), "dom0's ring (is the kernel's "
		      "xenbus_backend module loaded, or /proc/xen mounted?)");
	trace_path = o->trace_file;
	if (trace_path)
		check(open_trace(), trace_path);
	store_set_trace(s, o->trace_file || o->verbose);
	check(xy_daemon_ready(o->pid_file), "pid file");
	if (o->print_pid) {
		printf("%d\n", (int)getpid());
		fflush(stdout);
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	struct guests *g;
	struct store *s;
	uint64_t secret = 0;

	if (getrandom(&secret, sizeof(secret), GRND_NONBLOCK) < 0)
		secret = now_ms() * 0x9e3779b97f4a7c15u;
	umask(022);
	/* A socket for each program, of which every guest may have one. */
	xy_raise_files(65536);
	/* The guests are the engine's context, and must exist before it. */
	g = guests_alloc();
	s = g ? store_new(&host, g, secret) : NULL;
	check(s ? 0 : -ENOMEM, "start");
	parse_options(argc, argv, s, &o);
	if (!o.foreground)
		check(xy_daemon_fork(), "fork");
	check(loop_init(), "epoll");
	check(loop_add_signals(on_signal), "signalfd");
	store_set_time(s, now_ms());
	if (!o.no_xen && guests_open(g))
		return 1;
	if (start(&o, g, s))
		return 1;
	while (!stopping)
		loop_round(store_set_time(s, now_ms()));
	if (o.pid_file)
		unlink(o.pid_file);
	return 0;
}
