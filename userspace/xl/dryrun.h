/* SPDX-License-Identifier: GPL-2.0-only */
/* What "-n" and "-N" print instead of doing it: JSON, in the form of Xen's xl. */
#ifndef XL_DRYRUN_H
#define XL_DRYRUN_H

struct disk_spec;
struct domcfg;
struct json;
struct vif_spec;

void dry_domain(const struct domcfg *d);
/* Elements of a list, or alone. */
void dry_disk(struct json *j, const struct disk_spec *d);
void dry_nic(struct json *j, unsigned int devid, const struct vif_spec *v);

#endif
