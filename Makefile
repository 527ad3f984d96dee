.PHONY: format test verify bench run docs

format:
	mvn -q process-classes -pl format -Dformat.mode=apply

test:
	mvn test

verify:
	mvn verify
