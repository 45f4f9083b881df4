// SPDX-License-Identifier: GPL-2.0-only
/* Other threads than the tests' own, and what a host does to them: it lets them wait. */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include "thread.h"

static pthread_t thread;
static void (*thread_fn)(void);
static sem_t stopped, go_on, gone_on;

static void *thread_main(void *arg)
{
	(void)arg;
	thread_fn();
	return NULL;
}

static void put_aside(int sig)
{
	(void)sig;
	sem_post(&stopped);
	while (sem_wait(&go_on))
		;
	sem_post(&gone_on);
}

void thread_start(void (*fn)(void))
{
	struct sigaction sa = { .sa_handler = put_aside };

	thread_fn = fn;
	sem_init(&stopped, 0, 0);
	sem_init(&go_on, 0, 0);
	sem_init(&gone_on, 0, 0);
	sigaction(SIGUSR1, &sa, NULL);
	if (pthread_create(&thread, NULL, thread_main, NULL))
		abort();
}

void thread_put_aside(void)
{
	pthread_kill(thread, SIGUSR1);
	while (sem_wait(&stopped))
		;
}

void thread_go_on(void)
{
	sem_post(&go_on);
	while (sem_wait(&gone_on))
		;
	/* It has left the signal handler; time to do what it was at. */
	usleep(100);
}

void thread_end(void)
{
	pthread_join(thread, NULL);
}
