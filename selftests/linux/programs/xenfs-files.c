// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files of xenfs (/proc/xen), in the control domain. The store's ring is that of a
 * xenstored in this domain.
 */
#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "ktap.h"
#include "xendev.h"

#define PAGE	4096UL
#define PLACE	"/run/xenfs-files"
#define MAGIC	0xabba1974

/* Indices of the store's ring, in words behind both buffers. */
enum { REQ_CONS = 512, REQ_PROD, RSP_CONS, RSP_PROD };

static const struct {
	const char *name;
	mode_t mode;
} files[] = {
	{ "capabilities", 0444 }, { "privcmd", 0600 }, { "xenbus", 0600 },
	{ "xsd_kva", 0600 }, { "xsd_port", 0600 },
};

static int open_file(const char *name, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), PLACE "/%s", name);
	return open(path, flags | O_CLOEXEC);
}

/* What a file says from there on, and a zero. */
static const char *text(const char *name, off_t at)
{
	static char buf[64];
	int fd = open_file(name, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : pread(fd, buf, sizeof(buf) - 1, at);

	buf[n < 0 ? 0 : n] = 0;
	if (fd >= 0)
		close(fd);
	return n < 0 ? "?" : buf;
}

static void test_files(void)
{
	const unsigned int count = sizeof(files) / sizeof(files[0]);
	unsigned int good = 0, names = 0;
	struct dirent *e;
	struct statfs fs;
	struct stat st;
	DIR *dir = opendir(PLACE);

	check(!statfs(PLACE, &fs) && (unsigned long)fs.f_type == MAGIC, "it says what it is");
	for (unsigned int i = 0; i < count; i++) {
		int fd = open_file(files[i].name, O_PATH);

		if (!fstat(fd, &st) && S_ISREG(st.st_mode) &&
		    (st.st_mode & 07777) == files[i].mode)
			good++;
		else
			printf("# %s: mode %o\n", files[i].name, st.st_mode);
		close(fd);
	}
	same(good, count, "files and their modes");
	/* Some kernels have xensyms as well: test_symbols(). */
	while (dir && (e = readdir(dir)))
		names += e->d_name[0] != '.' && strcmp(e->d_name, "xensyms");
	same(names, count, "no others");
	closedir(dir);
	check(!strcmp(text("capabilities", 0), "control_d\n"), "this is the control domain");
	check(!strcmp(text("capabilities", 8), "d\n"), "also when read in parts");
}

/* A request to the store, for the names in "/". True when "local" is one of them. */
static int ask(int fd)
{
	struct {
		uint32_t type, id, tx, len;
		char body[1024];
	} msg = { .type = 1, .len = 2, .body = "/" };
	size_t got = 0;

	if (write(fd, &msg, 18) != 18 || read(fd, &msg, 16) != 16 || msg.type != 1 ||
	    msg.len > sizeof(msg.body))
		return 0;
	while (got < msg.len) {
		ssize_t n = read(fd, msg.body + got, msg.len - got);

		if (n <= 0)
			return 0;
		got += n;
	}
	for (char *at = msg.body; at < msg.body + msg.len; at += strlen(at) + 1)
		if (!strcmp(at, "local"))
			return 1;
	return 0;
}

static void test_store(void)
{
	int kva = open_file("xsd_kva", O_RDWR), bus = open_file("xenbus", O_RDWR);
	volatile uint32_t *ring = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, kva, 0);
	unsigned int port;
	uint32_t before;
	char rest;

	check(!strncmp(text("xsd_kva", 0), "0x", 2), "the ring has an address");
	check(sscanf(text("xsd_port", 0), "%u%c", &port, &rest) == 1 && port, "and a port");
	fails((long)mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, kva, 0), EINVAL, "it is one page");
	fails((long)mmap(NULL, PAGE, PROT_READ, MAP_SHARED, kva, PAGE), EINVAL, "that one");
	if (!check(ring != MAP_FAILED, "which a xenstored maps"))
		exit(finish());
	before = ring[REQ_PROD];
	check(ask(bus), "a request by xenbus is answered");
	check(ring[REQ_PROD] - before >= 18 && ring[REQ_PROD] == ring[REQ_CONS],
	      "and went through that page");
	munmap((void *)ring, PAGE);
	close(bus);
	close(kva);
}

static void test_privcmd(void)
{
	struct privcmd_call call = { .op = 17 };	/* xen_version */
	int fd = open_file("privcmd", O_RDWR);

	check(ioctl(fd, PRIVCMD_CALL, &call) >= 0x40011, "a hypercall by privcmd");
	close(fd);
}

/* All of the hypervisor's symbols: how many lines are as they should be; *sum is of all. */
static long symbols(int fd, size_t chunk, unsigned long *sum)
{
	static char text[4 << 20];
	unsigned long long addr, before = 0;
	size_t len = 0;
	long good = 0;
	ssize_t n;

	while (len < sizeof(text) - chunk && (n = read(fd, text + len, chunk)) > 0)
		len += n;
	text[len] = 0;
	*sum = 0;
	for (size_t i = 0; i < len; i++)
		*sum = *sum * 31 + (unsigned char)text[i];
	for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
		char type, name[512], rest;

		*end = 0;
		if (sscanf(line, "%16llx %c %511s%c", &addr, &type, name, &rest) != 3 ||
		    line[16] != ' ' || addr < before)
			printf("# %s\n", line);
		else
			good++;
		before = addr;
	}
	return good;
}

static void test_symbols(void)
{
	int fd = open_file("xensyms", O_RDONLY);
	unsigned long whole, parts;
	struct utsname machine;
	struct stat st;
	long n;

	/* Debian's kernels for x86 have it, those for Arm do not. */
	uname(&machine);
	if (fd < 0 && strcmp(machine.machine, "x86_64")) {
		for (int i = 0; i < 4; i++)
			skip("the hypervisor's symbols", "not in this kernel");
		return;
	}
	check(!fstat(fd, &st) && (st.st_mode & 07777) == 0400, "the hypervisor's symbols");
	n = symbols(fd, 65536, &whole);
	if (!check(n > 1000, "are many, in order"))
		printf("# %ld\n", n);
	lseek(fd, 0, SEEK_SET);
	same(symbols(fd, 100, &parts), n, "as many when read in parts");
	check(whole == parts, "and the same");
	close(fd);
}

int main(void)
{
	plan(19);
	check_module("xenfs");
	mkdir(PLACE, 0700);
	need(mount("xenfs", PLACE, "xenfs", 0, NULL), "mounting xenfs");
	test_files();
	test_store();
	test_privcmd();
	test_symbols();
	same(umount(PLACE), 0, "unmounted");
	rmdir(PLACE);
	return finish();
}
