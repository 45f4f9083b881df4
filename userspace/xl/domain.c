// SPDX-License-Identifier: GPL-2.0-only
/* domain_create() and domain_destroy(): the order of things. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "device.h"
#include "domain.h"
#include "store.h"
#include "uuid.h"
#include "xy_build.h"
#include "xy_domctl.h"
#include "xy_sysctl.h"

#define LOCK_FILE	"/run/lock/xl"
#define CONSOLE_LIMIT 1048576	/* bytes xenconsoled keeps for a guest nobody reads */

struct making {
	const struct domcfg *cfg;
	struct xy_guest g;
	char uuid[UUID_TEXT];
};

/* For "list -l"; not for the guest. A message of the store has 4 KiB. */
static void write_image(struct store_tx *tx, unsigned int id, const struct domcfg *cfg)
{
	const struct node nodes[] = {
		{ "kernel", cfg->kernel }, { "ramdisk", cfg->ramdisk }, { "cmdline", cfg->cmdline },
	};

	for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++)
		if (nodes[i].value && strlen(nodes[i].value) < 3072)
			store_write(tx, nodes[i].value, "/libxl/%u/image/%s", id, nodes[i].name);
}

/* What is known before the guest is built. */
static void write_tree(struct store_tx *tx, void *arg)
{
	const struct making *m = arg;
	unsigned int id = m->g.domid;
	static const char *const own[] = {
		"control/shutdown", "control/feature-poweroff", "control/feature-reboot",
		"control/feature-suspend", "control/sysrq", "device/suspend/event-channel", "data",
		"drivers", "feature", "attr", "error",
	};
	struct timeval now;
	char time[40], vm[64];

	/* A domain id is used again: what a predecessor left must not be seen. */
	store_rm(tx, "/local/domain/%u", id);
	store_mkdir(tx, id, STORE_READ, "/local/domain/%u", id);
	store_mkdir(tx, id, STORE_READ, "/vm/%s", m->uuid);
	store_mkdir(tx, id, STORE_PRIVATE, "/libxl/%u", id);
	store_write(tx, "pvh", "/libxl/%u/type", id);

	write_image(tx, id, m->cfg);

	store_write(tx, m->cfg->name, "/vm/%s/name", m->uuid);
	store_write(tx, m->uuid, "/vm/%s/uuid", m->uuid);
	gettimeofday(&now, NULL);
	snprintf(time, sizeof(time), "%lld.%02d", (long long)now.tv_sec,
		 (int)(now.tv_usec / 10000));
	store_write(tx, time, "/vm/%s/start_time", m->uuid);

	snprintf(vm, sizeof(vm), "/vm/%s", m->uuid);
	store_write(tx, vm, "/local/domain/%u/vm", id);
	store_write(tx, m->cfg->name, "/local/domain/%u/name", id);
	store_write_num(tx, id, "/local/domain/%u/domid", id);
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		store_mkdir(tx, id, STORE_OWN, "/local/domain/%u/%s", id, own[i]);
	store_write(tx, "1", "/local/domain/%u/control/platform-feature-multiprocessor-suspend",
		    id);
	store_write(tx, "1", "/local/domain/%u/control/platform-feature-xs_reset_watches", id);
	for (unsigned int i = 0; i < m->cfg->max_vcpus; i++)
		store_write(tx, i < m->cfg->vcpus ? "online" : "offline",
			    "/local/domain/%u/cpu/%u/availability", id, i);
	store_write_num(tx, m->g.max_memory_kib, "/local/domain/%u/memory/static-max", id);
	store_write_num(tx, (unsigned long long)m->cfg->memory_mib << 10,
			"/local/domain/%u/memory/target", id);
	store_write(tx, "0", "/local/domain/%u/memory/videoram", id);
}

