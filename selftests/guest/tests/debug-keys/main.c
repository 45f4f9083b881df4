// SPDX-License-Identifier: GPL-2.0-only
/*
 * Debug keys: each but those that end the machine prints what it knows while
 * domains exist, and the hypervisor goes on. Of those for registers, domains,
 * event channels, grants, memory and run queues, what they say is compared with
 * what this domain and the one it made know of themselves.
 */
#include "test.h"

#define MAGIC	0x7177e27c0ffee11UL
#define SPARE	94	/* no such domain */

static char text[65536], line[256];

void child_main(struct child_params *p)
{
	void *page = page_alloc(1);

	if (this_cpu()->id == 0) {
		grant_access(GRANT_FIRST_FREE, 0, gfn_of(page), 0);
		p->out[1] = gfn_of(page);
		p->out[2] = evtchn_bind_ipi(0);
		p->out[3] = evtchn_alloc_unbound(DOMID_SELF, SPARE);
		p->out[0] = 1;
	}
	/* Nothing changes x27 while it runs here. */
	asm volatile("mov x27, %0\n1: b 1b" : : "r" (MAGIC) : "x27");
}

/* What the console says from here on is in text. */
static void press(char key)
{
	static char k;
	struct xen_sysctl op = { .cmd = XEN_SYSCTL_debug_keys };
	struct xen_sysctl_readconsole *r = &op.u.readconsole;
	char *start, *last = NULL;

	k = key;
	op.u.debug_keys.nr_keys = 1;
	set_xen_guest_handle(op.u.debug_keys.keys, &k);
	check_eq(sysctl(&op), 0, "key %c is taken", key);
	memset(&op, 0, sizeof(op));
	op.cmd = XEN_SYSCTL_readconsole;
	r->count = sizeof(text) - 1;
	set_xen_guest_handle(r->buffer, text);
	check_eq(sysctl(&op), 0, "the console is read");
	text[MIN(r->count, sizeof(text) - 1)] = 0;
	snprintk(line, sizeof(line), "'%c' pressed", key);
	for (start = text; (start = strstr(start, line)) != NULL; start++)
		last = start;
	if (!check(last != NULL, "it says which one it was"))
		text[0] = 0;
	else
		memmove(text, last, strlen(last) + 1);
}

/* The words are in one line of the text, in this order, behind begin (or anywhere). */
static bool says(const char *begin, const char *a, const char *b)
{
	for (char *s = text; (s = strstr(s, begin)) != NULL; s++) {
		char *x = strstr(s, a), *y = x ? strstr(x, b) : NULL, *end = strstr(s, "\n");

		if (y && (!end || y < end))
			return true;
	}
	return false;
}

static void check_memory(void)
{
	struct xen_sysctl op = { .cmd = XEN_SYSCTL_physinfo };
	char total[64], free[64];

	press('m');
	check_eq(sysctl(&op), 0, "physinfo");
	snprintk(free, sizeof(free), " %lu free", (unsigned long)op.u.physinfo.free_pages);
	snprintk(total, sizeof(total), "heap: ");
	check(says(total, " pages,", free), "m: the heap has as many free pages as sysctl says");
}

static void check_domains(const struct child *c)
{
	struct xen_domctl_getdomaininfo info;
	char name[16], pages[64];

	check(child_info(c->id, &info) >= 0, "getdomaininfo");
	press('q');
	snprintk(name, sizeof(name), "d%u: refs", c->id);
	snprintk(pages, sizeof(pages), "pages %lu/%lu ", (unsigned long)info.tot_pages,
		 (unsigned long)info.max_pages);
	check(says(name, "dying 0", pages), "q: the domain has the pages of getdomaininfo");
	snprintk(name, sizeof(name), " d%uv1: CPU", c->id);
	check(says(name, "running", "flags"), "q: its second vCPU is there");
	check(says("d0v0: CPU0 ", "running 1", "flags 0"), "q: our own runs on CPU 0");
}

/* A line of a port in the part of a domain. */
static bool has_port(domid_t id, unsigned int port, const char *what, const char *more)
{
	char head[24], number[16];
	char *from, *to;

	snprintk(head, sizeof(head), "d%u: event channels", id);
	from = strstr(text, head);
	if (!from)
		return false;
	to = strstr(from + strlen(head), ": event channels");
	snprintk(number, sizeof(number), "%4u [", port);
	for (char *s = strstr(from, number); s && (!to || s < to); s = strstr(s + 1, number)) {
		char *x = strstr(s, what), *y = x ? strstr(x, more) : NULL, *end = strstr(s, "\n");

		if (y && end && y < end)
			return true;
	}
	return false;
}

static void check_events(const struct child *c)
{
	unsigned int a, b;
	char to[24];
	long virq = evtchn_bind_virq(VIRQ_DEBUG, 0);

	evtchn_pair(&a, &b);
	event_mask(b);
	evtchn_send(a);
	press('e');
	snprintk(to, sizeof(to), "to d0:%u\n", b);
	/* Binding makes the binder's own end pending: it may have missed an event. */
	check(has_port(0, a, "[1/0]: interdomain", to), "e: one end of a pair names the other");
	check(has_port(0, b, "[1/1]: interdomain", "vcpu 0"), "e: that one is pending and masked");
	check(has_port(0, virq, "virq vcpu 0", "virq 1"), "e: a VIRQ has its number");
	check(has_port(c->id, c->params->out[2], "]: ipi", "vcpu 0"), "e: the child's IPI");
	check(has_port(c->id, c->params->out[3], "]: unbound", "for d94"),
	      "e: its port for a domain that is not there");
}

