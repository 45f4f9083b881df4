// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages by netpoll out of interrupts, whatever these interrupted: so a console on the
 * network sends what an interrupt handler prints. Loading ends when all are sent.
 */
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/inet.h>
#include <linux/module.h>
#include <linux/netpoll.h>
#include <linux/smp.h>

static char *dev = "";
module_param(dev, charp, 0);
MODULE_PARM_DESC(dev, "Name of the interface");

static char *from = "";
module_param(from, charp, 0);
MODULE_PARM_DESC(from, "IPv4 address to send from");

static char *to = "";
module_param(to, charp, 0);
MODULE_PARM_DESC(to, "IPv4 address to send to");

static unsigned int count = 4000;
module_param(count, uint, 0);
MODULE_PARM_DESC(count, "Messages of each CPU");

static unsigned int interval = 500;
module_param(interval, uint, 0);
MODULE_PARM_DESC(interval, "Microseconds between two messages of a CPU");

static struct netpoll np = {
	.name		= "netpoll-test",
	.local_port	= 6997,
	.remote_port	= 6996,
	.remote_mac	= { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
};

struct sender {
	struct hrtimer timer;
	unsigned int left;
};

static DEFINE_PER_CPU(struct sender, senders);
static atomic_t busy;		/* CPUs that have messages left */

/* The timer's interrupt, in whatever the CPU does. */
static enum hrtimer_restart send_message(struct hrtimer *timer)
{
	static const char text[] = "out of an interrupt";
	struct sender *s = container_of(timer, struct sender, timer);

	netpoll_send_udp(&np, text, sizeof(text));
	if (!--s->left) {
		atomic_dec(&busy);
		return HRTIMER_NORESTART;
	}
	hrtimer_forward_now(timer, ns_to_ktime(interval * (u64)NSEC_PER_USEC));
	return HRTIMER_RESTART;
}

static void start_sending(void *unused)
{
	struct sender *s = this_cpu_ptr(&senders);

	s->left = count;
	hrtimer_init(&s->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	s->timer.function = send_message;
	hrtimer_start(&s->timer, ns_to_ktime(interval * (u64)NSEC_PER_USEC),
		      HRTIMER_MODE_REL_PINNED_HARD);
}

static void send_from_all(void)
{
	unsigned int cpu;

	/* One that went off-line would leave its timer to another. */
	cpus_read_lock();
	atomic_set(&busy, num_online_cpus());
	on_each_cpu(start_sending, NULL, 1);
	while (atomic_read(&busy))
		msleep(20);
	for_each_online_cpu(cpu)
		hrtimer_cancel(&per_cpu(senders, cpu).timer);
	cpus_read_unlock();
}

static int __init netpoll_test_init(void)
{
	int ret;

	if (!count || !interval)
		return -EINVAL;
	strscpy(np.dev_name, dev, sizeof(np.dev_name));
	np.local_ip.ip = in_aton(from);
	np.remote_ip.ip = in_aton(to);
	ret = netpoll_setup(&np);
	if (ret)
		return ret;
	send_from_all();
	netpoll_cleanup(&np);
	return 0;
}
module_init(netpoll_test_init);

static void __exit netpoll_test_exit(void)
{
}
module_exit(netpoll_test_exit);

MODULE_DESCRIPTION("Sends by netpoll out of interrupts");
MODULE_AUTHOR("The Xylem authors");
MODULE_LICENSE("GPL");
