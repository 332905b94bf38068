/* mend - what people get wrong in a line of YAML
 */
#ifndef CONFIG_MEND_H
#define CONFIG_MEND_H

/* How a line that doesn't parse is most likely mended ("a value that holds a colon must stand in
 * quotes"); newly allocated, or NULL when nothing in it is known for trouble. */
char *mend_yaml(const char *line);

/* Why a value reads as if it stood in quotes and doesn't: an editor made them “ ” or « »; newly
 * allocated, or NULL. */
char *mend_quotes(const char *value);

#endif
