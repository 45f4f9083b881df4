// SPDX-License-Identifier: GPL-2.0-only
/*
 * DMA buffers and grants, by /dev/xen/gntdev: granted pages of ours as a buffer, and,
 * where the kernel has udmabuf, memory of ours as a buffer that is granted.
 */
#include <linux/udmabuf.h>
#include <pthread.h>

#include "gnt.h"
#include "kmsg.h"

#define COUNT 8
#define WC 1
#define COHERENT 2

static const char *const only_with_udmabuf = "the kernel has no udmabuf";
static const char *const not_in_pv = "a PV domain shows no buffers";
static int pv;

static int export(int fd, struct dmabuf_export *e, const uint32_t *refs, int count, int flags)
{
	*e = (struct dmabuf_export){ .flags = flags, .count = count, .domid = self };
	for (int i = 0; i < count && i < 64; i++)
		e->refs[i] = refs[i];
	return ioctl(fd, DMABUF_EXPORT, e);
}

static int wait_released(int fd, int buf, int ms)
{
	struct dmabuf_wait w = { .fd = buf, .ms = ms };

	return ioctl(fd, DMABUF_WAIT, &w);
}

struct waiter {
	int gntdev, buf;
	volatile int called, ret;
};

static void *wait_long(void *arg)
{
	struct waiter *w = arg;

	w->called = 1;
	w->ret = wait_released(w->gntdev, w->buf, 20000);
	return NULL;
}

/* What one side writes to each page is what the other reads, both ways. */
static int both_see(char *one, char *other)
{
	int bad = 0;

	for (int i = 0; i < COUNT; i++) {
		char *a = one + i * PAGE, *b = other + i * PAGE;

		snprintf(a, 32, "page %d of %p", i, one);
		bad += !!strcmp(a, b);
		snprintf(b + 2000, 32, "seen %d of %p", i, other);
		bad += !!strcmp(a + 2000, b + 2000);
	}
	return bad;
}

static void test_export_errors(void)
{
	int ga = open_dev("/dev/xen/gntalloc"), gd = open_dev("/dev/xen/gntdev");
	uint32_t refs[2] = { 0, 0x1fff };
	struct gntalloc_alloc a;
	struct dmabuf_export e;

	fails(export(gd, &e, refs, 0, 0), EINVAL, "a buffer of nothing");
	fails(export(gd, &e, refs, 0x7fffffff, 0), EINVAL, "of too much");
	fails(ioctl(gd, DMABUF_EXPORT, nowhere), EFAULT, "an argument nowhere");
	grant(ga, &a, 1, 1);
	refs[0] = a.refs[0];
	fails(export(gd, &e, refs, 1, 8), EINVAL, "unknown flags");
	fails(export(gd, &e, refs, 1, WC | COHERENT), EINVAL, "flags that exclude each other");
	fails(export(gd, &e, refs, 2, 0), EINVAL, "one of two is no grant");
	grant(ga, &a, 1, 0);
	fails(export(gd, &e, a.refs, 1, 0), EINVAL, "a grant to read only");
	fails(wait_released(gd, 5, 1), ENOENT, "wait for what never was");
	close(gd);
	close(ga);
}

static void test_export(void)
{
	int ga = open_dev("/dev/xen/gntalloc"), gd = open_dev("/dev/xen/gntdev"), i;
	struct waiter w = { .gntdev = gd, .ret = -2 };
	struct gntalloc_alloc a;
	struct dmabuf_export e;
	char *mine, *theirs;
	pthread_t t;

	grant(ga, &a, COUNT, 1);
	mine = at(ga, PROT_READ | PROT_WRITE, MAP_SHARED, COUNT, a.index);
	same(export(gd, &e, a.refs, COUNT, 0), 0, "granted pages become a buffer");
	same(lseek(e.fd, 0, SEEK_END), COUNT * PAGE, "of their size");
	fails((long)at(e.fd, PROT_READ | PROT_WRITE, MAP_PRIVATE, COUNT, 0),
	      pv ? EOPNOTSUPP : EINVAL, "a private area of it");
	theirs = at(e.fd, PROT_READ | PROT_WRITE, MAP_SHARED, COUNT, 0);
	if (pv)
		fails((long)theirs, EOPNOTSUPP, "it cannot be looked at in a PV domain");
	else
		check(is_mapped(mine) && is_mapped(theirs), "it can be looked at");
	if (is_mapped(theirs))
		same(both_see(mine, theirs), 0, "both see what either writes");
	else
		skip("both see what either writes", pv ? not_in_pv : "there is nothing to see");
	fails(wait_released(gd, e.fd, 20), ETIMEDOUT, "it is not released while somebody has it");
	w.buf = e.fd;
	pthread_create(&t, NULL, wait_long, &w);
	while (!w.called)
		usleep(1000);
	usleep(200000);
	close(e.fd);
	usleep(50000);
	if (pv)
		skip("nor while it is shown", not_in_pv);
	else
		same(w.ret, -2, "nor while it is shown");
	munmap(theirs, COUNT * PAGE);
	pthread_join(t, NULL);
	same(w.ret, 0, "who waits for its release is told");
	fails(wait_released(gd, w.buf, 1), ENOENT, "and later that there is none");

	/* The buffer does not need the file. */
	export(gd, &e, a.refs, COUNT, 0);
	close(gd);
	theirs = at(e.fd, PROT_READ | PROT_WRITE, MAP_SHARED, COUNT, 0);
	if (pv)
		skip("it outlives the file that it was made by", not_in_pv);
	else
		same(is_mapped(theirs) ? both_see(mine, theirs) : -1, 0,
		     "it outlives the file that it was made by");
	munmap(theirs, COUNT * PAGE);
	close(e.fd);

	gd = open_dev("/dev/xen/gntdev");
	for (i = 0; i < 50; i++) {
		if (export(gd, &e, a.refs, COUNT, 0))
			break;
		close(e.fd);
	}
	same(i, 50, "again and again");
	close(gd);
	munmap(mine, COUNT * PAGE);
	close(ga);
}

