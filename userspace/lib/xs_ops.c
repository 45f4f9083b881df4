// SPDX-License-Identifier: LGPL-2.1-or-later
/* Xenstore client: nodes, permissions, transactions, domains. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xs_internal.h"

static struct iovec iov_string(const char *s)
{
	return xs_iov(s, strlen(s) + 1);
}

void *xs_read(struct xs_handle *h, xs_transaction_t t, const char *path,
	      unsigned int *len)
{
	struct xs_msg *m = xs_talk(h, t, XS_READ, path);
	unsigned int n;

	if (!m)
		return NULL;
	n = m->hdr.len;
	/* The body becomes the caller's allocation, its NUL included. */
	memmove(m, m->body, n + 1);
	if (len)
		*len = n;
	return m;
}

bool xs_write(struct xs_handle *h, xs_transaction_t t, const char *path,
	      const void *data, unsigned int len)
{
	struct iovec iov[] = { iov_string(path), xs_iov(data, len) };

	return xs_ack(xs_talkv(h, t, XS_WRITE, iov, 2));
}

bool xs_mkdir(struct xs_handle *h, xs_transaction_t t, const char *path)
{
	return xs_ack(xs_talk(h, t, XS_MKDIR, path));
}

bool xs_rm(struct xs_handle *h, xs_transaction_t t, const char *path)
{
	return xs_ack(xs_talk(h, t, XS_RM, path));
}

bool xs_restrict(struct xs_handle *h, unsigned int domid)
{
	(void)h;
	(void)domid;
	errno = EOPNOTSUPP;
	return false;
}

/* Array of pointers to num strings that are copied behind it. */
static char **split_strings(const char *strings, size_t len, unsigned int *num)
{
	unsigned int n = xs_count_strings(strings, len);
	char **v = malloc(n * sizeof(*v) + len + 1);
	char *p;

	if (!v)
		return NULL;
	p = (char *)(v + n);
	memcpy(p, strings, len);
	p[len] = '\0';
	for (unsigned int i = 0; i < n; i++) {
		v[i] = p;
		p += strlen(p) + 1;
	}
	*num = n;
	return v;
}

struct listing {
	char *names;
	size_t len;
	char gen[24];
};

/*
 * One part of a directory's listing from offset on. 1: the last one, 0: more
 * follow or the directory changed (then the listing is empty again), -1: errno.
 */
static int list_part(struct xs_handle *h, xs_transaction_t t, const char *path,
		     struct listing *l)
{
	char offset[24];
	struct iovec iov[] = { iov_string(path), { 0 } };
	struct xs_msg *m;
	size_t gen_len, n;
	char *grown;
	bool last;

	snprintf(offset, sizeof(offset), "%zu", l->len);
	iov[1] = iov_string(offset);
	m = xs_talkv(h, t, XS_DIRECTORY_PART, iov, 2);
	if (!m)
		return -1;
	gen_len = strlen(m->body) + 1;
	if (gen_len > m->hdr.len || gen_len > sizeof(l->gen)) {
		free(m);
		errno = EIO;
		return -1;
	}
	if (l->len && strcmp(l->gen, m->body)) {
		free(m);
		l->len = 0;
		return 0;
	}
	memcpy(l->gen, m->body, gen_len);
	n = m->hdr.len - gen_len;
	/* An empty name, so two NULs at the end, marks the last part. */
	last = !n || (n == 1 && !m->body[gen_len]) ||
	       (!m->body[gen_len + n - 1] && n > 1 && !m->body[gen_len + n - 2]);
	if (last && n)
		n--;
	grown = realloc(l->names, l->len + n + 1);
	if (!grown) {
		free(m);
		errno = ENOMEM;
		return -1;
	}
	memcpy(grown + l->len, m->body + gen_len, n);
	l->names = grown;
	l->len += n;
	free(m);
	return last;
}

static char **list_in_parts(struct xs_handle *h, xs_transaction_t t,
			    const char *path, unsigned int *num)
{
	struct listing l = { 0 };
	char **v = NULL;
	int ret;

	do {
		ret = list_part(h, t, path, &l);
	} while (ret == 0);
	if (ret > 0)
		v = split_strings(l.names, l.len, num);
	free(l.names);
	return v;
}

char **xs_directory(struct xs_handle *h, xs_transaction_t t, const char *path,
		    unsigned int *num)
{
	struct xs_msg *m = xs_talk(h, t, XS_DIRECTORY, path);
	char **v;

	if (!m)
		return errno == E2BIG ? list_in_parts(h, t, path, num) : NULL;
	v = split_strings(m->body, m->hdr.len, num);
	free(m);
	return v;
}

