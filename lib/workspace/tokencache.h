/* tokencache - access tokens until they expire, and refresh tokens that came in place of others
 *
 * One file, mode 0600, written whole or not at all. It belongs beside the ledger: where a server
 * gives a new refresh token at each use, the one here may be the only one that still works.
 */
#ifndef WORKSPACE_TOKENCACHE_H
#define WORKSPACE_TOKENCACHE_H

#include <glib.h>

enum { TOKENCACHE_MAX = 512 << 10 }; /* bytes of the file */

typedef struct TokenCache TokenCache;

/* Reads the file; empty when there is none, or when it can't be understood: then all of it is asked
 * for anew. CONFIG when others may read it (mode & 077) or it is no regular file, symbolic links
 * not followed: what is in it may be known, and may not be ours. IO when it can't be read. */
TokenCache *tokencache_load(const char *path, GError **error);

/* Overwrites what it can and frees; NULL is fine. */
void tokencache_free(TokenCache *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TokenCache, tokencache_free)

/* The access token under a name (any text: it is hashed), newly allocated, unless its time to be
 * renewed has come, or the clock stands before the time when it was put there; else NULL. */
char *tokencache_access(const TokenCache *self, const char *name, gint64 now);

/* Puts one there that lives for `lifetime` seconds from `now`. It is renewed five minutes before
 * its end, or at three quarters of a short life. */
void tokencache_set_access(TokenCache *self, const char *name, const char *token, gint64 now,
                           gint64 lifetime);

/* The refresh token that came in place of another, newly allocated, or NULL. */
char *tokencache_refresh(const TokenCache *self, const char *name);
void tokencache_set_refresh(TokenCache *self, const char *name, const char *token);

/* Writes the file, without the access tokens whose time is over. IO when it can't be. */
gboolean tokencache_save(TokenCache *self, const char *path, gint64 now, GError **error);

/* Waits, at most `seconds` and until `stop` (which may be NULL) says so, until no other process
 * asks for tokens, and keeps others from it until tokencache_unlock: two must not spend one refresh
 * token. -1 with TEMPORARY or IO. */
int tokencache_lock(const char *path, guint seconds, gboolean (*stop)(void *user), void *user,
                    GError **error);
void tokencache_unlock(int lock);

#endif
