.PHONY: help format test verify stress bench bench-dsp run docs

help:
	@echo 'make format | test | verify | stress | bench | bench-dsp | run | docs'

format:
	mvn -q process-classes -pl format -Dformat.mode=apply

test:
	mvn test

verify:
	mvn verify

# jcstress, about two minutes.
stress:
	mvn -q verify -pl stress -am -DskipTests -Dstress.phase=verify

# JMH, about four minutes; results in bench/README.md.
bench:
	mvn -q verify -pl bench -am -DskipTests -Dbench.skip=false

# The signal processing alone, beside named peers, in about a minute.
bench-dsp:
	mvn -q verify -pl bench -am -DskipTests -Dbench.skip=false -Dbench.args='FftBenchmark FilterBenchmark LockInBenchmark -f 1'

run:
	./photophone serve

# Writes the pages that are made from the sources.
docs:
	mvn -q test -pl app -am -Dphotophone.docs=write -Dtest='ContractTest,*Config*Test' -Dsurefire.failIfNoSpecifiedTests=false
