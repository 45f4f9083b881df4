// SPDX-License-Identifier: LGPL-2.1-or-later
/* Xenstore client: watches and their events. */
#include <stdlib.h>
#include <string.h>

#include "xs_internal.h"

static bool talk_watch(struct xs_handle *h, uint32_t type, const char *path,
		       const char *token)
{
	struct iovec iov[] = {
		xs_iov(path, strlen(path) + 1),
		xs_iov(token, strlen(token) + 1),
	};

	return xs_ack(xs_talkv(h, XBT_NULL, type, iov, 2));
}

bool xs_watch(struct xs_handle *h, const char *path, const char *token)
{
	return talk_watch(h, XS_WATCH, path, token);
}

static void drop_events(struct xs_handle *h, const char *path,
			const char *token)
{
	struct xs_msg **link = &h->events;

	while (*link) {
		struct xs_msg *m = *link;
		const char *ev_token = m->body + strlen(m->body) + 1;

		if (ev_token < m->body + m->hdr.len &&
		    !strcmp(ev_token, token) &&
		    xs_path_is_subpath(path, m->body)) {
			*link = m->next;
			free(m);
		} else {
			link = &m->next;
		}
	}
	h->events_tail = link;
	xs_update_wake(h);
}

bool xs_unwatch(struct xs_handle *h, const char *path, const char *token)
{
	if (!talk_watch(h, XS_UNWATCH, path, token))
		return false;
	/*
	 * The daemon answers in order: events sent before the reply are
	 * queued by now, and none can follow.
	 */
	if (h->unwatch_filter && h->events)
		drop_events(h, path, token);
	return true;
}

static char **take_event(struct xs_handle *h)
{
	struct xs_msg *m = h->events;
	char **v = malloc(2 * sizeof(*v) + m->hdr.len + 1);
	size_t path_len = strlen(m->body) + 1;

	if (!v)
		return NULL;	/* the event stays for another try */
	h->events = m->next;
	if (!h->events) {
		h->events_tail = &h->events;
		xs_update_wake(h);
	}
	v[XS_WATCH_PATH] = (char *)(v + 2);
	memcpy(v[XS_WATCH_PATH], m->body, m->hdr.len + 1);
	/* Without a token the path's own NUL serves as an empty one. */
	if (path_len > m->hdr.len)
		path_len--;
	v[XS_WATCH_TOKEN] = v[XS_WATCH_PATH] + path_len;
	free(m);
	return v;
}

char **xs_check_watch(struct xs_handle *h)
{
	return xs_pump(h, false) ? take_event(h) : NULL;
}

char **xs_read_watch(struct xs_handle *h, unsigned int *num)
{
	char **v = xs_pump(h, true) ? take_event(h) : NULL;

	if (v && num)
		*num = 2;
	return v;
}
