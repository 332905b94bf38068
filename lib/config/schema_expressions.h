/* schema_expressions - what circular-config(5) says of SQL expressions (private to this folder; a part
 * of config/schema.c)
 */
#ifndef CONFIG_SCHEMA_EXPRESSIONS_H
#define CONFIG_SCHEMA_EXPRESSIONS_H

/* The section EXPRESSIONS of the manual, in mdoc. The table in it runs as a test: an expression,
 * a cell, and "yes", "no" or "unknown", in columns of fixed width. */
extern const char SCHEMA_EXPRESSIONS[];

#endif
