.PHONY: format test verify stress bench run docs

format:
	mvn -q process-classes -pl format -Dformat.mode=apply

test:
	mvn test

verify:
	mvn verify

stress:
	mvn -q verify -pl stress -am -DskipTests -Dstress.phase=verify
