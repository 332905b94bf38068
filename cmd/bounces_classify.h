/* bounces_classify - what messages that came back say, as JSON
 */
#ifndef CMD_BOUNCES_CLASSIFY_H
#define CMD_BOUNCES_CLASSIFY_H

#include <glib.h>

enum {
    CLASSIFY_STREAM_MAX = 256 << 20
}; /* octets of one framed message; beyond it the stream is broken */

/* One line of JSON without a line end: an object for each recipient, in an array if there are
 * several,
 * {"kind":"none"} if the message is no report. Newly allocated. */
char *classify_json(const char *bytes, gsize length);

/* circular bounces --classify [FILE...|--stream]; `argv` holds what follows "--classify". One
 * message from standard input; or a line for each FILE; or LENGTH, newline and LENGTH octets again
 * and again, each answered with a line. Returns an exit status of sysexits(3). */
int bounces_classify(int argc, char **argv);

#endif
