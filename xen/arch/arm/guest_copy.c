// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies to and from the running guest by its virtual addresses, and to and
 * from any guest by physical address.
 *
 * The CPU itself translates (AT S12E1R/W: both stages, as EL1 would access it,
 * whatever EL and table the buffer belongs to), because the caller's stage 1
 * is loaded while its hypercall runs. AT ignores PAN, so user buffers that the
 * guest's kernel passes on are reached by its current TTBR0_EL1.
 *
 * The answer may be out of date as soon as it is there. What makes its use safe
 * is the reference: get_page() succeeds only while the page is the domain's.
 */
#include <xen/domain.h>
#include <xen/guest_access.h>
#include <xen/lib.h>
#include <xen/p2m.h>
#include <xen/sched.h>
#include <asm/guest_translate.h>
#include <asm/mm.h>

/* PAR_EL1 (D17.2.100) */
#define PAR_F		1UL
#define PAR_ADDR_MASK	0x0000fffffffff000UL

/* PAR_EL1 is the guest's: it may be between its own AT and reading the result. */
#define AT_OP(op, va, par) do {						\
	uint64_t saved_ = READ_SYSREG(par_el1);				\
									\
	__asm__ __volatile__("at " #op ", %0" :: "r" (va) : "memory");	\
	isb();								\
	(par) = READ_SYSREG(par_el1);					\
	WRITE_SYSREG(saved_, par_el1);					\
} while (0)

static inline uint64_t at_both_stages(guest_va_t va, bool write)
{
	uint64_t par;

	if (write)
		AT_OP(s12e1w, va, par);
	else
		AT_OP(s12e1r, va, par);
	return par;
}

bool guest_va_to_ipa(guest_va_t va, bool write, paddr_t *ipa)
{
	uint64_t par;

	if (write)
		AT_OP(s1e1w, va, par);
	else
		AT_OP(s1e1r, va, par);
	if (par & PAR_F)
		return false;
	*ipa = (par & PAR_ADDR_MASK) | (va & ~PAGE_MASK);
	return true;
}

/*
 * The CPU could not translate, or the page is not the domain's own. Under
 * p2m.lock there is no break-before-make window, so that a fault means a fault;
 * foreign and grant mappings are found by the guest frame.
 */
static __noinline struct page_info *get_page_slow(struct domain *d, guest_va_t va, bool write)
{
	struct page_info *pg;
	enum p2m_type t;
	paddr_t ipa;
	uint64_t par;

	/* A stage-1 walk that met a window would fault too: both under the lock. */
	p2m_batch_begin(d);
	par = at_both_stages(va, write);
	if (!(par & PAR_F) && !guest_va_to_ipa(va, write, &ipa))
		par |= PAR_F;
	p2m_batch_end(d);
	if (par & PAR_F)
		return NULL;
	pg = get_page_from_gfn(d, gaddr_to_gfn(ipa), &t);
	if (pg && write && !p2m_is_writable(t)) {
		put_page(pg);
		return NULL;
	}
	return pg;
}

/* The domain's own page behind va, with a reference, when the CPU can translate; else NULL. */
static __always_inline struct page_info *get_page_quick(struct domain *d, guest_va_t va, bool write)
{
	uint64_t par = at_both_stages(va, write);
	mfn_t mfn = maddr_to_mfn(par & PAR_ADDR_MASK);

	/* RAM of another bank than the first is for the slow way: no call from here. */
	if (unlikely(par & PAR_F || !mfn_in_first_bank(mfn) || !get_page(mfn_to_page(mfn), d)))
		return NULL;
	return mfn_to_page(mfn);
}

/* The page behind va, with a reference; NULL when the guest could not access it so. */
static struct page_info *get_guest_page(struct domain *d, guest_va_t va, bool write)
{
	uint64_t par = at_both_stages(va, write);
	mfn_t mfn = maddr_to_mfn(par & PAR_ADDR_MASK);

	if (likely(!(par & PAR_F) && mfn_valid(mfn) && get_page(mfn_to_page(mfn), d)))
		return mfn_to_page(mfn);
	return get_page_slow(d, va, write);
}

struct page_info *get_page_from_guest_va(guest_va_t va, bool write)
{
	struct domain *d = current->domain;
	struct page_info *pg = get_guest_page(d, va, write);

	if (pg && page_owner_id(pg) != d->domain_id) {
		put_page(pg);
		return NULL;
	}
	return pg;
}

static inline size_t in_page(uint64_t addr, size_t size)
{
	return min(size, (size_t)(PAGE_SIZE - (addr & ~PAGE_MASK)));
}

static __noinline int copy_to_pages(guest_va_t dst, const void *src, size_t size)
{
	struct domain *d = current->domain;

	while (size) {
		struct page_info *pg = get_guest_page(d, dst, true);
		size_t n = in_page(dst, size);
		void *p;

		if (!pg)
			return -EFAULT;
		p = map_domain_page(page_to_mfn(pg));
		memcpy(p + (dst & ~PAGE_MASK), src, n);
		unmap_domain_page(p);
		put_page(pg);
		dst += n;
		src += n;
		size -= n;
	}
	return 0;
}

