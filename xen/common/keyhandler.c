// SPDX-License-Identifier: GPL-2.0-only
/* Debug keys: typed at the console or sent with xl debug-keys. */
#include <xen/console.h>
#include <xen/event.h>
#include <xen/grant_table.h>
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/sched.h>
#include <xen/softirq.h>

static struct {
	void (*fn)(unsigned char key);
	const char *desc;
} keys[128];

static unsigned char pressed;

void handle_key_now(char c)
{
	unsigned char key = (unsigned char)c & 127;

	if (keys[key].fn) {
		printk("'%c' pressed -> %s\n", key, keys[key].desc);
		keys[key].fn(key);
	} else {
		printk("'%c' pressed: no such debug key, 'h' lists them\n", key);
	}
}

static void run_key(void *unused)
{
	handle_key_now(READ_ONCE(pressed));
}

static struct tasklet key_tasklet = { .fn = run_key };

void register_keyhandler(char key, void (*fn)(unsigned char key), const char *desc)
{
	keys[(unsigned char)key & 127].fn = fn;
	keys[(unsigned char)key & 127].desc = desc;
}

void handle_keypress(char key)
{
	WRITE_ONCE(pressed, (unsigned char)key & 127);
	tasklet_schedule(&key_tasklet);
}

static void show_help(unsigned char key)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(keys); i++)
		if (keys[i].fn)
			printk(" key '%c' => %s\n", i, keys[i].desc);
}

static void for_each_domain_do(void (*fn)(struct domain *))
{
	struct domain *d;

	for (domid_t id = 0; (d = domain_get_from(id)) != NULL;) {
		fn(d);
		id = d->domain_id + 1;
		put_domain(d);
	}
}

static void dump_domain(struct domain *d)
{
	struct vcpu *v;

	printk("%pd: refs %u dying %d pause %u pages %u/%u shutdown %d code %u\n", d, d->refcount,
	       d->is_dying, d->pause_count, d->tot_pages, d->max_pages, d->is_shut_down,
	       d->shutdown_code);
	arch_dump_domain(d);
	for_each_vcpu(d, v) {
		printk(" %pv: CPU%u running %d flags %lx paused %u\n", v, v->processor,
		       v->is_running, v->pause_flags, v->pause_count);
	}
}

static void dump_domains(unsigned char key)
{
	for_each_domain_do(dump_domain);
}

static void dump_events(unsigned char key)
{
	for_each_domain_do(evtchn_dump);
}

static void dump_grants(unsigned char key)
{
	for_each_domain_do(grant_table_dump);
}

static void dump_registers_of(struct domain *d)
{
	struct vcpu *v;

	for_each_vcpu(d, v)
		arch_dump_vcpu(v);
}

static void dump_registers(unsigned char key)
{
	for_each_domain_do(dump_registers_of);
}

static void dump_memory(unsigned char key)
{
	printk("heap: %lu pages, %lu free, %lu of them dirty\n", total_heap_pages(),
	       avail_heap_pages(), dirty_heap_pages());
}

static void dump_runq(unsigned char key)
{
	sched_dump_runqueues();
}

static void reboot_machine(unsigned char key)
{
	machine_restart();
}

void keyhandlers_init(void)
{
	register_keyhandler('h', show_help, "show this message");
	register_keyhandler('d', dump_registers, "dump registers of vCPUs");
	register_keyhandler('q', dump_domains, "dump domain state");
	register_keyhandler('e', dump_events, "dump event channels");
	register_keyhandler('g', dump_grants, "dump grant tables");
	register_keyhandler('m', dump_memory, "memory info");
	register_keyhandler('r', dump_runq, "dump run queues");
	hypercall_stats_init();
	register_keyhandler('R', reboot_machine, "reboot machine");
}
