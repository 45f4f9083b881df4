// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/xen/xenbus: the store for programs of this domain. They write messages as they
 * would stand in the ring, and read replies and watch events. Transactions and watches
 * belong to the open file, and end with it.
 */

#include <linux/fs.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include "bus.h"
#include "files.h"

/* What a file may have at a time. */
#define MAX_TRANSACTIONS 10
#define MAX_WATCHES	 1024
#define MAX_REPLIES	 4096

/* A message to be read, from @at on. */
struct reply {
	struct list_head link;
	unsigned int at, len;
	char bytes[];
};

struct user_watch {
	struct list_head link;
	struct xenbus_watch watch;
	struct xb_user *user;
	const char *token;		/* in one allocation with the path, watch.node */
};

/* @lock covers all but the replies, which have a lock of their own for the watcher. */
struct xb_user {
	struct mutex lock;
	struct list_head watches;
	unsigned int nr_watches;
	u32 transactions[MAX_TRANSACTIONS];
	unsigned int nr_transactions;
	unsigned int len;		/* of what has been written of a message */
	struct {
		struct xsd_sockmsg head;
		char body[XENSTORE_PAYLOAD_MAX + 1];
	} msg;

	spinlock_t reply_lock;
	struct list_head replies;
	unsigned int nr_replies;
	wait_queue_head_t wait;
};

/* Without memory for it, or when nobody reads, it is dropped. */
static void queue_reply(struct xb_user *u, const struct xsd_sockmsg *head, const void *body)
{
	struct reply *r = kmalloc(sizeof(*r) + sizeof(*head) + head->len, GFP_KERNEL);

	if (!r)
		return;
	r->at = 0;
	r->len = sizeof(*head) + head->len;
	memcpy(r->bytes, head, sizeof(*head));
	memcpy(r->bytes + sizeof(*head), body, head->len);
	spin_lock(&u->reply_lock);
	if (u->nr_replies < MAX_REPLIES) {
		list_add_tail(&r->link, &u->replies);
		u->nr_replies++;
		r = NULL;
	}
	spin_unlock(&u->reply_lock);
	kfree(r);
	wake_up_interruptible(&u->wait);
}

static void reply_to_last(struct xb_user *u, u32 type, const void *body, unsigned int len)
{
	struct xsd_sockmsg head = u->msg.head;

	head.type = type;
	head.len = len;
	queue_reply(u, &head, body);
}

static void reply_error(struct xb_user *u, int err)
{
	const char *name = "EINVAL";
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(xsd_errors); i++)
		if (xsd_errors[i].errnum == -err)
			name = xsd_errors[i].errstring;
	reply_to_last(u, XS_ERROR, name, strlen(name) + 1);
}

static void heard(struct xenbus_watch *watch, const char *path, const char *token)
{
	struct user_watch *w = container_of(watch, struct user_watch, watch);
	struct xsd_sockmsg head = { .type = XS_WATCH_EVENT };
	size_t path_len = strlen(path) + 1, token_len = strlen(w->token) + 1;
	char *body = kmalloc(path_len + token_len, GFP_KERNEL);

	if (!body)
		return;
	memcpy(body, path, path_len);
	memcpy(body + path_len, w->token, token_len);
	head.len = path_len + token_len;
	queue_reply(w->user, &head, body);
	kfree(body);
}

static void free_watch(struct user_watch *w)
{
	kfree(w->watch.node);
	kfree(w);
}

static struct user_watch *find_watch(struct xb_user *u, const char *path, const char *token)
{
	struct user_watch *w;

	list_for_each_entry(w, &u->watches, link)
		if (!strcmp(w->watch.node, path) && !strcmp(w->token, token))
			return w;
	return NULL;
}

