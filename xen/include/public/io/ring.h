/* SPDX-License-Identifier: MIT */
/*
 * A ring of requests and responses in shared memory.
 *
 * The front end produces requests and consumes responses, the back end the
 * other way round; a response takes the place of a request that was consumed.
 * Indices run freely; the number of entries is a power of 2.
 *
 * The memory is the peer's too. Whatever is read from it may change at any
 * time: take a copy (RING_COPY_REQUEST), check the copy, use the copy; and
 * check the peer's producer index once (RING_REQUEST_PROD_OVERFLOW) before
 * going through the ring.
 *
 * The user supplies memset(), memcpy() where macros need them, and xen_mb(),
 * xen_rmb(), xen_wmb(): barriers between CPUs, also on a uniprocessor kernel.
 * After reading a producer index and before reading the entries it covers the
 * consumer needs xen_rmb(), which pairs with the xen_wmb() of RING_PUSH_*.
 */
#ifndef __XEN_PUBLIC_IO_RING_H__
#define __XEN_PUBLIC_IO_RING_H__

#include "../xen-compat.h"
#include "../grant_table.h"

typedef unsigned int RING_IDX;

/* The largest power of 2 that is not larger, as a constant expression. */
#define __RD2(_x)	(((_x) & 0x2) ? 0x2 : ((_x) & 0x1))
#define __RD4(_x)	(((_x) & 0xc) ? __RD2((_x) >> 2) << 2 : __RD2(_x))
#define __RD8(_x)	(((_x) & 0xf0) ? __RD4((_x) >> 4) << 4 : __RD4(_x))
#define __RD16(_x)	(((_x) & 0xff00) ? __RD8((_x) >> 8) << 8 : __RD8(_x))
#define __RD32(_x)							\
	(((_x) & 0xffff0000) ? __RD16((_x) >> 16) << 16 : __RD16(_x))

