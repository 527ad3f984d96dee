/// Threads that are looked after: what runs, what failed, what is started again. Depends on nothing
/// of the other packages.
package io.photophone.acquisition.supervision;