/* Pages of ours that the hypervisor knows of; -1 where it cannot be asked. */
static long reservation(void)
{
	uint16_t domid = 0x7ff0;	/* DOMID_SELF */
	/* memory_op, current_reservation */
	struct privcmd_call call = { .op = 12, .arg = { 3, (uintptr_t)&domid } };
	int fd = open("/dev/xen/privcmd", O_RDWR | O_CLOEXEC), n;

	if (fd < 0)
		return -1;
	n = ioctl(fd, PRIVCMD_CALL, &call);
	close(fd);
	return n;
}

#define MUCH 16384	/* pages in one piece: no kernel has them */

/* Memory that is of another kind than the balloon's pages. */
struct kind {
	const char *name, *errors, *back;
	int flags;
};

static const struct kind kinds[] = {
	{ "write-combining memory", "errors of write-combining memory",
	  "write-combining memory goes back", WC },
	{ "coherent memory", "errors of coherent memory", "coherent memory goes back", COHERENT },
};

static int bad_exports(int gd, const uint32_t *refs, int flags)
{
	struct dmabuf_export *e = calloc(1, sizeof(*e) + MUCH * sizeof(e->refs[0]));
	int bad;

	*e = (struct dmabuf_export){ .flags = flags, .count = COUNT, .domid = self };
	memcpy(e->refs, refs, COUNT * sizeof(*refs));
	e->refs[COUNT / 2] = 0x1fff;
	bad = ioctl(gd, DMABUF_EXPORT, e) != -1 || errno != EINVAL;
	e->count = MUCH;
	bad += ioctl(gd, DMABUF_EXPORT, e) != -1 || errno != ENOMEM;
	free(e);
	return bad;
}

/* Parts of it, at their place. */
static int parts_seen(int buf, char *mine)
{
	char *part = at(buf, PROT_READ | PROT_WRITE, MAP_SHARED, COUNT / 2, PAGE);
	int bad = !is_mapped(part);

	if (!bad)
		bad = strcmp(part + 2000, mine + PAGE + 2000) ||
		      strcmp(part + (COUNT / 2 - 1) * PAGE, mine + COUNT / 2 * PAGE);
	munmap(part, COUNT / 2 * PAGE);
	part = at(buf, PROT_READ | PROT_WRITE, MAP_SHARED, COUNT, PAGE);
	return bad + is_mapped(part);
}

/* Where the kernel has such memory. */
static void test_export_memory(const struct kind *k)
{
	int ga = open_dev("/dev/xen/gntalloc"), gd = open_dev("/dev/xen/gntdev"), ret, i;
	long before = reservation();
	struct gntalloc_alloc a;
	struct dmabuf_export e;
	char *mine, *theirs;

	grant(ga, &a, COUNT, 1);
	mine = at(ga, PROT_READ | PROT_WRITE, MAP_SHARED, COUNT, a.index);
	ret = export(gd, &e, a.refs, COUNT, k->flags);
	if (ret && errno == EOPNOTSUPP) {
		skip(k->name, "the kernel has none to give");
		skip(k->errors, "the kernel has none to give");
		skip(k->back, "the kernel has none to give");
		goto out;
	}
	if (pv) {
		skip(k->name, not_in_pv);
	} else {
		theirs = ret ? MAP_FAILED :
			 at(e.fd, PROT_READ | PROT_WRITE, MAP_SHARED, COUNT, 0);
		same(is_mapped(theirs) ? both_see(mine, theirs) + parts_seen(e.fd, mine) : -1, 0,
		     k->name);
		munmap(theirs, COUNT * PAGE);
	}
	if (!ret)
		close(e.fd);
	same(bad_exports(gd, a.refs, k->flags), 0, k->errors);
	for (i = 0; i < 50; i++) {
		if (export(gd, &e, a.refs, COUNT, k->flags))
			break;
		close(e.fd);
	}
	if (before <= 0)
		skip(k->back, "the hypervisor cannot be asked");
	else
		same(i == 50 ? reservation() : -1, before, k->back);
out:
	munmap(mine, COUNT * PAGE);
	close(gd);
	close(ga);
}