/* Entries in _sz bytes: of a type by name, and of a ring by pointer. */
#define __CONST_RING_SIZE(_s, _sz)					\
	(__RD32(((_sz) - offsetof(struct _s ## _sring, ring)) /		\
		sizeof(((struct _s ## _sring *)0)->ring[0])))
#define __RING_SIZE(_s, _sz)						\
	(__RD32(((_sz) - ((const char *)(_s)->ring - (const char *)(_s))) / \
		sizeof((_s)->ring[0])))

/*
 * DEFINE_RING_TYPES(name, request type, response type) defines
 *	struct name_sring	what is shared
 *	struct name_front_ring	the front end's own view of it
 *	struct name_back_ring	the back end's
 *
 * req_event and rsp_event are the index at which the consumer wants to be
 * notified. pvt is for older protocols.
 */
#define DEFINE_RING_TYPES(__name, __req_t, __rsp_t)			\
union __name ## _sring_entry {						\
	__req_t req;							\
	__rsp_t rsp;							\
};									\
struct __name ## _sring {						\
	RING_IDX req_prod, req_event;					\
	RING_IDX rsp_prod, rsp_event;					\
	union {								\
		struct {						\
			uint8_t smartpoll_active;			\
		} netif;						\
		struct {						\
			uint8_t msg;					\
		} tapif_user;						\
		uint8_t pvt_pad[4];					\
	} pvt;								\
	uint8_t __pad[44];						\
	union __name ## _sring_entry ring[1];				\
};									\
struct __name ## _front_ring {						\
	RING_IDX req_prod_pvt;						\
	RING_IDX rsp_cons;						\
	unsigned int nr_ents;						\
	struct __name ## _sring *sring;					\
};									\
struct __name ## _back_ring {						\
	RING_IDX rsp_prod_pvt;						\
	RING_IDX req_cons;						\
	unsigned int nr_ents;						\
	struct __name ## _sring *sring;					\
};									\
typedef struct __name ## _sring __name ## _sring_t;			\
typedef struct __name ## _front_ring __name ## _front_ring_t;		\
typedef struct __name ## _back_ring __name ## _back_ring_t

/* The front end empties the ring before it shares it. */
#define SHARED_RING_INIT(_s)						\
	do {								\
		(_s)->req_prod = 0;					\
		(_s)->rsp_prod = 0;					\
		(_s)->req_event = 1;					\
		(_s)->rsp_event = 1;					\
		(void)memset((_s)->pvt.pvt_pad, 0,			\
			     sizeof((_s)->pvt.pvt_pad));		\
		(void)memset((_s)->__pad, 0, sizeof((_s)->__pad));	\
	} while (0)

/* A view of __size bytes at _s, with _i entries produced and consumed so far. */
#define FRONT_RING_ATTACH(_r, _s, _i, __size)				\
	do {								\
		(_r)->sring = (_s);					\
		(_r)->nr_ents = __RING_SIZE(_s, __size);		\
		(_r)->req_prod_pvt = (_i);				\
		(_r)->rsp_cons = (_i);					\
	} while (0)
#define BACK_RING_ATTACH(_r, _s, _i, __size)				\
	do {								\
		(_r)->sring = (_s);					\
		(_r)->nr_ents = __RING_SIZE(_s, __size);		\
		(_r)->rsp_prod_pvt = (_i);				\
		(_r)->req_cons = (_i);					\
	} while (0)
#define FRONT_RING_INIT(_r, _s, __size)	FRONT_RING_ATTACH(_r, _s, 0, __size)
#define BACK_RING_INIT(_r, _s, __size)	BACK_RING_ATTACH(_r, _s, 0, __size)
#define XEN_FRONT_RING_INIT(r, s, size)					\
	do {								\
		SHARED_RING_INIT(s);					\
		FRONT_RING_INIT(r, s, size);				\
	} while (0)

#define RING_SIZE(_r)	((_r)->nr_ents)

/* Room for requests, as the front end sees it. */
#define RING_FREE_REQUESTS(_r)						\
	(RING_SIZE(_r) - ((_r)->req_prod_pvt - (_r)->rsp_cons))
#define RING_FULL(_r)	(RING_FREE_REQUESTS(_r) == 0)

/*
 * How many there are to consume. Requests are limited to those that have room
 * for their response, whatever the peer's index says; responses are not limited
 * and need RING_RESPONSE_PROD_OVERFLOW.
 */
#define XEN_RING_NR_UNCONSUMED_RESPONSES(_r)				\
	((_r)->sring->rsp_prod - (_r)->rsp_cons)
#ifdef __GNUC__
#define XEN_RING_NR_UNCONSUMED_REQUESTS(_r)				\
	__extension__ ({						\
		unsigned int xen_ready_ =				\
			(_r)->sring->req_prod - (_r)->req_cons;		\
		unsigned int xen_room_ = RING_SIZE(_r) -		\
			((_r)->req_cons - (_r)->rsp_prod_pvt);		\
		xen_ready_ < xen_room_ ? xen_ready_ : xen_room_;	\
	})
#else
#define XEN_RING_NR_UNCONSUMED_REQUESTS(_r)				\
	(((_r)->sring->req_prod - (_r)->req_cons <			\
	  RING_SIZE(_r) - ((_r)->req_cons - (_r)->rsp_prod_pvt)) ?	\
	 (_r)->sring->req_prod - (_r)->req_cons :			\
	 RING_SIZE(_r) - ((_r)->req_cons - (_r)->rsp_prod_pvt))
#endif

#ifdef XEN_RING_HAS_UNCONSUMED_IS_BOOL
#define RING_HAS_UNCONSUMED_RESPONSES(_r)				\
	(!!XEN_RING_NR_UNCONSUMED_RESPONSES(_r))
#define RING_HAS_UNCONSUMED_REQUESTS(_r)				\
	(!!XEN_RING_NR_UNCONSUMED_REQUESTS(_r))
#else
#define RING_HAS_UNCONSUMED_RESPONSES(_r)				\
	XEN_RING_NR_UNCONSUMED_RESPONSES(_r)
#define RING_HAS_UNCONSUMED_REQUESTS(_r)				\
	XEN_RING_NR_UNCONSUMED_REQUESTS(_r)
#endif

/* The shared entry itself: to write to it, or through RING_COPY_*. */
#define RING_GET_REQUEST(_r, _idx)					\
	(&((_r)->sring->ring[(_idx) & (RING_SIZE(_r) - 1)].req))
#define RING_GET_RESPONSE(_r, _idx)					\
	(&((_r)->sring->ring[(_idx) & (RING_SIZE(_r) - 1)].rsp))

/* A private copy, made once. */
#define RING_COPY_(type, r, idx, dest)					\
	do {								\
		*(dest) = *(volatile __typeof__(dest))			\
			RING_GET_ ## type(r, idx);			\
	} while (0)
#define RING_COPY_REQUEST(r, idx, req)	RING_COPY_(REQUEST, r, idx, req)
#define RING_COPY_RESPONSE(r, idx, rsp)	RING_COPY_(RESPONSE, r, idx, rsp)

/* Would consuming one more leave no room for its response? */
#define RING_REQUEST_CONS_OVERFLOW(_r, _cons)				\
	((_cons) - (_r)->rsp_prod_pvt >= RING_SIZE(_r))
/* Is the peer's producer index nonsense? */
#define RING_REQUEST_PROD_OVERFLOW(_r, _prod)				\
	((_prod) - (_r)->rsp_prod_pvt > RING_SIZE(_r))
#define RING_RESPONSE_PROD_OVERFLOW(_r, _prod)				\
	((_prod) - (_r)->rsp_cons > RING_SIZE(_r))

/* Make what was produced visible; the entries before the index. */
#define RING_PUSH_REQUESTS(_r)						\
	do {								\
		xen_wmb();						\
		(_r)->sring->req_prod = (_r)->req_prod_pvt;		\
	} while (0)
#define RING_PUSH_RESPONSES(_r)						\
	do {								\
		xen_wmb();						\
		(_r)->sring->rsp_prod = (_r)->rsp_prod_pvt;		\
	} while (0)

/*
 * The same, and tell whether the peer has to be notified: if its event index
 * lies in what is new. The full barrier pairs with the one in
 * RING_FINAL_CHECK_*: either we see its new event index or it sees our new
 * entries; without it both could miss the other, and sleep.
 */
#define RING_PUSH_REQUESTS_AND_CHECK_NOTIFY(_r, _notify)		\
	do {								\
		RING_IDX xen_old_ = (_r)->sring->req_prod;		\
		RING_IDX xen_new_ = (_r)->req_prod_pvt;			\
		RING_PUSH_REQUESTS(_r);					\
		xen_mb();						\
		(_notify) = (RING_IDX)(xen_new_ - (_r)->sring->req_event) < \
			    (RING_IDX)(xen_new_ - xen_old_);		\
	} while (0)
#define RING_PUSH_RESPONSES_AND_CHECK_NOTIFY(_r, _notify)		\
	do {								\
		RING_IDX xen_old_ = (_r)->sring->rsp_prod;		\
		RING_IDX xen_new_ = (_r)->rsp_prod_pvt;			\
		RING_PUSH_RESPONSES(_r);				\
		xen_mb();						\
		(_notify) = (RING_IDX)(xen_new_ - (_r)->sring->rsp_event) < \
			    (RING_IDX)(xen_new_ - xen_old_);		\
	} while (0)

/* Before sleeping: ask to be notified of the next entry, and look once more. */
#define RING_FINAL_CHECK_FOR_REQUESTS(_r, _work_to_do)			\
	do {								\
		(_work_to_do) = RING_HAS_UNCONSUMED_REQUESTS(_r);	\
		if (_work_to_do)					\
			break;						\
		(_r)->sring->req_event = (_r)->req_cons + 1;		\
		xen_mb();						\
		(_work_to_do) = RING_HAS_UNCONSUMED_REQUESTS(_r);	\
	} while (0)
#define RING_FINAL_CHECK_FOR_RESPONSES(_r, _work_to_do)			\
	do {								\
		(_work_to_do) = RING_HAS_UNCONSUMED_RESPONSES(_r);	\
		if (_work_to_do)					\
			break;						\
		(_r)->sring->rsp_event = (_r)->rsp_cons + 1;		\
		xen_mb();						\
		(_work_to_do) = RING_HAS_UNCONSUMED_RESPONSES(_r);	\
	} while (0)

/*
 * Byte streams: a page of indices, and an area of 2^order pages, one half for
 * each direction.
 */
#ifndef XEN_PAGE_SHIFT
#define XEN_PAGE_SHIFT	12
#endif
#define XEN_FLEX_RING_SIZE(order)	(1UL << ((order) + XEN_PAGE_SHIFT - 1))

/*
 * DEFINE_XEN_FLEX_RING(name): helpers for one half, of ring_size bytes.
 * name_read_packet() and name_write_packet() take masked indices, advance
 * their own, and leave it to the caller that size fits. name_queued() tells
 * how many bytes there are.
 */
#define DEFINE_XEN_FLEX_RING(name)					\
static inline RING_IDX name ## _mask(RING_IDX idx, RING_IDX ring_size)	\
{									\
	return idx & (ring_size - 1);					\
}									\
									\
static inline unsigned char *name ## _get_ring_ptr(unsigned char *buf,	\
						   RING_IDX idx,	\
						   RING_IDX ring_size)	\
{									\
	return buf + name ## _mask(idx, ring_size);			\
}									\
									\
static inline void name ## _read_packet(void *opaque,			\
					const unsigned char *buf,	\
					size_t size,			\
					RING_IDX masked_prod,		\
					RING_IDX *masked_cons,		\
					RING_IDX ring_size)		\
{									\
	size_t tail = ring_size - *masked_cons;				\
	size_t first = size < tail ? size : tail;			\
									\
	(void)masked_prod;						\
	memcpy(opaque, buf + *masked_cons, first);			\
	memcpy((unsigned char *)opaque + first, buf, size - first);	\
	*masked_cons = name ## _mask((RING_IDX)(*masked_cons + size),	\
				     ring_size);			\
}									\
									\
