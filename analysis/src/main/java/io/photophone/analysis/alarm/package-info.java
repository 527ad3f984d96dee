/// Alarms on readings: rules, and where each stands. Depends on the model.
package io.photophone.analysis.alarm;
