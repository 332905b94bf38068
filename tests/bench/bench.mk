# Speed beside its peers (tests/bench/run says what is measured). BENCH=quick is the short version.

BENCH_TOOLS = $(BUILD)/tests/bench/sink $(BUILD)/tests/bench/measure $(BUILD)/tests/bench/multi $(BUILD)/tests/bench/limit

$(BENCH_TOOLS): $(BUILD)/tests/bench/%: tests/bench/%.c
	@mkdir -p $(@D)
	@$(CC) $(FLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(if $(filter multi,$*),$(shell pkg-config --libs libcurl))

bench: $(BUILD)/circular $(BENCH_TOOLS)
	@BUILD=$(BUILD) $(or $(PYTHON),python3) -B tests/bench/run

.PHONY: bench
