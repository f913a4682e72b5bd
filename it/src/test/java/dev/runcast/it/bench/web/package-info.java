/**
 * What a browser makes of the service: {@code ./runcast bench web}. A Chromium on the same machine
 * opens the built dashboard, and the application with our hooks that the tests use; what it counts
 * of itself (long tasks, connections, bytes) is the measure. It shares the processors with the
 * service and Postgres, so that the figures are no better than they would be elsewhere.
 */
package dev.runcast.it.bench.web;
