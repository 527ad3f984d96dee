/// What a benchmark needs of the parser's package.
package io.photophone.events.linux;
