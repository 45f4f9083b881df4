/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEN_STRING_H
#define XEN_STRING_H

#include <xen/types.h>

void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int c, size_t n);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t n);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
/* Copies at most size - 1 bytes and terminates; returns strlen(src). */
size_t strlcpy(char *dst, const char *src, size_t size);

/* One page of zeros, one page copied; page-aligned hypervisor addresses. Arch. */
void clear_page(void *page);
void copy_page(void *dst, const void *src);

#endif
