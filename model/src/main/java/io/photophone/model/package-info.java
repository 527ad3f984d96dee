/// What flows. Every other module may depend on this one; it depends on nothing.
package io.photophone.model;
