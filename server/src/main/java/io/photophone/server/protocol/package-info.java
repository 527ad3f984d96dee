/// Readings for industry: a Modbus TCP server and an MQTT publisher. Reads what an instrument
/// publishes and knows nothing of HTTP.
package io.photophone.server.protocol;
