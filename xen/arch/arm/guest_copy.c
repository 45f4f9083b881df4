// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies to and from the running guest by its virtual addresses.
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
#include <asm/sysregs.h>
#include <asm/traps.h>

/* PAR_EL1 (D17.2.100) */
#define PAR_ADDR_MASK	0x0000fffffffff000UL

static inline uint64_t at_both_stages(guest_va_t va, bool write)
{
	return write ? AT_PAR(s12e1w, va) : AT_PAR(s12e1r, va);
}

bool guest_va_to_ipa(guest_va_t va, bool write, paddr_t *ipa)
{
	uint64_t par = write ? AT_PAR(s1e1w, va) : AT_PAR(s1e1r, va);

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
	spin_lock(&d->p2m.lock);
	par = at_both_stages(va, write);
	if (!(par & PAR_F) && !guest_va_to_ipa(va, write, &ipa))
		par |= PAR_F;
	p2m_unlock(d);
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

static __noinline struct page_info *get_own_page_slow(struct domain *d, guest_va_t va)
{
	struct page_info *pg = get_guest_page(d, va, true);

	if (pg && page_owner_id(pg) != d->domain_id) {
		put_page(pg);
		return NULL;
	}
	return pg;
}

struct page_info *get_page_from_guest_va(guest_va_t va)
{
	struct domain *d = current->domain;
	struct page_info *pg = get_page_quick(d, va, true);

	return likely(pg) ? pg : get_own_page_slow(d, va);
}

enum copy_op { TO_GUEST, FROM_GUEST, CLEAR };

/* buf to or from the page at va, which is let go of. */
static __always_inline void move(struct page_info *pg, guest_va_t va, void *buf, size_t n,
				 enum copy_op op)
{
	void *page = map_domain_page(page_to_mfn(pg)), *p = page + (va & ~PAGE_MASK);

	switch (op) {
	case TO_GUEST:
		memcpy(p, buf, n);
		break;
	case FROM_GUEST:
		memcpy(buf, p, n);
		break;
	case CLEAR:
		memset(p, 0, n);
		break;
	}
	unmap_domain_page(page);
	put_page(pg);
}

static __noinline int copy_pages(guest_va_t va, void *buf, size_t size, enum copy_op op)
{
	while (size) {
		struct page_info *pg = get_guest_page(current->domain, va, op != FROM_GUEST);
		size_t n = min(size, (size_t)(PAGE_SIZE - (va & ~PAGE_MASK)));

		if (!pg)
			return -EFAULT;
		move(pg, va, buf, n, op);
		va += n;
		buf += n;
		size -= n;
	}
	return 0;
}

/*
 * Mostly the whole of a small structure in one page, and the page the guest's
 * own: the quick way. Everything else starts again on the long way.
 */
static __always_inline int copy(guest_va_t va, void *buf, size_t size, enum copy_op op)
{
	struct page_info *pg;

	if (unlikely(size - 1 >= PAGE_SIZE - (va & ~PAGE_MASK)) ||
	    !(pg = get_page_quick(current->domain, va, op != FROM_GUEST)))
		return copy_pages(va, buf, size, op);
	move(pg, va, buf, size, op);
	return 0;
}

int copy_to_guest_va(guest_va_t dst, const void *src, size_t size)
{
	return copy(dst, (void *)src, size, TO_GUEST);
}

int copy_from_guest_va(void *dst, guest_va_t src, size_t size)
{
	return copy(src, dst, size, FROM_GUEST);
}

int clear_guest_va(guest_va_t dst, size_t size)
{
	return copy_pages(dst, NULL, size, CLEAR);
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
