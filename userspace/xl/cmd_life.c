// SPDX-License-Identifier: GPL-2.0-only
/* Commands that stop and go: shutdown, reboot, destroy, pause, unpause, rename. */
#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain.h"
#include "xy_domctl.h"
#include "xy_sysctl.h"

#define MAX_DOMAINS	0x7ff0	/* as many as there are numbers */
#define BATCH		256

static int domctl_one(struct xl *xl, const char *arg, const char *what,
		      int (*op)(struct xy_call *c, uint16_t domid))
{
	int domid = xl_domain(xl, arg), ret;

	if (domid < 0)
		return 1;
	ret = op(xl->call, (uint16_t)domid);
	if (ret)
		xl_error("cannot %s domain %s: %s", what, arg,
			 ret == -ESRCH ? "there is no such domain" : strerror(-ret));
	return ret != 0;
}

static int cmd_pause(struct xl *xl, int argc, char **argv)
{
	(void)argc;
	return domctl_one(xl, argv[1], "pause", xy_domain_pause);
}

static int cmd_unpause(struct xl *xl, int argc, char **argv)
{
	(void)argc;
	return domctl_one(xl, argv[1], "unpause", xy_domain_unpause);
}

static int cmd_destroy(struct xl *xl, int argc, char **argv)
{
	struct xen_domctl_getdomaininfo info;
	struct xy_err err;
	int domid, opt, ret;

	while ((opt = getopt(argc, argv, "f")) != -1)
		if (opt != 'f')
			return 2;
	if (optind == argc) {
		xl_usage(xl_find_cmd("destroy"));
		return 2;
	}
	domid = xl_domain(xl, argv[optind]);
	if (domid < 0)
		return 1;
	if (!domid) {
		xl_error("Cannot destroy privileged domain 0.");
		return 1;
	}
	ret = xy_domain_info(xl->call, (uint16_t)domid, &info);
	if (ret) {
		xl_error("domain %d: %s", domid,
			 ret == -ESRCH ? "there is no such domain" : strerror(-ret));
		return 1;
	}
	if (domain_destroy(xl, (unsigned int)domid, &err))
		return 0;
	xl_error("%s", err.text);
	return 1;
}

static int cmd_rename(struct xl *xl, int argc, char **argv)
{
	struct xy_err err;
	int domid = xl_live_domain(xl, argv[1]);

	(void)argc;
	if (domid < 0)
		return 1;
	if (domain_rename(xl, (unsigned int)domid, argv[2], &err))
		return 0;
	xl_error("%s", err.text);
	return 1;
}

/* Asks the guest through its control/shutdown node. */
static bool ask(struct xl *xl, unsigned int domid, const char *command)
{
	char *listens = xl_read(xl, "/local/domain/%u/control/feature-%s", domid, command);
	bool known = listens && !strcmp(listens, "1");

	free(listens);
	if (!known) {
		xl_error("domain %u does not listen for \"%s\" (no control/feature-%s in xenstore): "
			 "its kernel is not up, or has no support", domid, command, command);
		return false;
	}
	return xl_write(xl, command, "/local/domain/%u/control/shutdown", domid);
}

static bool still_runs(struct xl *xl, unsigned int domid)
{
	struct xen_domctl_getdomaininfo d;

	return !xy_domain_info(xl->call, (uint16_t)domid, &d) &&
	       !(d.flags & (XEN_DOMINF_dying | XEN_DOMINF_shutdown));
}

/* Until none of the domains runs any more. */
static int wait_all(struct xl *xl, unsigned int *ids, unsigned int n)
{
	printf("Waiting for %u domain%s\n", n, n == 1 ? "" : "s");
	fflush(stdout);
	if (!xs_watch(xl->xs, "@releaseDomain", "shutdown")) {
		xl_error("cannot watch xenstore: %s", strerror(errno));
		return 1;
	}
	while (n) {
		char **event;
		unsigned int num;

		for (unsigned int i = 0; i < n;) {
			if (still_runs(xl, ids[i])) {
				i++;
				continue;
			}
			printf("Domain %u has been shut down\n", ids[i]);
			fflush(stdout);
			ids[i] = ids[--n];
		}
		if (!n)
			break;
		event = xs_read_watch(xl->xs, &num);
		if (!event && errno != EINTR) {
			xl_error("lost the connection to xenstored");
			return 1;
		}
		free(event);
	}
	return 0;
}

