// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "xy_loop.h"

#define EVENTS 64

static int epfd = -1;
static struct list queue = { &queue, &queue };
/* Events of this round not handed out yet, so that a source may go away. */
static struct epoll_event events[EVENTS];
static int nr_events;

int loop_init(void)
{
	epfd = epoll_create1(EPOLL_CLOEXEC);
	return epfd < 0 ? -errno : 0;
}

static int control(struct source *s, int op, uint32_t mask)
{
	struct epoll_event ev = { .events = mask, .data.ptr = s };

	return epoll_ctl(epfd, op, s->fd, &ev) ? -errno : 0;
}

int loop_add(struct source *s, uint32_t mask)
{
	return control(s, EPOLL_CTL_ADD, mask);
}

int loop_change(struct source *s, uint32_t mask)
{
	return control(s, EPOLL_CTL_MOD, mask);
}

void loop_remove(struct source *s)
{
	control(s, EPOLL_CTL_DEL, 0);
	for (int i = 0; i < nr_events; i++) {
		if (events[i].data.ptr == s)
			events[i].data.ptr = NULL;
	}
}

static void (*on_signal)(int sig);

static void signal_ready(struct source *s, uint32_t mask)
{
	struct signalfd_siginfo info;

	(void)mask;
	if (read(s->fd, &info, sizeof(info)) == sizeof(info))
		on_signal((int)info.ssi_signo);
}

int loop_add_signals(void (*on)(int sig))
{
	static struct source source = { .ready = signal_ready };
	sigset_t set;

	on_signal = on;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	source.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return source.fd < 0 ? -errno : loop_add(&source, EPOLLIN);
}

void client_init(struct client *c, void (*turn)(struct client *c))
{
	list_init(&c->link);
	c->queued = false;
	c->turn = turn;
}

void client_queue(struct client *c)
{
	if (c->queued)
		return;
	c->queued = true;
	list_add_tail(&queue, &c->link);
}

void client_unqueue(struct client *c)
{
	list_del(&c->link);
	c->queued = false;
}

/* Those queued now; who is queued during it waits for the next round. */
static void take_turns(void)
{
	struct list now;

	list_init(&now);
	while (!list_empty(&queue)) {
		struct list *l = queue.next;

		list_del(l);
		list_add_tail(&now, l);
	}
	while (!list_empty(&now)) {
		struct client *c = list_entry(now.next, struct client, link);

		client_unqueue(c);
		c->turn(c);
	}
}

void loop_round(int timeout_ms)
{
	nr_events = epoll_wait(epfd, events, EVENTS,
			       list_empty(&queue) ? timeout_ms : 0);
	for (int i = 0; i < nr_events; i++) {
		struct source *s = events[i].data.ptr;

		if (s)
			s->ready(s, events[i].events);
	}
	nr_events = 0;
	take_turns();
}