/* Nobody reads it, but Xen's tools look for the devices to remove here. */
static void write_console_backend(struct store_tx *tx, unsigned int id, const char *dir,
				  const char *front)
{
	store_write(tx, front, "%s/frontend", dir);
	store_write_num(tx, id, "%s/frontend-id", dir);
	store_write(tx, "1", "%s/online", dir);
	store_write_num(tx, DEV_INITIALISING, "%s/state", dir);
	store_write(tx, "vt100", "%s/protocol", dir);
}

/* Where the shared pages and ports are; xenconsoled reads the console's. */
static void write_links(struct store_tx *tx, void *arg)
{
	const struct making *m = arg;
	const struct xy_guest *g = &m->g;
	unsigned int id = g->domid;
	char front[64], back[64], libxl[64];

	store_write_num(tx, g->store_port, "/local/domain/%u/store/port", id);
	store_write_num(tx, g->store_gfn, "/local/domain/%u/store/ring-ref", id);

	snprintf(back, sizeof(back), "/local/domain/0/backend/console/%u/0", id);
	store_mkdir(tx, id, STORE_READ, "%s", back);
	snprintf(front, sizeof(front), "/local/domain/%u/console", id);
	write_console_backend(tx, id, back, front);
	snprintf(libxl, sizeof(libxl), "/libxl/%u/device/console/0", id);
	store_write(tx, back, "%s/backend", libxl);
	write_console_backend(tx, id, libxl, front);

	store_write(tx, back, "%s/backend", front);
	store_write(tx, "0", "%s/backend-id", front);
	store_write_num(tx, CONSOLE_LIMIT, "%s/limit", front);
	store_write(tx, "xenconsoled", "%s/type", front);
	store_write(tx, "pty", "%s/output", front);
	store_write(tx, "", "%s/tty", front);
	store_write_num(tx, g->console_port, "%s/port", front);
	store_write_num(tx, g->console_gfn, "%s/ring-ref", front);
}

/*
 * Xen's xl takes the same lock, so that of two who create a guest of one name one
 * sees the other. Held from the look at the names until ours is among them. -1: the
 * lock cannot be had (no such directory), and it is done without.
 */
static int lock_names(struct xl *xl)
{
	const char *path = xl->conf.lockfile ? xl->conf.lockfile : LOCK_FILE;
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	struct stat st;

	if (fd < 0) {
		xl_debug(xl, "%s: %s", path, strerror(errno));
		return -1;
	}
	/* Everybody may make files in that directory: nobody shall make us wait. */
	if (fstat(fd, &st) || st.st_uid != geteuid() || !S_ISREG(st.st_mode)) {
		xl_warn("the lock file belongs to somebody else: ignored");
		close(fd);
		return -1;
	}
	while (fcntl(fd, F_SETLKW, &(struct flock){ .l_type = F_WRLCK }) && errno == EINTR)
		;
	return fd;
}

static void unlock_names(int fd)
{
	if (fd >= 0)
		close(fd);
}

static bool check_name(struct xl *xl, const char *name, struct xy_err *err)
{
	int other;

	if (!domcfg_name_ok(name)) {
		xy_fail(err, -EINVAL, "a name must be 1 to 200 characters without a slash");
		return false;
	}
	other = xl_find_domain(xl, name);
	if (other < 0)
		return true;
	xy_fail(err, -EEXIST, "there is already a domain \"%s\" (id %d)", name, other);
	return false;
}

static bool find_pool(struct xl *xl, const char *name, uint32_t *pool, struct xy_err *err)
{
	unsigned long number;
	unsigned int n;
	char **ids;
	bool found = false;

	if (xl_number(name, UINT32_MAX - 1, &number)) {
		*pool = (uint32_t)number;
		return true;
	}
	ids = store_list(xl, &n, "/local/pool");
	for (unsigned int i = 0; i < n && !found; i++) {
		char *have = xl_read(xl, "/local/pool/%s/name", ids[i]);

		found = have && !strcmp(have, name);
		if (found)
			*pool = (uint32_t)strtoul(ids[i], NULL, 10);
		free(have);
	}
	free(ids);
	if (!found)
		xy_fail(err, -ENOENT, "there is no CPU pool \"%s\"", name);
	return found;
}

