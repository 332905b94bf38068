/* version - the version of the program, said here and nowhere else
 *
 * The Makefile reads it from here for what it packs, and NEWS begins with it (`make lint` asks).
 */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define CIRCULAR_VERSION "0.2.0"

#endif