static void check_grants(const struct child *c)
{
	struct gnttab_map_grant_ref map;
	u64 at = gfn_hole() << PAGE_SHIFT;
	char head[32], ref[48];

	check_eq(grant_map(c->id, GRANT_FIRST_FREE, at, GNTMAP_host_map, &map), 0,
		 "the child's page is mapped");
	press('g');
	snprintk(head, sizeof(head), "d%u: grant table version 1", c->id);
	check(says(head, "frames", "maptrack"), "g: the child's table");
	snprintk(ref, sizeof(ref), "ref %u: d0 mfn %lx,", GRANT_FIRST_FREE,
		 (unsigned long)map.dev_bus_addr >> PAGE_SHIFT);
	check(says(ref, "0 readers", "1 writers"), "g: the grant, its frame and that it is mapped");
	grant_unmap(at, map.handle);
	press('g');
	check(!says(ref, "readers", "writers"), "g: not any more when it is unmapped");
}

static void check_registers(struct child *c)
{
	struct vcpu_guest_context *ctxt = page_alloc(4);
	struct xen_domctl op = { .cmd = XEN_DOMCTL_getvcpucontext, .domain = c->id };
	char name[16], pc[32], x27[40];

	check_eq(child_pause(c), 0, "the child is paused");
	set_xen_guest_handle(op.u.vcpucontext.ctxt, ctxt);
	check_eq(domctl(&op), 0, "its registers are read");
	press('d');
	snprintk(name, sizeof(name), "d%uv0: pc", c->id);
	snprintk(pc, sizeof(pc), "pc %016lx", (unsigned long)ctxt->user_regs.pc64);
	check(says(name, pc, "pstate"), "d: its program counter");
	snprintk(x27, sizeof(x27), "x27 %016lx", MAGIC);
	check(strstr(text, x27) != NULL, "d: a register it has set");
	check(strstr(text, "d0v0: pc") != NULL, "d: our own vCPU is there as well");
	child_unpause(c);
}

static void check_queues(struct child *c)
{
	char name[24];

	press('r');
	check(says("Scheduler: ", "Credit", "rev2"), "r: the scheduler");
	check(says("CPU0 runs", "d0v0", ""), "r: we run");
	snprintk(name, sizeof(name), "queued d%uv0", c->id);
	check(says(name, "credit", "weight 256"), "r: the child waits, with its weight");
	child_pause(c);
	press('r');
	check(strstr(text, "Scheduler: ") && !strstr(text, name), "r: not when it is paused");
	child_unpause(c);
}

/* Of a line "name: number"; 0 when there is none. */
static unsigned long count_of(const char *name)
{
	unsigned long n = 0;
	char head[32], *s;

	snprintk(head, sizeof(head), "%s: ", name);
	s = strstr(text, head);
	for (s = s ? s + strlen(head) : ""; *s >= '0' && *s <= '9'; s++)
		n = n * 10 + *s - '0';
	return n;
}

/* The debug build counts; the release build does not know the key, and says so. */
static void check_counts(const struct child *c)
{
	struct xen_domctl_getdomaininfo info;
	unsigned long total, sends, infos;
	unsigned int a, b;

	press('h');
	if (!strstr(text, "key 'p'"))
		return;
	evtchn_pair(&a, &b);
	press('p');
	total = count_of("event_channel_op");
	sends = count_of(" send");
	infos = count_of(" getdomaininfo");
	for (unsigned int i = 0; i < 7; i++)
		evtchn_send(a);
	child_info(c->id, &info);
	press('p');
	check_eq(count_of(" send"), sends + 7, "p: events sent");
	check_eq(count_of("event_channel_op"), total + 7, "p: they are the only calls of their kind");
	check_eq(count_of(" getdomaininfo"), infos + 1, "p: an operation of the toolstack");
}

static void check_all_keys(void)
{
	static char keys[128];
	struct xen_sysctl op = { .cmd = XEN_SYSCTL_debug_keys };
	unsigned int n = 0;

	for (char k = '!'; k <= '~'; k++)
		if (k != 'R' && k != 'C' && k != '%')
			keys[n++] = k;
	for (unsigned int i = 0; i < n; i++) {
		op.u.debug_keys.nr_keys = 1;
		set_xen_guest_handle(op.u.debug_keys.keys, &keys[i]);
		if (sysctl(&op))
			check(false, "key %c", keys[i]);
	}
	check(true, "all keys are taken");
	set_xen_guest_handle(op.u.debug_keys.keys, bad_pointers()->p);
	check_eq(sysctl(&op), -EFAULT, "keys at a bad address");
}

void test_main(void)
{
	struct child c;

	child_create(&c, 2, 2);
	child_unpause(&c);
	check(wait_until(c.params->out[0], 2000000), "the child is ready");
	check_all_keys();
	check_memory();
	check_domains(&c);
	check_events(&c);
	check_grants(&c);
	check_registers(&c);
	check_queues(&c);
	check_counts(&c);
	check(xen_version(XENVER_version, NULL) > 0, "the hypervisor answers");
	check_eq(child_destroy(&c), 0, "the domain is destroyed");
}