/* All domains but dom0: how many, in @ids, which has room for MAX_DOMAINS. */
static unsigned int all_guests(struct xl *xl, unsigned int *ids)
{
	struct xen_domctl_getdomaininfo *list = xl_alloc(BATCH * sizeof(*list));
	unsigned int count = 0, first = 1;
	int n;

	do {
		n = xy_domain_list(xl->call, (uint16_t)first, BATCH, list);
		if (n < 0)
			xl_error("cannot list domains: %s", strerror(-n));
		for (int i = 0; i < n; i++) {
			first = list[i].domain + 1u;
			if (count < MAX_DOMAINS &&
			    !(list[i].flags & (XEN_DOMINF_dying | XEN_DOMINF_shutdown)))
				ids[count++] = list[i].domain;
		}
	} while (n == BATCH && first < MAX_DOMAINS);
	free(list);
	return count;
}

struct stop {
	const char *command, *word;
	bool wait, all;
};

static int stop_domains(struct xl *xl, const struct stop *s, int argc, char **argv)
{
	unsigned int *ids = xl_alloc(MAX_DOMAINS * sizeof(*ids)), n = 0, asked = 0;
	int status = 0;

	if (s->all)
		n = all_guests(xl, ids);
	for (int i = 0; i < argc && !s->all && n < MAX_DOMAINS; i++) {
		int domid = xl_domain(xl, argv[i]);

		if (domid < 0)
			status = 1;
		else
			ids[n++] = (unsigned int)domid;
	}
	for (unsigned int i = 0; i < n; i++) {
		printf("%s domain %u\n", s->word, ids[i]);
		fflush(stdout);
		if (ask(xl, ids[i], s->command))
			ids[asked++] = ids[i];
		else
			status = 1;
	}
	if (s->wait && asked)
		status |= wait_all(xl, ids, asked);
	free(ids);
	return status;
}

static int stop_command(struct xl *xl, struct stop *s, int argc, char **argv)
{
	static const struct option options[] = {
		{ "all", 0, NULL, 'a' }, { "wait", 0, NULL, 'w' }, { 0 },
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "awF", options, NULL)) != -1) {
		if (opt == 'a')
			s->all = true;
		else if (opt == 'w')
			s->wait = true;
		else if (opt != 'F')
			return 2;
	}
	if (s->all == (optind < argc)) {
		xl_error(s->all ? "-a and domains exclude each other" :
				  "name a domain, or use -a for all");
		return 1;
	}
	return stop_domains(xl, s, argc - optind, argv + optind);
}

static int cmd_shutdown(struct xl *xl, int argc, char **argv)
{
	struct stop s = { .command = "poweroff", .word = "Shutting down" };

	return stop_command(xl, &s, argc, argv);
}

static int cmd_reboot(struct xl *xl, int argc, char **argv)
{
	struct stop s = { .command = "reboot", .word = "Rebooting" };

	return stop_command(xl, &s, argc, argv);
}

#define STOP_OPTIONS \
	"-a, --all               All domains but dom0.\n" \
	"-w, --wait              Wait until they are down.\n"

const struct xl_cmd xl_cmds_life[] = {
	{ "shutdown", cmd_shutdown, XL_CALL | XL_STORE, 1, "[options] <-a|Domain ...>",
	  "Issue a shutdown signal to a domain", STOP_OPTIONS },
	{ "reboot", cmd_reboot, XL_CALL | XL_STORE, 1, "[options] <-a|Domain ...>",
	  "Issue a reboot signal to a domain", STOP_OPTIONS },
	{ "destroy", cmd_destroy, XL_CALL | XL_STORE, 1, "[-f] <Domain>",
	  "Terminate a domain immediately",
	  "-f                      Accepted: dom0 is not destroyed with it, either.\n" },
	{ "pause", cmd_pause, XL_CALL | XL_STORE_OPT, 1, "<Domain>",
	  "Pause execution of a domain", NULL },
	{ "unpause", cmd_unpause, XL_CALL | XL_STORE_OPT, 1, "<Domain>",
	  "Unpause a paused domain", NULL },
	{ "rename", cmd_rename, XL_CALL | XL_STORE, 2, "<Domain> <NewDomainName>",
	  "Rename a domain", NULL },
	{ 0 },
};