static int add_watch(struct xb_user *u, const char *path, const char *token)
{
	struct user_watch *w;
	char *strings;
	int ret;

	if (find_watch(u, path, token))
		return -EEXIST;
	if (u->nr_watches >= MAX_WATCHES)
		return -ENOSPC;
	w = kzalloc(sizeof(*w), GFP_KERNEL);
	strings = kmemdup(path, strlen(path) + strlen(token) + 2, GFP_KERNEL);
	if (!w || !strings) {
		kfree(strings);
		kfree(w);
		return -ENOMEM;
	}
	w->user = u;
	w->token = strings + (token - path);
	w->watch.node = strings;
	w->watch.callback = heard;
	ret = register_xenbus_watch(&w->watch);
	if (ret) {
		free_watch(w);
		return ret;
	}
	list_add(&w->link, &u->watches);
	u->nr_watches++;
	return 0;
}

static void drop_watch(struct xb_user *u, struct user_watch *w)
{
	list_del(&w->link);
	u->nr_watches--;
	unregister_xenbus_watch(&w->watch);
	free_watch(w);
}

static int remove_watch(struct xb_user *u, const char *path, const char *token)
{
	struct user_watch *w = find_watch(u, path, token);

	if (!w)
		return -ENOENT;
	drop_watch(u, w);
	return 0;
}

/* The body is "path", "token", both with their ends. */
static void do_watch(struct xb_user *u)
{
	unsigned int len = u->msg.head.len, path = strnlen(u->msg.body, len);
	const char *token = u->msg.body + path + 1;
	int ret = -EINVAL;

	if (path + 1 < len && path + 1 + strnlen(token, len - path - 1) + 1 == len)
		ret = u->msg.head.type == XS_WATCH ? add_watch(u, u->msg.body, token) :
						     remove_watch(u, u->msg.body, token);
	if (ret)
		reply_error(u, ret);
	else
		reply_to_last(u, u->msg.head.type, "OK", sizeof("OK"));
}

/* Its index, or -ENOENT. */
static int find_transaction(const struct xb_user *u, u32 id)
{
	unsigned int i;

	for (i = 0; i < u->nr_transactions; i++)
		if (u->transactions[i] == id)
			return i;
	return -ENOENT;
}

/* What the store has answered to a request that makes or ends a transaction. */
static void note_transaction(struct xb_user *u, const char *answer)
{
	u32 id;

	if (u->msg.head.type == XS_TRANSACTION_START && !kstrtou32(answer, 10, &id))
		u->transactions[u->nr_transactions++] = id;
}

static void do_request(struct xb_user *u)
{
	struct xenbus_transaction t = { .id = u->msg.head.tx_id };
	struct kvec body = { .iov_base = u->msg.body, .iov_len = u->msg.head.len };
	u32 type = u->msg.head.type;
	unsigned int len;
	int at = t.id ? find_transaction(u, t.id) : 0;
	char *answer;

	if (at < 0) {
		reply_error(u, at);
		return;
	}
	if (type == XS_TRANSACTION_START && u->nr_transactions >= MAX_TRANSACTIONS) {
		reply_error(u, -ENOSPC);
		return;
	}
	answer = xb_talk(t, type, &body, 1, &len);
	/* Whatever comes of its end, it is over, unless the store did not see one in it. */
	if (type == XS_TRANSACTION_END && t.id && answer != ERR_PTR(-EINVAL))
		u->transactions[at] = u->transactions[--u->nr_transactions];
	if (IS_ERR(answer)) {
		reply_error(u, PTR_ERR(answer));
		return;
	}
	note_transaction(u, answer);
	reply_to_last(u, type, answer, len);
	kfree(answer);
}

static void process(struct xb_user *u)
{
	switch (u->msg.head.type) {
	case XS_WATCH:
	case XS_UNWATCH:
		do_watch(u);
		break;
	case XS_WATCH_EVENT:
	case XS_ERROR:
	case XS_RESET_WATCHES:		/* the kernel's would go, too */
		reply_error(u, -EINVAL);
		break;
	default:
		do_request(u);
	}
}