static int import(int fd, struct dmabuf_import *m, int buf, int count)
{
	*m = (struct dmabuf_import){ .fd = buf, .count = count, .domid = self };
	return ioctl(fd, DMABUF_IMPORT, m);
}

static int release(int fd, int buf)
{
	struct dmabuf_release r = { .fd = buf };

	return ioctl(fd, DMABUF_RELEASE, &r);
}

/* COUNT pages of memory at *mem, and a buffer of them. */
static int make_buf(char **mem)
{
	struct udmabuf_create c = { .size = COUNT * PAGE };
	int fd = open("/dev/udmabuf", O_RDWR | O_CLOEXEC), buf;

	if (fd < 0)
		return -1;
	c.memfd = need(memfd_create("buffer", MFD_ALLOW_SEALING), "memfd");
	need(ftruncate(c.memfd, COUNT * PAGE), "ftruncate");
	need(fcntl(c.memfd, F_ADD_SEALS, F_SEAL_SHRINK), "seal");
	*mem = at(c.memfd, PROT_READ | PROT_WRITE, MAP_SHARED, COUNT, 0);
	buf = need(ioctl(fd, UDMABUF_CREATE, &c), "udmabuf");
	close(c.memfd);
	close(fd);
	return buf;
}

static int users(void)
{
	return atoi(word("/sys/module/xen_gntdev/refcnt", ""));
}

/* The module is used as often as before, soon. */
static int users_become(int want)
{
	for (int ms = 0; ms < 5000 && users() != want; ms += 50)
		usleep(50000);
	return users();
}

static void test_import(void)
{
	int before = users(), gd = open_dev("/dev/xen/gntdev"), peer, buf;
	struct dmabuf_import m;
	struct gntdev_map map_arg;
	char *mem, *theirs;

	buf = pv ? -1 : make_buf(&mem);
	if (buf < 0) {
		for (int i = 0; i < 14; i++)
			skip("import", pv ? "not in a PV domain" : only_with_udmabuf);
		close(gd);
		return;
	}
	fails(import(gd, &m, buf, 0), EINVAL, "import nothing");
	fails(import(gd, &m, buf, COUNT - 1), EINVAL, "less than all");
	fails(import(gd, &m, buf, COUNT + 1), EINVAL, "more than all");
	fails(import(gd, &m, gd, COUNT), EINVAL, "what is no buffer");
	fails(release(gd, buf), ENOENT, "release what was not imported");
	same(import(gd, &m, buf, COUNT), 0, "a buffer is granted");

	peer = open_dev("/dev/xen/gntdev");
	map(peer, &map_arg, m.refs, COUNT);
	theirs = at(peer, PROT_READ | PROT_WRITE, MAP_SHARED, COUNT, map_arg.index);
	same(is_mapped(theirs) ? both_see(mem, theirs) : -1, 0, "its content is the peer's");
	kmsg_warnings("xen-gntdev: domain");
	same(release(gd, buf), 0, "release it, though the peer has it");
	fails(release(gd, buf), ENOENT, "twice");
	close(buf);
	close(gd);
	unmap(peer, map_arg.index, COUNT);
	close(peer);
	if (ours()) {
		same(kmsg_warnings_within("xen-gntdev: domain", 30), 1, "one message says so");
		sleep(3);
		same(kmsg_warnings("xen-gntdev: domain"), 0, "and no more");
	} else {
		skip("one message says so", "the stock module has none");
		skip("and no more", "the stock module has none");
	}
	same(is_mapped(theirs) ? both_see(mem, theirs) : -1, 0,
	     "the memory stays until the peer lets it go");
	munmap(theirs, COUNT * PAGE);
	same(users_become(before), before, "and not longer");
	munmap(mem, COUNT * PAGE);

	buf = make_buf(&mem);
	gd = open_dev("/dev/xen/gntdev");
	import(gd, &m, buf, COUNT);
	close(buf);
	munmap(mem, COUNT * PAGE);
	close(gd);
	same(users_become(before), before, "an import goes with its file");
}

int main(int argc, char **argv)
{
	self = argc > 1 ? atoi(argv[1]) : 0;
	pv = !strcmp(word("/sys/hypervisor/guest_type", ""), "PV");
	plan(40);
	check_module("xen_gntdev");
	test_export_errors();
	test_export();
	for (unsigned int i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		test_export_memory(&kinds[i]);
	test_import();
	return finish();
}
