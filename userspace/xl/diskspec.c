// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devspec_int.h"

/* Positional parts come in this order; those given by name are passed over. */
enum { POS_TARGET, POS_FORMAT, POS_VDEV, POS_ACCESS, POS_END };

struct disk_parser {
	struct disk_spec *d;
	struct spec_error *err;
	bool have_format, have_access;
	int pos;
};

static bool set_format(struct disk_parser *p, const char *value)
{
	static const char *const others[] = { "qcow", "qcow2", "vhd", "qed", "empty" };

	if (p->have_format)
		return spec_fail(p->err, "the format is given twice");
	p->have_format = true;
	if (!*value || !strcmp(value, "raw"))
		return true;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strcmp(value, others[i]))
			return spec_fail(p->err, "format \"%s\" is not supported: only raw is",
					 value);
	return spec_fail(p->err, "there is no disk format \"%s\"", value);
}

static bool set_access(struct disk_parser *p, const char *value)
{
	static const char *const rw[] = { "w", "rw", "w!" }, *const ro[] = { "r", "ro" };

	if (p->have_access)
		return spec_fail(p->err, "the access is given twice");
	if (!*value)
		return true;
	p->have_access = true;
	for (size_t i = 0; i < 3; i++)
		if (!strcmp(value, rw[i])) {
			p->d->shared = value[1] == '!';
			return true;
		}
	for (size_t i = 0; i < 2; i++)
		if (!strcmp(value, ro[i])) {
			p->d->readonly = true;
			return true;
		}
	return spec_fail(p->err, "access \"%s\" is neither r, ro, w nor rw", value);
}

/*
 * Raw images look the same to the guest whoever serves them: what names QEMU is
 * served by the kernel's back end here.
 */
static bool set_backend_type(struct disk_parser *p, const char *value)
{
	if (!*value || !strcmp(value, "phy") || !strcmp(value, "qdisk") || !strcmp(value, "tap"))
		return true;
	return spec_fail(p->err, "backendtype \"%s\" is not supported: only phy is", value);
}

static bool set_devtype(struct disk_parser *p, const char *value)
{
	p->d->cdrom = !strcmp(value, "cdrom");
	if (!p->d->cdrom && strcmp(value, "disk"))
		return spec_fail(p->err, "devtype \"%s\" is neither disk nor cdrom", value);
	return true;
}

/* Moves *@value behind @prefix when it begins with that. */
static bool strip(const char **value, const char *prefix)
{
	size_t len = strlen(prefix);

	if (strncmp(*value, prefix, len))
		return false;
	*value += len;
	return true;
}

/* Removes what xend wanted in front of a path, several in a row: "tap:aio:/path". */
static bool strip_prefixes(struct disk_parser *p, const char **value)
{
	static const char *const old[] = {
		"phy:", "file:", "raw:", "tap:", "tap2:", "tapdisk:", "aio:", "ioemu:",
	};
	bool any = false;

	for (size_t i = 0; i < sizeof(old) / sizeof(old[0]);) {
		if (!strip(value, old[i])) {
			i++;
			continue;
		}
		any = true;
		i = 0;
	}
	/* In that form the format had no place of its own. */
	p->have_format |= any;
	return any;
}

static bool set_target(struct disk_parser *p, const char *value)
{
	static const char *const refused[] = { "qcow:", "qcow2:", "vhd:", "qed:", "dummy:" };
	static const char *const scripts[] = { "iscsi", "nbd", "enbd", "drbd" };
	const char *rest;

	strip_prefixes(p, &value);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (!strncmp(value, refused[i], strlen(refused[i])))
			return spec_fail(p->err, "disks with \"%s\" are not supported: phy: and "
					 "file: are", refused[i]);
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		char name[16];

		rest = value;
		snprintf(name, sizeof(name), "block-%s", scripts[i]);
		if (!strip(&rest, scripts[i]) || *rest != ':')
			continue;
		p->have_format = true;
		return spec_set(&p->d->script, name, "script", p->err) &&
		       spec_set(&p->d->target, rest + 1, "target", p->err);
	}
	return spec_set(&p->d->target, value, "target", p->err);
}