static inline void name ## _write_packet(unsigned char *buf,		\
					 const void *opaque,		\
					 size_t size,			\
					 RING_IDX *masked_prod,		\
					 RING_IDX masked_cons,		\
					 RING_IDX ring_size)		\
{									\
	size_t tail = ring_size - *masked_prod;				\
	size_t first = size < tail ? size : tail;			\
									\
	(void)masked_cons;						\
	memcpy(buf + *masked_prod, opaque, first);			\
	memcpy(buf, (const unsigned char *)opaque + first, size - first); \
	*masked_prod = name ## _mask((RING_IDX)(*masked_prod + size),	\
				     ring_size);			\
}									\
									\
static inline RING_IDX name ## _queued(RING_IDX prod, RING_IDX cons,	\
				       RING_IDX ring_size)		\
{									\
	RING_IDX bytes = prod - cons;					\
									\
	/* Free-running indices tell full from empty. */		\
	if (bytes != 0 && name ## _mask(bytes, ring_size) == 0)		\
		return ring_size;					\
	return name ## _mask(bytes, ring_size);				\
}									\
									\
struct name ## _data {							\
	unsigned char *in;						\
	unsigned char *out;						\
}

/* The page of indices; ref[] grants the pages of the area. */
#define DEFINE_XEN_FLEX_RING_AND_INTF(name)				\
struct name ## _data_intf {						\
	RING_IDX in_cons, in_prod;					\
	uint8_t pad1[56];						\
	RING_IDX out_cons, out_prod;					\
	uint8_t pad2[56];						\
	RING_IDX ring_order;						\
	__extension__ grant_ref_t ref[XEN_FLEX_ARRAY_DIM];		\
};									\
DEFINE_XEN_FLEX_RING(name)

#endif
