/**
 * The service's hub and its SSE route without a database before it: {@link
 * dev.runcast.it.bench.hubfed.HubFedMain} is a process that makes changes up at a given rate and
 * dispatches them as the tail would. It shows what fan-out alone costs.
 */
@NullMarked
package dev.runcast.it.bench.hubfed;

import org.jspecify.annotations.NullMarked;
