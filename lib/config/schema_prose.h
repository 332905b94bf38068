/* schema_prose - what circular-config(5) and config.example say beside the table of keys (private to
 * this folder; a part of config/schema_write.c)
 */
#ifndef CONFIG_SCHEMA_PROSE_H
#define CONFIG_SCHEMA_PROSE_H

/* The digests of config.example. */
extern const char SCHEMA_DIGEST_SAMPLE[];

/* A chapter of circular-config(5), in mdoc(7): how an IT officer sets it up. */
extern const char SCHEMA_OAUTH2_MAN[];

/* The section EXPRESSIONS of the manual, in mdoc. The table in it runs as a test: an expression,
 * a cell, and "yes", "no" or "unknown", in columns of fixed width. */
extern const char SCHEMA_EXPRESSIONS[];

#endif
