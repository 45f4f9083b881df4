// SPDX-License-Identifier: GPL-2.0-only
/*
 * FIFO event channels: control block, event array, order and priorities.
 *
 * After init_control each vCPU has 16 queues, linked through the event words.
 * The head of a queue is published with its READY bit; events of one priority
 * come in the order in which they were sent; an event is linked only once.
 */
#include "test.h"

#define Q_DEFAULT	EVTCHN_FIFO_PRIORITY_DEFAULT
#define Q_MAX		EVTCHN_FIFO_PRIORITY_MAX
#define Q_MIN		EVTCHN_FIFO_PRIORITY_MIN

static volatile struct evtchn_fifo_control_block *control;
static volatile event_word_t *words;
static u64 hook_calls;

static void hook(void)
{
	hook_calls++;
	vcpu_info(0)->evtchn_upcall_pending = 0;
}

static long init_control(unsigned int vcpu, u64 gfn, u32 offset)
{
	struct evtchn_init_control op = { .control_gfn = gfn, .offset = offset, .vcpu = vcpu };

	return event_channel_op(EVTCHNOP_init_control, &op);
}

static long expand(u64 gfn)
{
	struct evtchn_expand_array op = { .array_gfn = gfn };

	return event_channel_op(EVTCHNOP_expand_array, &op);
}

static long priority(unsigned int port, unsigned int prio)
{
	struct evtchn_set_priority op = { .port = port, .priority = prio };

	return event_channel_op(EVTCHNOP_set_priority, &op);
}

static bool word_is(unsigned int port, unsigned int bit)
{
	return words[port] >> bit & 1;
}

static u32 take_ready(void)
{
	return __atomic_exchange_n(&control->ready, 0, __ATOMIC_SEQ_CST);
}

/* Takes the first event of a queue; 0 when there is none. */
static unsigned int consume(unsigned int q, unsigned int *head)
{
	unsigned int port = *head ? *head : control->head[q];
	event_word_t w, next;

	if (!port)
		return 0;
	w = words[port];
	do {
		next = w & ~((1u << EVTCHN_FIFO_LINKED) | EVTCHN_FIFO_LINK_MASK);
	} while (!__atomic_compare_exchange_n(&words[port], &w, next, false,
					      __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
	*head = w & EVTCHN_FIFO_LINK_MASK;
	__atomic_fetch_and(&words[port], ~(1u << EVTCHN_FIFO_PENDING), __ATOMIC_SEQ_CST);
	return port;
}

/* A pair with nothing pending at either end. */
static void clean_pair(unsigned int *from, unsigned int *to)
{
	unsigned int head = 0;

	evtchn_pair(from, to);
	take_ready();
	do {
		consume(Q_DEFAULT, &head);
	} while (head);
}

#define N	8
static unsigned int from[N], to[N];

static void check_order(void)
{
	unsigned int head = 0;
	bool right = true;

	for (unsigned int i = 0; i < N; i++)
		clean_pair(&from[i], &to[i]);
	for (unsigned int i = 0; i < N; i++)
		evtchn_send(from[(i * 3) % N]);
	check_eq(take_ready(), BIT(Q_DEFAULT), "the default queue alone is ready");
	evtchn_send(from[0]);
	for (unsigned int i = 0; i < N; i++) {
		unsigned int port = consume(Q_DEFAULT, &head);

		if (port == to[(i * 3) % N])
			continue;
		printk("# at %u came %u, not %u\n", i, port, to[(i * 3) % N]);
		right = false;
	}
	check(right, "events come in the order in which they were sent");
	check_eq(head, 0, "each came once, and the queue is empty");
}

static void check_priorities(void)
{
	unsigned int head;

	check_eq(priority(to[1], Q_MAX), 0, "a priority is set");
	check_eq(priority(to[2], Q_MIN), 0, "another one is set");
	evtchn_send(from[2]);
	evtchn_send(from[3]);
	evtchn_send(from[1]);
	check_eq(take_ready(), BIT(Q_MAX) | BIT(Q_DEFAULT) | BIT(Q_MIN), "three queues are ready");
	head = 0;
	check_eq(consume(Q_MAX, &head), to[1], "the highest holds its event");
	head = 0;
	check_eq(consume(Q_DEFAULT, &head), to[3], "the default one its own");
	head = 0;
	check_eq(consume(Q_MIN, &head), to[2], "the lowest its own");

	check_eq(priority(to[1], Q_MIN + 1), -EINVAL, "there is no priority below the lowest");
	check_eq(priority(100000, 0), -EINVAL, "nor one for a port that is not there");
}

static void check_masks(void)
{
	unsigned int head = 0;

	__atomic_fetch_or(&words[to[4]], 1u << EVTCHN_FIFO_MASKED, __ATOMIC_SEQ_CST);
	evtchn_send(from[4]);
	check(word_is(to[4], EVTCHN_FIFO_PENDING), "a masked event is pending");
	check(!word_is(to[4], EVTCHN_FIFO_LINKED), "but not linked");
	check_eq(evtchn_unmask(to[4]), 0, "unmasking by hypercall");
	check(!word_is(to[4], EVTCHN_FIFO_MASKED), "clears the mask");
	check(word_is(to[4], EVTCHN_FIFO_LINKED), "and links it");
	check_eq(take_ready(), BIT(Q_DEFAULT), "its queue is ready");
	check_eq(consume(Q_DEFAULT, &head), to[4], "it comes");
}

void test_main(void)
{
	u64 page = gfn_of(page_alloc(1)), array = gfn_of(page_alloc(1));
	unsigned int a, b, head = 0;

	event_init_cpu();
	event_upcall_hook = hook;
	control = gfn_to_ptr(page);
	words = gfn_to_ptr(array);

	check_eq(expand(array), -EOPNOTSUPP, "no array before the control block");
	check_eq(init_control(0, page, 4032), -EINVAL, "a control block across the end of its page");
	check_eq(init_control(0, page, 4), -EINVAL, "a control block that is not aligned");
	check_eq(init_control(1000, page, 0), -ENOENT, "for a vCPU that is not there");
	check_eq(init_control(0, gfn_hole(), 0), -EINVAL, "on a frame that is not there");
	require(init_control(0, page, 0) == 0, "init_control");
	check_eq(init_control(0, page, 0), -EINVAL, "a second time for one vCPU is refused");
	check_eq(expand(gfn_hole()), -EINVAL, "an array on a frame that is not there");
	require(expand(array) == 0, "expand_array");

	evtchn_pair(&a, &b);
	evtchn_send(a);
	check(wait_until(hook_calls > 0, 100000), "an upcall comes");
	check_eq(take_ready(), BIT(Q_DEFAULT), "the queue is ready");
	check(word_is(b, EVTCHN_FIFO_PENDING) && word_is(b, EVTCHN_FIFO_LINKED),
	      "the word is pending and linked");
	while (consume(Q_DEFAULT, &head) != b)
		if (!head)
			break;
	check_eq(head, 0, "it is the last one in the queue");
	check_order();
	check_priorities();
	check_masks();
}
