# make              build/circular
# make check        the whole test suite         make lint   the house rules
# make asan         the tests under ASan+UBSan   make bench  speed beside its peers
# make drill        crashes at every step        make fuzz   TARGET= SECONDS=
# make anywhere     other days, zones, locales, users: LEGS=
# make on-server    system tests, ledgers on PostgreSQL
# make gate         all that can be asked        make cover  lines and branches run, a file
# make install      DESTDIR= PREFIX=             make bless  rewrite the golden files
# make uninstall    the same                      make map    what each file is
# make deb          a Debian package              make dist   the sources as a tarball
#
# DEVELOPER=1 makes warnings errors; SAN=address,undefined builds with sanitizers; CC=clang works.

VERSION := $(shell sed -n 's|^.define CIRCULAR_VERSION "\(.*\)"|\1|p' lib/base/version.h)
PREFIX ?= /usr/local
BUILD ?= build$(if $(SAN),-san)$(if $(filter clang%,$(CC)),-clang)

PKGS = glib-2.0 gio-2.0 gmime-3.0 json-glib-1.0 sqlite3 libpq libcmark yaml-0.1 libcurl gnutls libpsl libidn2 libgsf-1 libxml-2.0
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
	$(shell pkg-config --cflags $(PKGS))
ifdef DEVELOPER
FLAGS += -Werror
endif
ifdef SAN
FLAGS += -fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=undefined
override LDFLAGS += -fsanitize=$(SAN)
else
FLAGS += $(if $(findstring -O0,$(CFLAGS)),,-D_FORTIFY_SOURCE=2)
endif
LDLIBS := $(shell pkg-config --libs $(PKGS)) -lcsv -letpan -lresolv -lm -pthread