static bool describe(struct xl *xl, struct making *m, struct xy_err *err)
{
	const struct domcfg *cfg = m->cfg;
	struct xy_guest *g = &m->g;

	*g = (struct xy_guest){
		.kernel = cfg->kernel, .ramdisk = cfg->ramdisk, .cmdline = cfg->cmdline,
		/*
		 * A balloon driver takes it that it starts with all of static-max and
		 * gives back what is above the target.
		 */
		.memory_kib = (uint64_t)cfg->max_memory_mib << 10,
		.max_memory_kib = (uint64_t)cfg->max_memory_mib << 10,
		.paging_kib = (uint64_t)cfg->paging_mib << 10,
		.max_vcpus = (unsigned int)cfg->max_vcpus, .gic = cfg->gic,
		.max_grant_frames = (unsigned int)cfg->max_grant_frames,
		.max_maptrack_frames = (unsigned int)cfg->max_maptrack_frames,
		.max_evtchn_port = (unsigned int)cfg->max_event_channels,
	};
	if (cfg->max_vcpus > xy_guest_max_vcpus()) {
		xy_fail(err, -EINVAL, "a guest can have at most %u vCPUs", xy_guest_max_vcpus());
		return false;
	}
	if (cfg->pool && !find_pool(xl, cfg->pool, &g->cpupool, err))
		return false;
	memcpy(g->uuid, cfg->uuid, sizeof(g->uuid));
	uuid_format(g->uuid, m->uuid);
	return true;
}

static bool set_weight(struct xl *xl, unsigned int domid, const struct domcfg *cfg,
		       struct xy_err *err)
{
	uint16_t weight, cap;
	uint32_t sched;
	int ret;

	if (!cfg->cpu_weight && !cfg->has_cap)
		return true;
	ret = xy_sched_id(xl->call, &sched);
	if (!ret)
		ret = xy_domain_sched_get(xl->call, domid, sched, &weight, &cap);
	if (!ret)
		ret = xy_domain_sched_set(xl->call, domid, sched,
					  cfg->cpu_weight ? (uint16_t)cfg->cpu_weight : weight,
					  cfg->has_cap ? (uint16_t)cfg->cap : cap);
	if (ret)
		xy_fail(err, ret, "cannot set cpu_weight and cap: %s", strerror(-ret));
	return !ret;
}

static bool set_affinity(struct xl *xl, unsigned int domid, const struct domcfg *cfg,
			 struct xy_err *err)
{
	for (unsigned int i = 0; i < cfg->max_vcpus; i++) {
		const uint8_t *hard = domcfg_cpus(&cfg->cpus, i);
		const uint8_t *soft = domcfg_cpus(&cfg->cpus_soft, i);
		int ret = 0;

		if (hard || soft)
			ret = xy_vcpu_set_affinity(xl->call, domid, i, hard, soft, DOMCFG_CPUS);
		if (ret) {
			xy_fail(err, ret, "cannot bind vCPU %u to the CPUs in \"cpus\" and "
				"\"cpus_soft\": %s", i, strerror(-ret));
			return false;
		}
	}
	return true;
}

static bool add_devices(struct xl *xl, unsigned int domid, const struct domcfg *cfg,
			struct xy_err *err)
{
	for (unsigned int i = 0; i < cfg->nr_disks; i++)
		if (!disk_attach(xl, domid, &cfg->disks[i], err))
			return false;
	for (unsigned int i = 0; i < cfg->nr_vifs; i++)
		if (!vif_attach(xl, domid, i, &cfg->vifs[i], err))
			return false;
	return true;
}

static bool introduce(struct xl *xl, const struct making *m, struct xy_err *err)
{
	if (xs_introduce_domain(xl->xs, m->g.domid, m->g.store_gfn, m->g.store_port))
		return true;
	xy_fail(err, -errno, "xenstored does not accept the domain: %s", strerror(errno));
	return false;
}