static __noinline int copy_from_pages(void *dst, guest_va_t src, size_t size)
{
	struct domain *d = current->domain;

	while (size) {
		struct page_info *pg = get_guest_page(d, src, false);
		size_t n = in_page(src, size);
		const void *p;

		if (!pg)
			return -EFAULT;
		p = map_domain_page(page_to_mfn(pg));
		memcpy(dst, p + (src & ~PAGE_MASK), n);
		unmap_domain_page(p);
		put_page(pg);
		dst += n;
		src += n;
		size -= n;
	}
	return 0;
}

/*
 * Mostly the whole of a small structure in one page, and the page the guest's
 * own: the quick way. Everything else starts again on the long way.
 */
static inline bool in_one_page(guest_va_t va, size_t size)
{
	return likely(size - 1 < PAGE_SIZE - (va & ~PAGE_MASK));
}

int copy_to_guest_va(guest_va_t dst, const void *src, size_t size)
{
	struct page_info *pg;
	void *p;

	if (!in_one_page(dst, size) || !(pg = get_page_quick(current->domain, dst, true)))
		return copy_to_pages(dst, src, size);
	p = map_domain_page(page_to_mfn(pg));
	memcpy(p + (dst & ~PAGE_MASK), src, size);
	unmap_domain_page(p);
	put_page(pg);
	return 0;
}

int copy_from_guest_va(void *dst, guest_va_t src, size_t size)
{
	struct page_info *pg;
	const void *p;

	if (!in_one_page(src, size) || !(pg = get_page_quick(current->domain, src, false)))
		return copy_from_pages(dst, src, size);
	p = map_domain_page(page_to_mfn(pg));
	memcpy(dst, p + (src & ~PAGE_MASK), size);
	unmap_domain_page(p);
	put_page(pg);
	return 0;
}

/* Out of the way of read_guest_va32(), which then calls nothing and saves no register. */
static __noinline int release_page_ok(struct page_info *pg, uint64_t state)
{
	release_page(pg, state);
	return 0;
}

int read_guest_va32(uint32_t *val, guest_va_t src, struct domain *d)
{
	struct page_info *pg;
	uint64_t now;

	/* One that is not aligned may be in two pages. */
	if (unlikely(src & 3) || !(pg = get_page_quick(d, src, false)))
		return copy_from_guest_va(val, src, sizeof(*val));
	*val = READ_ONCE(*(const uint32_t *)(mfn_to_virt(page_to_mfn(pg)) + (src & ~PAGE_MASK)));
	/* As put_page(). */
	now = __atomic_sub_fetch(&pg->state, 1, __ATOMIC_ACQ_REL);
	return unlikely((uint32_t)now == 0) ? release_page_ok(pg, now) : 0;
}

int clear_guest_va(guest_va_t dst, size_t size)
{
	struct domain *d = current->domain;

	while (size) {
		struct page_info *pg = get_guest_page(d, dst, true);
		size_t n = in_page(dst, size);
		void *p;

		if (!pg)
			return -EFAULT;
		p = map_domain_page(page_to_mfn(pg));
		memset(p + (dst & ~PAGE_MASK), 0, n);
		unmap_domain_page(p);
		put_page(pg);
		dst += n;
		size -= n;
	}
	return 0;
}

int copy_to_guest_phys(struct domain *d, paddr_t gpa, const void *src, size_t size,
		       bool flush_to_ram)
{
	while (size) {
		enum p2m_type t;
		struct page_info *pg = get_page_from_gfn(d, gaddr_to_gfn(gpa), &t);
		size_t n = in_page(gpa, size);
		void *p;

		if (!pg)
			return -EFAULT;
		if (!p2m_is_writable(t)) {
			put_page(pg);
			return -EFAULT;
		}
		p = map_domain_page(page_to_mfn(pg)) + (gpa & ~PAGE_MASK);
		memcpy(p, src, n);
		if (flush_to_ram)
			clean_dcache_range(p, n);
		unmap_domain_page(p);
		put_page(pg);
		gpa += n;
		src += n;
		size -= n;
	}
	return 0;
}

int copy_from_guest_phys(struct domain *d, void *dst, paddr_t gpa, size_t size)
{
	while (size) {
		struct page_info *pg = get_page_from_gfn(d, gaddr_to_gfn(gpa), NULL);
		size_t n = in_page(gpa, size);
		const void *p;

		if (!pg)
			return -EFAULT;
		p = map_domain_page(page_to_mfn(pg));
		memcpy(dst, p + (gpa & ~PAGE_MASK), n);
		unmap_domain_page(p);
		put_page(pg);
		gpa += n;
		dst += n;
		size -= n;
	}
	return 0;
}