static bool set_named(struct disk_parser *p, const char *key, const char *value)
{
	if (!strcmp(key, "format"))
		return set_format(p, value);
	if (!strcmp(key, "vdev"))
		return spec_set(&p->d->vdev, value, "vdev", p->err);
	if (!strcmp(key, "access"))
		return set_access(p, value);
	if (!strcmp(key, "devtype"))
		return set_devtype(p, value);
	if (!strcmp(key, "backendtype"))
		return set_backend_type(p, value);
	if (!strcmp(key, "script"))
		return spec_set(&p->d->script, value, "script", p->err);
	if (!strcmp(key, "backend"))
		return strcmp(value, "0") && strcmp(value, "Domain-0") ?
		       spec_fail(p->err, "only domain 0 can be the backend") : true;
	if (!strcmp(key, "specification"))
		return *value && strcmp(value, "xen") ?
		       spec_fail(p->err, "specification \"%s\" is not supported: only xen is", value) :
		       true;
	return spec_fail(p->err, "\"%s\" is not something a disk has", key);
}

/* Words without a value. */
static bool set_flag(struct disk_parser *p, const char *word)
{
	if (!strcmp(word, "cdrom"))
		return set_devtype(p, word);
	if (!strcmp(word, "discard") || !strcmp(word, "no-discard")) {
		p->d->discard = *word == 'd';
		return true;
	}
	if (!strcmp(word, "direct-io-safe")) {
		p->d->direct_io_safe = true;
		return true;
	}
	if (!strcmp(word, "trusted") || !strcmp(word, "untrusted")) {
		p->d->untrusted = *word == 'u';
		return true;
	}
	return false;
}

/* "hda:cdrom" is an old way to say "hda,cdrom". */
static bool set_vdev(struct disk_parser *p, char *value)
{
	char *colon = strchr(value, ':');

	if (colon) {
		*colon++ = '\0';
		if (!set_devtype(p, colon))
			return false;
	}
	return spec_set(&p->d->vdev, value, "vdev", p->err);
}

static bool set_positional(struct disk_parser *p, char *value)
{
	while ((p->pos == POS_TARGET && p->d->target) || (p->pos == POS_FORMAT && p->have_format) ||
	       (p->pos == POS_VDEV && p->d->vdev) || (p->pos == POS_ACCESS && p->have_access))
		p->pos++;
	switch (p->pos++) {
	case POS_TARGET:
		return set_target(p, value);
	case POS_FORMAT:
		return set_format(p, value);
	case POS_VDEV:
		return *value ? set_vdev(p, value) : true;
	case POS_ACCESS:
		return *value ? set_access(p, value) : true;
	}
	/* A comma at the end is none. */
	return !*value || spec_fail(p->err, "\"%s\" is one part too many", value);
}

/* "vg/disk" is /dev/vg/disk. */
static bool put_in_dev(struct disk_parser *p)
{
	char *full;

	if (asprintf(&full, "/dev/%s", p->d->target) < 0)
		return spec_fail(p->err, "out of memory");
	free(p->d->target);
	p->d->target = full;
	return true;
}

static bool check(struct disk_parser *p)
{
	struct disk_spec *d = p->d;

	if (!d->target || !*d->target)
		return spec_fail(p->err, "the target (image file or block device) is missing");
	if (!d->vdev)
		return spec_fail(p->err, "the vdev (like xvda) is missing");
	if (!disk_vdev_number(d->vdev, &d->devid))
		return spec_fail(p->err, "\"%s\" is not a virtual device name (like xvda, hdb, "
				 "sdc1 or d0p1)", d->vdev);
	d->readonly |= d->cdrom;
	return d->script || *d->target == '/' || put_in_dev(p);
}

