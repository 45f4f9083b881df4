/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A transaction of the store: what write() writes is seen by others all at once, or
 * not at all.
 */
#ifndef XYLEM_STORE_TRANSACT_H
#define XYLEM_STORE_TRANSACT_H

#include <xen/xenbus.h>

/*
 * write() is called again when somebody else changed the same nodes meanwhile; its
 * errors end the transaction. 0 or an error; nothing was written then. Sleeps.
 */
static inline int store_transact(int (*write)(struct xenbus_transaction xbt, void *data),
				 void *data)
{
	struct xenbus_transaction xbt;
	int ret;

	do {
		ret = xenbus_transaction_start(&xbt);
		if (ret)
			return ret;
		ret = write(xbt, data);
		if (ret) {
			xenbus_transaction_end(xbt, 1);
			return ret;
		}
		ret = xenbus_transaction_end(xbt, 0);
	} while (ret == -EAGAIN);
	return ret;
}

#endif
