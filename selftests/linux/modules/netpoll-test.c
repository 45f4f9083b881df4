// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages by netpoll out of interrupts, whatever these interrupted: so a console on the
 * network sends what an interrupt handler prints. Loading ends when all are sent.
 */
#include <linux/cpu.h>
#include <linux/delay.h>
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

static unsigned int count = 200;
module_param(count, uint, 0);
MODULE_PARM_DESC(count, "Messages of each CPU");

static struct netpoll np = {
	.name		= "netpoll-test",
	.local_port	= 6997,
	.remote_port	= 6996,
	.remote_mac	= { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
};

/* An interrupt of the CPU's. */
static void send_message(void *unused)
{
	static const char text[] = "out of an interrupt";

	netpoll_send_udp(&np, text, sizeof(text));
}

static void send_from_all(void)
{
	unsigned int cpu;

	cpus_read_lock();
	for_each_online_cpu(cpu)
		smp_call_function_single(cpu, send_message, NULL, 1);
	cpus_read_unlock();
}

static int __init netpoll_test_init(void)
{
	unsigned int i;
	int ret;

	strscpy(np.dev_name, dev, sizeof(np.dev_name));
	np.local_ip.ip = in_aton(from);
	np.remote_ip.ip = in_aton(to);
	ret = netpoll_setup(&np);
	if (ret)
		return ret;
	for (i = 0; i < count; i++) {
		send_from_all();
		msleep(10);
	}
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
