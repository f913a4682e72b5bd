/**
 * What the service counts about itself, in Prometheus's format.
 *
 * <p>{@link dev.runcast.metrics.Metrics} is one concrete class with a named method for each fact:
 * callers say what happened, and only this package knows counters and gauges. Labels have few and
 * known values; no id, tag, token or path ever becomes one.
 *
 * <p>{@link dev.runcast.metrics.ServicePulse} keeps the last quarter of an hour of it, for the
 * dashboard.
 *
 * <p>Safe to call from any thread, cheap enough for every change. Imports: the JDK and Micrometer.
 */
@NullMarked
package dev.runcast.metrics;

import org.jspecify.annotations.NullMarked;