static bool furnish(struct xl *xl, struct making *m, struct xy_err *err)
{
	const struct domcfg *cfg = m->cfg;
	unsigned int domid = m->g.domid;

	return set_weight(xl, domid, cfg, err) && set_affinity(xl, domid, cfg, err) &&
	       !xy_guest_load(xl->call, &m->g, err) &&
	       store_update(xl, write_links, m, err) &&
	       introduce(xl, m, err) &&
	       add_devices(xl, domid, cfg, err);
}

/* An empty domain with its name in the store. */
static bool found(struct xl *xl, struct making *m, struct xy_err *err)
{
	int lock = lock_names(xl);
	bool ok = check_name(xl, m->cfg->name, err) && !xy_guest_create(xl->call, &m->g, err);
	struct xy_err second;

	if (ok && !store_update(xl, write_tree, m, err)) {
		ok = false;
		if (!domain_destroy(xl, m->g.domid, &second))
			xl_error("%s", second.text);
	}
	unlock_names(lock);
	return ok;
}

/*
 * Somebody may destroy the domain while we still write: what came after that look at its
 * devices is for us to take away. Ours is the last look (domain_destroy() has the other).
 */
static bool still_there(struct xl *xl, const struct making *m, struct xy_err *err)
{
	struct xen_domctl_getdomaininfo info;
	int ret = xy_domain_info(xl->call, m->g.domid, &info);

	if (!ret && !(info.flags & XEN_DOMINF_dying))
		return true;
	xy_fail(err, -ESRCH, "domain %u was destroyed while it was being made", m->g.domid);
	return false;
}

int domain_create(struct xl *xl, const struct domcfg *cfg, struct xy_err *err)
{
	struct making m = { .cfg = cfg };
	struct xy_err second;

	if (!describe(xl, &m, err) || !found(xl, &m, err))
		return -1;
	xl_debug(xl, "domain %u made, UUID %s", m.g.domid, m.uuid);
	if (furnish(xl, &m, err) && still_there(xl, &m, err))
		return m.g.domid;
	if (!domain_destroy(xl, m.g.domid, &second))
		xl_error("%s", second.text);
	return -1;
}

bool domain_destroy(struct xl *xl, unsigned int domid, struct xy_err *err)
{
	char *vm = xl_read(xl, "/local/domain/%u/vm", domid);
	struct xen_domctl_getdomaininfo info;
	char uuid[UUID_TEXT] = "";
	int ret = xy_domain_info(xl->call, domid, &info);

	if (!ret)
		uuid_format(info.handle, uuid);
	if (!ret)
		xy_domain_pause(xl->call, domid);
	device_remove_all(xl, domid);
	if (!ret)
		ret = xy_domain_destroy(xl->call, domid);
	if (ret && ret != -ESRCH) {
		xy_fail(err, ret, "the hypervisor does not destroy domain %u: %s", domid,
			strerror(-ret));
		free(vm);
		return false;
	}
	/* Who was making it may have added some since; what comes later is seen there. */
	device_remove_all(xl, domid);
	store_remove(xl, "/local/domain/%u", domid);
	store_remove(xl, "/libxl/%u", domid);
	if (vm)
		store_remove(xl, "%s", vm);
	else if (*uuid)
		store_remove(xl, "/vm/%s", uuid);
	free(vm);
	return true;
}

struct renaming {
	unsigned int domid;
	const char *name;
	char *vm;
};

static void write_name(struct store_tx *tx, void *arg)
{
	const struct renaming *r = arg;

	store_write(tx, r->name, "/local/domain/%u/name", r->domid);
	if (r->vm)
		store_write(tx, r->name, "%s/name", r->vm);
}

bool domain_rename(struct xl *xl, unsigned int domid, const char *name, struct xy_err *err)
{
	struct renaming r = {
		.domid = domid, .name = name, .vm = xl_read(xl, "/local/domain/%u/vm", domid),
	};
	int lock = lock_names(xl);
	bool ok = check_name(xl, name, err) && store_update(xl, write_name, &r, err);

	unlock_names(lock);
	free(r.vm);
	return ok;
}
