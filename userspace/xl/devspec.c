// SPDX-License-Identifier: GPL-2.0-only
/* What both kinds of specification share, and the network ones. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devspec_int.h"

bool spec_fail(struct spec_error *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return false;
}

static char *trim(char *s)
{
	char *end;

	while (isspace((unsigned char)*s))
		s++;
	end = s + strlen(s);
	while (end > s && isspace((unsigned char)end[-1]))
		*--end = '\0';
	return s;
}

char *spec_next(char **rest)
{
	char *s = *rest, *comma;

	if (!s)
		return NULL;
	comma = strchr(s, ',');
	if (comma)
		*comma++ = '\0';
	*rest = comma;
	return trim(s);
}

char *spec_value(char *s)
{
	char *eq = strchr(s, '=');

	if (!eq)
		return NULL;
	*eq = '\0';
	trim(s);
	return trim(eq + 1);
}

bool spec_set(char **field, const char *value, const char *what, struct spec_error *err)
{
	if (*field)
		return spec_fail(err, "%s is given twice", what);
	*field = strdup(value);
	return *field ? true : spec_fail(err, "out of memory");
}

/* Six numbers of one or two digits. */
static bool parse_mac(const char *s, uint8_t mac[6])
{
	for (int i = 0; i < 6; i++) {
		char *end;

		if (!isxdigit((unsigned char)*s))
			return false;
		mac[i] = (uint8_t)strtoul(s, &end, 16);
		if (end - s > 2 || *end != (i < 5 ? ':' : '\0'))
			return false;
		s = end + 1;
	}
	return true;
}

/* Suffixes of a rate; bits come before bytes: "kb/s" and "KB/s" differ in one letter. */
static const struct {
	const char *suffix;
	uint64_t bits, bytes;
} rate_units[] = {
	{ "b/s", 1, 0 }, { "Kb/s", 1000, 0 }, { "Mb/s", 1000000, 0 }, { "Gb/s", 1000000000, 0 },
	{ "B/s", 0, 1 }, { "KB/s", 0, 1000 }, { "MB/s", 0, 1000000 }, { "GB/s", 0, 1000000000 },
};

/* "20ms" in microseconds, "20" is seconds; 0 when it is none, or too long. */
static uint32_t parse_interval(const char *s)
{
	static const struct {
		const char *unit;
		unsigned int usecs;
	} units[] = { { "us", 1 }, { "ms", 1000 }, { "s", 1000000 }, { "", 1000000 } };
	char *end;
	unsigned long long n = strtoull(s, &end, 10);

	for (size_t i = 0; isdigit((unsigned char)*s) && i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(end, units[i].unit))
			return n <= UINT32_MAX / units[i].usecs ? (uint32_t)n * units[i].usecs : 0;
	return 0;
}

/* "10Mb/s" or "10Mb/s@20ms": credit for each interval (50 ms when not said). */
static bool parse_rate(char *s, struct vif_spec *v)
{
	char *at = strchr(s, '@'), *end;
	unsigned long long n;
	uint32_t usecs = 50000;
	uint64_t per_second = 0;

	if (at) {
		*at++ = '\0';
		usecs = parse_interval(at);
	}
	if (!isdigit((unsigned char)*s))
		return false;
	n = strtoull(s, &end, 10);
	for (size_t i = 0; i < sizeof(rate_units) / sizeof(rate_units[0]); i++)
		if (!strcmp(end, rate_units[i].suffix) && n <= 1000000000)
			per_second = rate_units[i].bytes ? n * rate_units[i].bytes :
							   n * rate_units[i].bits / 8;
	if (!per_second || !usecs || per_second > UINT64_MAX / usecs)
		return false;
	v->rate_bytes = per_second * usecs / 1000000;
	v->rate_usecs = usecs;
	return v->rate_bytes > 0;
}

/* From what IPv4 needs at least (RFC 791) to what a frame can carry with offloads. */
static bool parse_mtu(const char *s, unsigned int *mtu)
{
	char *end;
	unsigned long n = strtoul(s, &end, 10);

	if (!isdigit((unsigned char)*s) || *end || n < 68 || n > 65535)
		return false;
	*mtu = (unsigned int)n;
	return true;
}

/* Words without a value. */
static bool vif_flag(struct vif_spec *v, const char *word)
{
	if (strcmp(word, "trusted") && strcmp(word, "untrusted"))
		return false;
	v->untrusted = *word == 'u';
	return true;
}

static bool vif_pair(struct vif_spec *v, const char *key, char *value, struct spec_error *err)
{
	static const char *const refused[] = {
		"backend", "type", "vlan", "devid",
	};

	if (!strcmp(key, "mac")) {
		v->has_mac = parse_mac(value, v->mac);
		if (!v->has_mac)
			return spec_fail(err, "\"%s\" is not a MAC address (6 pairs of hexadecimal "
					 "digits with colons)", value);
		if (v->mac[0] & 1)
			return spec_fail(err, "the MAC address %s is a multicast address", value);
		return true;
	}
	if (!strcmp(key, "rate"))
		return parse_rate(value, v) ? true :
		       spec_fail(err, "the rate is not like 10Mb/s or 10Mb/s@20ms");
	if (!strcmp(key, "bridge"))
		return spec_set(&v->bridge, value, "bridge", err);
	if (!strcmp(key, "script"))
		return spec_set(&v->script, value, "script", err);
	if (!strcmp(key, "ip"))
		return spec_set(&v->ip, value, "ip", err);
	if (!strcmp(key, "vifname"))
		return strlen(value) < 16 ? spec_set(&v->ifname, value, "vifname", err) :
		       spec_fail(err, "the vifname \"%s\" is longer than 15 characters", value);
	if (!strcmp(key, "gatewaydev") || !strcmp(key, "netdev"))
		return spec_set(&v->gatewaydev, value, key, err);
	if (!strcmp(key, "mtu"))
		return parse_mtu(value, &v->mtu) ? true :
		       spec_fail(err, "the mtu \"%s\" is not a number from 68 to 65535", value);
	/* The only type there is; libvirt and old configurations say it. */
	if (!strcmp(key, "type") && !strcmp(value, "vif"))
		return true;
	if (!strcmp(key, "backend") && (!strcmp(value, "0") || !strcmp(value, "Domain-0")))
		return true;
	/* Of emulated cards, which there are none of: Xen's xl ignores them here, too. */
	if (!strcmp(key, "model") || !strcmp(key, "accel"))
		return true;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (!strcmp(key, refused[i]))
			return spec_fail(err, "\"%s=\" is not supported", key);
	return spec_fail(err, "\"%s\" is not something a vif has", key);
}

bool vif_parse(const char *s, struct vif_spec *v, struct spec_error *err)
{
	char *copy = strdup(s), *rest = copy, *part;
	bool ok = true;

	memset(v, 0, sizeof(*v));
	if (!copy)
		return spec_fail(err, "out of memory");
	while (ok && (part = spec_next(&rest))) {
		char *value = spec_value(part);

		if (!value && *part && !vif_flag(v, part))
			ok = spec_fail(err, "\"%s\" is not of the form key=value", part);
		else if (value)
			ok = vif_pair(v, part, value, err);
	}
	free(copy);
	if (!ok)
		vif_free(v);
	return ok;
}

void vif_free(struct vif_spec *v)
{
	free(v->bridge);
	free(v->script);
	free(v->ip);
	free(v->ifname);
	free(v->gatewaydev);
	memset(v, 0, sizeof(*v));
}
