/* sharing - whether what is written is its owner's alone, or a group's that works together */
#include "base/sharing.h"

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <unistd.h>

static gboolean is_shared; /* of the process: a workspace has one config */
static gid_t group_id;
static char *group_name;

static gboolean find_group(const char *group, gid_t *id)
{
    guint64 number;
    const struct group *entry = getgrnam(group);
    if (entry)
        *id = entry->gr_gid;
    else if (g_ascii_string_to_unsigned(group, 10, 0, G_MAXINT32, &number, NULL))
        *id = (gid_t)number;
    else
        return FALSE;
    return TRUE;
}

gboolean sharing_begin(const char *group)
{
    is_shared = FALSE;
    g_clear_pointer(&group_name, g_free);
    if (!group || !*group)
        return TRUE;
    if (!find_group(group, &group_id))
        return FALSE;
    is_shared = TRUE;
    group_name = g_strdup(group);
    return TRUE;
}

int sharing_mode(int mode)
{
    if (!is_shared)
        return mode;
    return (mode & 0100 ? 02000 : 0) | (mode & 0700) | (mode & 0700) >> 3;
}

gboolean sharing_give(int fd, int mode)
{
    struct stat st;
    if (!is_shared)
        return TRUE;
    if (fstat(fd, &st) < 0)
        return FALSE;
    if (st.st_uid != geteuid())
        return TRUE;
    return (st.st_gid == group_id || fchown(fd, (uid_t)-1, group_id) == 0) &&
           ((st.st_mode & 07777) == (mode_t)sharing_mode(mode) ||
            fchmod(fd, (mode_t)sharing_mode(mode)) == 0);
}

gboolean sharing_give_path(const char *path, int mode)
{
    struct stat st;
    if (!is_shared)
        return TRUE;
    if (lstat(path, &st) < 0)
        return FALSE;
    if (st.st_uid != geteuid() || S_ISLNK(st.st_mode))
        return TRUE;
    return (st.st_gid == group_id || chown(path, (uid_t)-1, group_id) == 0) &&
           ((st.st_mode & 07777) == (mode_t)sharing_mode(mode) ||
            chmod(path, (mode_t)sharing_mode(mode)) == 0);
}

gboolean sharing_is_private(const struct stat *st)
{
    gboolean is_ours = is_shared && st->st_gid == group_id;
    return !(st->st_mode & (is_ours ? 007 : 077));
}

char *sharing_problem(const char *folder)
{
    struct stat st;
    if (!is_shared || stat(folder, &st) < 0)
        return NULL;
    if (st.st_gid == group_id && (st.st_mode & 02070) == 02070)
        return NULL;
    return g_strdup_printf("the folder %s is not shared with the group '%s' (ledger.group): "
                           "'chgrp %s %s && chmod g+rwxs %s'",
                           folder, group_name, group_name, folder, folder);
}
