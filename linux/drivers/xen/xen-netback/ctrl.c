// SPDX-License-Identifier: GPL-2.0-only
/*
 * The control ring: rare requests, one answer each, served from a work item.
 */
#include <linux/workqueue.h>
#include <xen/events.h>

#include "netgrant.h"
#include "netgref.h"
#include "netback.h"

#define NB_CTRL_BATCH	32

/* The beginning of a page that the guest granted for a request. In process context. */
bool nb_fetch(struct nb_vif *vif, grant_ref_t ref, void *to, unsigned int len)
{
	struct gnttab_copy op = {
		.source.u.ref = ref,
		.source.domid = vif->domid,
		.dest.u.gmfn = virt_to_gfn(to),
		.dest.domid = DOMID_SELF,
		.dest.offset = xen_offset_in_page(to),
		.len = len,
		.flags = GNTCOPY_source_gref,
	};

	if (!len)
		return true;
	gnttab_batch_copy(&op, 1);
	return op.status == GNTST_okay;
}

static void nb_ctrl_serve(struct nb_vif *vif, const struct xen_netif_ctrl_request *req,
			  struct xen_netif_ctrl_response *rsp)
{
	switch (req->type) {
	case XEN_NETIF_CTRL_TYPE_SET_HASH_ALGORITHM:
		rsp->status = nb_hash_set_algorithm(vif, req->data[0]);
		break;
	case XEN_NETIF_CTRL_TYPE_GET_HASH_FLAGS:
		rsp->status = nb_hash_get_flags(vif, &rsp->data);
		break;
	case XEN_NETIF_CTRL_TYPE_SET_HASH_FLAGS:
		rsp->status = nb_hash_set_flags(vif, req->data[0]);
		break;
	case XEN_NETIF_CTRL_TYPE_SET_HASH_KEY:
		rsp->status = nb_hash_set_key(vif, req->data[0], req->data[1]);
		break;
	case XEN_NETIF_CTRL_TYPE_GET_HASH_MAPPING_SIZE:
		rsp->status = XEN_NETIF_CTRL_STATUS_SUCCESS;
		rsp->data = NB_HASH_MAP;
		break;
	case XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING_SIZE:
		rsp->status = nb_hash_set_map_size(vif, req->data[0]);
		break;
	case XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING:
		rsp->status = nb_hash_set_map(vif, req->data[0], req->data[1], req->data[2]);
		break;
	case XEN_NETIF_CTRL_TYPE_GET_GREF_MAPPING_SIZE:
		rsp->status = nb_gref_size(vif, req->data[0], &rsp->data);
		break;
	case XEN_NETIF_CTRL_TYPE_ADD_GREF_MAPPING:
		rsp->status = nb_gref_add(vif, req->data[0], req->data[1], req->data[2]);
		break;
	default:
		rsp->status = XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED;
		break;
	}
}

/* Serve what is there. Returns how many requests, or -1: the ring is broken. */
static int nb_ctrl_run(struct nb_vif *vif)
{
	struct xen_netif_ctrl_back_ring *ring = &vif->ctrl;
	RING_IDX end = READ_ONCE(ring->sring->req_prod);
	int done = 0, notify;

	if (end - ring->req_cons > RING_SIZE(ring)) {
		nb_misuse(vif, "more control requests than the ring holds");
		return -1;
	}
	virt_rmb();	/* the index before the requests: pairs with the frontend's push */
	while (ring->req_cons != end && done < NB_CTRL_BATCH) {
		struct xen_netif_ctrl_request req;
		struct xen_netif_ctrl_response rsp = {};

		RING_COPY_REQUEST(ring, ring->req_cons++, &req);
		rsp.id = req.id;
		rsp.type = req.type;
		nb_ctrl_serve(vif, &req, &rsp);
		*RING_GET_RESPONSE(ring, ring->rsp_prod_pvt++) = rsp;
		done++;
	}
	if (done) {
		RING_PUSH_RESPONSES_AND_CHECK_NOTIFY(ring, notify);
		if (notify)
			notify_remote_via_irq(vif->ctrl_irq);
	}
	return done;
}

static void nb_ctrl_work(struct work_struct *work)
{
	struct nb_vif *vif = container_of(work, struct nb_vif, ctrl_work);
	int more;

	if (nb_ctrl_run(vif) < 0)
		return;
	RING_FINAL_CHECK_FOR_REQUESTS(&vif->ctrl, more);
	if (more)
		schedule_work(&vif->ctrl_work);
	else
		xen_irq_lateeoi(vif->ctrl_irq, 0);
}

static irqreturn_t nb_ctrl_interrupt(int irq, void *arg)
{
	struct nb_vif *vif = arg;

	/* It may come before whoever binds it knows its number. */
	WRITE_ONCE(vif->ctrl_irq, irq);
	if (READ_ONCE(vif->ctrl.sring->req_prod) == READ_ONCE(vif->ctrl.req_cons))
		xen_irq_lateeoi(irq, XEN_EOI_FLAG_SPURIOUS);
	else
		schedule_work(&vif->ctrl_work);
	return IRQ_HANDLED;
}

/* On error nb_ctrl_disconnect() releases what there is. */
int nb_ctrl_connect(struct nb_vif *vif, grant_ref_t ref, evtchn_port_t port)
{
	struct xen_netif_ctrl_sring *sring;
	RING_IDX rsp, req;
	void *page;
	int err;

	INIT_WORK(&vif->ctrl_work, nb_ctrl_work);
	vif->gref_failures = 0;
	err = xenbus_map_ring_valloc(vif->xdev, &ref, 1, &page);
	if (err)
		return err;
	sring = page;
	rsp = READ_ONCE(sring->rsp_prod);
	req = READ_ONCE(sring->req_prod);
	BACK_RING_ATTACH(&vif->ctrl, sring, rsp, XEN_PAGE_SIZE);
	if (req - rsp > RING_SIZE(&vif->ctrl))
		return -EIO;
	err = compat_bind_interdomain(vif->xdev, port, nb_ctrl_interrupt, vif->netdev->name, vif);
	if (err < 0)
		return err;
	vif->ctrl_irq = err;
	return 0;
}

void nb_ctrl_disconnect(struct nb_vif *vif)
{
	if (!vif->ctrl.sring)
		return;
	if (vif->ctrl_irq)
		unbind_from_irqhandler(vif->ctrl_irq, vif);
	cancel_work_sync(&vif->ctrl_work);
	xenbus_unmap_ring_vfree(vif->xdev, vif->ctrl.sring);
	vif->ctrl_irq = 0;
	memset(&vif->ctrl, 0, sizeof(vif->ctrl));
	nb_hash_init(vif);
}
