/* SPDX-License-Identifier: GPL-2.0-only */
/* Between domain.c and domain_table.c. */
#ifndef XEN_DOMAIN_TABLE_H
#define XEN_DOMAIN_TABLE_H

struct domain;
/* false: there is one with this id, maybe one that nobody finds any more. */
bool domain_table_insert(struct domain *d);
void domain_table_remove(struct domain *d);
/* Tasklet function: the last reference has gone. */
void domain_free_work(void *d);

#endif
