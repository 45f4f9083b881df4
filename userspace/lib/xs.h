/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Client of the xenstore daemon, with the names and the behaviour that
 * programs written for libxenstore expect.
 *
 * Failure: a function that returns a pointer returns NULL, one that returns
 * bool returns false, and errno says why. Errors of the daemon arrive as the
 * errno of the same name. A transport failure (EIO, EPIPE, ...) is final: the
 * handle stays valid only for xs_close().
 *
 * Threads: a handle belongs to one thread at a time; no thread is started.
 * Two threads take two handles.
 *
 * Fork: the child must not use the parent's handle; it may release it with
 * xs_daemon_destroy_postfork(), which sends nothing. Exec: descriptors are
 * close-on-exec.
 *
 * Paths are absolute, or relative to the caller's /local/domain/N (dom0's for
 * programs of dom0). Limits: absolute 3072 bytes, relative 2048, one message
 * 4096.
 */
#ifndef XYLEM_XS_H
#define XYLEM_XS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xen/io/xs_wire.h>

#ifdef __cplusplus
extern "C" {
#endif

#define XBT_NULL 0

/* Accepted and ignored. */
#define XS_OPEN_READONLY	(1UL << 0)
/* The daemon's socket or nothing. */
#define XS_OPEN_SOCKETONLY	(1UL << 1)
/*
 * After xs_unwatch(path, token), events already received for that token at or
 * below that path are dropped instead of delivered.
 */
#define XS_UNWATCH_FILTER	(1UL << 2)

/* Bits of xs_permissions.perms. */
#define XS_PERM_NONE	0x00
#define XS_PERM_READ	0x01
#define XS_PERM_WRITE	0x02
#define XS_PERM_OWNER	0x08
/* The entry names a domain that no longer exists: it has no effect. */
#define XS_PERM_IGNORE	0x10

struct xs_permissions {
	unsigned int id;	/* domain */
	unsigned int perms;	/* XS_PERM_* */
};

struct xs_handle;
typedef uint32_t xs_transaction_t;

/*
 * Connect to the daemon: by its socket, else, in a guest, by the kernel's xenbus
 * device. Dom0 uses the device only when it is named. XENSTORED_PATH in the
 * environment names another socket or device, XENSTORED_RUNDIR another folder
 * that holds the socket.
 */
struct xs_handle *xs_open(unsigned long flags);
void xs_close(struct xs_handle *h /* NULL is fine */);

/* Older names of xs_open(0) and xs_close(). */
struct xs_handle *xs_daemon_open(void);
struct xs_handle *xs_domain_open(void);
struct xs_handle *xs_daemon_open_readonly(void);
void xs_daemon_close(struct xs_handle *h);

/* Release a handle in a forked child without touching the connection. */
void xs_daemon_destroy_postfork(struct xs_handle *h);

/*
 * Children of a node; the array and its strings are one allocation, the
 * caller's to free(). *num is their number. Directories of any size work.
 */
char **xs_directory(struct xs_handle *h, xs_transaction_t t, const char *path,
		    unsigned int *num);

/*
 * Value of a node, with a NUL behind it that is not counted in *len (len may
 * be NULL). The caller's to free().
 */
void *xs_read(struct xs_handle *h, xs_transaction_t t, const char *path,
	      unsigned int *len);

/* Set a value, creating the node and its parents when they do not exist. */
bool xs_write(struct xs_handle *h, xs_transaction_t t, const char *path,
	      const void *data, unsigned int len);

/* Create a node; one that exists is success. */
bool xs_mkdir(struct xs_handle *h, xs_transaction_t t, const char *path);

/* Remove a node and everything below it. */
bool xs_rm(struct xs_handle *h, xs_transaction_t t, const char *path);

/* Always false: domains cannot be restricted by this protocol any more. */
bool xs_restrict(struct xs_handle *h, unsigned int domid);

/*
 * Permissions of a node. Element 0 is the owner and what everybody else may
 * do, the others are exceptions for one domain each. The caller's to free().
 */
struct xs_permissions *xs_get_permissions(struct xs_handle *h,
					  xs_transaction_t t, const char *path,
					  unsigned int *num);
bool xs_set_permissions(struct xs_handle *h, xs_transaction_t t,
			const char *path, struct xs_permissions *perms,
			unsigned int num_perms);

/*
 * Be told of changes at or below path; the first event comes at once.
 * "@introduceDomain" and "@releaseDomain" report domains coming and going.
 */
bool xs_watch(struct xs_handle *h, const char *path, const char *token);
bool xs_unwatch(struct xs_handle *h, const char *path, const char *token);

/*
 * Descriptor that polls readable when an event may be waiting, including
 * events received while another request waited for its reply. It is to be
 * polled only, never read.
 */
int xs_fileno(struct xs_handle *h);

/*
 * Next event as { path, token } (XS_WATCH_PATH and XS_WATCH_TOKEN of the
 * public header xs_wire.h are the indices), one allocation, the caller's to
 * free(). xs_check_watch() fails with EAGAIN when there is none,
 * xs_read_watch() waits. *num is 2.
 */
char **xs_check_watch(struct xs_handle *h);
char **xs_read_watch(struct xs_handle *h, unsigned int *num);

/*
 * A transaction sees the store as it was at the start. The end fails with
 * EAGAIN when something it read or wrote was changed by others meanwhile:
 * start again. The id is gone in either case.
 */
xs_transaction_t xs_transaction_start(struct xs_handle *h);
bool xs_transaction_end(struct xs_handle *h, xs_transaction_t t, bool abort);

/* Domain management, for the toolstack (dom0) only. */
bool xs_introduce_domain(struct xs_handle *h, unsigned int domid,
			 unsigned long mfn, unsigned int eventchn);
bool xs_set_target(struct xs_handle *h, unsigned int domid,
		   unsigned int target);
bool xs_resume_domain(struct xs_handle *h, unsigned int domid);
bool xs_release_domain(struct xs_handle *h, unsigned int domid);
bool xs_is_domain_introduced(struct xs_handle *h, unsigned int domid);

/* "/local/domain/N"; the caller's to free(). Works for any domain number. */
char *xs_get_domain_path(struct xs_handle *h, unsigned int domid);

/*
 * A command for the daemon itself ("help" lists them) with optional data; the
 * answer is a string, the caller's to free().
 */
char *xs_control_command(struct xs_handle *h, const char *cmd, void *data,
			 unsigned int len);
char *xs_debug_command(struct xs_handle *h, const char *cmd, void *data,
		       unsigned int len);

/* Event channel a guest offers for suspend requests, or -1. */
int xs_suspend_evtchn_port(int domid);

/* True when child is parent or lies below it, comparing the text only. */
bool xs_path_is_subpath(const char *parent, const char *child);

/* Where the daemon listens, with the environment's overrides. */
const char *xs_daemon_rundir(void);
const char *xs_daemon_socket(void);
const char *xs_daemon_socket_ro(void);

/* write() until everything is written. */
bool xs_write_all(int fd, const void *data, unsigned int len);

/*
 * Text form of permissions as the wire has it: 'n', 'r', 'w' or 'b', then the
 * domain number. strings holds num of them, each ended by NUL.
 */
bool xs_strings_to_perms(struct xs_permissions *perms, unsigned int num,
			 const char *strings);
/* Into buf of len bytes; false with ENOSPC or EINVAL. 16 bytes are enough. */
bool xs_perm_to_string(const struct xs_permissions *perm, char *buf,
		       size_t len);
/* Number of NUL-ended strings in len bytes. */
unsigned int xs_count_strings(const char *strings, unsigned int len);

#ifdef __cplusplus
}
#endif

#endif /* XYLEM_XS_H */