struct xs_permissions *xs_get_permissions(struct xs_handle *h,
					  xs_transaction_t t, const char *path,
					  unsigned int *num)
{
	struct xs_msg *m = xs_talk(h, t, XS_GET_PERMS, path);
	struct xs_permissions *perms;
	unsigned int n;

	if (!m)
		return NULL;
	n = xs_count_strings(m->body, m->hdr.len);
	perms = malloc((n + 1) * sizeof(*perms));
	if (perms && !xs_strings_to_perms(perms, n, m->body)) {
		free(perms);
		perms = NULL;
		errno = EIO;
	}
	free(m);
	if (perms)
		*num = n;
	return perms;
}

bool xs_set_permissions(struct xs_handle *h, xs_transaction_t t,
			const char *path, struct xs_permissions *perms,
			unsigned int num_perms)
{
	char text[XENSTORE_PAYLOAD_MAX];
	struct iovec iov[] = { iov_string(path), { 0 } };
	size_t used = 0;

	for (unsigned int i = 0; i < num_perms; i++) {
		if (!xs_perm_to_string(&perms[i], text + used,
				       sizeof(text) - used)) {
			if (errno == ENOSPC)
				errno = E2BIG;
			return false;
		}
		used += strlen(text + used) + 1;
	}
	iov[1] = xs_iov(text, used);
	return xs_ack(xs_talkv(h, t, XS_SET_PERMS, iov, 2));
}

xs_transaction_t xs_transaction_start(struct xs_handle *h)
{
	struct xs_msg *m = xs_talk(h, XBT_NULL, XS_TRANSACTION_START, "");
	xs_transaction_t id;

	if (!m)
		return XBT_NULL;
	id = strtoul(m->body, NULL, 0);
	free(m);
	return id;
}

bool xs_transaction_end(struct xs_handle *h, xs_transaction_t t, bool abort)
{
	return xs_ack(xs_talk(h, t, XS_TRANSACTION_END, abort ? "F" : "T"));
}

static struct xs_msg *talk_domid(struct xs_handle *h, uint32_t type,
				 unsigned int domid)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", domid);
	return xs_talk(h, XBT_NULL, type, text);
}

bool xs_introduce_domain(struct xs_handle *h, unsigned int domid,
			 unsigned long mfn, unsigned int eventchn)
{
	char text[3][24];
	struct iovec iov[3];

	snprintf(text[0], sizeof(text[0]), "%u", domid);
	snprintf(text[1], sizeof(text[1]), "%lu", mfn);
	snprintf(text[2], sizeof(text[2]), "%u", eventchn);
	for (int i = 0; i < 3; i++)
		iov[i] = iov_string(text[i]);
	return xs_ack(xs_talkv(h, XBT_NULL, XS_INTRODUCE, iov, 3));
}

bool xs_set_target(struct xs_handle *h, unsigned int domid,
		   unsigned int target)
{
	char text[2][16];
	struct iovec iov[2];

	snprintf(text[0], sizeof(text[0]), "%u", domid);
	snprintf(text[1], sizeof(text[1]), "%u", target);
	for (int i = 0; i < 2; i++)
		iov[i] = iov_string(text[i]);
	return xs_ack(xs_talkv(h, XBT_NULL, XS_SET_TARGET, iov, 2));
}

bool xs_resume_domain(struct xs_handle *h, unsigned int domid)
{
	return xs_ack(talk_domid(h, XS_RESUME, domid));
}

bool xs_release_domain(struct xs_handle *h, unsigned int domid)
{
	return xs_ack(talk_domid(h, XS_RELEASE, domid));
}

char *xs_get_domain_path(struct xs_handle *h, unsigned int domid)
{
	struct xs_msg *m = talk_domid(h, XS_GET_DOMAIN_PATH, domid);

	if (!m)
		return NULL;
	return memmove(m, m->body, m->hdr.len + 1);
}

bool xs_is_domain_introduced(struct xs_handle *h, unsigned int domid)
{
	struct xs_msg *m = talk_domid(h, XS_IS_DOMAIN_INTRODUCED, domid);
	bool introduced = m && m->body[0] == 'T';

	xs_ack(m);
	return introduced;
}

char *xs_control_command(struct xs_handle *h, const char *cmd, void *data,
			 unsigned int len)
{
	struct iovec iov[] = { iov_string(cmd), xs_iov(data, len) };
	struct xs_msg *m = xs_talkv(h, XBT_NULL, XS_CONTROL, iov, 2);

	if (!m)
		return NULL;
	return memmove(m, m->body, m->hdr.len + 1);
}

char *xs_debug_command(struct xs_handle *h, const char *cmd, void *data,
		       unsigned int len)
{
	return xs_control_command(h, cmd, data, len);
}

int xs_suspend_evtchn_port(int domid)
{
	struct xs_handle *h = xs_open(0);
	char path[64], *value;
	int port = -1;

	if (!h)
		return -1;
	snprintf(path, sizeof(path),
		 "/local/domain/%d/device/suspend/event-channel", domid);
	value = xs_read(h, XBT_NULL, path, NULL);
	if (value)
		port = atoi(value);
	free(value);
	xs_close(h);
	return port;
}
