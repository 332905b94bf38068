# make              build/circular
# make check        the whole test suite         make lint   the house rules
# make asan         the tests under ASan+UBSan   make bench  speed beside its peers
# make install      DESTDIR= PREFIX=             make bless  rewrite the golden files
#
# DEVELOPER=1 makes warnings errors; SAN=address,undefined builds with sanitizers; CC=clang works.

VERSION = 0.1.0
PREFIX ?= /usr/local
BUILD ?= build$(if $(SAN),-san)$(if $(filter clang%,$(CC)),-clang)

PKGS = glib-2.0 gio-2.0 gmime-3.0 json-glib-1.0 sqlite3 libcmark yaml-0.1 libcurl gnutls
ifneq ($(MAKECMDGOALS),clean)
ifneq ($(shell pkg-config --exists $(PKGS) && echo yes),yes)
$(error some of these are missing: $(PKGS); 'sh tests/setup --build' installs them on Debian)
endif
endif

CC ?= cc
CFLAGS ?= -O2 -g
FLAGS := -std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -Wall -Wextra -Wshadow \
	-Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla \
	-fstack-protector-strong -fno-common -MMD -MP -Ilib -I$(BUILD) \
	-DCIRCULAR_VERSION='"$(VERSION)"' $(shell pkg-config --cflags $(PKGS))
ifdef DEVELOPER
FLAGS += -Werror
endif
ifdef SAN
FLAGS += -fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=undefined
override LDFLAGS += -fsanitize=$(SAN)
else
FLAGS += $(if $(findstring -O0,$(CFLAGS)),,-D_FORTIFY_SOURCE=2)
endif
LDLIBS := $(shell pkg-config --libs $(PKGS)) -lcsv -letpan -pthread

LIB_SRC = $(sort $(wildcard lib/*/*.c))
CMD_SRC = $(sort $(wildcard cmd/*.c))
UNIT_SRC = $(sort $(wildcard tests/unit/test-*.c))
LIB_OBJ = $(LIB_SRC:%.c=$(BUILD)/%.o)
CMD_OBJ = $(CMD_SRC:%.c=$(BUILD)/%.o)
UNIT = $(UNIT_SRC:%.c=$(BUILD)/%)

all: $(BUILD)/circular

$(BUILD)/circular: $(CMD_OBJ) $(BUILD)/builtin.o $(BUILD)/libcircular.a
	@echo '  LINK  $@'
	@$(CC) $(FLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/libcircular.a: $(LIB_OBJ)
	@rm -f $@
	@ar rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@$(CC) $(FLAGS) $(CFLAGS) -c -o $@ $<

# The layouts, samples and starter updates inside the program (lib/letter/builtin.gresource.xml).
BUILTIN = lib/letter/builtin.gresource.xml
$(BUILD)/builtin.c: $(BUILTIN) $(shell sed -n 's/ *<file>\(.*\)<.file>/\1/p' $(BUILTIN))
	@mkdir -p $(@D)
	@glib-compile-resources --generate-source --sourcedir=. --target=$@ $<

$(BUILD)/builtin.o: $(BUILD)/builtin.c
	@$(CC) $(FLAGS) $(CFLAGS) -Wno-overlength-strings -c -o $@ $<

$(BUILD)/tests/unit/%: tests/unit/%.c $(BUILD)/builtin.o $(BUILD)/libcircular.a
	@mkdir -p $(@D)
	@echo '  LINK  $@'
	@$(CC) $(FLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/builtin.o $(BUILD)/libcircular.a $(LDLIBS)

unit: $(UNIT)
	G_DEBUG=fatal-warnings prove -e '' $(UNIT)

clean:
	rm -rf build build-*

.PHONY: all unit clean
.DELETE_ON_ERROR:

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
