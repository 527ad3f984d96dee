/// What events cost, beside peers. May use every module.
package io.photophone.bench.events;
