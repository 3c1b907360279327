# make demo     builds, then shows the whole scheme at work; ONCE=1: and ends
# make check    builds and checks everything (about ten minutes)
# make bench    builds and measures
# make soak     simulated nations under faults until Ctrl-C; SEED=N to begin
# make faults   every write of a registry fails once, and once is its last act
# make build    builds build/release/bango and bango-lab, and no more
# make clean    removes build/
#
# Each of the first five installs what packages.txt names and the machine
# lacks: as root, or by way of sudo.

BANGO = build/release/bango

.PHONY: help demo check bench soak faults build clean

help:
	@sed -n '/^#/s/^# *//p; /^$$/q' Makefile

demo:
	@tools/install-packages.sh build run
	@$(MAKE) --no-print-directory build
	@$(BANGO) demo $(if $(ONCE),--once) $(DIR)

check:
	@tools/install-packages.sh build run check
	@tools/check.sh $(STAGES)

bench:
	@tools/install-packages.sh build run
	@$(MAKE) --no-print-directory build
	@$(BANGO) bench $(NAME) $(if $(JSON),--json)

soak:
	@tools/install-packages.sh build run
	@$(MAKE) --no-print-directory build
	@$(BANGO) simulate --seed $(or $(SEED),$$(date +%s)) \
	    --seeds $(or $(SEEDS),1000000000) --steps $(or $(STEPS),300)

faults:
	@tools/install-packages.sh build run check
	@cmake --preset dev
	@cmake --build build/dev --target bango bango-lab ports
	@tests/fault/syscalls.sh build/dev $(or $(EVERY),1) $(CALLS)

build:
	@mkdir -p build
	@cmake --preset release >build/release.log 2>&1 || \
	    { cat build/release.log; exit 1; }
	@cmake --build build/release --target bango bango-lab

clean:
	rm -rf build