LIB_SRC = $(sort $(wildcard lib/*/*.c))
CMD_SRC = $(sort $(wildcard cmd/*.c))
UNIT_SRC = $(sort $(wildcard tests/unit/test-*.c tests/crash/test-*.c))
LIB_OBJ = $(LIB_SRC:%.c=$(BUILD)/%.o)
CMD_OBJ = $(CMD_SRC:%.c=$(BUILD)/%.o)
UNIT = $(UNIT_SRC:%.c=$(BUILD)/%)
DRIVERS = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/*-main.c)) # programs that tests run

all: $(BUILD)/circular

help:
	@sed -n '1,/^$$/s/^# \{0,1\}//p' Makefile

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

$(UNIT) $(DRIVERS): $(BUILD)/%: %.c $(BUILD)/builtin.o $(BUILD)/libcircular.a
	@mkdir -p $(@D)
	@echo '  LINK  $@'
	@$(CC) $(FLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/builtin.o $(BUILD)/libcircular.a $(LDLIBS)

# The first python3 that has pytest: Debian's, where another stands before it in PATH.
PYTHON ?= $(shell for p in python3 /usr/bin/python3; do $$p -c 'import pytest' 2>/dev/null && echo $$p && break; done)

# --- tests ------------------------------------------------------------------------------------

FUZZ_SRC = $(sort $(wildcard tests/fuzz/fuzz-*.c))
REPLAY = $(FUZZ_SRC:%.c=$(BUILD)/%)

# Everything; a stage that fails ends none of the others. The last line counts all of them.
RESULTS ?= $(BUILD)/results
TALLY = BUILD=$(BUILD) RESULTS=$(RESULTS) $(or $(PYTHON),python3) -B tests/tally
STAGES = lint unit fuzz-replay system browser
check: stages
	@$(TALLY) sum

stages: $(BUILD)/circular
	@rm -rf $(RESULTS)
	@for stage in $(STAGES); do $(MAKE) --no-print-directory $$stage || :; done

# All that can be asked (GATE=yes sh tests/run): the unit tests and a sample of the others run under ASan+UBSan, by clang, on
# another day in another place as another user; then the fuzzers.
GATE = lint cppcheck system browser sample fuzz-all
gate: sanitized-programs
	@$(MAKE) --no-print-directory STAGES='$(GATE)' check

test-programs: $(UNIT) $(DRIVERS)
unit-programs: test-programs $(REPLAY)

unit: $(UNIT) $(BUILD)/circular
	@G_DEBUG=fatal-warnings $(TALLY) unit $(UNIT)

# Every corpus through its parser, with whatever compiler and sanitizers are chosen.
$(BUILD)/tests/fuzz/%: tests/fuzz/%.c tests/fuzz/replay.c $(BUILD)/builtin.o $(BUILD)/libcircular.a
	@mkdir -p $(@D)
	@$(CC) $(FLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< tests/fuzz/replay.c $(BUILD)/builtin.o $(BUILD)/libcircular.a $(LDLIBS)

fuzz-replay: $(REPLAY)
	@$(TALLY) corpus $(REPLAY)

# How well what comes back is understood, where collections with expected answers stand beside us.
bounce-score: $(BUILD)/circular
	@for set in ../shared/bounces ../shared/bounces/invented; do \
		[ -f $$set/labels.tsv ] || continue; echo "== $$set"; \
		$(PYTHON) ../shared/bounces/score.py --labels $$set/labels.tsv --misses -1 --stream -- \
			$(BUILD)/circular bounces --classify --stream || exit 1; done

# One build with clang for the fuzzers and for the tests under ASan+UBSan: libFuzzer's counters harm nobody.
FUZZ_BUILD = $(MAKE) --no-print-directory -j$(shell nproc) CC=clang BUILD=build-fuzz SAN=address,undefined \
	CFLAGS='-O1 -gline-tables-only -fsanitize=fuzzer-no-link' LDFLAGS=$(and $(shell command -v ld.lld),-fuse-ld=lld) RESULTS=$(RESULTS)
FUZZERS = $(FUZZ_SRC:%.c=$(BUILD)/fuzzers/%)
fuzzers: $(FUZZERS)
$(BUILD)/fuzzers/%: %.c $(BUILD)/builtin.o $(BUILD)/libcircular.a
	@mkdir -p $(@D)
	@$(CC) $(FLAGS) -O1 -gline-tables-only -fsanitize=fuzzer $(LDFLAGS) -o $@ $< $(BUILD)/builtin.o $(BUILD)/libcircular.a $(LDLIBS)

# make fuzz TARGET=template SECONDS=600: libFuzzer on one parser, new inputs kept in build-fuzz.
fuzz:
	@+$(FUZZ_BUILD) build-fuzz/fuzzers/tests/fuzz/fuzz-$(TARGET)
	@mkdir -p build-fuzz/corpus/$(TARGET)
	build-fuzz/fuzzers/tests/fuzz/fuzz-$(TARGET) -max_total_time=$(or $(SECONDS),60) -timeout=10 \
		build-fuzz/corpus/$(TARGET) tests/fuzz/corpus/$(TARGET)

# Each of them for so many seconds, four at a time, from its corpus.
FUZZ_SECONDS = 20
fuzz-all: sanitized-programs
	@JOBS=$(or $(JOBS),4) FUZZ_SECONDS=$(FUZZ_SECONDS) $(TALLY) fuzz $(FUZZ_SRC:%.c=build-fuzz/fuzzers/%)

sanitized-programs:
	@+$(FUZZ_BUILD) build-fuzz/circular fuzzers test-programs

# The unit tests under ASan+UBSan; a sample of the system tests is in one of the legs.
sanitized: sanitized-programs
	@+STAGE=sanitized-unit $(FUZZ_BUILD) unit

# Lines and branches that the unit and system tests run, a file.
cover:
	@+$(MAKE) --no-print-directory BUILD=build-cover CFLAGS='-O0 -g --coverage' STAGES='unit system' check || :
	@$(PYTHON) -B tests/cover build-cover

# They wait more than they reckon: three at a time keep two processors busy.
SYSTEM = $(wildcard tests/system/test_*.py)
system: $(BUILD)/circular $(DRIVERS)
	@JOBS=$(or $(JOBS),3) $(TALLY) system $(SYSTEM)

# Unit and system tests on other days, in other zones and locales, as root and as another user; LEGS="leap-day far".
anywhere: $(BUILD)/circular unit-programs
	@rm -rf $(RESULTS)
	@BUILD=$(BUILD) RESULTS=$(RESULTS) $(PYTHON) -B tests/anywhere $(LEGS) || :
	@$(TALLY) sum

# One of them under ASan+UBSan, with some of the system tests.
SAMPLE = bad_input values report audiences sending
sample: sanitized-programs
	@SYSTEM="$(SAMPLE:%=tests/system/test_%.py)" BUILD=build-fuzz RESULTS=$(RESULTS) $(PYTHON) -B tests/anywhere leap-day

# Those whose ledger may be on a PostgreSQL server, with it there: ON_SERVER="school_year ..."
ON_SERVER = correct gallery hours inbox missed questions said school_year values
on-server: $(BUILD)/circular
	@STAGE=on-server $(PYTHON) -B tests/fake/postgres.py env $(TALLY) system $(ON_SERVER:%=tests/system/test_%.py)

browser: $(BUILD)/circular
	@$(TALLY) browser tests/browser/run

lint: $(BUILD)/libcircular.a
	@$(TALLY) lint tests/lint/form $(foreach one,layers docs config checks,'$(or $(PYTHON),python3) -B tests/lint/$(one)')

# Beside the lint, for it reads for minutes the first time.
cppcheck:
	@$(TALLY) cppcheck tests/lint/cppcheck

map:
	@tests/lint/map

# A mailing stopped at every durable step: some minutes. 'make check' takes a sample.
drill: $(BUILD)/circular
	BUILD=$(BUILD) $(or $(PYTHON),python3) -B tests/crash/drill

# The unit tests under valgrind, which sees what the sanitizers can't: reads of memory never written.
VALGRIND = valgrind -q --error-exitcode=9 --leak-check=no --suppressions=/usr/share/glib-2.0/valgrind/glib.supp \
	--suppressions=tests/valgrind.supp
valgrind: unit-programs
	G_SLICE=always-malloc prove -j2 -e '$(VALGRIND)' $(filter-out %-faults %crash-ledger,$(UNIT)) :: --tap

asan:
	$(MAKE) SAN=address,undefined check

# Written anew from what the program now makes; git diff is the review.
bless: unit-programs
	CIRCULAR_BLESS=1 $(BUILD)/tests/unit/test-schema
	CIRCULAR_BLESS=1 $(BUILD)/tests/unit/test-rules
	CIRCULAR_BLESS=1 $(BUILD)/tests/unit/test-golden

# --- installing -------------------------------------------------------------------------------

# mode:source:target, for both directions
INSTALLED = 755:$(BUILD)/circular:bin/circular \
	$(foreach page,$(sort $(wildcard cmd/man/*.[1-9])),644:$(page):share/man/man$(subst .,,$(suffix $(page)))/$(notdir $(page))) \
	644:cmd/completion/circular.bash:share/bash-completion/completions/circular \
	644:cmd/completion/_circular:share/zsh/$(if $(filter /usr,$(PREFIX)),vendor-completions,site-functions)/_circular \
	644:cmd/completion/circular.fish:share/fish/vendor_completions.d/circular.fish \
	$(foreach file,$(sort $(wildcard templates/*.* templates/*/* lists/*.* config.example)),644:$(file):share/circular/$(file))

install: $(BUILD)/circular
	@for file in $(INSTALLED); do \
		IFS=:; set -- $$file; install -D -m $$1 $$2 $(DESTDIR)$(PREFIX)/$$3 || exit 1; done
	@echo '  INSTALL  $(DESTDIR)$(PREFIX)/bin/circular and its manuals, completions and samples'

# Workspaces and their ledgers are the office's, and stay.
uninstall:
	@for file in $(INSTALLED); do rm -f $(DESTDIR)$(PREFIX)/$${file##*:}; done
	@find $(DESTDIR)$(PREFIX)/share/circular -depth -type d -empty -delete 2>/dev/null || true

# With Debian's own flags, its objects in a folder of their own: make doesn't see that flags change.
deb:
	@command -v dpkg-buildflags >/dev/null || { echo "deb: no dpkg-buildflags: 'apt-get install dpkg-dev' brings it" >&2; exit 69; }
	@$(MAKE) -s BUILD=$(BUILD)/deb-objects CFLAGS="$$(dpkg-buildflags --get CFLAGS) -fPIE" \
		LDFLAGS="$$(dpkg-buildflags --get LDFLAGS) -Wl,-z,now -Wl,--as-needed -pie" all
	@cmd/packaging/deb $(VERSION) $(BUILD)/deb-objects $(BUILD)

dist:
	@cmd/packaging/dist $(VERSION) $(BUILD)

clean:
	rm -rf build build-*

include tests/bench/bench.mk

.PHONY: all help map check bounce-score cppcheck stages gate anywhere sample sanitized cover fuzzers fuzz-all drill valgrind unit unit-programs bless fuzz-replay fuzz system browser on-server lint asan install uninstall deb dist clean
.DELETE_ON_ERROR:

-include $(shell find $(BUILD) -type f -name '*.d' 2>/dev/null)
