// SPDX-License-Identifier: GPL-2.0-only
/* xl: the command line, and the rows of all sub-commands. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xl.h"

#ifndef XYLEM_VERSION
#define XYLEM_VERSION "0.1"
#endif

static const struct xl_cmd *const groups[] = {
	xl_cmds_create, xl_cmds_life, xl_cmds_list, xl_cmds_tune, xl_cmds_sched,
	xl_cmds_device, xl_cmds_host,
};

#define NR_GROUPS (sizeof(groups) / sizeof(groups[0]))

const struct xl_cmd *xl_find_cmd(const char *name)
{
	for (size_t g = 0; g < NR_GROUPS; g++)
		for (const struct xl_cmd *c = groups[g]; c->name; c++)
			if (!strcmp(c->name, name))
				return c;
	return NULL;
}

void xl_usage(const struct xl_cmd *cmd)
{
	printf("Usage: xl [-v] %s %s\n\n%s.\n\n", cmd->name, cmd->args, cmd->summary);
	if (cmd->options)
		printf("Options:\n\n%s\n", cmd->options);
}

/* Of Xen's xl; who looks for one shall not take it for a slip of the keyboard. */
static const char *const not_here[] = {
	"cd-eject", "cd-insert", "channel-list", "config-update", "cpupool-cpu-add",
	"cpupool-cpu-remove", "cpupool-create", "cpupool-destroy", "cpupool-migrate",
	"cpupool-numa-split", "cpupool-rename", "devd", "dump-core", "getenforce", "loadpolicy",
	"migrate", "migrate-receive", "pci-assignable-add", "pci-assignable-list",
	"pci-assignable-remove", "pci-attach", "pci-detach", "pci-list", "qemu-monitor-command",
	"remus", "restore", "save", "sched-credit", "sched-rtds", "set-parameters", "setenforce",
	"top", "trigger", "usb-list", "usbctrl-attach", "usbdev-attach", "vncviewer",
};

static int no_such_command(const char *name)
{
	for (size_t i = 0; i < sizeof(not_here) / sizeof(not_here[0]); i++) {
		if (strcmp(not_here[i], name))
			continue;
		xl_error("\"%s\" of Xen's xl is not supported here; \"xl help\" lists what is", name);
		return 1;
	}
	xl_error("there is no command \"%s\"; \"xl help\" lists them", name);
	return 1;
}

static int help(const char *topic)
{
	const struct xl_cmd *cmd = topic ? xl_find_cmd(topic) : NULL;

	if (cmd) {
		xl_usage(cmd);
		return 0;
	}
	if (topic)
		return no_such_command(topic);
	printf("Usage xl [-vfN] <subcommand> [args]\n\nxl full list of subcommands:\n\n");
	for (size_t g = 0; g < NR_GROUPS; g++)
		for (const struct xl_cmd *c = groups[g]; c->name; c++)
			printf(" %-19s %s\n", c->name, c->summary);
	return 0;
}

bool xl_open(struct xl *xl, unsigned int needs)
{
	int ret;

	if (needs & XL_CALL) {
		ret = xy_call_open(&xl->call);
		if (ret) {
			xl_error("cannot open /dev/xen/privcmd: %s%s", strerror(-ret),
				 ret == -ENOENT ? " (not in a control domain, or the module "
						  "xen-privcmd is not loaded)" : "");
			return false;
		}
	}
	if (needs & (XL_STORE | XL_STORE_OPT)) {
		xl->xs = xs_open(0);
		if (!xl->xs && (needs & XL_STORE)) {
			xl_error("cannot connect to xenstore: %s (is xenstored running?)",
				 strerror(errno));
			return false;
		}
	}
	return true;
}

void xl_close(struct xl *xl)
{
	if (xl->xs)
		xs_close(xl->xs);
	xy_call_close(xl->call);
	xl->xs = NULL;
	xl->call = NULL;
}

static bool wants_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], "-h") || !strcmp(argv[i], "--help"))
			return true;
	return false;
}

/*
 * A command without options of its own still takes "--", and refuses what looks like
 * one; *@argc and *@argv become what is left, behind the command's name.
 */
static bool no_options(int *argc, char ***argv)
{
	int opt = getopt(*argc, *argv, "");

	*argc -= optind - 1;
	*argv += optind - 1;
	return opt == -1;
}

static int run(struct xl *xl, const struct xl_cmd *cmd, int argc, char **argv)
{
	int status;

	if (wants_help(argc, argv)) {
		xl_usage(cmd);
		return 0;
	}
	if (!cmd->options && !no_options(&argc, &argv))
		return 2;
	if (argc - 1 < cmd->min_args) {
		fprintf(stderr, "'xl %s' requires at least %d argument%s.\n\n", cmd->name,
			cmd->min_args, cmd->min_args == 1 ? "" : "s");
		xl_usage(cmd);
		return 2;
	}
	xl_load_conf(xl);
	status = xl_open(xl, cmd->needs) ? cmd->run(xl, argc, argv) : 1;
	xl_close(xl);
	conf_free(&xl->conf);
	if (fflush(stdout) || ferror(stdout)) {
		xl_error("cannot write to standard output: %s", strerror(errno));
		status = 1;
	}
	return status;
}

static const struct option global_options[] = {
	{ "version", 0, NULL, 'V' }, { "help", 0, NULL, 'h' }, { 0 },
};

int main(int argc, char **argv)
{
	struct xl xl = { 0 };
	const struct xl_cmd *cmd;
	int opt;

	/* "+": options behind the sub-command are the sub-command's. */
	while ((opt = getopt_long(argc, argv, "+vfNtTh", global_options, NULL)) != -1) {
		switch (opt) {
		case 'v':
			xl.verbose++;
			break;
		case 'N':
			xl.dry = true;
			break;
		case 'f': case 't': case 'T':
			break;	/* Xen's xl has them; nothing here differs */
		case 'V':
			printf("xl (Xylem) %s\n", XYLEM_VERSION);
			return 0;
		case 'h':
			return help(NULL);
		default:
			return 1;
		}
	}
	if (optind == argc) {
		help(NULL);
		return 1;
	}
	argc -= optind;
	argv += optind;
	optind = 0;		/* the sub-command starts afresh */
	if (!strcmp(argv[0], "help"))
		return help(argv[1]);
	cmd = xl_find_cmd(argv[0]);
	return cmd ? run(&xl, cmd, argc, argv) : no_such_command(argv[0]);
}
