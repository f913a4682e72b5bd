/**
 * What a benchmark found, as one table for people and one JSON file for programs. A {@link
 * dev.runcast.it.bench.report.Figure} always stands beside a baseline that was measured in the same
 * run on the same machine: the numbers themselves mean little elsewhere, their ratio does.
 */
@NullMarked
package dev.runcast.it.bench.report;

import org.jspecify.annotations.NullMarked;
