.PHONY: help format test verify stress disturbances bench bench-channels bench-dsp bench-events load soak run docs

help:
	@echo 'make format | test | verify | stress | disturbances | bench | bench-channels | bench-dsp | bench-events | load | soak | run | docs'

format:
	mvn -q process-classes -pl format -Dformat.mode=apply

test:
	mvn test

verify:
	mvn verify

# The long forms of the random runs, Lincheck and jcstress: about twenty minutes.
stress:
	mvn -q verify -pl stress -am -Dstress.long=true -Dchannels.stress.seconds=180 -Dtest='ConservationPropertyTest,LinearizabilityTest,PositionLayoutTest' -Dsurefire.failIfNoSpecifiedTests=false

# Each disturbance ten times, and `why` must name it each time; as root on Linux, about six minutes.
disturbances:
	mvn -q verify -pl app -am -Dphotophone.disturbances=10 -Dtest=None -Dit.test=DisturbanceIT -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false

# JMH, about four minutes; results in bench/README.md.
bench:
	mvn -q verify -pl bench -am -DskipTests -Dbench.skip=false

# The channels beside their peers, about half an hour; results in channels/README.md.
bench-channels:
	mvn -q verify -pl bench -am -DskipTests -Dbench.skip=false -Dbench.args=5 \
	  -Dbench.main=io.photophone.bench.channels.Comparison

# The signal processing alone, beside named peers, in about a minute.
bench-dsp:
	mvn -q verify -pl bench -am -DskipTests -Dbench.skip=false -Dbench.args='FftBenchmark FilterBenchmark LockInBenchmark ChainBenchmark InstrumentsBenchmark -f 1'

# What an event costs, in about ten minutes, and the kernel's events beside perf record in about two; the second is for Linux
# and needs root and perf. Results in bench/README.md.
bench-events:
	mvn -q verify -pl bench -am -DskipTests -Dbench.skip=false -Dbench.args='bench.events -f 1 -wi 5 -w 1 -i 10 -r 1'
	mvn -q verify -pl bench -am -DskipTests -Dbench.skip=false -Dbench.main='--enable-native-access=ALL-UNNAMED io.photophone.bench.events.StormComparison' -Dbench.args=

# The server under 100, 1000 and 5000 clients beside two plain ones, up to ten minutes; Linux alone. LOAD=--quick: a minute and a half.
load:
	mvn -q verify -pl bench -am -DskipTests -Dbench.skip=false -Dbench.main=io.photophone.bench.load.Load -Dbench.args='$(LOAD)'

# Two hours of signal in twelve minutes, with clients that come and go; Linux alone. SOAK='--minutes 3': shorter.
soak:
	mvn -q verify -pl bench -am -DskipTests -Dbench.skip=false -Dbench.main=io.photophone.bench.load.Soak -Dbench.args='$(SOAK)'

run:
	./photophone serve

# Writes the pages that are made from the sources.
docs:
	mvn -q test -pl app -am -Dphotophone.docs=write -Dtest='ContractTest,ConfigurationDocTest' -Dsurefire.failIfNoSpecifiedTests=false
