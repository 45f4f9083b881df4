// SPDX-License-Identifier: GPL-2.0-only
/* The C library's part: time, environment, and last words. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

unsigned long fuzz_env(const char *name, unsigned long otherwise);
double fuzz_seconds(void);
void fuzz_in_round(unsigned long seed, unsigned int limit_seconds);
void fuzz_on_cpus(unsigned int n, void (*fn)(unsigned int cpu));
void __sanitizer_set_death_callback(void (*fn)(void)) __attribute__((__weak__));

static unsigned long round_seed;

unsigned long fuzz_env(const char *name, unsigned long otherwise)
{
	const char *s = getenv(name);

	return s && *s ? strtoul(s, NULL, 0) : otherwise;
}

double fuzz_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void last_words(void)
{
	static int said;

	if (said++ || !round_seed)
		return;
	printf("not ok 1 hypercall: round of seed %lu; again with SEED=%lu ROUNDS=1 VERBOSE=1\n"
	       "0 passed, 1 failed, 0 skipped\n", round_seed, round_seed);
	fflush(stdout);
}

static void on_signal(int sig)
{
	fprintf(stderr, sig == SIGALRM ? "a round does not end\n" : "aborted\n");
	last_words();
	signal(sig, SIG_DFL);
	/* A hang is worth a core, too. */
	abort();
}

void fuzz_in_round(unsigned long seed, unsigned int limit_seconds)
{
	static int ready;

	round_seed = seed;
	if (!ready++) {
		signal(SIGABRT, on_signal);
		signal(SIGALRM, on_signal);
		if (__sanitizer_set_death_callback)
			__sanitizer_set_death_callback(last_words);
	}
	alarm(limit_seconds);
}

struct thread {
	pthread_t id;
	unsigned int cpu;
	void (*fn)(unsigned int cpu);
};

static void *thread_main(void *arg)
{
	struct thread *t = arg;

	t->fn(t->cpu);
	return NULL;
}

void fuzz_on_cpus(unsigned int n, void (*fn)(unsigned int cpu))
{
	struct thread t[8];

	for (unsigned int i = 1; i < n; i++) {
		t[i].cpu = i;
		t[i].fn = fn;
		if (pthread_create(&t[i].id, NULL, thread_main, &t[i]))
			abort();
	}
	fn(0);
	for (unsigned int i = 1; i < n; i++)
		pthread_join(t[i].id, NULL);
}

#ifdef __SANITIZE_THREAD__
/*
 * Volatile accesses (READ_ONCE, WRITE_ONCE) are told apart by the compiler so
 * that they are not races; the library has no functions for them.
 */
#define VOLATILE_ACCESS(n)						\
void __tsan_volatile_read##n(void *p);					\
void __tsan_volatile_write##n(void *p);					\
void __tsan_volatile_read##n(void *p) { (void)p; }			\
void __tsan_volatile_write##n(void *p) { (void)p; }
VOLATILE_ACCESS(1)
VOLATILE_ACCESS(2)
VOLATILE_ACCESS(4)
VOLATILE_ACCESS(8)
VOLATILE_ACCESS(16)
#endif
