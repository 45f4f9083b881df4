// SPDX-License-Identifier: GPL-2.0-only
/* Commands that make a domain or attach to one: create, console. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "domain.h"
#include "dryrun.h"
#include "uuid.h"
#include "xy_domctl.h"

struct create_opts {
	bool console, paused, quiet, dry, foreground, unattended;
	const char *file;
};

/* "key=value" arguments are lines of a file of their own. */
static struct cfg *parse_extra(int argc, char **argv)
{
	struct cfg_error err;
	struct cfg *cfg;
	size_t len = 1;
	char *text;

	for (int i = 0; i < argc; i++)
		len += strlen(argv[i]) + 1;
	text = xl_alloc(len);
	for (int i = 0; i < argc; i++)
		strcat(strcat(text, argv[i]), "\n");
	cfg = cfg_parse("command line", text, strlen(text), &err);
	free(text);
	if (!cfg)
		xl_error("%s", err.text);
	return cfg;
}

/*
 * What the configuration leaves open is settled here, once: it stays the same
 * when the guest is restarted.
 */
static bool settle_identity(struct domcfg *d)
{
	bool ok = d->has_uuid || uuid_random(d->uuid);

	for (unsigned int i = 0; ok && i < d->nr_vifs; i++)
		ok = d->vifs[i].has_mac || vif_make_mac(&d->vifs[i]);
	if (!ok)
		xl_error("no random numbers for UUID and MAC addresses: %s", strerror(errno));
	return ok;
}

/* The process that starts the guest again, when it reboots, works in "/". */
static void make_absolute(char **path)
{
	char *here, *full;

	if (!*path || **path == '/')
		return;
	here = getcwd(NULL, 0);
	if (!here)
		return;
	full = xl_printf("%s/%s", here, *path);
	free(here);
	free(*path);
	*path = full;
}

/* What the host's configuration says about what this one leaves open. */
static void complete(const struct xl_conf *conf, struct domcfg *d)
{
	for (unsigned int i = 0; i < d->nr_vifs; i++)
		if (!conf_complete_vif(conf, &d->vifs[i])) {
			xl_error("out of memory");
			exit(1);
		}
	make_absolute(&d->kernel);
	make_absolute(&d->ramdisk);
	if (!d->max_grant_frames)
		d->max_grant_frames = conf->max_grant_frames ? conf->max_grant_frames : 64;
	if (!d->has_maptrack)
		d->max_maptrack_frames = conf->max_maptrack_frames ? conf->max_maptrack_frames : 1024;
}

static struct domcfg *load_config(struct xl *xl, const struct create_opts *o, int argc,
				  char **argv)
{
	struct cfg *sources[2] = { xl_parse_file(o->file), NULL };
	struct domcfg *d = NULL;
	struct cfg_error err;

	if (sources[0])
		sources[1] = parse_extra(argc, argv);
	if (sources[1]) {
		d = domcfg_make(sources, 2, xl_warn, &err);
		if (!d)
			xl_error("%s", err.text);
		else
			complete(&xl->conf, d);
	}
	cfg_free(sources[0]);
	cfg_free(sources[1]);
	return d;
}

static bool unpause(struct xl *xl, unsigned int domid)
{
	int ret = xy_domain_unpause(xl->call, domid);

	if (ret)
		xl_error("cannot start domain %u: %s", domid, strerror(-ret));
	return !ret;
}

/*
 * Who presses Ctrl-C wants no domain, not half of one: the signals wait until it is
 * whole, which is bounded, and then undo it.
 */
static void hold_signals(sigset_t *stop, sigset_t *before)
{
	sigemptyset(stop);
	sigaddset(stop, SIGINT);
	sigaddset(stop, SIGTERM);
	sigaddset(stop, SIGHUP);
	sigprocmask(SIG_BLOCK, stop, before);
}

static bool signal_came(const sigset_t *stop)
{
	sigset_t pending;

	sigpending(&pending);
	for (int sig = 1; sig < NSIG; sig++)
		if (sigismember(stop, sig) == 1 && sigismember(&pending, sig) == 1)
			return true;
	return false;
}

/* The paused domain gets who watches over it, and its console; -1 when it may not run. */
static int prepare(struct xl *xl, const struct create_opts *o, struct domcfg *cfg,
		   unsigned int domid, int *tty)
{
	struct xy_err err;

	if (!o->unattended && !o->foreground && !monitor_start(xl, cfg, domid, &err)) {
		xl_error("%s", err.text);
		return -1;
	}
	/* The guest runs even when its console cannot be had. */
	if (o->console)
		*tty = console_open(xl, domid);
	return 0;
}

