// SPDX-License-Identifier: GPL-2.0-only
/* Domains of the fake architecture, and the architecture's side of hypercalls. */
#include <xen/guest_access.h>
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <xen/softirq.h>
#include <asm/host.h>
#include <public/features.h>

int arch_sanitise_domain_config(struct xen_domctl_createdomain *cfg) { return 0; }
int arch_domain_create(struct domain *d, const struct xen_domctl_createdomain *cfg) { return 0; }
void arch_domain_destroy(struct domain *d) {}
int arch_domain_relinquish(struct domain *d) { return 0; }
int arch_vcpu_create(struct vcpu *v) { return 0; }
void arch_vcpu_destroy(struct vcpu *v) {}
void arch_domain_shutdown(struct domain *d) {}
void arch_get_info_guest(struct vcpu *v, struct vcpu_guest_context *ctxt) {}
void arch_dump_vcpu(struct vcpu *v) {}
void arch_dump_domain(struct domain *d) {}
bool arch_has_vcpu_op(unsigned int cmd) { return true; }
unsigned long arch_vm_assist_valid(const struct domain *d) { return BIT(VMASST_TYPE_runstate_update_flag); }
unsigned long arch_virt_start(void) { return 0; }
void arch_physinfo(struct xen_sysctl_physinfo *pi) {}
long arch_do_sysctl(struct hc_ctx *ctx, void *op) { return -ENOSYS; }
long arch_do_domctl(struct hc_ctx *ctx, struct domain *d, struct xen_domctl *op) { return -ENOSYS; }
int arch_hvm_set_param(struct domain *d, uint32_t index, uint64_t value) { return 0; }
long do_physdev_op(struct hc_ctx *ctx) { return -ENOSYS; }
long do_dm_op(struct hc_ctx *ctx) { return -ENOSYS; }

int arch_add_to_physmap(struct domain *d, unsigned int space, unsigned long idx, gfn_t gfn)
{
	return -ENOSYS;
}

uint64_t arch_features(const struct domain *d, unsigned int submap)
{
	return submap ? 0 : BIT(XENFEAT_auto_translated_physmap);
}

void arch_capabilities(char *buf, size_t size)
{
	strlcpy(buf, "xen-3.0-host", size);
}

void arch_get_domain_info(const struct domain *d, struct xen_domctl_getdomaininfo *info)
{
	info->gpaddr_bits = d->p2m.addr_bits;
}

int arch_set_info_guest(struct vcpu *v, const struct vcpu_guest_context *ctxt)
{
	v->is_initialised = true;
	return 0;
}

bool arch_vcpu_takes_interrupts(const struct vcpu *v)
{
	return true;
}

bool arch_vcpu_has_pending(const struct vcpu *v)
{
	return local_events_pending(v);
}

void arch_vcpu_event_upcall(struct vcpu *v)
{
	atomic_inc(&v->arch.upcalls);
	vcpu_unblock(v);
}

void context_switch(struct vcpu *prev, struct vcpu *next)
{
	set_current(next);
	if (!is_idle_vcpu(prev))
		atomic_store_release(&prev->is_running, false);
}

/* ---- stage 2 ---- */

int arch_p2m_init(struct domain *d)
{
	void *root = alloc_zeroed_heap_page();

	if (!root)
		return -ENOMEM;
	d->p2m.root = virt_to_mfn(root);
	d->p2m.root_level = 1;
	d->p2m.addr_bits = 39;
	d->p2m.pool_limit = P2M_NO_LIMIT;	/* tests set their own */
	return 0;
}

void arch_p2m_teardown(struct domain *d)
{
	if (d->p2m.root_level)
		free_heap_page(mfn_to_virt(d->p2m.root));
	d->p2m.root_level = 0;
}

void arch_p2m_replace_live_entry(struct domain *d, struct p2m_pte *where, const struct p2m_pte *to)
{
	p2m_write_pte(where, *to);
}

void arch_p2m_flush_tlb(struct domain *d)
{
}

/* ---- guest memory: virtual addresses are guest physical ones ---- */

void (*host_before_access)(struct domain *d);

struct page_info *get_page_from_guest_va(guest_va_t va)
{
	if (host_before_access)
		host_before_access(current->domain);
	return get_ram_page_from_gfn(current->domain, gaddr_to_gfn(va), true);
}

static int access(struct domain *d, guest_va_t va, void *buf, size_t size, bool write)
{
	if (host_before_access)
		host_before_access(d);
	while (size) {
		size_t n = min_t(size_t, size, PAGE_SIZE - (va & ~PAGE_MASK));
		struct page_info *pg = get_ram_page_from_gfn(d, gaddr_to_gfn(va), write);
		char *p;

		if (!pg)
			return -EFAULT;
		p = (char *)page_to_virt(pg) + (va & ~PAGE_MASK);
		if (write)
			memcpy(p, buf, n);
		else
			memcpy(buf, p, n);
		put_page(pg);
		va += n;
		buf = (char *)buf + n;
		size -= n;
	}
	return 0;
}

int copy_from_guest_va(void *dst, guest_va_t src, size_t size)
{
	return access(current->domain, src, dst, size, false);
}

int read_guest_va32(uint32_t *val, guest_va_t src, struct domain *d)
{
	return copy_from_guest_va(val, src, sizeof(*val));
}

int copy_to_guest_va(guest_va_t dst, const void *src, size_t size)
{
	return access(current->domain, dst, (void *)src, size, true);
}

int clear_guest_va(guest_va_t dst, size_t size)
{
	char zero[256] = { 0 };

	for (; size; ) {
		size_t n = min_t(size_t, size, sizeof(zero));

		if (copy_to_guest_va(dst, zero, n))
			return -EFAULT;
		dst += n;
		size -= n;
	}
	return 0;
}

/* ---- for tests ---- */

int host_copy_to_guest(struct domain *d, paddr_t gpa, const void *src, size_t size)
{
	return access(d, gpa, (void *)src, size, true);
}

struct domain *host_create_guest(unsigned int vcpus, unsigned long pages)
{
	struct xen_domctl_createdomain cfg = {
		.max_vcpus = vcpus, .max_evtchn_port = ~0U, .max_grant_frames = 4,
		.max_maptrack_frames = 4, .grant_opts = XEN_DOMCTL_GRANT_version(1),
	};
	struct domain *d = domain_create(hardware_domain ? domain_alloc_id() : 0, &cfg, false);

	BUG_ON(IS_ERR(d));
	d->max_pages = pages + 1024;
	for (unsigned int i = 0; i < vcpus; i++)
		BUG_ON(IS_ERR(vcpu_create(d, i)));
	for (unsigned long i = 0; i < pages; i++) {
		struct page_info *pg = alloc_domheap_page(d, 0);

		BUG_ON(!pg || p2m_set_page(d, _gfn(i), page_to_mfn(pg), p2m_ram_rw));
	}
	return d;
}

void host_destroy_guest(struct domain *d)
{
	while (domain_kill(d) == -ERESTART)
		host_run_pending();
	host_run_pending();
}

void *host_guest_page(struct domain *d, unsigned long gfn)
{
	mfn_t mfn = p2m_lookup(d, _gfn(gfn), NULL, NULL);

	BUG_ON(mfn_eq(mfn, INVALID_MFN));
	return mfn_to_virt(mfn);
}

long host_hypercall(unsigned int nr, unsigned long a0, unsigned long a1, unsigned long a2)
{
	struct hc_ctx ctx = { .v = current, .nr = nr, .args = { a0, a1, a2 } };
	long rc;

	while ((rc = hypercall_run(&ctx)) == -ERESTART)
		host_run_pending();
	return rc;
}
