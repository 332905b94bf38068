/* schema - the one table of configuration keys
 *
 * Each row is a key with its kind, default, limits and words for people. What may stand in a config
 * (config/settings.h), the man page circular-config(5) and config.example are all made from it, so
 * that adding a key is adding a row. Keys are dotted paths, "relay.host"; a level of free names is
 * written *, "audiences.*.where".
 */
#ifndef CONFIG_SCHEMA_H
#define CONFIG_SCHEMA_H

#include <glib.h>

typedef enum {
    SCHEMA_TEXT,     /* on one line */
    SCHEMA_LINES,    /* a text of one or more lines, or a list of lines */
    SCHEMA_PATH,     /* relative ones against the config's folder; ~/ is the home folder */
    SCHEMA_NUMBER,   /* min..max */
    SCHEMA_PERCENT,  /* "5" or "5 %"; min..max */
    SCHEMA_DURATION, /* "30s", "5m", "24h", "7d"; seconds, min..max */
    SCHEMA_FLAG,     /* yes, no, true, false, on, off */
    SCHEMA_CHOICE,   /* one of `words` */
    SCHEMA_TEXTS,    /* a list of texts, or one text */
    SCHEMA_COMMAND,  /* a list: program and arguments; or one text, split as a shell would */
    SCHEMA_TEMPLATE, /* Mustache; may be empty */
    SCHEMA_SQL,      /* an expression */
} SchemaKind;

typedef struct {
    const char *key;
    const char *help; /* one line, a sentence */
    SchemaKind kind;
    gboolean required;        /* in the map that it stands in */
    const char *value;        /* the default as it would be written; NULL for none */
    const char *otherwise;    /* what happens when it is unset and has no default */
    const char *sample;       /* what config.example shows where there is no default, in YAML */
    gboolean active;          /* config.example sets it to its sample */
    const char *const *words; /* of a choice; NULL-terminated */
    gint64 min, max;          /* of a number or duration; both included */
    const char *more;         /* a paragraph for the man page, or NULL */
} SchemaKey;

/* All rows in the order people should meet them; ends with a NULL key. */
const SchemaKey *schema_keys(void);

/* The row that a path such as "audiences.heads.where" belongs to, or NULL. */
const SchemaKey *schema_match(const char *path);

/* Whether there are keys below the path ("relay", "lists.schools"). */
gboolean schema_is_group(const char *path);

/* Whether the names below the path are free ("lists", "audiences.heads.fields"). */
gboolean schema_is_free(const char *path);

/* The key or group that was most likely meant by an unknown path: the nearest name at its level, or
 * else a key of that very name at another level; newly allocated, or NULL. */
char *schema_suggest(const char *path);

/* What a kind of key takes, in words ("a number from 1 to 64"); newly allocated. */
char *schema_wants(const SchemaKey *key);

/* Appends circular-config(5), in mdoc(7). */
void schema_write_man(GString *out);

/* Appends config.example: every key with its help and default, and the sample audiences. */
void schema_write_example(GString *out);

#endif