bool disk_parse(const char *s, struct disk_spec *d, struct spec_error *err)
{
	struct disk_parser p = { .d = d, .err = err };
	char *copy = strdup(s), *rest = copy;
	bool ok = true;

	memset(d, 0, sizeof(*d));
	d->discard = true;
	if (!copy)
		return spec_fail(err, "out of memory");
	while (ok && rest) {
		char *part, *value;

		while (isspace((unsigned char)*rest))
			rest++;
		if (!strncmp(rest, "target=", 7)) {
			/* Takes all that follows, commas too. */
			ok = set_target(&p, rest + 7);
			break;
		}
		part = spec_next(&rest);
		/* A path may have '=' in it; no key has '/'. */
		value = memchr(part, '/', strcspn(part, "=")) ? NULL : spec_value(part);
		if (value)
			ok = set_named(&p, part, value);
		else if (!set_flag(&p, part))
			ok = set_positional(&p, part);
	}
	if (ok)
		ok = check(&p);
	free(copy);
	if (!ok)
		disk_free(d);
	return ok;
}

void disk_free(struct disk_spec *d)
{
	free(d->target);
	free(d->vdev);
	free(d->script);
	memset(d, 0, sizeof(*d));
}

/* Letters as a number in base 26 without a zero: a=0 ... z=25, aa=26; -1 when none. */
static int letters(const char **s)
{
	int n = 0;

	if (!islower((unsigned char)**s))
		return -1;
	while (islower((unsigned char)**s) && n < 1 << 20)
		n = n * 26 + (*(*s)++ - 'a') + 1;
	return n - 1;
}

/* Decimal number up to 1 << 20, or -1. */
static int decimal(const char **s)
{
	int n = 0;

	if (!isdigit((unsigned char)**s))
		return -1;
	while (isdigit((unsigned char)**s) && n < 1 << 20)
		n = n * 10 + *(*s)++ - '0';
	return n;
}

/*
 * Numbers of virtual disks (docs of the ABI: vbd-interface): Linux's major and
 * minor for the first of each kind, an extended form for the others.
 */
static bool encode(const char *kind, int disk, int part, uint32_t *devid)
{
	if (disk < 0 || part < 0)
		return false;
	if (!strcmp(kind, "hd")) {
		static const int majors[] = { 3, 22 };

		if (disk > 3 || part > 63)
			return false;
		*devid = majors[disk / 2] << 8 | (disk & 1) << 6 | part;
		return true;
	}
	if (!strcmp(kind, "sd")) {
		if (disk > 15 || part > 15)
			return false;
		*devid = 8 << 8 | disk << 4 | part;
		return true;
	}
	if (disk < 16 && part < 16) {
		*devid = 202 << 8 | disk << 4 | part;
		return true;
	}
	if (disk >= 1 << 20 || part > 255)
		return false;
	*devid = 1u << 28 | disk << 8 | part;
	return true;
}

/* The number itself, as the guest's nodes have it: "51712" or "0xca00". */
static bool plain_number(const char *s, uint32_t *devid)
{
	unsigned long n;
	char *end;

	errno = 0;
	n = strtoul(s, &end, 0);
	*devid = (uint32_t)n;
	return !errno && !*end && n <= INT_MAX;
}

bool disk_vdev_number(const char *vdev, uint32_t *devid)
{
	static const char *const kinds[] = { "xvd", "hd", "sd" };
	int disk, part = 0;

	if (isdigit((unsigned char)*vdev))
		return plain_number(vdev, devid);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const char *s = vdev + strlen(kinds[i]);

		if (strncmp(vdev, kinds[i], strlen(kinds[i])))
			continue;
		disk = letters(&s);
		if (*s)
			part = *s == '0' ? -1 : decimal(&s);
		return !*s && encode(kinds[i], disk, part, devid);
	}
	if (*vdev++ != 'd')
		return false;
	disk = decimal(&vdev);
	if (*vdev == 'p') {
		vdev++;
		part = decimal(&vdev);
	}
	return !*vdev && encode("d", disk, part, devid);
}
