/// Temperature and pressure of the gas: sensors, and the feed that asks them and answers what held
/// at a time.
package io.photophone.acquisition.environment;
