/* lookup - what a look-up comes to: nothing there is an answer, and no error */
#ifndef BASE_LOOKUP_H
#define BASE_LOOKUP_H

typedef enum { LOOKUP_FAILED, LOOKUP_NONE, LOOKUP_FOUND } Lookup;

#endif
