/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A domain's configuration: the settings of an xl.cfg(5) file, checked. Pure:
 * touches no file, no xenstore and no hypervisor.
 */
#ifndef XL_DOMCFG_H
#define XL_DOMCFG_H

#include <stdbool.h>
#include <stdint.h>

#include "cfg.h"
#include "devspec.h"
#include "xy_build.h"

#define DOMCFG_CPUS 1024

enum dom_action {
	ACT_DESTROY,
	ACT_RESTART,
	ACT_RENAME_RESTART,
	ACT_PRESERVE,
	ACT_COREDUMP_DESTROY,	/* no dump is made, which is said; then as the name goes on */
	ACT_COREDUMP_RESTART,
};

/* CPU maps: one for all vCPUs, or (each) one for each of the first nr. */
struct cpu_maps {
	uint8_t (*map)[DOMCFG_CPUS / 8];
	unsigned int nr;
	bool each;
};

struct domcfg {
	char *name;
	char *kernel, *ramdisk;
	char *cmdline, *root, *extra;	/* cmdline is put together at the end */
	uint8_t uuid[16];
	bool has_uuid;
	unsigned long memory_mib, max_memory_mib;
	unsigned long paging_mib;	/* for page tables; 0: as many as are usual */
	unsigned long vcpus, max_vcpus;
	struct cpu_maps cpus, cpus_soft;	/* hard and soft affinity */
	unsigned long cpu_weight, cap;	/* 0: the scheduler's own; cap in percent */
	bool has_cap;
	enum xy_gic gic;
	char *pool;
	enum dom_action on_poweroff, on_reboot, on_crash, on_watchdog;
	/* The first two are left to the host's configuration: 0, and has_maptrack. */
	unsigned long max_grant_frames, max_maptrack_frames, max_event_channels;
	bool has_maptrack;
	struct disk_spec *disks;
	struct vif_spec *vifs;
	unsigned int nr_disks, nr_vifs;
};

/* Called once for each warning, a sentence with file and line. */
typedef void (*domcfg_warn)(const char *text);

/*
 * Reads the settings of @nr parsed sources in turn; a later one wins. NULL and
 * "file:line: sentence" in @err when something is wrong. Unknown keys and keys
 * that are not supported are warnings.
 */
struct domcfg *domcfg_make(struct cfg *const *sources, unsigned int nr, domcfg_warn warn,
			   struct cfg_error *err);
void domcfg_free(struct domcfg *d);	/* accepts NULL */

/* Names become nodes of xenstore and parts of file names. */
bool domcfg_name_ok(const char *name);

/* The map of a vCPU, or NULL when it is free. */
const uint8_t *domcfg_cpus(const struct cpu_maps *m, unsigned int vcpu);

/* "0-3, ^2, 5", "all" or "nodes:0" as a map; false when it is not one. */
bool domcfg_cpumap(const char *s, uint8_t *map, unsigned int bits);

#endif
