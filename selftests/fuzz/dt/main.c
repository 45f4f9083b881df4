// SPDX-License-Identifier: GPL-2.0-only
/*
 * A round boots the hypervisor's device tree code with a damaged tree. It ends
 * with dom0 built or with a sentence that says why not. Accesses outside of the
 * tree and of RAM, failed assertions and rounds that do not end are mistakes.
 *
 *	fuzz-dt TREE...		environment: SECONDS, SEED, ROUNDS, VERBOSE
 */
#include <libfdt.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include "dt.h"

#define ROUND_LIMIT	10	/* seconds */
#define TREE_MAX	(2 << 20)	/* what the hypervisor maps */
#define KINDS_MAX	64
#define NR_ALLOCS	256
#define TREES_MAX	8

void __sanitizer_set_death_callback(void (*fn)(void)) __attribute__((__weak__));
void __sanitizer_print_stack_trace(void) __attribute__((__weak__));
extern char __start_machine_data[], __stop_machine_data[];

static uint64_t state, round_seed;
static jmp_buf end_of_round;
static char sentence[256];
static bool verbose;
static void *allocs[NR_ALLOCS];
static unsigned int nr_allocs;

/* splitmix64 */
uint64_t rnd64(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

static void last_words(void)
{
	static bool said;

	if (said)
		return;
	said = true;
	printf("not ok 1 dt: round of seed %lu; again with SEED=%lu ROUNDS=1 VERBOSE=1\n"
	       "0 passed, 1 failed, 0 skipped\n", round_seed, round_seed);
	fflush(stdout);
}

static void on_signal(int sig)
{
	fprintf(stderr, sig == SIGALRM ? "a round does not end\n" : "aborted\n");
	if (__sanitizer_print_stack_trace)
		__sanitizer_print_stack_trace();
	last_words();
	signal(SIGABRT, SIG_DFL);
	abort();
}

void broken(const char *what)
{
	fprintf(stderr, "%s\n", what);
	last_words();
	abort();
}

void refused(const char *s)
{
	snprintf(sentence, sizeof(sentence), "%s", s);
	longjmp(end_of_round, 1);
}

void *host_map(size_t size)
{
	void *p = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		broken("no address space");
	return p;
}

void host_access(void *p, size_t size, bool yes)
{
	if (!yes)
		madvise(p, size, MADV_DONTNEED);
	if (mprotect(p, size, yes ? PROT_READ | PROT_WRITE : PROT_NONE))
		broken("mprotect");
}

void *host_alloc(size_t size)
{
	if (nr_allocs == NR_ALLOCS)
		broken("more allocations in a round than make sense");
	allocs[nr_allocs] = calloc(1, size);
	if (!allocs[nr_allocs])
		broken("no memory");
	return allocs[nr_allocs++];
}

void host_say(const char *s, size_t len)
{
	if (verbose)
		fwrite(s, 1, len, stderr);
}

static uint64_t get64(const fdt32_t *p)
{
	return (uint64_t)fdt32_to_cpu(p[0]) << 32 | fdt32_to_cpu(p[1]);
}

void check_dom0_tree(const void *fdt, uint64_t mem_start, uint64_t mem_size)
{
	const fdt32_t *start, *end;
	int chosen, len;

	if (fdt_check_full(fdt, TREE_MAX))
		broken("dom0's device tree is damaged");
	chosen = fdt_path_offset(fdt, "/chosen");
	if (chosen < 0 || fdt_path_offset(fdt, "/hypervisor") < 0 ||
	    fdt_path_offset(fdt, "/cpus") < 0 || fdt_path_offset(fdt, "/psci") < 0)
		broken("dom0's device tree lacks a node");
	start = fdt_getprop(fdt, chosen, "linux,initrd-start", &len);
	end = fdt_getprop(fdt, chosen, "linux,initrd-end", &len);
	if (start && end && (get64(start) < mem_start || get64(end) > mem_start + mem_size))
		broken("dom0's ramdisk is outside of its memory");
}

/* ---- trees ---- */

struct tree {
	char *data;
	size_t size;
};

static struct tree load(const char *name)
{
	struct tree t = { calloc(1, BLOB_MAX), 0 };
	char *raw = calloc(1, TREE_MAX);
	FILE *f = fopen(name, "rb");

	if (!f || !fread(raw, 1, TREE_MAX, f) ||
	    fdt_check_header(raw) || fdt_pack(raw) || fdt_open_into(raw, t.data, BLOB_MAX)) {
		fprintf(stderr, "fuzz-dt: %s is no device tree\n", name);
		exit(2);
	}
	fclose(f);
	free(raw);
	t.size = BLOB_MAX;
	return t;
}

static char *whole(const struct tree *t)
{
	char *blob = calloc(1, BLOB_MAX);

	memcpy(blob, t->data, t->size);
	return blob;
}

static void flip(char *p, size_t size)
{
	for (unsigned int n = 1 + rnd(8); n; n--) {
		/* Headers are small: they would hardly ever be hit. */
		size_t at = one_in(8) ? rnd(40) : rnd(size);

		if (one_in(2))
			p[at] ^= 1 << rnd(8);
		else
			p[at] = rnd64();
	}
}

/*
 * A damaged copy of the tree, in memory of just its size, so that each access
 * behind it is seen. What the header claims is there: the hypervisor maps more
 * than it looks at.
 */
static char *damaged(const struct tree *t)
{
	char *work = malloc(BLOB_MAX), *blob;
	size_t size, claimed;

	memcpy(work, t->data, BLOB_MAX);
	if (!one_in(64))
		mutate(work);
	if (!one_in(8))
		fdt_pack(work);
	size = fdt_totalsize(work);
	if (one_in(3))
		flip(work, size);
	claimed = fdt_totalsize(work);
	claimed = claimed > size && claimed <= TREE_MAX ? claimed : size;
	blob = calloc(1, claimed);
	memcpy(blob, work, size);
	free(work);
	return blob;
}

/* ---- what came out ---- */

static struct kind {
	char text[48];
	unsigned long count;
} kinds[KINDS_MAX];

/* Sentences that differ in numbers and names of nodes are of a kind. */
static void count(const char *s)
{
	char text[sizeof(kinds[0].text)], before = ' ';
	unsigned int n = 0;

	while (*s && n < sizeof(text) - 1) {
		if (((before == ' ' || before == '(') && *s >= '0' && *s <= '9') || *s == '@') {
			text[n++] = '#';
			s += strcspn(s, " ");
		} else {
			text[n++] = *s++;
		}
		before = text[n - 1];
	}
	text[n] = '\0';
	for (unsigned int i = 0; i < KINDS_MAX; i++) {
		if (kinds[i].count && strcmp(kinds[i].text, text))
			continue;
		memcpy(kinds[i].text, text, sizeof(text));
		kinds[i].count++;
		return;
	}
}

static unsigned int report(void)
{
	unsigned int n = 0;

	for (; n < KINDS_MAX && kinds[n].count; n++)
		printf("# %6lu %s\n", kinds[n].count, kinds[n].text);
	return n;
}

/* What is between the variables is no business of the sanitizer here. */
static void __attribute__((__no_sanitize_address__)) copy_words(uint64_t *to, const uint64_t *from,
								size_t size)
{
	for (size_t i = 0; i < size / sizeof(*to); i++)
		*(volatile uint64_t *)&to[i] = from[i];
}

/* Each round finds the hypervisor's variables as they were before the first. */
static void reset_machine(void)
{
	static uint64_t *fresh;
	size_t size = __stop_machine_data - __start_machine_data;

	if (fresh) {
		copy_words((uint64_t *)__start_machine_data, fresh, size);
		return;
	}
	fresh = malloc(size);
	copy_words(fresh, (uint64_t *)__start_machine_data, size);
}

/* The tree as it is must give a dom0. */
static void one_round(const struct tree *tree, bool intact)
{
	static char *blob;	/* not lost at the jump */

	state = round_seed;
	reset_machine();
	alarm(ROUND_LIMIT);
	blob = intact ? whole(tree) : damaged(tree);
	if (!setjmp(end_of_round)) {
		if (!fdt_check_header(blob))
			refuse_uart(blob);
		machine_boot(blob, !intact);
		count("dom0 is built");
	} else {
		if (intact)
			broken(sentence);
		count(sentence);
	}
	machine_end_round();
	free(blob);
	while (nr_allocs)
		free(allocs[--nr_allocs]);
}

static unsigned long env(const char *name, unsigned long otherwise)
{
	const char *s = getenv(name);

	return s && *s ? strtoul(s, NULL, 0) : otherwise;
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	unsigned long rounds = env("ROUNDS", 0), done = 0;
	double end = seconds() + env("SECONDS", 20);
	static struct tree trees[TREES_MAX];
	unsigned int n;

	verbose = env("VERBOSE", 0);
	round_seed = env("SEED", 1);
	if (argc < 2 || argc - 1 > TREES_MAX) {
		fprintf(stderr, "usage: fuzz-dt TREE... (at most %u)\n", TREES_MAX);
		return 2;
	}
	for (int i = 1; i < argc; i++)
		trees[i - 1] = load(argv[i]);
	signal(SIGALRM, on_signal);
	signal(SIGABRT, on_signal);
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(last_words);
	machine_init();
	for (int i = 0; i < argc - 1; i++)
		one_round(&trees[i], true);
	for (; rounds ? done < rounds : seconds() < end; done++, round_seed++)
		one_round(&trees[round_seed % (argc - 1)], false);
	alarm(0);
	n = report();
	/* Neither may be the only end there is: the fuzzer would not reach the code. */
	if (!rounds && n < 8) {
		printf("not ok 1 dt: only %u ways to end in %lu rounds\n"
		       "0 passed, 1 failed, 0 skipped\n", n, done);
		return 1;
	}
	printf("ok 1 dt: %lu rounds, %u ways to end\n1 passed, 0 failed, 0 skipped\n", done, n);
	return 0;
}
