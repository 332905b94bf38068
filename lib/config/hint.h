/* hint - what people get wrong in a line of YAML
 */
#ifndef CONFIG_HINT_H
#define CONFIG_HINT_H

/* How a line that doesn't parse is most likely fixed ("a value that holds a colon must stand in
 * quotes"); newly allocated, or NULL when nothing in it is known for trouble. */
char *hint_yaml(const char *line);

/* Why a value, or the name before its <address>, reads as if it stood in quotes and doesn't: an editor
 * made them “ ” or « »; newly allocated, or NULL. */
char *fix_quotes(const char *value);

#endif