static int create(struct xl *xl, const struct create_opts *o, struct domcfg *cfg)
{
	sigset_t stop, before;
	struct xy_err err;
	int domid, ret, tty = -1;

	hold_signals(&stop, &before);
	domid = domain_create(xl, cfg, &err);
	if (domid < 0) {
		xl_error("cannot create \"%s\": %s", cfg->name, err.text);
		return 1;
	}
	ret = signal_came(&stop) ? 0 : prepare(xl, o, cfg, (unsigned int)domid, &tty);
	if (ret || signal_came(&stop)) {
		if (!ret)
			xl_error("interrupted: \"%s\" is taken away again", cfg->name);
		domain_destroy(xl, (unsigned int)domid, &err);
		return 1;
	}
	if (!o->paused && !unpause(xl, (unsigned int)domid))
		return 1;
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (o->foreground)
		return monitor_run(xl, cfg, (unsigned int)domid);
	if (tty >= 0)
		console_relay(tty, CONSOLE_ESCAPE);
	return o->console && tty < 0;
}

static const struct option create_options[] = {
	{ "defconfig", 1, NULL, 'f' }, { "quiet", 0, NULL, 'q' }, { "dryrun", 0, NULL, 'n' },
	/* There are no such masks here. */
	{ "ignore-global-affinity-masks", 0, NULL, 'm' },
	/* Nor screens to look at. */
	{ "vncviewer", 0, NULL, 'm' }, { "vncviewer-autopass", 0, NULL, 'm' }, { 0 },
};

static bool create_args(int argc, char **argv, struct create_opts *o)
{
	int opt;

	while ((opt = getopt_long(argc, argv, "FcepqnVAf:", create_options, NULL)) != -1) {
		switch (opt) {
		case 'F':
			o->foreground = true;
			break;
		case 'c':
			o->console = true;
			break;
		case 'e':
			o->unattended = true;
			break;
		case 'p':
			o->paused = true;
			break;
		case 'q':
			o->quiet = true;
			break;
		case 'n':
			o->dry = true;
			break;
		case 'V': case 'A': case 'm':
			break;
		case 'f':
			o->file = optarg;
			break;
		default:
			return false;
		}
	}
	if (o->console && o->foreground) {
		xl_error("-c and -F exclude each other");
		return false;
	}
	return true;
}

static int cmd_create(struct xl *xl, int argc, char **argv)
{
	struct create_opts o = { .dry = xl->dry };
	struct domcfg *cfg;
	int status;

	if (!create_args(argc, argv, &o))
		return 2;
	/* The first operand is the file, unless it is a setting or -f named one. */
	if (!o.file && optind < argc && !strchr(argv[optind], '='))
		o.file = argv[optind++];
	for (int i = optind; i < argc; i++) {
		if (strchr(argv[i], '='))
			continue;
		xl_error("\"%s\" is not a setting (key=value), and there is one file already",
			 argv[i]);
		return 2;
	}
	if (!o.file) {
		xl_error("a configuration file is missing");
		return 1;
	}
	if (!o.quiet)
		fprintf(stderr, "Parsing config from %s\n", o.file);
	cfg = load_config(xl, &o, argc - optind, argv + optind);
	if (!cfg)
		return 1;
	status = !settle_identity(cfg);
	if (!status && o.dry)
		dry_domain(cfg);
	else if (!status)
		status = create(xl, &o, cfg);
	domcfg_free(cfg);
	return status;
}

static int cmd_console(struct xl *xl, int argc, char **argv)
{
	char escape = CONSOLE_ESCAPE;
	int domid, opt, tty;

	while ((opt = getopt(argc, argv, "t:n:e:")) != -1) {
		if (opt == 't' && !strcmp(optarg, "pv"))
			continue;
		if (opt == 'n' && !strcmp(optarg, "0"))
			continue;
		if (opt == 'e' && optarg[0]) {
			/* "a" and "^a" are Ctrl-a. */
			escape = optarg[optarg[0] == '^' && optarg[1]] & 0x1f;
			continue;
		}
		if (opt == '?')
			return 2;
		xl_error("only the first paravirtual console is there: -%c %s is not supported", opt,
			 optarg);
		return 1;
	}
	if (optind == argc) {
		xl_usage(xl_find_cmd("console"));
		return 2;
	}
	domid = xl_domain(xl, argv[optind]);
	tty = domid < 0 ? -1 : console_open(xl, (unsigned int)domid);
	if (tty >= 0)
		console_relay(tty, escape);
	return tty < 0;
}

const struct xl_cmd xl_cmds_create[] = {
	{ "create", cmd_create, XL_CALL | XL_STORE, 1, "<ConfigFile> [options] [vars]",
	  "Create a domain from config file <filename>",
	  "-c                      Connect to the console after the domain is created.\n"
	  "-p                      Leave the domain paused after it is created.\n"
	  "-q, --quiet             Quiet.\n"
	  "-n, --dryrun            Only check the configuration, and print it as JSON.\n"
	  "-f FILE, --defconfig=FILE\n"
	  "                        Use the given configuration file.\n"
	  "-F                      Run in foreground until death of the domain.\n"
	  "-e                      Do not wait in the background for the death of the domain.\n" },
	{ "console", cmd_console, XL_STORE, 1, "[-t pv] [-e CHAR] <Domain>",
	  "Attach to domain's console", "Ctrl-] detaches, or Ctrl-CHAR.\n" },
	{ 0 },
};
