/* version_show - which circular runs, and with which libraries */
#ifndef CMD_VERSION_SHOW_H
#define CMD_VERSION_SHOW_H

/* "circular 0.2.0", and a line for each library as it runs, which may be another than the one that
 * it was built with: what a report of a fault needs to say. */
void version_show(void);

#endif