static ssize_t user_write(struct file *file, const char __user *buf, size_t count,
			  loff_t *pos)
{
	struct xb_user *u = file->private_data;
	size_t done = 0, n;
	ssize_t ret = 0;

	mutex_lock(&u->lock);
	while (!ret && done < count) {
		/* The head first, which says how long the body is. */
		n = sizeof(u->msg.head);
		if (u->len >= n)
			n += u->msg.head.len;
		n = min(n - u->len, count - done);
		if (copy_from_user((char *)&u->msg + u->len, buf + done, n)) {
			ret = -EFAULT;
			break;
		}
		u->len += n;
		done += n;
		if (u->len < sizeof(u->msg.head))
			continue;
		if (u->msg.head.len > XENSTORE_PAYLOAD_MAX) {
			u->len = 0;
			ret = -EINVAL;
		} else if (u->len == sizeof(u->msg.head) + u->msg.head.len) {
			u->msg.body[u->msg.head.len] = 0;
			process(u);
			u->len = 0;
		}
	}
	mutex_unlock(&u->lock);
	return done && ret != -EINVAL ? done : ret;
}

static struct reply *next_reply(struct xb_user *u)
{
	struct reply *r;

	spin_lock(&u->reply_lock);
	r = list_first_entry_or_null(&u->replies, struct reply, link);
	spin_unlock(&u->reply_lock);
	return r;
}

static void drop_reply(struct xb_user *u, struct reply *r)
{
	spin_lock(&u->reply_lock);
	list_del(&r->link);
	u->nr_replies--;
	spin_unlock(&u->reply_lock);
	kfree(r);
}

/* Under the lock, so that the reply stays ours. */
static ssize_t read_some(struct xb_user *u, char __user *buf, size_t count)
{
	struct reply *r;
	size_t done = 0, n;

	while (done < count && (r = next_reply(u))) {
		n = min_t(size_t, count - done, r->len - r->at);
		if (copy_to_user(buf + done, r->bytes + r->at, n))
			return done ?: -EFAULT;
		done += n;
		r->at += n;
		if (r->at == r->len)
			drop_reply(u, r);
	}
	return done;
}

static ssize_t user_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct xb_user *u = file->private_data;
	ssize_t ret;

	if (!count)
		return 0;
	do {
		if (!next_reply(u) && file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		if (wait_event_interruptible(u->wait, next_reply(u)))
			return -ERESTARTSYS;
		mutex_lock(&u->lock);
		ret = read_some(u, buf, count);
		mutex_unlock(&u->lock);
	} while (!ret);
	return ret;
}

static __poll_t user_poll(struct file *file, poll_table *wait)
{
	struct xb_user *u = file->private_data;

	poll_wait(file, &u->wait, wait);
	return next_reply(u) ? EPOLLIN | EPOLLRDNORM | EPOLLOUT : EPOLLOUT;
}

static int user_open(struct inode *inode, struct file *file)
{
	struct xb_user *u = kvzalloc(sizeof(*u), GFP_KERNEL);

	if (!u)
		return -ENOMEM;
	mutex_init(&u->lock);
	spin_lock_init(&u->reply_lock);
	INIT_LIST_HEAD(&u->watches);
	INIT_LIST_HEAD(&u->replies);
	init_waitqueue_head(&u->wait);
	file->private_data = u;
	return stream_open(inode, file);
}

static int user_release(struct inode *inode, struct file *file)
{
	struct xb_user *u = file->private_data;
	struct reply *r;

	while (!list_empty(&u->watches))
		drop_watch(u, list_first_entry(&u->watches, struct user_watch, link));
	while (u->nr_transactions)
		xenbus_transaction_end((struct xenbus_transaction) {
			.id = u->transactions[--u->nr_transactions] }, 1);
	while ((r = next_reply(u)))
		drop_reply(u, r);
	kvfree(u);
	return 0;
}

/* xenfs has the same file. */
const struct file_operations xen_xenbus_fops = {
	.owner		= THIS_MODULE,
	.open		= user_open,
	.release	= user_release,
	.read		= user_read,
	.write		= user_write,
	.poll		= user_poll,
	.llseek		= compat_no_llseek,
};
EXPORT_SYMBOL_GPL(xen_xenbus_fops);

static struct miscdevice user_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "xen/xenbus",
	.fops	= &xen_xenbus_fops,
};

int __init xb_user_start(void)
{
	return misc_register(&user_device);
}
